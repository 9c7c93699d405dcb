"""Workers, Redis and PostgreSQL taken away in the middle of play: nothing acknowledged is lost, nothing told twice."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import psutil
import pytest
from httpx import AsyncClient

from tests.support.postgres import PostgresProcess
from tests.support.redis import RedisProcess
from tests.support.server import ROOT, Server

from .house import Follower, Guest, House, Load, listen, shared

pytestmark = pytest.mark.multi
Start = Callable[..., Server]

PLAYERS = 4


@pytest.fixture
def redis(redis_server: RedisProcess) -> RedisProcess:
    redis_server.start()
    redis_server.flush()
    return redis_server


async def reconcile(house: House) -> None:
    """The casino's own recount finds nothing wrong."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "imperio", "reconcile", "--json"),
        cwd=ROOT,
        env={**house.front.env, "IMPERIO_DATABASE_URL": house.database_url},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    report = json.loads(output)
    assert report["findings"] == [] and process.returncode == 0, report["findings"]


async def check_rounds(guest: Guest, acknowledged: list[dict[str, Any]]) -> None:
    """Every acknowledged spin is one round, and there is none that nobody was told of."""
    rows = await guest.house.sql("SELECT id FROM rounds WHERE player_id = $1", guest.id)
    assert sorted(row["id"] for row in rows) == sorted(answer["round"]["id"] for answer in acknowledged)
    assert acknowledged, "nobody played"


async def check_told(guest: Guest, follower: Follower) -> None:
    """Each commit was told exactly once; what came before the first `balance` is in it."""
    commits = [commit["transaction_id"] for commit in await guest.commits()]
    told = [data["transaction_id"] for data in follower.heard("balance")]
    assert len(told) == len(set(told)), "told twice"
    assert sorted(told) == commits[commits.index(min(told)) :], "not everything was told"


async def everything_told(guest: Guest, follower: Follower, seconds: float = 15) -> None:
    newest = (await guest.commits())[-1]["transaction_id"]
    await follower.until(
        lambda: newest in [data["transaction_id"] for data in follower.heard("balance")],
        seconds,
        f"{guest.name} never heard of the last commit; resyncs: {follower.heard('resync')}",
    )


def works(pid: int, redis_port: int) -> bool:
    """Whether a worker has got so far that it is connected to Redis."""
    try:
        connections = psutil.Process(pid).net_connections("tcp")
    except psutil.Error:
        return False
    return any(connection.raddr and connection.raddr.port == redis_port for connection in connections)


async def open_followers(guests: list[Guest], entrances: list[Server]) -> list[Follower]:
    followers = [Follower(entrances, "wallet", "big_wins", token=guest.token) for guest in guests]
    for follower in followers:
        await follower.until(lambda follower=follower: follower.open, 10)
    return followers


@pytest.mark.parametrize("kills", [1, pytest.param(20, marks=[pytest.mark.slow, pytest.mark.timeout(600)])])
async def test_workers_are_killed_while_people_play(
    postgres_url: str, redis: RedisProcess, server: Start, kills: int
) -> None:
    front = server(IMPERIO_WORKERS="2", **shared(postgres_url, redis.url))
    house = House([front], postgres_url)
    guests = [await house.sign_up() for _ in range(PLAYERS)]
    followers = await open_followers(guests, house.entrances)
    load = Load(guests, house.entrances, pause=0.1)
    async with load.running():
        for _ in range(kills):
            await asyncio.sleep(1)
            pids = front.worker_pids()
            os.kill(pids[0], signal.SIGKILL)  # the older one; the other goes on
            killed = time.monotonic()
            while not (born := [pid for pid in front.worker_pids() if pid not in pids]):
                assert time.monotonic() - killed < 5, "the dead worker was not replaced"
                await asyncio.sleep(0.05)
            while not works(born[0], redis.port):
                assert time.monotonic() - killed < 45, "the new worker does not come up"
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
    for guest, follower in zip(guests, followers, strict=True):
        await check_rounds(guest, load.acknowledged[guest.id])
        await everything_told(guest, follower)
    await asyncio.sleep(0.5)
    for guest, follower in zip(guests, followers, strict=True):
        await check_told(guest, follower)
        assert follower.heard("resync") == []
        await follower.close()
    assert set(load.statuses) <= {201, "ReadError", "RemoteProtocolError"}, load.statuses
    assert max(seconds for _, seconds, _ in load.answers) < 5, "the other worker did not go on"
    await reconcile(house)


