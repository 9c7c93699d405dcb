"""The database itself keeps the books: an append-only ledger and no negative balance, whoever holds the connection."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from imperio.app import Casino
from imperio.core.db import Row
from tests.support.players import Player

REFUSED = (IntegrityError, OperationalError, asyncpg.PostgresError)


@pytest.fixture
async def alice(player: Callable[..., Awaitable[Player]]) -> Player:
    """Somebody with one line in the ledger: the sign-up grant."""
    return await player("alice")


async def everything(casino: Casino) -> tuple[list[Row], list[Row]]:
    """All lines of the ledger and all books."""
    return await casino.db.fetch("SELECT * FROM ledger ORDER BY seq"), await casino.db.fetch("SELECT * FROM books")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger SET amount = 5",
        "UPDATE ledger SET description = 'nothing happened'",
        "DELETE FROM ledger",
        "UPDATE books SET balance = -1",
        "UPDATE books SET balance = balance - 1001",
        "UPDATE books SET at_stake = -1",
    ],
)
async def test_refused_on_both_engines(casino: Casino, alice: Player, sql: str) -> None:
    before = await everything(casino)
    with pytest.raises(REFUSED, match="append-only|negative"):
        await casino.db.execute(sql)
    assert await everything(casino) == before


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_ledger_cannot_be_truncated(casino: Casino, alice: Player) -> None:
    """SQLite has no TRUNCATE; its DELETE without a condition is refused above."""
    before = await everything(casino)
    for sql in ("TRUNCATE ledger", "TRUNCATE ledger CASCADE", "TRUNCATE users CASCADE"):
        with pytest.raises(REFUSED, match="append-only"):
            await casino.db.execute(sql)
    assert await everything(casino) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fresh", ["seq", "id"])
async def test_ledger_line_cannot_be_replaced(casino: Casino, alice: Player, fresh: str) -> None:
    """SQLite's REPLACE takes the old line away without a DELETE: by the same id, or by the player's same number.

    PostgreSQL has no REPLACE, and its ON CONFLICT DO UPDATE is an UPDATE.
    """
    before = await everything(casino)
    columns = ", ".join(before[0][0])
    changes = {"description": "'forged'", "seq": "seq", "id": "id"} | {fresh: {"seq": "seq + 1", "id": "'f'"}[fresh]}
    values = ", ".join(changes.get(name, name) for name in before[0][0])
    with pytest.raises(REFUSED):
        await casino.db.execute(f"INSERT OR REPLACE INTO ledger ({columns}) SELECT {values} FROM ledger")
    assert await everything(casino) == before


async def test_ledger_line_must_add_up(casino: Casino, alice: Player) -> None:
    before = await everything(casino)
    row = dict(before[0][0])
    for change in ({"balance_after": row["balance_after"] + 1}, {"amount": 0, "balance_after": row["balance_before"]}):
        with pytest.raises(REFUSED):
            await casino.db.insert("ledger", {**row, "id": "f" * 32, "seq": row["seq"] + 1, **change})
    assert await everything(casino) == before
