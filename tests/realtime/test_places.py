"""A player's streams, counted over all workers."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from imperio.realtime import sessions
from imperio.realtime.places import RedisPlaces
from imperio.realtime.redis_bus import RedisBus
from tests.support.redis import RedisProcess

from .support import Accounts, Server, StreamClient, eventually, serving


@pytest.fixture
async def workers(redis: RedisProcess, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[Server]]:
    """Two workers of one casino, with the same logins."""
    monkeypatch.setattr(sessions, "RETELL_SECONDS", 0.3)
    accounts = Accounts()
    async with AsyncExitStack() as stack:

        async def start() -> Server:
            options: dict[str, Any] = {"stream_places": RedisPlaces(redis.url, "streams", 5), "accounts": accounts}
            return await stack.enter_async_context(serving(RedisBus(redis.url), **options))

        yield [await start(), await start()]


async def listen(server: Server, token: str) -> StreamClient:
    client = await StreamClient(server.port, "wallet", token=token).connect()
    await client.until(lambda: client.retries)
    return client


def count_places(redis: RedisProcess, player_id: str) -> int:
    return len(re.findall(rb"[0-9a-f]{32}", redis.command("HVALS", f"imperio:places:streams:{player_id}")))


async def test_the_sixth_stream_ends_the_oldest_wherever_it_is(redis: RedisProcess, workers: list[Server]) -> None:
    one, two = workers
    ada, bob = one.accounts.login("ada"), one.accounts.login("bob")
    other = await listen(one, bob)
    streams = [await listen(server, ada) for server in (one, two, two, one, two)]
    streams.append(await listen(two, ada))
    await streams[0].ended(10)
    assert streams[0].retries[-1] >= 60_000
    streams[1].close()
    await eventually(lambda: count_places(redis, "id-ada") == 4)
    streams.append(await listen(one, ada))  # in the place of the one that left
    streams.append(await listen(one, ada))
    await streams[2].ended(10)
    for stream in (*streams[3:], other):
        assert stream.clean_end is None
        stream.close()


async def test_places_of_a_dead_worker_keep_nobody_out(redis: RedisProcess, workers: list[Server]) -> None:
    dead = RedisPlaces(redis.url, "streams", 5)
    assert await dead.tell({"id-ada": [f"{number:032x}" for number in range(5)]}) == []
    await dead.close()
    ada = workers[0].accounts.login("ada")
    streams = [await listen(server, ada) for server in (*workers, *workers, workers[0])]
    over = await listen(workers[1], ada)
    await streams[0].ended(10)
    for stream in (*streams[1:], over):
        assert stream.clean_end is None
        stream.close()


async def test_without_redis_each_worker_counts_its_own(redis: RedisProcess, workers: list[Server]) -> None:
    one, two = workers
    ada = one.accounts.login("ada")
    redis.kill()
    streams = [await listen(server, ada) for server in (one, one, one, two, two, two)]
    mine = [await listen(one, ada) for _ in range(3)]
    await streams[0].ended(10)
    assert [stream.clean_end for stream in (*streams[1:], *mine)] == [None] * 8
    redis.start()
    # The three oldest of the eight that are left.
    for stream in streams[1:4]:
        await stream.ended(20)
    for stream in (*streams[4:], *mine):
        assert stream.clean_end is None
        stream.close()
