"""The wallet's own calls: opening books, the ledger as players read it, bonuses and refills."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Protocol

from ..core.clock import day_start, rfc3339
from ..core.db import Connection, Database
from ..core.errors import AppError, NotFound
from ..core.ids import is_id
from ..core.pagination import decode_number, page_of
from .books import WRITTEN, opened
from .ledger import from_row, public
from .posting import AccountFrozen, Idempotency, Ledgers, Posted, Posting, posting_for_new_books

SIGNUP_GRANT: Final = 1000
DAILY_BONUS: Final = 100
DAILY_STEP: Final = 50
DAILY_TOP: Final = 400
REFILL_TO: Final = 100
REFILL_BELOW: Final = 10
REFILL_EVERY: Final = timedelta(hours=6)
_CHUNK: Final = 1000  # lines read at once by an export


BonusKind = Literal["daily", "refill"]


class BonusListener(Protocol):
    """A higher slice's part of the posting that gives a bonus: it may insert and tell, and does no I/O."""

    def on_bonus(self, kind: BonusKind, amount: int, posting: Posting) -> None: ...


class AlreadyClaimed(AppError):
    status = 409
    code = "already_claimed"
    title = "Today's bonus is claimed"


class RefillUnavailable(AppError):
    status = 409
    code = "refill_unavailable"
    title = "No refill now"


def daily_amount(streak: int) -> int:
    """Coins of the daily bonus on the `streak`-th day in a row (from 1): 100, +50 a day, 400 from day 7."""
    return min(DAILY_BONUS + DAILY_STEP * (streak - 1), DAILY_TOP)


async def open_books(
    connection: Connection, player_id: int, seed_pair_id: str, next_seed_pair_id: str, now: datetime
) -> None:
    """Books for a new player, with the sign-up grant as the ledger's first line. Part of the sign-up's transaction."""
    books = opened(player_id, seed_pair_id, next_seed_pair_id, now)
    await connection.insert("books", {"player_id": player_id, **{name: getattr(books, name) for name in WRITTEN}})
    posting = posting_for_new_books(books, now)
    posting.credit("bonus", SIGNUP_GRANT, "Welcome to Imperio", details={"reason": "signup"})
    # The grant is no change of a window's balance: boards count from what everybody starts with.
    books.day_coins -= SIGNUP_GRANT
    books.week_coins -= SIGNUP_GRANT
    batch, _ = posting.batch(silent=True)
    await connection.write(batch)


