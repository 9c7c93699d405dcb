"""The cache, in the process and on Redis: one computation for a crowd, exact invalidation, no Redis no harm."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from imperio.core import cache as module
from imperio.core.cache import Cache, RedisStore
from tests.support.redis import RedisProcess


@pytest.fixture(params=["memory", "redis"])
async def cache(request: pytest.FixtureRequest) -> AsyncIterator[Cache]:
    url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    made = Cache(url)
    yield made
    await made.close()


class Source:
    """Something slow to compute that counts how often it was."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.calls = 0
        self.value = "first"
        self._seconds = seconds

    async def __call__(self) -> list[str]:
        self.calls += 1
        value = self.value
        await asyncio.sleep(self._seconds)
        return [value]


async def test_a_value_is_computed_once_and_kept(cache: Cache) -> None:
    source = Source()
    assert [await cache.get("thing", "k", 60, source) for _ in range(3)] == [["first"]] * 3
    assert source.calls == 1
    assert cache.counts() == {"thing": (2, 1)}


async def test_a_value_runs_out(cache: Cache) -> None:
    source = Source()
    await cache.get("thing", "k", 0.05, source)
    source.value = "second"
    await asyncio.sleep(0.1)
    assert await cache.get("thing", "k", 0.05, source) == ["second"]


async def test_nothing_that_is_empty_is_taken_for_missing(cache: Cache) -> None:
    calls = 0

    async def nothing() -> None:
        nonlocal calls
        calls += 1

    assert [await cache.get("thing", "k", 60, nothing) for _ in range(2)] == [None, None]
    assert calls == 1


async def test_a_crowd_computes_once(cache: Cache) -> None:
    source = Source(0.05)
    found = await asyncio.gather(*(cache.get("thing", "k", 60, source) for _ in range(100)))
    assert source.calls == 1 and found == [["first"]] * 100


async def test_renewing_makes_stale_what_hangs_on_the_tag_and_nothing_else(cache: Cache) -> None:
    ours, other = Source(), Source()
    await cache.get("thing", "a", 60, ours, tag="ours")
    await cache.get("thing", "b", 60, other, tag="other")
    ours.value = other.value = "second"
    cache.renew("ours")
    assert await cache.get("thing", "a", 60, ours, tag="ours") == ["second"]
    assert await cache.get("thing", "b", 60, other, tag="other") == ["first"]


async def test_a_computation_from_before_the_renewal_is_not_taken_for_a_newer_one(cache: Cache) -> None:
    source = Source(0.1)
    early = asyncio.create_task(cache.get("thing", "k", 60, source, tag="t"))
    await asyncio.sleep(0.03)
    source.value = "second"
    cache.renew("t")
    assert await cache.get("thing", "k", 60, source, tag="t") == ["second"]
    assert await early == ["first"]
    assert await cache.get("thing", "k", 60, source, tag="t") == ["second"]


async def test_deleting_is_by_exact_key(cache: Cache) -> None:
    one, two = Source(), Source()
    await cache.get("thing", "k", 60, one)
    await cache.get("thing", "k2", 60, two)
    await cache.delete("k")
    await cache.get("thing", "k", 60, one)
    await cache.get("thing", "k2", 60, two)
    assert (one.calls, two.calls) == (2, 1)


async def test_what_fails_is_told_to_all_and_not_kept(cache: Cache) -> None:
    async def broken() -> None:
        await asyncio.sleep(0.01)
        raise KeyError("broken")

    failures = await asyncio.gather(*(cache.get("thing", "k", 60, broken) for _ in range(5)), return_exceptions=True)
    assert all(isinstance(failure, KeyError) for failure in failures) and len(failures) == 5
    assert await cache.get("thing", "k", 60, Source()) == ["first"]


async def test_two_workers_share_values_renewals_and_the_work(redis_url: str) -> None:
    one, two = Cache(redis_url), Cache(redis_url)
    try:
        source = Source(0.05)
        found = await asyncio.gather(*(cache.get("thing", "k", 60, source, tag="t") for cache in (one, two) * 10))
        assert source.calls == 1 and len(found) == 20
        source.value = "second"
        one.renew("t")
        assert await one.get("thing", "k", 60, source, tag="t") == ["second"]
        assert await two.get("thing", "k", 60, source, tag="t") == ["second"]
        assert source.calls == 2
    finally:
        await one.close()
        await two.close()


async def test_keys_have_the_prefix_and_an_end(redis_url: str) -> None:
    import redis.asyncio

    cache = Cache(redis_url)
    async with redis.asyncio.Redis.from_url(redis_url) as client:
        await cache.get("thing", "k", 60, Source(), tag="t")
        keys = await client.keys("*")
        assert sorted(keys) == [b"imperio:cache:edition:t", b"imperio:cache:k"]
        assert all([await client.ttl(key) > 0 for key in keys])
    await cache.close()


async def test_the_store_mends_what_aiocache_leaves_open(redis_url: str) -> None:
    store = RedisStore(redis_url)
    try:
        assert await store.multi_get([]) == []
        with pytest.raises(NotImplementedError):
            await store.clear()
        with pytest.raises(NotImplementedError):
            await store.clear(namespace="imperio")
        await store.set("k", {"a": 1}, ttl=0.05)
        assert await store.get("k") == {"a": 1}
    finally:
        await store.close()


@pytest.mark.parametrize("how", ["kill", "pause"])
async def test_without_redis_it_is_slower_and_right(
    redis_server: RedisProcess, redis_url: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AWAY_SECONDS", 0.2)
    cache = Cache(redis_server.url)
    redis_server.start()
    source = Source()
    try:
        await cache.get("thing", "k", 60, source, tag="t")
        if how == "kill":
            redis_server.kill()
        else:
            redis_server.pause()
        source.value = "second"
        cache.renew("t")
        begun = time.monotonic()
        for _ in range(20):
            assert await cache.get("thing", "k", 60, source, tag="t") == ["second"]
        assert time.monotonic() - begun < 3  # only the first of a while waits for Redis
        assert cache.errors > 0
    finally:
        if how == "kill":
            redis_server.start()
        else:
            redis_server.resume()
    # The renewal reaches Redis as soon as it is back: nobody reads what was kept before.
    hits = cache.hits["thing"]
    source.value = "third"

    async def until(check: Callable[[], Awaitable[bool]]) -> None:
        for _ in range(100):
            if await check():
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the cache did not come back")

    async def works() -> bool:
        assert (await cache.get("thing", "k", 60, source, tag="t"))[0] in ("second", "third")
        return cache.hits["thing"] > hits

    await until(works)
    other = Cache(redis_server.url)
    assert (await other.get("thing", "k", 60, source, tag="t")) != ["first"]
    await other.close()
    await cache.close()
