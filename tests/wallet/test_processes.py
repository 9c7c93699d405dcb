"""Eight processes on one account: nothing is lost between them, nothing happens twice."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Final

import pytest

from imperio.app import Casino, create_app
from imperio.core.settings import load_settings
from tests.support.players import sign_up

ROOT: Final = Path(__file__).parents[2]
PROCESSES: Final = 8


async def spin_in_processes(url: str, folder: Path, player_id: int, spins: int, stake: int) -> tuple[int, int]:
    """Rounds played and refused by all of them together."""
    env = {**os.environ, "IMPERIO_DATABASE_URL": url, "IMPERIO_DATA_DIR": str(folder), "IMPERIO_DATABASE_POOL": "2"}
    arguments = [sys.executable, "-m", "tests.wallet.spinner", str(player_id), str(spins), str(stake)]
    processes = [
        await asyncio.create_subprocess_exec(*arguments, env=env, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
        for _ in range(PROCESSES)
    ]
    outputs = [(await process.communicate())[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * PROCESSES
    counts = [json.loads(output.splitlines()[-1]) for output in outputs]
    return sum(count["played"] for count in counts), sum(count["refused"] for count in counts)


async def check(casino: Casino, player_id: int, played: int) -> None:
    row = await casino.db.fetch_one(
        "SELECT b.balance, b.rounds, b.nonce, b.ledger_seq, (SELECT count(*) FROM rounds) AS rounds_kept,"
        " (SELECT sum(amount) FROM ledger) AS ledger, (SELECT count(DISTINCT nonce) FROM rounds) AS nonces"
        " FROM books b WHERE b.player_id = :id",
        id=player_id,
    )
    assert row is not None
    assert row["rounds"] == row["rounds_kept"] == row["nonce"] == row["nonces"] == played
    assert row["balance"] == row["ledger"]
    lines = await casino.db.fetch(
        "SELECT seq, balance_before, balance_after FROM ledger WHERE player_id = :id ORDER BY seq", id=player_id
    )
    assert [line["seq"] for line in lines] == list(range(1, row["ledger_seq"] + 1))
    assert [line["balance_before"] for line in lines] == [0, *(line["balance_after"] for line in lines[:-1])]
    report = await casino.reconciler.run()
    assert report.findings == []
    assert report.rounds == played


@pytest.mark.multi
@pytest.mark.parametrize("spins", [25, pytest.param(2000, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
async def test_eight_processes_on_one_account(postgres_url: str, tmp_path: Path, spins: int) -> None:
    casino = create_app(load_settings(database_url=postgres_url, data_dir=tmp_path)).casino
    await casino.db.open()
    try:
        someone = await sign_up(casino)

        def rich(posting):  # type: ignore[no-untyped-def]
            posting.credit("adjustment", 1_000_000, "For the test")
            return {}

        await casino.ledgers.post(someone.id, rich)
        assert await spin_in_processes(postgres_url, tmp_path, someone.id, spins, 1) == (PROCESSES * spins, 0)
        await check(casino, someone.id, PROCESSES * spins)
    finally:
        await casino.db.close()


@pytest.mark.multi
async def test_eight_processes_to_the_last_coin(postgres_url: str, tmp_path: Path) -> None:
    """Stakes of 500 with 1,000 coins: the end comes soon, and never below zero."""
    casino = create_app(load_settings(database_url=postgres_url, data_dir=tmp_path)).casino
    await casino.db.open()
    try:
        someone = await sign_up(casino)
        played, refused = await spin_in_processes(postgres_url, tmp_path, someone.id, 25, 500)
        assert played + refused == PROCESSES * 25 and played >= 2
        await check(casino, someone.id, played)
    finally:
        await casino.db.close()
