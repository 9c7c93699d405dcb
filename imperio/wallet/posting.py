"""Postings: the only code that moves coins.

A posting reads one player's books, lets a synchronous `build` decide everything in plain Python, and writes the
result as one guarded batch (see `docs/architecture.md`, "The money path"). `build` may run twice, so it has no
effects but those it leaves in the posting.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Protocol
from weakref import WeakValueDictionary

from tortoise.exceptions import IntegrityError

from ..core.db import (
    MAX_ATTEMPTS,
    Batch,
    Conflict,
    Connection,
    Database,
    Insert,
    Row,
    Statement,
    Update,
    is_transient,
    is_unique_violation,
)
from ..core.errors import AppError, NotAuthenticated, Unavailable
from ..core.ids import new_id
from ..core.jsonio import dumps_text, loads
from .books import WRITTEN, BookState, from_row
from .ledger import Entry, TransactionType

MAX_COINS: Final = 2**53 - 1  # what every JSON reader can hold exactly


class InsufficientFunds(AppError):
    status = 409
    code = "insufficient_funds"
    title = "Not enough coins"


class AccountFrozen(AppError):
    status = 403
    code = "account_frozen"
    title = "This account is frozen"


class IdempotencyConflict(AppError):
    status = 422
    code = "idempotency_conflict"
    title = "This Idempotency-Key was used for another request"


@dataclass(frozen=True, slots=True)
class Reading:
    """More columns to read with the books, in the same statement: SQL of a higher slice's tables."""

    columns: str = ""
    joins: str = ""
    parameters: tuple[str, ...] = ()

    def __add__(self, other: "Reading") -> "Reading":
        return Reading(self.columns + other.columns, self.joins + other.joins, self.parameters + other.parameters)


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A client's key for one request, and the SHA-256 of what the request was."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Message:
    """An event to tell after the commit. `topic` as in `docs/architecture.md`."""

    topic: str
    name: str
    data: Mapping[str, Any]


class Relay(Protocol):
    """Takes over committed events (see `realtime.outbox`). Never blocks."""

    def told(self, outbox_id: str, messages: "list[Message]") -> None: ...


@dataclass(frozen=True, slots=True)
class Posted:
    """What a posting answered: the JSON body and whether it was the first answer given again."""

    status: int
    body: dict[str, Any]
    replayed: bool = False


