"""Rounds: staked, settled and counted in one posting, whatever the game."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from ..core.clock import rfc3339, rfc3339_or_none
from ..core.db import Database, Row
from ..core.errors import AppError
from ..core.ids import is_id, new_id
from ..core.jsonio import dumps_text, loads
from ..core.pagination import decode_id, page_of
from ..fairness.seeds import CURRENT_PAIR, Draw, reserve
from ..fairness.stream import FairStream
from ..wallet.limits import permit_stake
from ..wallet.posting import Idempotency, Ledgers, Posted, Posting, Reading

Game = Literal["slots", "roulette", "blackjack"]
GAMES: Final[tuple[Game, ...]] = ("slots", "roulette", "blackjack")

# Which rules governed a round: raised when a paytable, odds or a rule changes, so that history keeps its meaning.
RULES: Final[Mapping[str, str]] = {"slots": "slots/1", "roulette": "roulette/1", "blackjack": "blackjack/1"}

_FIGURES: Final = Reading(
    columns=", f.rounds AS game_rounds, f.wins AS game_wins, f.staked AS game_staked, f.returned AS game_returned,"
    " f.best_win AS game_best_win",
    joins=" LEFT JOIN game_figures f ON f.player_id = b.player_id AND f.game = :game",
    parameters=("game",),
)
# What every posting that stakes or settles a round reads; its parameter is `game`.
ROUND_READING: Final = CURRENT_PAIR + _FIGURES


class RoundNotFound(AppError):
    status = 404
    code = "round_not_found"
    title = "There is no such round"


@dataclass(frozen=True, slots=True)
class Unlocked:
    """An achievement that a round unlocked."""

    type: str
    name: str
    reward_coins: int

    def public(self) -> dict[str, Any]:
        return {"type": self.type, "name": self.name, "reward_coins": self.reward_coins}


@dataclass(frozen=True, slots=True)
class RoundSettled:
    """A round that has just been settled inside a posting; its counters are in the posting's books already."""

    round_id: str
    player_id: int
    username: str
    game: str
    stake: int
    payout: int
    game_wins: int
    settled_at: datetime

    @property
    def net(self) -> int:
        return self.payout - self.stake


class RoundListener(Protocol):
    """A higher slice's part of the same posting: it may credit, insert and tell, and does no I/O."""

    def on_round_settled(self, settled: RoundSettled, posting: Posting) -> Sequence[Unlocked]: ...


@dataclass(frozen=True, slots=True)
class Result:
    """What an instant game came to: the public outcome and the coins that come back."""

    outcome: dict[str, Any]
    payout: int


