"""The database: Tortoise's connections, SQL that reads the same on both engines, and the guarded batch.

SQL is written once with `:name` parameters and compiled to the engine's own form. Rows come back as plain
dicts; times (columns ending in `_at`) as aware datetimes, days (ending in `day` or `week`) as dates, on both engines.
"""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final, Literal, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import DBConnectionError, IntegrityError, OperationalError
from tortoise.transactions import in_transaction

from .errors import Unavailable
from .settings import Settings
from .sqlite_writer import SqliteStatement, SqliteWriter

Dialect = Literal["postgres", "sqlite"]
Row = dict[str, Any]
_T = TypeVar("_T")

# A player waits at the most this long for a connection and an answer; then it is better to say 503.
STATEMENT_TIMEOUT: Final = 5.0
# Deadlocks and serialization failures resolve themselves; five rounds of it mean something is really wrong.
MAX_ATTEMPTS: Final = 5

_SQLITE_PRAGMAS: Final[Mapping[str, Any]] = {
    "journal_mode": "WAL",
    "synchronous": "NORMAL",
    "busy_timeout": 5000,
    "foreign_keys": "ON",
}
# SQLite's compiled-in limit of parameters was 999 for most of its life.
_SQLITE_PARAMETERS: Final = 500

_PARAMETER: Final = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")


class Conflict(Exception):
    """The batch's guard matched nothing: somebody else was faster, nothing was written."""


@lru_cache(maxsize=512)
def _compile(sql: str, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    names: list[str] = []

    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        if dialect == "sqlite":
            names.append(name)
            return "?"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _PARAMETER.sub(replace, sql), tuple(names)


@dataclass(frozen=True, slots=True)
class Insert:
    """One row into one table. With `key`, an existing row with that key takes the new values (an upsert)."""

    table: str
    values: Mapping[str, Any]
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """`values` into the rows where every column of `where` equals."""

    table: str
    values: Mapping[str, Any]
    where: Mapping[str, Any]


Statement = Insert | Update
_Shape = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def _shape(statement: Statement) -> _Shape:
    if isinstance(statement, Insert):
        return ("insert", statement.table, tuple(statement.values), statement.key)
    return ("update", statement.table, tuple(statement.values), tuple(statement.where))


def _parameters(statement: Statement) -> list[Any]:
    if isinstance(statement, Insert):
        return list(statement.values.values())
    return [*statement.values.values(), *statement.where.values()]


def _render(shape: _Shape, marks: Sequence[str], guard: str | None) -> str:
    """One statement as SQL; with `guard` it takes effect only if that CTE has a row."""
    kind, table, columns, keys = shape
    if kind == "update":
        sets = ", ".join(f"{column} = {mark}" for column, mark in zip(columns, marks, strict=False))
        where = " AND ".join(f"{key} = {mark}" for key, mark in zip(keys, marks[len(columns) :], strict=True))
        only_if = f" AND EXISTS (SELECT 1 FROM {guard})" if guard else ""
        return f"UPDATE {table} SET {sets} WHERE {where}{only_if}"
    source = f"SELECT {', '.join(marks)} FROM {guard}" if guard else f"VALUES ({', '.join(marks)})"
    sql = f"INSERT INTO {table} ({', '.join(columns)}) {source}"
    if keys:
        sets = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in keys)
        sql += f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sets}"
    return sql


@lru_cache(maxsize=512)
def _render_cte(shapes: tuple[_Shape, ...]) -> str:
    """All statements as one: the first is the guard, the others happen only if it matched."""
    parts, position = [], 0
    for index, shape in enumerate(shapes):
        count = len(shape[2]) + (len(shape[3]) if shape[0] == "update" else 0)
        marks = [f"${position + offset + 1}" for offset in range(count)]
        position += count
        if index == 0:
            parts.append(f"guard AS ({_render(shape, marks, None)} RETURNING 1)")
        else:
            parts.append(f"s{index} AS ({_render(shape, marks, 'guard')})")
    return f"WITH {', '.join(parts)} SELECT count(*) AS matched FROM guard"


