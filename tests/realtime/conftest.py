"""Both buses, and the Redis under them."""

from collections.abc import AsyncIterator

import pytest

from imperio.realtime.bus import Bus, MemoryBus
from imperio.realtime.redis_bus import RedisBus
from tests.support.redis import RedisProcess


@pytest.fixture
def redis(redis_server: RedisProcess) -> RedisProcess:
    """The session's Redis, running and empty. A test may kill, pause and flush it."""
    redis_server.start()
    redis_server.flush()
    return redis_server


@pytest.fixture(params=["memory", "redis"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    made: Bus = MemoryBus() if request.param == "memory" else RedisBus(request.getfixturevalue("redis").url)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def redis_bus(redis: RedisProcess) -> AsyncIterator[RedisBus]:
    made = RedisBus(redis.url)
    await made.start()
    yield made
    await made.stop()