class Rounds:
    """Plays rounds for one player at a time and remembers them."""

    def __init__(self, db: Database, ledgers: Ledgers, listeners: Sequence[RoundListener]) -> None:
        self._db = db
        self._ledgers = ledgers
        self._listeners = listeners

    async def play(
        self,
        *,
        player_id: int,
        session_id: str | None,
        game: Game,
        stake: int,
        draw: Callable[[FairStream], Result],
        idempotency: Idempotency | None = None,
    ) -> Posted:
        """One instant round: stake, nonce, outcome, payout and counters in one posting.

        `draw` gets the round's numbers; it is called only when the stake can be paid. Answers the contract's
        `{round, balance, unlocked}`.
        """

        def build(posting: Posting) -> dict[str, Any]:
            round_id = new_id()
            take_stake(posting, game=game, stake=stake, round_id=round_id)
            fair = reserve(posting)
            result = draw(fair.stream())
            row = round_row(
                round_id,
                posting,
                game,
                fair,
                status="settled",
                stake=stake,
                payout=result.payout,
                outcome=result.outcome,
            )
            posting.insert("rounds", row)
            unlocked = self.settle(posting, round_id=round_id, game=game, stake=stake, payout=result.payout)
            return answer(round_view(row), posting, unlocked)

        return await self._ledgers.post(
            player_id,
            build,
            status=201,
            reading=ROUND_READING,
            parameters={"game": game},
            session_id=session_id,
            idempotency=idempotency,
        )

    def settle(self, posting: Posting, *, round_id: str, game: str, stake: int, payout: int) -> list[Unlocked]:
        """Pays and counts a round whose stake was taken before, and lets the listeners do their part."""
        if payout:
            what = "paid out" if payout > stake else "returned"
            posting.credit("win", payout, f"{TITLES[game]}: {what}", game=game, reference_id=round_id)
        posting.books.settle(stake, payout)
        game_wins = _count(posting, game, stake, payout)
        settled = RoundSettled(
            round_id=round_id,
            player_id=posting.player_id,
            username=posting.username,
            game=game,
            stake=stake,
            payout=payout,
            game_wins=game_wins,
            settled_at=posting.now,
        )
        return [gained for listener in self._listeners for gained in listener.on_round_settled(settled, posting)]

    async def list_rounds(
        self, player_id: int, *, limit: int, cursor: str | None, game: str | None = None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """The player's rounds, newest first, and the cursor of what follows."""
        before = decode_id("rounds", cursor) if cursor else "g"  # sorts behind every hex id
        only = " AND r.game = :game" if game else ""
        rows = await self._db.fetch(
            f"{_SELECT} WHERE r.player_id = :player_id AND r.id < :before{only} ORDER BY r.id DESC LIMIT :limit",
            player_id=player_id,
            before=before,
            limit=limit + 1,
            game=game,
        )
        page, following = page_of("rounds", rows, limit, "id")
        return [round_view(row) for row in page], following

    async def get_round(self, round_id: str, player_id: int) -> dict[str, Any]:
        """One of the player's own rounds. Raises `RoundNotFound`, also for other people's."""
        if not is_id(round_id):
            raise RoundNotFound
        row = await self._db.fetch_one(
            f"{_SELECT} WHERE r.id = :id AND r.player_id = :player_id", id=round_id, player_id=player_id
        )
        if row is None:
            raise RoundNotFound
        return round_view(row)

    async def get_any_round(self, round_id: str) -> dict[str, Any]:
        """A round by its link, for replays that are shared (big wins). Only settled ones; adds `username`."""
        if not is_id(round_id):
            raise RoundNotFound
        row = await self._db.fetch_one(f"{_SELECT_WITH_NAME} WHERE r.id = :id AND r.status = 'settled'", id=round_id)
        if row is None:
            raise RoundNotFound
        return {**round_view(row), "username": row["username"]}


TITLES: Final[Mapping[str, str]] = {"slots": "Cherry Charm", "roulette": "Roulette", "blackjack": "Blackjack"}

_COLUMNS: Final = (
    "r.id, r.game, r.status, r.stake, r.payout, r.outcome, r.decisions, r.rules, r.server_seed_hash, r.client_seed,"
    " r.nonce, r.table_round_id, r.created_at, r.settled_at,"
    " CASE WHEN p.revealed_at IS NULL THEN NULL ELSE p.server_seed END AS server_seed"
)
_SELECT: Final = f"SELECT {_COLUMNS} FROM rounds r JOIN seed_pairs p ON p.id = r.seed_pair_id"
_SELECT_WITH_NAME: Final = (
    f"SELECT {_COLUMNS}, u.username FROM rounds r JOIN seed_pairs p ON p.id = r.seed_pair_id"
    " JOIN users u ON u.id = r.player_id"
)


def take_stake(posting: Posting, *, game: str, stake: int, round_id: str, what: str = "stake") -> None:
    """Charges a stake. Raises what forbids it; then nothing of the posting is written."""
    permit_stake(posting, stake)
    posting.debit("bet", stake, f"{TITLES[game]}: {what}", game=game, reference_id=round_id)


def round_row(
    round_id: str,
    posting: Posting,
    game: str,
    fair: Draw,
    *,
    status: str,
    stake: int,
    payout: int,
    outcome: dict[str, Any],
    decisions: list[dict[str, Any]] | None = None,
    table_round_id: str | None = None,
) -> dict[str, Any]:
    """A row of `rounds`, created now; settled now unless it is open."""
    return {
        "id": round_id,
        "player_id": posting.player_id,
        "game": game,
        "status": status,
        "stake": stake,
        "payout": payout,
        "outcome": dumps_text(outcome),
        "decisions": None if decisions is None else dumps_text(decisions),
        "rules": RULES[game],
        "seed_pair_id": fair.seed_pair_id,
        "server_seed_hash": fair.server_seed_hash,
        "client_seed": fair.client_seed,
        "nonce": fair.nonce,
        "table_round_id": table_round_id,
        "created_at": posting.now,
        "settled_at": None if status == "open" else posting.now,
    }


def round_view(row: Row) -> dict[str, Any]:
    """The contract's `round` from a row of `rounds`."""
    return {
        "id": row["id"],
        "game": row["game"],
        "status": row["status"],
        "stake": row["stake"],
        "payout": row["payout"],
        "net": row["payout"] - row["stake"],
        "outcome": loads(row["outcome"]),
        "decisions": loads(row["decisions"]),
        "rules": row["rules"],
        "table_round_id": row["table_round_id"],
        "fairness": {
            "server_seed_hash": row["server_seed_hash"],
            "client_seed": row["client_seed"],
            "nonce": row["nonce"],
            "server_seed": row.get("server_seed"),
        },
        "created_at": rfc3339(row["created_at"]),
        "settled_at": rfc3339_or_none(row["settled_at"]),
    }


def answer(round_: dict[str, Any], posting: Posting, unlocked: Sequence[Unlocked]) -> dict[str, Any]:
    """The contract's answer to everything that plays: the balance is the one after all this round brought."""
    return {"round": round_, "balance": posting.balance, "unlocked": [gained.public() for gained in unlocked]}


def _count(posting: Posting, game: str, stake: int, payout: int) -> int:
    """Adds the round to the game's figures; answers the wins in this game including this round."""
    row, net = posting.row, payout - stake
    # Kept in the row, so that several rounds of one posting (a slots race) add up.
    row["game_rounds"] = (row["game_rounds"] or 0) + 1
    row["game_wins"] = (row["game_wins"] or 0) + (net > 0)
    row["game_staked"] = (row["game_staked"] or 0) + stake
    row["game_returned"] = (row["game_returned"] or 0) + payout
    row["game_best_win"] = max(row["game_best_win"] or 0, net)
    posting.upsert(
        "game_figures",
        {
            "player_id": posting.player_id,
            "game": game,
            "rounds": row["game_rounds"],
            "wins": row["game_wins"],
            "staked": row["game_staked"],
            "returned": row["game_returned"],
            "best_win": row["game_best_win"],
        },
        key=("player_id", "game"),
    )
    return int(row["game_wins"])
