"""Duties led by one worker, people counted once."""

import asyncio

import pytest

from imperio.realtime.shared import MemoryLease, MemoryPresence, Presence, RedisLease, RedisPresence
from tests.support.redis import RedisProcess


@pytest.fixture(params=["memory", "redis"])
async def presence(request: pytest.FixtureRequest) -> Presence:
    if request.param == "memory":
        return MemoryPresence()
    made = RedisPresence(request.getfixturevalue("redis").url)
    await made.start()
    request.addfinalizer(lambda: None)
    return made


async def test_a_user_counts_once_however_many_tabs(presence: Presence) -> None:
    assert await presence.join("global", "ada") is True
    assert await presence.join("global", "ada") is False
    assert await presence.join("global", "bob") is True
    assert await presence.join("slots", "ada") is True
    assert await presence.members("global") == ["ada", "bob"]
    assert await presence.leave("global", "ada") is False
    assert await presence.leave("global", "ada") is True
    assert await presence.leave("global", "ada") is False
    assert await presence.members("global") == ["bob"]
    assert await presence.members("slots") == ["ada"]
    assert await presence.members("nowhere") == []
    await presence.stop()


async def test_the_same_user_on_two_workers(redis: RedisProcess) -> None:
    one, two = RedisPresence(redis.url), RedisPresence(redis.url)
    await one.start()
    await two.start()
    assert await one.join("global", "ada") is True
    assert await two.join("global", "ada") is False
    assert await two.join("global", "bob") is True
    assert await one.members("global") == await two.members("global") == ["ada", "bob"]
    assert await one.leave("global", "ada") is False
    assert await two.leave("global", "ada") is True
    await one.stop()
    await two.stop()


async def test_the_people_of_a_dead_worker_are_gone_and_said_once(redis: RedisProcess) -> None:
    gone: list[tuple[str, str]] = []
    watchers = [
        RedisPresence(redis.url, on_gone=lambda room, name: gone.append((room, name)), beat_seconds=0.05)
        for _ in range(2)
    ]
    dead = RedisPresence(redis.url, worker_seconds=0.2)
    await dead.start()
    for watcher in watchers:
        await watcher.start()
    await dead.join("global", "ada")
    await dead.join("global", "bob")
    await watchers[0].join("global", "bob")
    await dead.stop()
    await asyncio.sleep(0.6)
    assert gone == [("global", "ada")]
    assert await watchers[1].members("global") == ["bob"]
    for watcher in watchers:
        await watcher.stop()


async def test_presence_survives_a_flush_and_redis_being_away(redis: RedisProcess) -> None:
    one, two = (RedisPresence(redis.url, beat_seconds=0.05) for _ in range(2))
    await one.start()
    await two.start()
    await one.join("global", "ada")
    redis.command("FLUSHALL")
    await asyncio.sleep(0.3)
    assert await two.members("global") == ["ada"]
    redis.kill()
    assert await one.join("global", "bob") is True
    assert await one.members("global") == ["ada", "bob"]
    assert await two.members("global") == []
    redis.start()
    await asyncio.sleep(0.5)
    assert await two.members("global") == ["ada", "bob"]
    await one.stop()
    await two.stop()


async def test_one_worker_leads_and_another_takes_over(redis: RedisProcess) -> None:
    one, two = RedisLease(redis.url, "sweep", seconds=0.3), RedisLease(redis.url, "sweep", seconds=0.3)
    assert await one.hold() is True
    assert await two.hold() is False
    assert await one.hold() is True
    await asyncio.sleep(0.4)
    assert await two.hold() is True
    assert await one.hold() is False
    await two.release()
    assert await one.hold() is True
    redis.kill()
    assert await one.hold() is False
    await one.release()


async def test_a_single_process_always_leads() -> None:
    lease = MemoryLease()
    assert await lease.hold() is True
    await lease.release()
    assert await lease.hold() is True
