"""Boards with a thousand and with a million players: what a board, one's own place and a live frame cost.

    python benchmarks/boards.py [--players 1000 1000000] [--samples 300]

Starts a PostgreSQL of its own (see `tests/support/postgres.py`), fills it with generated books for each size and
measures the casino's own code on it, each figure next to the same at the other size. "uncached" reads the board from
the books; "counted" is one's rank as a plain count over everybody ahead, which is what the bands replace. Every rank
that is measured is compared with the counted one.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from imperio.app import Casino
from imperio.core.settings import load_settings
from imperio.leaderboards.boards import BOARDS, Board, get_board
from imperio.leaderboards.service import count_between
from imperio.wallet.books import COLUMNS
from tests.support.postgres import connect, running_postgres

# Balances, profits and wins of a house in which most people have played a little and some a lot.
_VALUES = {
    "player_id": "n",
    "version": "1",
    "ledger_seq": "1",
    "ledger_head": "''",
    "seed_pair_id": "lpad(n::text, 32, '0')",
    "next_seed_pair_id": "lpad(n::text, 32, '1')",
    "rounds": "1 + floor(exp(6 * random()))",
    "wins": "floor(exp(5 * random()))",
    "balance": "floor(1000 * exp(random() + random() - 1))",
    "profit": "floor(4000 * (random() + random() + random() - 1.5))",
    "day": "(now() AT TIME ZONE 'UTC')::date",
    "week": "date_trunc('week', now() AT TIME ZONE 'UTC')::date",
    "day_rounds": "floor(3 * random())",
    "week_rounds": "floor(9 * random())",
    "day_wins": "floor(exp(2 * random()))",
    "week_wins": "floor(exp(3 * random()))",
    "bonus_day": "NULL",
    "refill_at": "NULL",
}


def _value(column: str) -> str:
    if column in _VALUES:
        return _VALUES[column]
    if column.endswith("_at"):
        return "now() - random() * interval '1 hour'"
    if column.endswith(("_coins", "_profit")):
        return "floor(2000 * (random() + random() - 1))"
    return "0"


async def fill(url: str, players: int) -> None:
    """Users and books for so many players; indexes are made afterwards, as a restore does."""
    connection = await connect(url)
    try:
        indexes = await connection.fetch("SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'books\\_%'")
        boards = [index for index in indexes if not index["indexname"].endswith("_pkey")]
        for index in boards:
            await connection.execute(f'DROP INDEX "{index["indexname"]}"')
        await connection.execute(
            "INSERT INTO users (id, username, username_key, email, email_key, password_hash, role, status, created_at)"
            " SELECT n, 'player' || n, 'player' || n, n || '@example.com', n || '@example.com', '', 'player', 'active',"
            f" now() FROM generate_series(1, {players}) n",
            timeout=300,
        )
        names, values = ", ".join(COLUMNS), ", ".join(_value(column) for column in COLUMNS)
        await connection.execute(
            f"INSERT INTO books ({names}) SELECT {values} FROM generate_series(1, {players}) n", timeout=600
        )
        for index in boards:
            await connection.execute(index["indexdef"], timeout=300)
        await connection.execute("VACUUM ANALYZE", timeout=300)
    finally:
        await connection.close()


async def measure(work: Callable[[], Awaitable[Any]], samples: int) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds."""
    took = []
    for _ in range(samples):
        begun = time.perf_counter()
        await work()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took), statistics.quantiles(took, n=100)[98]