@dataclass(slots=True)
class Posting:
    """One player's posting while `build` decides it. `row` holds everything that was read."""

    row: Row
    books: BookState
    now: datetime
    before: BookState
    entries: list[Entry] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    upserts: dict[tuple[object, ...], Insert] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)

    @property
    def player_id(self) -> int:
        return self.books.player_id

    @property
    def touched(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.entries or self.statements or self.upserts or self.messages or self.books != self.before)

    @property
    def username(self) -> str:
        return self.row["username"]  # type: ignore[no-any-return]

    @property
    def balance(self) -> int:
        return self.books.balance

    def debit(
        self,
        type: TransactionType,
        amount: int,
        description: str,
        *,
        game: str | None = None,
        reference_id: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Takes `amount` (> 0) coins. Raises `InsufficientFunds`."""
        if amount > self.books.balance:
            raise InsufficientFunds(f"That takes {amount} coins; the balance is {self.books.balance}.")
        self._enter(type, -amount, description, game, reference_id, details)

    def credit(
        self,
        type: TransactionType,
        amount: int,
        description: str,
        *,
        game: str | None = None,
        reference_id: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Gives `amount` (> 0) coins."""
        if self.books.balance + amount > MAX_COINS:
            raise Unavailable("The purse is full.")
        self._enter(type, amount, description, game, reference_id, details)

    def _enter(
        self,
        type: TransactionType,
        amount: int,
        description: str,
        game: str | None,
        reference_id: str | None,
        details: Mapping[str, Any] | None,
    ) -> None:
        assert amount, "an entry moves coins"
        books = self.books
        books.ledger_seq += 1
        entry = Entry(
            id=new_id(),
            player_id=books.player_id,
            seq=books.ledger_seq,
            type=type,
            game=game,
            amount=amount,
            balance_before=books.balance,
            balance_after=books.balance + amount,
            reference_id=reference_id,
            description=description,
            details=dict(details or {}),
            created_at=self.now,
        )
        books.move(amount)
        books.ledger_head = entry.row_hash(books.ledger_head)
        self.entries.append(entry)
        self.hashes.append(books.ledger_head)

    def insert(self, table: str, values: Mapping[str, Any]) -> None:
        """A row that is written with the posting."""
        self.statements.append(Insert(table, values))

    def upsert(self, table: str, values: Mapping[str, Any], *, key: tuple[str, ...]) -> None:
        """The row with this key, new or not. Of several for one row the last counts: one statement may touch
        a row only once."""
        self.upserts[table, *(values[name] for name in key)] = Insert(table, values, key)

    def update(self, table: str, values: Mapping[str, Any], where: Mapping[str, Any]) -> None:
        self.statements.append(Update(table, values, where))

    def tell(self, topic: str, name: str, data: Mapping[str, Any]) -> None:
        """An event that leaves after the commit."""
        self.messages.append(Message(topic, name, data))

    def batch(self, *, silent: bool = False) -> tuple[Batch, str | None]:
        """Everything to write, and the outbox row's id if there is something to tell.

        `silent` tells nothing: for a player nobody can know of yet.
        """
        books, now = self.books, self.now
        books.version += 1
        books.stamp(self.before, now)
        guard = Update(
            "books",
            {name: getattr(books, name) for name in WRITTEN},
            {"player_id": books.player_id, "version": self.before.version},
        )
        batch = Batch(guard)
        for entry, row_hash in zip(self.entries, self.hashes, strict=True):
            batch.add(Insert("ledger", _ledger_row(entry, row_hash)))
        for statement in (*self.statements, *self.upserts.values()):
            batch.add(statement)
        before = self.before
        if books.balance != before.balance or books.rounds != before.rounds or books.day != before.day:
            batch.add(self._daily_figures())
            self.tell("_books", "books_changed", {"player_id": books.player_id})
        if self.entries:
            data = {"balance": books.balance, "transaction_id": self.entries[-1].id}
            self.tell(f"wallet:{books.player_id}", "balance", data)
        if silent or not self.messages:
            return batch, None
        outbox_id = new_id()
        batch.add(Insert("outbox", outbox_row(outbox_id, now, self.messages)))
        return batch, outbox_id

    def _daily_figures(self) -> Insert:
        books = self.books
        return Insert(
            "daily_figures",
            {
                "player_id": books.player_id,
                "day": books.day,
                "rounds": books.day_rounds,
                "net_profit": books.day_profit,
                "balance": books.balance,
            },
            key=("player_id", "day"),
        )


Build = Callable[[Posting], dict[str, Any]]


class Ledgers:
    """Posts to players' books. One per process."""

    def __init__(self, db: Database, relay: Relay) -> None:
        self._db = db
        self._relay = relay
        # Requests of one player that meet in this process queue here instead of colliding in the database.
        self._queues: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def post(
        self,
        player_id: int,
        build: Build,
        *,
        status: int = 200,
        reading: Reading = Reading(),  # noqa: B008  # frozen
        parameters: Mapping[str, Any] | None = None,
        session_id: str | None = None,
        idempotency: Idempotency | None = None,
    ) -> Posted:
        """Runs `build` on the player's books and writes what it decided, once.

        With `session_id` the login is checked in the same read (`NotAuthenticated`); with `idempotency` a repeated
        request gets the first answer (`IdempotencyConflict` if it was another request). Raises what `build` raises,
        and `Unavailable` when the database cannot do it now; in each of these cases nothing was written.
        """
        queue = self._queues.get(player_id)
        if queue is None:
            self._queues[player_id] = queue = asyncio.Lock()
        sql = _read_sql(reading, session_id is not None, idempotency is not None, self._db.now_sql)
        values = dict(parameters or {}, player_id=player_id)
        if session_id is not None:
            values["session_id"] = session_id
        if idempotency is not None:
            values["idempotency_key"] = idempotency.key
        async with queue:
            for attempt in range(MAX_ATTEMPTS):
                try:
                    if attempt == 0:
                        outcome = await self._optimistic(sql, values, build, status, idempotency)
                    else:
                        outcome = await self._locked(player_id, sql, values, build, status, idempotency)
                except Conflict:
                    continue
                except IntegrityError as error:
                    # Another worker took the same idempotency key in this very moment: its answer is there now.
                    if not is_unique_violation(error):
                        raise
                except Exception as error:
                    if not is_transient(error):
                        raise
                    await asyncio.sleep(0.01 * 2**attempt)
                else:
                    self._tell([outcome])
                    return outcome.posted
        raise Unavailable

    async def look(
        self,
        player_id: int,
        *,
        reading: Reading = Reading(),  # noqa: B008  # frozen
        parameters: Mapping[str, Any] | None = None,
        session_id: str | None = None,
    ) -> Posting:
        """What `build` would find now, for answers that need the same rules; nothing is written."""
        sql = _read_sql(reading, session_id is not None, False, self._db.now_sql)
        values = dict(parameters or {}, player_id=player_id)
        if session_id is not None:
            values["session_id"] = session_id
        return _open(_admitted(await self._db.fetch_one(sql, **values)))

    async def _optimistic(
        self, sql: str, values: dict[str, Any], build: Build, status: int, idempotency: Idempotency | None
    ) -> "_Outcome":
        async with self._db.pinned() as connection:
            outcome = _decide(await connection.fetch_one(sql, **values), build, status, idempotency)
            if outcome.batch is not None:
                await connection.write(outcome.batch)
        return outcome

    async def _locked(
        self,
        player_id: int,
        sql: str,
        values: dict[str, Any],
        build: Build,
        status: int,
        idempotency: Idempotency | None,
    ) -> "_Outcome":
        async with self._db.transaction() as connection:
            await _lock(connection, [player_id])
            outcome = _decide(await connection.fetch_one(sql, **values), build, status, idempotency)
            if outcome.batch is not None:
                await connection.write(outcome.batch)
        return outcome

    @asynccontextmanager
    async def together(
        self,
        players: Iterable[int] | Callable[[Connection], Awaitable[Iterable[int]]],
        *,
        reading: Reading = Reading(),  # noqa: B008  # frozen
        parameters: Mapping[str, Any] | None = None,
        lock: bool = True,
    ) -> AsyncIterator["Together"]:
        """Several players' postings in one transaction: all of them take effect, or none.

        The caller decides inside the block, may use `.connection` for rows of its own, and writes nothing by
        leaving with an exception. The books are locked in id order, so that two such calls cannot deadlock.
        `players` are ids, or a function that finds them out inside the transaction: it may lock rows of its own
        first (and complete `parameters`), always before any books. Without `lock` the books are only looked at: a
        posting to books that somebody else has changed meanwhile raises `Conflict`.
        """
        outcomes: list[_Outcome] = []
        async with self._db.transaction() as connection:
            ids = sorted(set(await players(connection) if callable(players) else players))
            if lock:
                await _lock(connection, ids)
            postings = {row["player_id"]: _open(row) for row in await self._read(connection, ids, reading, parameters)}
            if len(postings) < len(ids):
                raise Conflict
            group = Together(connection, postings)
            yield group
            for player_id in ids:
                posting = postings[player_id]
                if posting.touched:
                    batch, outbox_id = posting.batch()
                    await connection.write(batch)
                    outcomes.append(_Outcome(Posted(200, {}), None, outbox_id, posting.messages))
            if group.messages:
                if not group.is_written:
                    await connection.insert("outbox", group.outbox_row(await connection.now()))
                outcomes.append(_Outcome(Posted(200, {}), None, group.outbox_id, group.messages))
        for outbox_id, messages in group.earlier:
            self._relay.told(outbox_id, messages)
        self._tell(outcomes)

    async def _read(
        self, connection: Connection, ids: list[int], reading: Reading, parameters: Mapping[str, Any] | None
    ) -> list[Row]:
        """The books of several players; on PostgreSQL in one round trip."""
        if not ids:
            return []
        sql = _read_sql(reading, False, False, self._db.now_sql)
        values = dict(parameters or {})
        if connection.dialect == "postgres":
            return await connection.fetch(sql.replace("= :player_id", "= ANY(:player_ids)"), player_ids=ids, **values)
        return [row for id_ in ids for row in await connection.fetch(sql, player_id=id_, **values)]

    def _tell(self, outcomes: Iterable["_Outcome"]) -> None:
        for outcome in outcomes:
            if outcome.outbox_id is not None:
                self._relay.told(outcome.outbox_id, outcome.messages)


@dataclass(slots=True)
class Together:
    """Several postings in one transaction, its connection, and events that belong to none of the players alone.

    `outbox_id`: the row of the outbox that will hold them; a caller who writes it among rows of its own says so with
    `is_written`. `earlier`: rows of other commits, as (id, messages), that must have been told before these.
    """

    connection: Connection
    postings: dict[int, Posting]
    messages: list[Message] = field(default_factory=list)
    outbox_id: str = field(default_factory=new_id)
    is_written: bool = False
    earlier: list[tuple[str, list[Message]]] = field(default_factory=list)

    def tell(self, topic: str, name: str, data: Mapping[str, Any]) -> None:
        self.messages.append(Message(topic, name, data))

    def outbox_row(self, now: datetime) -> dict[str, Any]:
        """The row of everything told so far."""
        return outbox_row(self.outbox_id, now, self.messages)


@dataclass(frozen=True, slots=True)
class _Outcome:
    posted: Posted
    batch: Batch | None
    outbox_id: str | None
    messages: list[Message]


def posting_for_new_books(books: BookState, now: datetime) -> Posting:
    """The first posting of books that were inserted in this very transaction."""
    return Posting({"username": ""}, books, now, copy(books))


def _open(row: Row) -> Posting:
    now = row["now_at"]
    books, before = from_row(row), from_row(row)
    books.roll_windows(now)
    return Posting(row, books, now, before)


def _admitted(row: Row | None) -> Row:
    """What was read, if it is a player's whose login (if that was asked) still holds. Raises `NotAuthenticated`."""
    if row is None:
        raise NotAuthenticated("There is no such player.")
    if "session_user_id" in row and not session_holds(row):
        raise NotAuthenticated("This login has ended.")
    return row


def _decide(row: Row | None, build: Build, status: int, idempotency: Idempotency | None) -> _Outcome:
    """Runs `build` on what was read, or finds the answer given before."""
    row = _admitted(row)
    if idempotency is not None and row["first_fingerprint"] is not None:
        if row["first_fingerprint"] != idempotency.fingerprint:
            raise IdempotencyConflict("Use a new key for a new request.")
        return _Outcome(Posted(row["first_status"], loads(row["first_body"]), replayed=True), None, None, [])
    posting = _open(row)
    body = build(posting)
    if idempotency is not None:
        posting.insert(
            "idempotency_keys",
            {
                "player_id": posting.player_id,
                "key": idempotency.key,
                "fingerprint": idempotency.fingerprint,
                "status": status,
                "body": dumps_text(body),
                "created_at": posting.now,
            },
        )
    batch, outbox_id = posting.batch()
    return _Outcome(Posted(status, body), batch, outbox_id, posting.messages)


def session_holds(row: Row) -> bool:
    """Whether the login read with the books is this player's and neither revoked nor expired."""
    return (
        row["session_user_id"] is not None
        and row["session_revoked_at"] is None
        and row["session_expires_at"] > row["now_at"]
    )


async def _lock(connection: Connection, player_ids: list[int]) -> None:
    """Takes the players' books for this transaction. SQLite has one writer anyway: a guarded write finds out."""
    if connection.dialect == "postgres" and player_ids:
        await connection.fetch(
            "SELECT player_id FROM books WHERE player_id = ANY(:player_ids) ORDER BY player_id FOR UPDATE",
            player_ids=player_ids,
        )


@lru_cache(maxsize=64)
def _read_sql(reading: Reading, with_session: bool, with_key: bool, now_sql: str) -> str:
    columns = "b.*, u.username, u.role, u.status AS user_status, l.daily_loss, l.session_minutes, l.pending, "
    columns += f"l.pending_from_at, l.time_out_until_at, {now_sql} AS now_at"
    joins = "JOIN users u ON u.id = b.player_id LEFT JOIN play_limits l ON l.player_id = b.player_id"
    if with_session:
        columns += ", s.user_id AS session_user_id, s.created_at AS session_created_at"
        columns += ", s.revoked_at AS session_revoked_at, s.expires_at AS session_expires_at"
        joins += " LEFT JOIN sessions s ON s.id = :session_id AND s.user_id = b.player_id"
    if with_key:
        columns += ", k.fingerprint AS first_fingerprint, k.status AS first_status, k.body AS first_body"
        joins += " LEFT JOIN idempotency_keys k ON k.player_id = b.player_id AND k.key = :idempotency_key"
    return f"SELECT {columns}{reading.columns} FROM books b {joins}{reading.joins} WHERE b.player_id = :player_id"


def _ledger_row(entry: Entry, row_hash: str) -> dict[str, Any]:
    return {
        "id": entry.id,
        "player_id": entry.player_id,
        "seq": entry.seq,
        "type": entry.type,
        "game": entry.game,
        "amount": entry.amount,
        "balance_before": entry.balance_before,
        "balance_after": entry.balance_after,
        "reference_id": entry.reference_id,
        "description": entry.description,
        "details": dumps_text(entry.details),
        "row_hash": row_hash,
        "created_at": entry.created_at,
    }


def outbox_row(outbox_id: str, now: datetime, messages: Iterable[Message]) -> dict[str, Any]:
    """The row of `outbox` that keeps `messages` until they have been told."""
    events = [[message.topic, message.name, message.data] for message in messages]
    return {"id": outbox_id, "created_at": now, "events": dumps_text(events)}