@pytest.mark.parametrize("how", ["killed", pytest.param("flushed", marks=pytest.mark.slow)])
async def test_redis_loses_everything(postgres_url: str, redis: RedisProcess, server: Start, how: str) -> None:
    """Play never stops; afterwards every stream has every event, or a `resync` with the present state."""
    env = shared(postgres_url, redis.url)
    house = House([server(**env), server(**env)], postgres_url)
    guests = [await house.sign_up() for _ in range(PLAYERS)]
    followers = await open_followers(guests, house.entrances)
    boards = await listen(house.back, "leaderboard:total_wins:all_time")
    load = Load(guests, house.entrances, pause=0.02)
    try:
        async with load.running():
            await asyncio.sleep(1)
            gone = time.monotonic()
            if how == "killed":
                redis.kill()
                await asyncio.sleep(3)
                async with AsyncClient(base_url=house.back.base_url, timeout=10) as http:
                    health = (await http.get("/health")).json()
                    assert (await http.get("/api/v1/leaderboard?metric=coins&timeframe=daily")).status_code == 200
                assert (health["status"], health["checks"]["redis"]["status"]) == ("degraded", "down")
                redis.start()
            else:
                redis.flush()
            await asyncio.sleep(3)
        while_away = [seconds for at, seconds, _ in load.answers if at > gone]
        assert len(while_away) > PLAYERS * 4
        assert set(load.statuses) == {201}, load.statuses
        assert max(while_away) < 2
        for guest, follower in zip(guests, followers, strict=True):
            await check_rounds(guest, load.acknowledged[guest.id])
            await everything_told(guest, follower)
            told = [data["transaction_id"] for data in follower.heard("balance")]
            assert follower.heard("resync"), "the log began anew, which has to be said"
            # A snapshot may show a commit that was told before or is told after; nothing else comes twice.
            assert len(told) <= len(set(told)) + 2 * len(follower.heard("resync"))
        await guests[0].spin_for(2, 10)
        answer = await guests[0].get("/leaderboard?metric=total_wins&timeframe=all_time")
        await boards.hear("leaderboard_update", lambda data: data["leaderboard"] == answer["leaderboard"], 10)
        assert boards.clean_end is None
        await reconcile(house)
    finally:
        redis.start()
        boards.close()
        for follower in followers:
            await follower.close()


@pytest.mark.slow
async def test_redis_freezes_for_a_while(postgres_url: str, redis: RedisProcess, server: Start) -> None:
    """Connections stay open without an answer, the worst way to be away: play goes on, then everything is told once."""
    env = shared(postgres_url, redis.url)
    limited = {"IMPERIO_RATE_LIMITS": "on", "IMPERIO_RATE_FACTOR": "1000"}
    house = House([server(**env), server(**env, **limited)], postgres_url)
    guests = [await house.sign_up() for _ in range(PLAYERS)]
    followers = await open_followers(guests, house.entrances)
    load = Load(guests, house.entrances, pause=0.02)
    try:
        async with load.running():
            await asyncio.sleep(0.5)
            redis.pause()
            frozen = time.monotonic()
            await asyncio.sleep(4)
            redis.resume()
            await asyncio.sleep(2)
        while_away = [seconds for at, seconds, _ in load.answers if frozen < at < frozen + 4]
        assert set(load.statuses) == {201}, load.statuses
        assert len(while_away) > PLAYERS * 4
        assert max(while_away) < 3
        assert sum(while_away) / len(while_away) < 0.25, "each request waits for a Redis that does not answer"
        for guest, follower in zip(guests, followers, strict=True):
            await check_rounds(guest, load.acknowledged[guest.id])
            await everything_told(guest, follower)
            assert follower.heard("resync") == [], "the log is whole: nothing was lost"
            await check_told(guest, follower)
    finally:
        redis.resume()
        for follower in followers:
            await follower.close()