async def measure_size(url: str, players: int, samples: int) -> dict[str, tuple[float, float]]:
    settings = load_settings(database_url=url, data_dir=Path(tempfile.mkdtemp()), rate_limits="off")
    casino = Casino(settings)
    await casino.open()
    try:
        boards = casino.leaderboards
        chosen = random.Random(5011)

        def anybody() -> int:
            return chosen.randint(1, players)

        async def cached() -> None:
            await boards.get_board("net_profit", "weekly", 100)

        async def uncached() -> None:
            board = get_board("net_profit", "weekly")
            await boards.read_board(board, board.window(await boards.clock.now()))

        def own(board: Board) -> Callable[[], Awaitable[Any]]:
            return lambda: boards.get_own(anybody(), board.metric, board.timeframe)

        async def counted() -> None:
            board = get_board("net_profit", "all_time")
            row = await casino.db.fetch_one("SELECT * FROM books WHERE player_id = :id", id=anybody())
            assert row is not None
            place = board.place_in(row, await boards.clock.now())
            assert place is not None
            await count_between(casino.db, board, None, None, place)

        await boards.close()  # the warming up
        heard = asyncio.Event()
        figures = {"board, cached": await measure(cached, samples), "board, uncached": await measure(uncached, samples)}
        for board in BOARDS:
            begun = time.perf_counter()
            await own(board)()
            first = (time.perf_counter() - begun) * 1000
            figures[f"own place, {board.metric} {board.timeframe}"] = await measure(own(board), samples)
            figures[f"  first of {board.metric} {board.timeframe}"] = (first, first)
        figures["own rank, counted"] = await measure(counted, min(samples, 50))
        casino.live.hub.listen("leaderboard:net_profit:all_time:100", lambda _: heard.set())
        await check(casino, players, chosen)
        took = [await move_top(casino, heard, chosen) for _ in range(min(samples, 100))]
        figures["answer to frame"] = statistics.median(took), statistics.quantiles(took, n=100)[98]
        return figures
    finally:
        await casino.close()


async def move_top(casino: Casino, heard: asyncio.Event, chosen: random.Random) -> float:
    """One of the hundred plays a round; milliseconds from the answer until everybody's board shows it."""
    await asyncio.sleep(0.06)  # a topic moves at most 20 times a second; this is about an idle house
    rows = await casino.db.fetch(
        "SELECT player_id FROM books b WHERE b.rounds > 0 ORDER BY profit DESC, profit_at, player_id LIMIT 50"
    )
    player_id = chosen.choice(rows)["player_id"]

    def build(posting: Any) -> dict[str, Any]:
        posting.books.settle(1, 2)  # as a round with net 1 does; its coins do not matter here
        return {}

    heard.clear()
    await casino.ledgers.post(player_id, build)
    begun = time.perf_counter()
    await asyncio.wait_for(heard.wait(), 5)
    return (time.perf_counter() - begun) * 1000


async def check(casino: Casino, players: int, chosen: random.Random) -> None:
    """The ranks that bands give are those that counting gives."""
    for board in BOARDS:
        now = await casino.leaderboards.clock.now()
        for _ in range(10):
            player_id = chosen.randint(1, players)
            own = await casino.leaderboards.get_own(player_id, board.metric, board.timeframe)
            row = await casino.db.fetch_one("SELECT * FROM books WHERE player_id = :id", id=player_id)
            assert row is not None
            place = board.place_in(row, now)
            rank = None if place is None else 1 + await count_between(casino.db, board, board.window(now), None, place)
            assert own["rank"] == rank, (board, player_id, own["rank"], rank)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--players", type=int, nargs="+", default=[1000, 1_000_000])
    parser.add_argument("--samples", type=int, default=300)
    options = parser.parse_args()
    os.environ.setdefault("IMPERIO_LOG_LEVEL", "error")
    found: dict[int, dict[str, tuple[float, float]]] = {}
    with running_postgres() as server:
        for players in options.players:
            url = server.create_database()
            begun = time.perf_counter()
            asyncio.run(fill(url, players))
            print(f"{players:,} players generated in {time.perf_counter() - begun:.0f} s", flush=True)
            found[players] = asyncio.run(measure_size(url, players, options.samples))
    print()
    print(f"{'ms (median / p99)':34}" + "".join(f"{players:>24,}" for players in found))
    for name in next(iter(found.values())):
        cells = ("{:.2f} / {:.2f}".format(*figures[name]) for figures in found.values())
        print(f"{name:34}" + "".join(f"{cell:>24}" for cell in cells))


if __name__ == "__main__":
    main()