@lru_cache(maxsize=512)
def _render_single(shape: _Shape) -> str:
    count = len(shape[2]) + (len(shape[3]) if shape[0] == "update" else 0)
    return _render(shape, ["?"] * count, None)


@dataclass(slots=True)
class Batch:
    """Statements that take effect together, and only if the guard (an UPDATE of exactly one row) matches."""

    guard: Update
    statements: list[Statement] = field(default_factory=list)

    def add(self, statement: Statement) -> None:
        self.statements.append(statement)


def _singles(batch: Batch) -> list[SqliteStatement]:
    """The batch's statements one by one, the guard first, as SQLite takes them."""
    return [
        (_render_single(_shape(statement)), [_to_sqlite(value) for value in _parameters(statement)])
        for statement in (batch.guard, *batch.statements)
    ]


class Connection:
    """Reads and writes on one connection: the pool's next free one, or a transaction's own."""

    def __init__(self, client: "BaseDBAsyncClient | _Pinned", dialect: Dialect) -> None:
        self._client = client
        self.dialect = dialect

    async def fetch(self, sql: str, **parameters: Any) -> list[Row]:
        """All rows of a statement; also runs INSERT, UPDATE and DELETE, whose RETURNING rows come back."""
        text, names = _compile(sql, self.dialect)
        values = [parameters[name] for name in names]
        if self.dialect == "sqlite":
            rows = await _bounded(self._client.execute_query_dict(text, [_to_sqlite(value) for value in values]))
            return [_from_sqlite(row) for row in rows]
        return await _bounded(self._client.execute_query_dict(text, values))

    async def fetch_one(self, sql: str, **parameters: Any) -> Row | None:
        rows = await self.fetch(sql, **parameters)
        return rows[0] if rows else None

    async def execute(self, sql: str, **parameters: Any) -> int:
        """Runs a statement without rows; answers how many rows it touched."""
        text, names = _compile(sql, self.dialect)
        values = [parameters[name] for name in names]
        if self.dialect == "sqlite":
            values = [_to_sqlite(value) for value in values]
        count, _ = await _bounded(self._client.execute_query(text, values))
        return count

    async def insert(self, table: str, values: Mapping[str, Any]) -> None:
        names = ", ".join(values)
        await self.execute(
            f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in values)})", **values
        )

    def one_of(self, column: str, values: Sequence[Any]) -> tuple[str, dict[str, Any]]:
        """SQL for "the column is one of these values", and its parameters. On SQLite a few hundred at the most."""
        if self.dialect == "postgres":
            return f"{column} = ANY(:one_of)", {"one_of": list(values)}
        names = {f"one_of_{index}": value for index, value in enumerate(values)}
        return f"{column} IN ({', '.join(f':{name}' for name in names)})", names

    async def delete_ids(self, table: str, ids: Sequence[str]) -> None:
        """Deletes the rows with these ids; those that are gone already do not matter."""
        for start in range(0, len(ids), _SQLITE_PARAMETERS):
            chosen, parameters = self.one_of("id", ids[start : start + _SQLITE_PARAMETERS])
            await self.execute(f"DELETE FROM {table} WHERE {chosen}", **parameters)

    async def write(self, batch: Batch) -> None:
        """Writes the batch. Raises `Conflict` (nothing written) if the guard matched no row.

        On SQLite the caller's transaction makes it one; on PostgreSQL it is one statement by itself.
        """
        if self.dialect == "postgres":
            everything: list[Statement] = [batch.guard, *batch.statements]
            sql = _render_cte(tuple(_shape(statement) for statement in everything))
            values = [value for statement in everything for value in _parameters(statement)]
            rows = await _bounded(self._client.execute_query_dict(sql, values))
            if rows[0]["matched"] != 1:
                raise Conflict
            return
        for index, (sql, parameters) in enumerate(_singles(batch)):
            count, _ = await _bounded(self._client.execute_query(sql, parameters))
            if index == 0 and count != 1:
                raise Conflict

    async def now(self) -> datetime:
        """This instant by the database's clock."""
        row = await self.fetch_one(f"SELECT {self.now_sql} AS now_at")
        assert row is not None
        return row["now_at"]  # type: ignore[no-any-return]

    @property
    def now_sql(self) -> str:
        """SQL for this instant by the database's own clock; name the column `now_at`."""
        return "clock_timestamp()" if self.dialect == "postgres" else "strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')"