class Wallet:
    """What a player does with and asks of their own wallet."""

    def __init__(self, db: Database, ledgers: Ledgers, listeners: Sequence[BonusListener] = ()) -> None:
        self._db = db
        self._ledgers = ledgers
        self._listeners = listeners

    async def get_balance(self, player_id: int) -> int:
        row = await self._db.fetch_one("SELECT balance FROM books WHERE player_id = :player_id", player_id=player_id)
        if row is None:
            raise NotFound
        return int(row["balance"])

    async def list_transactions(
        self,
        player_id: int,
        *,
        limit: int,
        cursor: str | None = None,
        type: str | None = None,
        game: str | None = None,
        from_at: datetime | None = None,
        to_at: datetime | None = None,
    ) -> tuple[list[dict[str, Any]], str | None]:
        """The ledger, newest first, and the cursor of what follows. `from_at` is inclusive, `to_at` exclusive."""
        before = decode_number("transactions", cursor) if cursor else None
        sql, parameters = _ledger_query(player_id, before, type, game, from_at, to_at)
        rows = await self._db.fetch(f"{sql} LIMIT :limit", **parameters, limit=limit + 1)
        page, following = page_of("transactions", rows, limit, "seq")
        return [public(from_row(row)) for row in page], following

    async def get_transaction(self, player_id: int, transaction_id: str) -> dict[str, Any]:
        """One line of the player's own ledger. Raises `NotFound`, also for other people's."""
        if not is_id(transaction_id):
            raise NotFound("There is no such transaction.")
        row = await self._db.fetch_one(
            "SELECT * FROM ledger WHERE id = :id AND player_id = :player_id", id=transaction_id, player_id=player_id
        )
        if row is None:
            raise NotFound("There is no such transaction.")
        return public(from_row(row))

    async def stream_transactions(
        self,
        player_id: int,
        *,
        type: str | None = None,
        game: str | None = None,
        from_at: datetime | None = None,
        to_at: datetime | None = None,
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """The whole filtered ledger, newest first, in chunks."""
        before: int | None = None
        while True:
            sql, parameters = _ledger_query(player_id, before, type, game, from_at, to_at)
            rows = await self._db.fetch(f"{sql} LIMIT :limit", **parameters, limit=_CHUNK)
            if rows:
                yield [public(from_row(row)) for row in rows]
            if len(rows) < _CHUNK:
                return
            before = rows[-1]["seq"]

    async def claim_daily(self, player_id: int, session_id: str | None, idempotency: Idempotency | None) -> Posted:
        """The daily bonus, once per UTC day. Raises `AlreadyClaimed`."""

        def build(posting: Posting) -> dict[str, Any]:
            _refuse_frozen(posting)
            books, today = posting.books, posting.now.date()
            next_at = rfc3339(day_start(today + timedelta(days=1)))
            if books.bonus_day == today:
                raise AlreadyClaimed(f"The next one is there at {next_at}.")
            kept = books.bonus_day == today - timedelta(days=1)
            books.bonus_streak = books.bonus_streak + 1 if kept else 1
            books.bonus_day = today
            amount = daily_amount(books.bonus_streak)
            details = {"reason": "daily", "streak": books.bonus_streak}
            posting.credit("bonus", amount, f"Daily bonus, day {books.bonus_streak}", details=details)
            self._given("daily", amount, posting)
            return {"amount": amount, "streak": books.bonus_streak, "balance": posting.balance, "next_at": next_at}

        return await self._ledgers.post(player_id, build, status=201, session_id=session_id, idempotency=idempotency)

    async def refill(self, player_id: int, session_id: str | None, idempotency: Idempotency | None) -> Posted:
        """Up to 100 coins for a player with fewer than 10 and no open stake, once in 6 hours.

        Raises `RefillUnavailable`.
        """

        def build(posting: Posting) -> dict[str, Any]:
            _refuse_frozen(posting)
            books, now = posting.books, posting.now
            if books.balance >= REFILL_BELOW:
                raise RefillUnavailable(f"A refill is for players with fewer than {REFILL_BELOW} coins.")
            if books.at_stake:
                raise RefillUnavailable("A stake of yours is still in play.")
            if books.refill_at is not None and now < books.refill_at + REFILL_EVERY:
                raise RefillUnavailable(f"The next one is there at {rfc3339(books.refill_at + REFILL_EVERY)}.")
            books.refill_at = now
            amount = REFILL_TO - books.balance
            posting.credit("bonus", amount, "Refill", details={"reason": "refill"})
            self._given("refill", amount, posting)
            return {"amount": amount, "balance": posting.balance, "next_at": rfc3339(now + REFILL_EVERY)}

        return await self._ledgers.post(player_id, build, status=201, session_id=session_id, idempotency=idempotency)

    def _given(self, kind: BonusKind, amount: int, posting: Posting) -> None:
        for listener in self._listeners:
            listener.on_bonus(kind, amount, posting)

    async def get_bonuses(self, player_id: int) -> dict[str, Any]:
        """What the bonuses stand at, for the pages: `{bonus: {…}, refill: {…}}`."""
        row = await self._db.fetch_one(
            "SELECT balance, at_stake, bonus_day, bonus_streak, refill_at,"
            f" {self._db.now_sql} AS now_at FROM books WHERE player_id = :player_id",
            player_id=player_id,
        )
        if row is None:
            raise NotFound
        return {"bonus": _bonus_state(row), "refill": _refill_state(row)}


def _bonus_state(row: dict[str, Any]) -> dict[str, Any]:
    today = row["now_at"].date()
    claimed = row["bonus_day"] == today
    running = claimed or row["bonus_day"] == today - timedelta(days=1)
    streak = row["bonus_streak"] if running else 0
    upcoming = streak + (not claimed)
    first = max(1, upcoming - 6)
    return {
        "claimable": not claimed,
        "streak": streak,
        "amount": daily_amount(streak if claimed else upcoming),
        "next_at": rfc3339(day_start(today + timedelta(days=1))),
        "days": [
            {
                "day": day,
                "amount": daily_amount(day),
                "state": "claimed" if day <= streak else "today" if day == upcoming else "ahead",
            }
            for day in range(first, first + 7)
        ],
    }


def _refill_state(row: dict[str, Any]) -> dict[str, Any]:
    next_at = None if row["refill_at"] is None else row["refill_at"] + REFILL_EVERY
    waiting = next_at is not None and row["now_at"] < next_at
    return {
        "available": row["balance"] < REFILL_BELOW and not row["at_stake"] and not waiting,
        "next_at": rfc3339(next_at) if waiting and next_at is not None else None,
    }


def _refuse_frozen(posting: Posting) -> None:
    if posting.row["user_status"] != "active":
        raise AccountFrozen("This account is frozen. Your coins are safe.")


def _ledger_query(
    player_id: int,
    before: int | None,
    type: str | None,
    game: str | None,
    from_at: datetime | None,
    to_at: datetime | None,
) -> tuple[str, dict[str, Any]]:
    conditions = ["player_id = :player_id"]
    given = {
        "seq < :before": before,
        "type = :type": type,
        "game = :game": game,
        "created_at >= :from_at": from_at,
        "created_at < :to_at": to_at,
    }
    parameters: dict[str, Any] = {"player_id": player_id}
    for condition, value in given.items():
        if value is not None:
            conditions.append(condition)
            parameters[condition.rpartition(":")[2]] = value
    return f"SELECT * FROM ledger WHERE {' AND '.join(conditions)} ORDER BY seq DESC", parameters