@pytest.mark.parametrize("times", [1, pytest.param(10, marks=[pytest.mark.slow, pytest.mark.timeout(600)])])
async def test_postgres_is_stopped_and_started_under_load(
    postgres_process: PostgresProcess, redis: RedisProcess, server: Start, times: int
) -> None:
    url = postgres_process.create_database()
    env = shared(url, redis.url)
    house = House([server(IMPERIO_WORKERS="2", **env)], url)
    guests = [await house.sign_up() for _ in range(PLAYERS)]
    followers = await open_followers(guests, house.entrances)
    load = Load(guests, house.entrances, pause=0.01)
    try:
        async with load.running():
            for _ in range(times):
                await asyncio.sleep(1)
                await asyncio.to_thread(postgres_process.stop, "immediate")
                stopped = time.monotonic()
                await asyncio.sleep(2)
                refused = load.count_since(stopped, 503)
                async with AsyncClient(base_url=house.front.base_url, timeout=10) as http:
                    health = await http.get("/health")
                    assert (health.status_code, health.json()["status"]) == (503, "down")
                    assert int(health.headers["retry-after"]) >= 1
                    page = await http.get("/", headers={"Accept": "text/html"})
                    assert page.status_code == 503 and "Traceback" not in page.text
                await asyncio.to_thread(postgres_process.start)
                back = time.monotonic()
                assert refused, "nobody was told that the casino is busy"
                while not all(load.count_since(back) for _ in guests) or load.count_since(back) < PLAYERS * 2:
                    assert time.monotonic() - back < 5, f"no play 5 s after the database came back: {load.statuses}"
                    await asyncio.sleep(0.05)
        assert set(load.statuses) <= {201, 503}, load.statuses
        assert max(seconds for _, seconds, _ in load.answers) < 8
        for guest, follower in zip(guests, followers, strict=True):
            await check_rounds(guest, load.acknowledged[guest.id])
            await everything_told(guest, follower)
        await asyncio.sleep(0.5)
        for guest, follower in zip(guests, followers, strict=True):
            await check_told(guest, follower)
        await reconcile(house)
    finally:
        if not postgres_process._answers():
            postgres_process.start()
        for follower in followers:
            await follower.close()
        for entrance in house.entrances:
            entrance.close()
        postgres_process.drop_database(url)


@pytest.mark.slow
async def test_postgres_freezes_for_a_while(
    postgres_process: PostgresProcess, redis: RedisProcess, server: Start
) -> None:
    """A database that does not answer at all: requests end with 503 in bounded time, and work again by themselves."""
    url = postgres_process.create_database()
    house = House([server(**shared(url, redis.url))], url)
    guests = [await house.sign_up() for _ in range(PLAYERS)]
    load = Load(guests, house.entrances, pause=0.05)
    try:
        async with load.running():
            await asyncio.sleep(0.5)
            postgres_process.pause()
            await asyncio.sleep(8)
            postgres_process.resume()
            back = time.monotonic()
            while load.count_since(back) < PLAYERS * 2:
                assert time.monotonic() - back < 10, f"no play after the database woke up: {load.statuses}"
                await asyncio.sleep(0.05)
        assert set(load.statuses) == {201, 503}, load.statuses
        assert max(seconds for _, seconds, _ in load.answers) < 12
        for guest in guests:
            await check_rounds(guest, load.acknowledged[guest.id])
        await reconcile(house)
        # Whatever does not answer, a server that is told to stop does so in time.
        postgres_process.pause()
        redis.pause()
        assert house.front.terminate() == 0
    finally:
        redis.resume()
        postgres_process.resume()
        for entrance in house.entrances:
            entrance.close()
        postgres_process.drop_database(url)


async def test_it_opens_while_redis_is_away_and_recovers(postgres_url: str, redis: RedisProcess, server: Start) -> None:
    redis.kill()
    try:
        env = {**shared(postgres_url, redis.url), "IMPERIO_RATE_LIMITS": "on", "IMPERIO_RATE_FACTOR": "100"}
        began = time.monotonic()
        house = House([server(**env), server(**env)], postgres_url)
        assert time.monotonic() - began < 60
        guest = await house.sign_up()
        answer = await guest.spin(at=house.back)
        board = (await guest.get("/leaderboard?metric=total_wins&timeframe=all_time"))["leaderboard"]
        assert [row["username"] for row in board] == [guest.name]
        async with AsyncClient(base_url=house.front.base_url, timeout=10) as http:
            health = await http.get("/health")
            assert (health.status_code, health.json()["status"]) == (200, "degraded")
            assert (await http.get("/", headers={"Accept": "text/html"})).status_code == 200
        redis.start()
        back = time.monotonic()
        while True:
            stream = await guest.listen("wallet")
            if stream.status == 200 and not stream.clean_end:
                await asyncio.sleep(0.2)
                if stream.heard("balance"):
                    break
            stream.close()
            assert time.monotonic() - back < 15, "streams did not come back with Redis"
        first = stream.heard("balance")[0]
        assert first["balance"] == answer["balance"]
        later = await guest.spin()
        await stream.hear("balance", lambda data: data["balance"] == later["balance"])
        stream.close()
        async with AsyncClient(base_url=house.front.base_url, timeout=10) as http:
            assert (await http.get("/health")).json()["status"] == "ok"
    finally:
        redis.start()