class _Pinned:
    """One connection of asyncpg's pool, with the calls and the errors of Tortoise's clients."""

    def __init__(self, connection: "asyncpg.Connection[Any]") -> None:
        self._connection = connection

    async def execute_query_dict(self, sql: str, values: Sequence[Any]) -> list[Row]:
        with _tortoise_errors():
            return [dict(record) for record in await self._connection.fetch(sql, *values)]

    async def execute_query(self, sql: str, values: Sequence[Any]) -> tuple[int, Sequence[Row]]:
        with _tortoise_errors():
            status = await self._connection.execute(sql, *values)
        return int(status.rpartition(" ")[2]), []


@contextmanager
def _tortoise_errors() -> Iterator[None]:
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        raise IntegrityError(error) from error
    except (asyncpg.SyntaxOrAccessError, asyncpg.DataError) as error:
        raise OperationalError(error) from error


class Database(Connection):
    """The one door to the database of this process."""

    def __init__(self, settings: Settings, model_modules: Sequence[str]) -> None:
        self.settings = settings
        self.model_modules = model_modules
        self.dialect = "postgres" if settings.dialect == "postgres" else "sqlite"
        self._writer: SqliteWriter | None = None

    async def open(self) -> None:
        """Connects. Raises `Unavailable` when the server does not answer."""
        if self.dialect == "sqlite":
            self.settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
        # Tortoise keeps its state in a context variable that request tasks do not inherit (stack notes).
        config = tortoise_config(self.settings, self.model_modules)
        await Tortoise.init(config=config, _enable_global_fallback=True)
        self._client = self._tortoise = Tortoise.get_connection("default")
        if self.dialect == "sqlite":
            self._writer = SqliteWriter(self.settings.sqlite_path, _SQLITE_PRAGMAS)
        await self.fetch("SELECT 1 AS one")

    async def close(self) -> None:
        if self._writer is not None:
            await self._writer.close()
            self._writer = None
        await Tortoise.close_connections()

    async def write(self, batch: Batch) -> None:
        """Writes the batch by itself, in one step on either engine. Raises `Conflict` as a transaction's does."""
        if self._writer is None:
            await super().write(batch)
            return
        # Taking turns with the other writers of this process costs less than finding the file locked.
        async with _within_time(), self._tortoise.acquire_connection():
            matched = await self._writer.write(_singles(batch))
        if not matched:
            raise Conflict

    @asynccontextmanager
    async def pinned(self) -> AsyncIterator[Connection]:
        """One connection for statements that follow each other closely, without a transaction around them.

        On PostgreSQL it is taken from the pool once instead of once a statement; on SQLite there is one anyway.
        """
        if self.dialect == "sqlite":
            yield self
            return
        async with _within_time(), self._tortoise.acquire_connection() as connection:
            yield Connection(_Pinned(connection), self.dialect)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One transaction; the ORM's calls inside it take part. Inside another it is a savepoint."""
        try:
            async with asyncio.timeout(STATEMENT_TIMEOUT * 2), in_transaction("default") as client:
                yield Connection(client, self.dialect)
        except (TimeoutError, *LOST) as error:
            raise Unavailable from error


