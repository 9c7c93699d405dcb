"""SQLite's batches: several statements in one transaction, in one visit to the database's thread.

Through the shared connection each statement would be a visit of its own, and every visit waits for the interpreter's
lock while the event loop is busy: a losing spin took nine of them (one to read, one for each of six statements and
for the transaction's two ends) and takes two with this.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from tortoise.exceptions import IntegrityError, OperationalError

SqliteStatement = tuple[str, list[Any]]

# Enough for every shape of statement that a posting writes.
_CACHED_STATEMENTS: Final = 256


class SqliteWriter:
    """A connection of its own that lives in one thread and only writes whole batches."""

    def __init__(self, path: Path, pragmas: Mapping[str, Any]) -> None:
        self._path = path
        self._pragmas = pragmas
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._connection: sqlite3.Connection | None = None  # made and used in the thread alone

    async def write(self, statements: Sequence[SqliteStatement]) -> bool:
        """All of them, or none: False, and nothing written, if the first touches no row.

        Raises Tortoise's `IntegrityError` and `OperationalError`, as its own connections do. When the caller is
        cancelled before the commit, nothing is written.
        """
        is_wanted = True
        work = asyncio.get_running_loop().run_in_executor(self._thread, self._write, statements, lambda: is_wanted)
        try:
            return await work
        except sqlite3.IntegrityError as error:
            raise IntegrityError(error) from error
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error
        finally:
            is_wanted = False

    async def close(self) -> None:
        """Waits for what is being written and closes the file."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _write(self, statements: Sequence[SqliteStatement], is_wanted: Callable[[], bool]) -> bool:
        connection = self._connection or self._open()
        connection.execute("BEGIN IMMEDIATE")
        try:
            for index, (sql, values) in enumerate(statements):
                touched = connection.execute(sql, values).rowcount
                if index == 0 and touched != 1:
                    connection.execute("ROLLBACK")
                    return False
            connection.execute("COMMIT" if is_wanted() else "ROLLBACK")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return True

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, cached_statements=_CACHED_STATEMENTS)
        for name, value in self._pragmas.items():
            connection.execute(f"PRAGMA {name}={value}")
        self._connection = connection
        return connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
