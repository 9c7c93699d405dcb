"""Cached against uncached: boards, public profiles and statistics, with the cache in Redis and in the process.

    python benchmarks/cache.py [--players 20000] [--samples 300] [--json results.json]

Starts a PostgreSQL and a Redis of its own and asks the casino's own services in this process: a hit, the same read from
the books, and a hundred who ask at once for something that is not there (it is computed once, which is checked).
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.boards import fill
from imperio.app import Casino
from imperio.core.settings import load_settings
from imperio.leaderboards.boards import get_board
from tests.support.postgres import running_postgres
from tests.support.redis import running_redis

CROWD = 100
MINUTE = 60.0


async def measure(work: Callable[[], Awaitable[Any]], samples: int) -> dict[str, float]:
    took = []
    for _ in range(samples):
        begun = time.perf_counter()
        await work()
        took.append((time.perf_counter() - begun) * 1000)
    return {"p50_ms": round(statistics.median(took), 3), "p99_ms": round(statistics.quantiles(took, n=100)[98], 3)}


async def ask(database_url: str, redis_url: str, samples: int) -> dict[str, dict[str, float]]:
    folder = Path(tempfile.mkdtemp(prefix="imperio-bench-"))
    casino = Casino(load_settings(database_url=database_url, redis_url=redis_url, data_dir=folder, rate_limits="off"))
    await casino.db.open()
    try:
        boards, board = casino.leaderboards, get_board("net_profit", "weekly")

        async def board_from_books() -> None:
            await boards.read_board(board, board.window(await boards.clock.now()))

        async def profile_from_books() -> None:
            await casino.statistics.get_statistics(1)
            await casino.achievements.list_unlocked(1)
            await boards.get_rank(1)

        async def crowd() -> None:
            boards.changed()
            await asyncio.gather(*(boards.get_board("net_profit", "weekly") for _ in range(CROWD)))

        await boards.get_board("net_profit", "weekly")
        await casino.profiles.get_public("player1")
        figures = {
            "board of 100, cached": await measure(lambda: boards.get_board("net_profit", "weekly"), samples),
            "board of 100, from the books": await measure(board_from_books, samples),
            "public profile, its parts cached": await measure(lambda: casino.profiles.get_public("player1"), samples),
            "the parts of a profile, from the books": await measure(profile_from_books, samples),
            "statistics, kept figures": await measure(lambda: casino.statistics.get_statistics(1), samples),
        }
        before = casino.cache.misses["leaderboard"]
        rounds = max(2, samples // 10)
        figures[f"board just changed, {CROWD} ask at once"] = await measure(crowd, rounds)
        computed = casino.cache.misses["leaderboard"] - before
        if computed != rounds:
            raise SystemExit(f"a stampede: {computed} computations for {rounds} changes")
        return figures
    finally:
        await casino.leaderboards.close()
        await casino.cache.close()
        await casino.db.close()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--players", type=int, default=20_000)
    parser.add_argument("--samples", type=int, default=300)
    parser.add_argument("--json", type=Path, help="write the results here, too")
    options = parser.parse_args()
    results = {}
    with running_postgres() as postgres, running_redis() as redis:
        url = postgres.create_database()
        await fill(url, options.players)
        for where, redis_url in (("Redis", redis.url), ("process", "")):
            results[where] = await ask(url, redis_url, options.samples)
    print(f"{'':45}{'cache in Redis':>20}{'cache in the process':>24}\n{'':45}" + f"{'p50 ms':>11}{'p99 ms':>11}" * 2)
    for what in results["Redis"]:
        cells = [f"{results[where][what][name]:11.2f}" for where in results for name in ("p50_ms", "p99_ms")]
        print(f"{what:45}{''.join(cells)}")
    if options.json is not None:
        options.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