# What asyncpg and SQLite raise when the server is gone, starting or stopping.
LOST: Final = (
    OSError,
    DBConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    sqlite3.ProgrammingError,
)
_TRANSIENT: Final = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.LockNotAvailableError)


@asynccontextmanager
async def _within_time() -> AsyncIterator[None]:
    """`Unavailable` when the database is gone or does not answer in time."""
    try:
        async with asyncio.timeout(STATEMENT_TIMEOUT):
            yield
    except (TimeoutError, *LOST) as error:
        raise Unavailable from error


async def _bounded(work: Awaitable[_T]) -> _T:
    """The work's result, or `Unavailable` when the database is gone or does not answer in time."""
    async with _within_time():
        return await work


def is_transient(error: BaseException) -> bool:
    """Whether the engine rolled back for reasons of its own (deadlock, busy) and trying again is right."""
    if isinstance(error, _TRANSIENT):
        return True
    return isinstance(error, OperationalError) and "locked" in str(error)


async def retrying(attempt: Callable[[], Awaitable[_T]]) -> _T:
    """Runs `attempt` until it succeeds, at most `MAX_ATTEMPTS` times, backing off on transient refusals."""
    for number in range(1, MAX_ATTEMPTS + 1):
        try:
            return await attempt()
        except Exception as error:
            if not is_transient(error):
                raise
            if number == MAX_ATTEMPTS:
                raise Unavailable from error
            await asyncio.sleep(0.01 * 2**number)
    raise AssertionError("unreachable")


def is_unique_violation(error: IntegrityError) -> bool:
    """Whether the database refused a second row where one may be."""
    cause = error.args[0] if error.args else None
    return isinstance(cause, asyncpg.UniqueViolationError) or "UNIQUE constraint failed" in str(error)


def tortoise_config(settings: Settings, model_modules: Sequence[str]) -> dict[str, Any]:
    """Tortoise's configuration for the settings' database."""
    return {
        "connections": {"default": _connection(settings)},
        "apps": {"models": {"models": [*model_modules, "aerich.models"], "default_connection": "default"}},
        "use_tz": True,
        "timezone": "UTC",
    }


class QuietConnection(asyncpg.Connection):
    """A connection that is handed back as it is: asyncpg would send a reset query after every statement.

    Nothing here leaves state behind in a session: no LISTEN, no cursors, no SET outside a transaction.
    """

    def get_reset_query(self) -> str:
        return ""


def _connection(settings: Settings) -> dict[str, Any]:
    if settings.dialect == "sqlite":
        return {
            "engine": "tortoise.backends.sqlite",
            "credentials": {"file_path": str(settings.sqlite_path), **_SQLITE_PRAGMAS},
        }
    url = urlsplit(settings.database_url)
    query = parse_qs(url.query)
    # A unix socket is named in the query (?host=/path), as libpq does it.
    host = query.get("host", [url.hostname or "127.0.0.1"])[0]
    return {
        "engine": "tortoise.backends.asyncpg",
        "credentials": {
            "host": host,
            "port": url.port or 5432,
            "user": unquote(url.username or "postgres"),
            "password": unquote(url.password) if url.password else None,
            "database": url.path.lstrip("/"),
            "minsize": 1,
            "maxsize": settings.database_pool,
            "command_timeout": STATEMENT_TIMEOUT,
            "timeout": STATEMENT_TIMEOUT,
            "connection_class": QuietConnection,
            "server_settings": {"timezone": "UTC", "application_name": "imperio", "jit": "off"},
        },
    }


def _to_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(" ", "microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _from_sqlite(row: Row) -> Row:
    for name, value in row.items():
        if isinstance(value, str):
            if name.endswith("_at"):
                row[name] = datetime.fromisoformat(value).replace(tzinfo=UTC)
            elif name in ("day", "week") or name.endswith(("_day", "_week")):
                row[name] = date.fromisoformat(value[:10])
    return row
