"""Workers that are killed in the middle of everything: their clients go elsewhere and miss nothing."""

import asyncio
import random
import sys
from pathlib import Path

import pytest

from imperio.realtime.bus import Message
from imperio.realtime.redis_bus import RedisBus
from tests.support.redis import RedisProcess

from .support import StreamClient, eventually

ROOT = Path(__file__).parents[2]
CLIENTS = 30
EVENTS = 3_000


class Worker:
    """A server process."""

    async def start(self, url: str) -> "Worker":
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.realtime.worker", url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert self.process.stdout is not None
        self.port = int(await asyncio.wait_for(self.process.stdout.readline(), 20))
        return self

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()


class Follower:
    """A client that comes back by itself, to whichever worker is there, with the last id it saw."""

    def __init__(self, workers: list[Worker]) -> None:
        self.workers = workers
        self.numbers: list[int] = []
        self.ids: list[str] = []
        self.others: list[str] = []
        self.task = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        last: str | None = None
        while True:
            client = StreamClient(random.choice(self.workers).port, "big_wins", last=last)
            try:
                await client.connect()
                await client.ended(60)
            except (OSError, asyncio.IncompleteReadError):
                pass
            finally:
                # What was cut off in the middle was not seen.
                for seen in client.seen:
                    last = seen.id
                    if seen.event == "big_win_announcement":
                        self.numbers.append(seen.data["number"])
                        self.ids.append(seen.id or "")
                    else:
                        self.others.append(seen.event)
                client.close()
            await asyncio.sleep(random.uniform(0, 0.1))


@pytest.mark.slow
@pytest.mark.multi
async def test_a_killed_worker_loses_and_doubles_nothing(redis: RedisProcess) -> None:
    workers = [await Worker().start(redis.url) for _ in range(2)]
    bus = RedisBus(redis.url)
    await bus.start()
    followers = [Follower(workers) for _ in range(CLIENTS)]
    await asyncio.sleep(1)
    for number in range(EVENTS):
        bus.offer(Message("big_wins", "big_win_announcement", {"number": number}))
        if number % 20 == 0:
            await asyncio.sleep(0.01)
        if number in (EVENTS // 3, 2 * EVENTS // 3):
            victim = workers.pop(0)
            await victim.kill()
            workers.append(await Worker().start(redis.url))
    await asyncio.sleep(2)
    for worker in workers:
        await worker.kill()
    await eventually(lambda: all(len(follower.numbers) >= EVENTS for follower in followers), 10)
    for follower in followers:
        follower.task.cancel()
        assert follower.numbers == [*range(EVENTS)]
        assert follower.ids == sorted(follower.ids)
        assert follower.others == ["big_wins_snapshot"]
    await bus.stop()
