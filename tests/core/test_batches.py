"""A guarded batch by itself: all of it or nothing, on both engines."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator

import pytest
from tortoise.exceptions import IntegrityError

from imperio.app import Casino
from imperio.core.db import Batch, Conflict, Database, Insert, Update
from imperio.core.errors import Unavailable


@pytest.fixture
async def db(casino: Casino) -> AsyncIterator[Database]:
    """A table of figures beside the casino's own."""
    await casino.db.execute("CREATE TABLE figures (id INTEGER PRIMARY KEY, version INTEGER, amount INTEGER)")
    for number in (1, 2):
        await casino.db.insert("figures", {"id": number, "version": 0, "amount": 100})
    yield casino.db
    await casino.db.execute("DROP TABLE figures")


def batch(*, version: int = 0, new_id: int = 3) -> Batch:
    made = Batch(Update("figures", {"version": version + 1, "amount": 90}, {"id": 1, "version": version}))
    made.add(Update("figures", {"amount": 110}, {"id": 2}))
    made.add(Insert("figures", {"id": new_id, "version": 0, "amount": 1}))
    return made


async def amounts(db: Database) -> list[int]:
    return [row["amount"] for row in await db.fetch("SELECT amount FROM figures ORDER BY id")]


async def test_a_batch_is_written_whole(db: Database) -> None:
    await db.write(batch())
    assert await amounts(db) == [90, 110, 1]


async def test_a_guard_that_matches_nothing_writes_nothing(db: Database) -> None:
    with pytest.raises(Conflict):
        await db.write(batch(version=7))
    assert await amounts(db) == [100, 100]


async def test_a_refused_statement_takes_the_others_back(db: Database) -> None:
    with pytest.raises(IntegrityError):
        await db.write(batch(new_id=2))
    assert await amounts(db) == [100, 100]
    await db.write(batch())
    assert await amounts(db) == [90, 110, 1]


async def test_of_many_at_once_one_matches_its_guard(db: Database) -> None:
    outcomes = await asyncio.gather(*(db.write(batch()) for _ in range(20)), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 19
    assert await amounts(db) == [90, 110, 1]


async def test_a_batch_waits_for_the_transactions_of_this_process(db: Database) -> None:
    async with db.transaction() as connection:
        await connection.execute("UPDATE figures SET amount = 50 WHERE id = 1")
        waiting = asyncio.create_task(db.write(batch()))
        await asyncio.sleep(0.05)
        assert not waiting.done()
    await waiting
    assert await amounts(db) == [90, 110, 1]


async def test_a_pinned_connection_reads_and_writes(db: Database) -> None:
    async with db.pinned() as connection:
        assert await connection.fetch_one("SELECT amount FROM figures WHERE id = :id", id=2) == {"amount": 100}
        assert await connection.execute("UPDATE figures SET amount = 5 WHERE amount = :amount", amount=100) == 2
        with pytest.raises(IntegrityError):
            await connection.insert("figures", {"id": 1, "version": 0, "amount": 1})
        await connection.write(batch())
    assert await amounts(db) == [90, 110, 1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_a_caller_no_longer_waits_for_is_not_written(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that another program keeps locked; the caller was told that nothing happened. (PostgreSQL cancels such
    a statement itself.)"""
    monkeypatch.setattr("imperio.core.db.STATEMENT_TIMEOUT", 0.2)
    other = sqlite3.connect(db.settings.sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        await db.write(batch())
    other.execute("ROLLBACK")
    other.close()
    monkeypatch.undo()
    # The next one waits its turn behind the abandoned one in the same thread.
    with pytest.raises(Conflict):
        await db.write(batch(version=1))
    assert await amounts(db) == [100, 100]
