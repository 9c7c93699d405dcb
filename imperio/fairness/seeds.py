"""Seed pairs of players: opened with the account, drawn from by rounds, rotated and revealed on request."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ..core.clock import rfc3339
from ..core.db import Connection, Database, Row
from ..core.errors import AppError
from ..core.ids import new_id
from ..core.pagination import decode_id, page_of
from ..wallet.posting import Idempotency, Ledgers, Posted, Posting, Reading
from .stream import FairStream, commitment, new_server_seed


class RoundOpen(AppError):
    status = 409
    code = "round_open"
    title = "A round is still open"


# The player's current pair, read with the books in one statement.
CURRENT_PAIR: Final = Reading(
    columns=", p.server_seed, p.server_seed_hash, p.client_seed",
    joins=" JOIN seed_pairs p ON p.id = b.seed_pair_id",
)
_NEXT_PAIR: Final = Reading(
    columns=", n.server_seed_hash AS next_server_seed_hash",
    joins=" JOIN seed_pairs n ON n.id = b.next_seed_pair_id",
)


@dataclass(frozen=True, slots=True)
class Draw:
    """One reserved nonce: the numbers of exactly one round come from it."""

    seed_pair_id: str
    server_seed: str
    server_seed_hash: str
    client_seed: str
    nonce: int

    def stream(self) -> FairStream:
        return FairStream(self.server_seed, self.client_seed, self.nonce)


def reserve(posting: Posting) -> Draw:
    """Takes the player's next nonce, written with the stake in the same posting (read with `CURRENT_PAIR`).

    Call it after everything that may refuse the bet: a refused bet uses no nonce and has no outcome.
    """
    row, books = posting.row, posting.books
    draw = Draw(books.seed_pair_id, row["server_seed"], row["server_seed_hash"], row["client_seed"], books.nonce)
    books.nonce += 1
    return draw


def _new_pair(*, player_id: int | None, room_id: str | None, client_seed: str, now: datetime) -> dict[str, Any]:
    server_seed = new_server_seed()
    return {
        "id": new_id(),
        "player_id": player_id,
        "room_id": room_id,
        "server_seed": server_seed,
        "server_seed_hash": commitment(server_seed),
        "client_seed": client_seed,
        "created_at": now,
    }


def new_table_pair(room_id: str, now: datetime) -> dict[str, Any]:
    """A row of `seed_pairs` for a shared table. Its client seed is made anew each round from the seats'."""
    return _new_pair(player_id=None, room_id=room_id, client_seed="", now=now)


async def open_pairs(connection: Connection, player_id: int, now: datetime) -> tuple[str, str]:
    """The first two pairs of a new player: ids of the current and the next one."""
    client_seed = secrets.token_hex(8)
    pairs = [_new_pair(player_id=player_id, room_id=None, client_seed=client_seed, now=now) for _ in range(2)]
    for pair in pairs:
        await connection.insert("seed_pairs", pair)
    return pairs[0]["id"], pairs[1]["id"]


class Seeds:
    """The fairness calls of one player."""

    def __init__(self, db: Database, ledgers: Ledgers) -> None:
        self._db = db
        self._ledgers = ledgers

    async def get_current(self, player_id: int) -> dict[str, Any]:
        """The contract's current pair: hash, client seed, the nonce to be used next, the next pair's hash."""
        row = await self._db.fetch_one(
            "SELECT p.server_seed_hash, p.client_seed, b.nonce, n.server_seed_hash AS next_server_seed_hash"
            " FROM books b JOIN seed_pairs p ON p.id = b.seed_pair_id JOIN seed_pairs n ON n.id = b.next_seed_pair_id"
            " WHERE b.player_id = :player_id",
            player_id=player_id,
        )
        assert row is not None, "every player has books"
        return row

    async def rotate(
        self, player_id: int, session_id: str | None, client_seed: str | None, idempotency: Idempotency | None = None
    ) -> Posted:
        """Reveals the current pair and begins the next one. Raises `RoundOpen` while a round is open."""

        def build(posting: Posting) -> dict[str, Any]:
            if posting.books.at_stake:
                # The revealed seed would show the hole card of the hand in play.
                raise RoundOpen("Finish the open round first; its seed would show the cards.")
            return _rotate(posting, client_seed)

        return await self._ledgers.post(
            player_id, build, reading=CURRENT_PAIR + _NEXT_PAIR, session_id=session_id, idempotency=idempotency
        )

    async def list_revealed(
        self, player_id: int, *, limit: int, cursor: str | None = None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Earlier pairs with their server seeds, newest first, and the cursor of what follows."""
        before = decode_id("seeds", cursor) if cursor else "g"  # sorts behind every hex id
        # Pairs are made in the order in which they are revealed, so their ids sort like their times.
        rows = await self._db.fetch(
            "SELECT id, server_seed, server_seed_hash, client_seed, last_nonce, revealed_at FROM seed_pairs"
            " WHERE player_id = :player_id AND revealed_at IS NOT NULL AND id < :before ORDER BY id DESC LIMIT :limit",
            player_id=player_id,
            before=before,
            limit=limit + 1,
        )
        page, following = page_of("seeds", rows, limit, "id")
        return [_revealed(row) for row in page], following


def _revealed(row: Row) -> dict[str, Any]:
    names = ("server_seed", "server_seed_hash", "client_seed", "last_nonce")
    return {**{name: row[name] for name in names}, "revealed_at": rfc3339(row["revealed_at"])}


def _rotate(posting: Posting, client_seed: str | None) -> dict[str, Any]:
    row, books, now = posting.row, posting.books, posting.now
    last_nonce = books.nonce - 1 if books.nonce else None
    chosen = client_seed if client_seed is not None else row["client_seed"]
    posting.update("seed_pairs", {"last_nonce": last_nonce, "revealed_at": now}, {"id": books.seed_pair_id})
    posting.update("seed_pairs", {"client_seed": chosen}, {"id": books.next_seed_pair_id})
    following = _new_pair(player_id=books.player_id, room_id=None, client_seed=chosen, now=now)
    posting.insert("seed_pairs", following)
    books.seed_pair_id, books.next_seed_pair_id, books.nonce = books.next_seed_pair_id, following["id"], 0
    return {
        "revealed": {
            "server_seed": row["server_seed"],
            "server_seed_hash": row["server_seed_hash"],
            "client_seed": row["client_seed"],
            "last_nonce": last_nonce,
        },
        "current": {
            "server_seed_hash": row["next_server_seed_hash"],
            "client_seed": chosen,
            "nonce": 0,
            "next_server_seed_hash": following["server_seed_hash"],
        },
    }
