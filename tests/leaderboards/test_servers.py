"""Two servers on one PostgreSQL and one Redis: what is played on one is seen on the other."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from imperio.core.jsonio import loads
from tests.support.redis import RedisProcess
from tests.support.server import Server

Event = tuple[float, str, dict[str, Any]]
TOPICS = ("leaderboard:coins:daily:10", "notifications", "wallet", "big_wins", "announcements", "lobby")
SNAPSHOTS = {
    "leaderboard_update", "unread_count", "balance", "big_wins_snapshot", "announcements_snapshot", "lobby_snapshot",
}  # fmt: skip


class Subscriber:
    """Reads a stream into `events`."""

    def __init__(self, base_url: str, headers: dict[str, str]) -> None:
        self.events: list[Event] = []
        self._task = asyncio.create_task(self._read(base_url, headers))

    async def _read(self, base_url: str, headers: dict[str, str]) -> None:
        client = httpx.AsyncClient(base_url=base_url, headers=headers, timeout=None)
        async with client, client.stream("GET", "/events", params={"topic": TOPICS}) as response:
            assert response.status_code == 200
            async for name, data in _events(response):
                self.events.append((time.monotonic(), name, data))

    async def wait(self, check: Callable[[Event], object], since: int = 0) -> Event:
        """The first event from index `since` on that the check accepts."""
        deadline = time.monotonic() + 10
        while True:
            for event in self.events[since:]:
                if check(event):
                    return event
            assert time.monotonic() < deadline and not self._task.done(), self.events
            await asyncio.sleep(0.001)

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def _events(response: httpx.Response) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    name = ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, loads(line.removeprefix("data: "))


@pytest.mark.multi
async def test_what_is_played_on_one_server_is_seen_on_the_other(
    server: Callable[..., Server], postgres_url: str, redis_url: str
) -> None:
    shared = {
        "IMPERIO_DATABASE_URL": postgres_url,
        "IMPERIO_REDIS_URL": redis_url,
        "IMPERIO_SECRET_KEY": "the same on both servers, forty letters",
    }
    here = await asyncio.to_thread(lambda: server(**shared))
    there = await asyncio.to_thread(lambda: server(**shared))
    async with httpx.AsyncClient(base_url=here.base_url, timeout=10) as client:
        body = {"username": "traveller", "email": "t@example.com", "password": "a palace at night"}
        joined = (await client.post("/api/v1/auth/signup", json=body)).json()
        headers = {"Authorization": f"Bearer {joined['access_token']}"}
        subscriber = Subscriber(there.base_url, headers)
        try:
            await subscriber.wait(lambda _: SNAPSHOTS.issubset(name for _, name, _ in subscriber.events))
            took = []
            for _ in range(20):
                seen = len(subscriber.events)
                bet = {"bets": [{"type": "red", "amount": 2}]}
                spun = await client.post("/api/v1/games/roulette/spins", json=bet, headers=headers)
                assert spun.status_code == 201
                answered, balance = time.monotonic(), spun.json()["balance"]
                row = {"rank": 1, "username": "traveller", "value": balance - 1000}
                at, _, _ = await subscriber.wait(
                    lambda it, row=row: it[1] == "leaderboard_update" and it[2]["leaderboard"] == [row], seen
                )
                took.append(at - answered)
                told = await subscriber.wait(lambda it: it[1] == "balance", seen)
                assert told[2]["balance"] == balance
                async with httpx.AsyncClient(base_url=there.base_url) as other:
                    shown = (await other.get("/api/v1/leaderboard?metric=coins&timeframe=daily")).json()
                assert shown["leaderboard"] == [row]
                await asyncio.sleep(0.06)
            assert sorted(took)[len(took) // 2] < 0.05, took
            unlocked = [data for _, name, data in subscriber.events if name == "new_notification"]
            assert {note["type"] for note in unlocked} == {"achievement_unlocked"}
            counts = [data["unread_count"] for _, name, data in subscriber.events if name == "unread_count"]
            assert counts == list(range(len(unlocked) + 1))
        finally:
            await subscriber.close()


@pytest.mark.multi
async def test_boards_survive_a_redis_that_dies_and_comes_back_empty(
    server: Callable[..., Server], postgres_url: str, redis_server: RedisProcess
) -> None:
    redis_server.start()
    redis_server.flush()
    made = await asyncio.to_thread(
        lambda: server(IMPERIO_DATABASE_URL=postgres_url, IMPERIO_REDIS_URL=redis_server.url)
    )
    async with httpx.AsyncClient(base_url=made.base_url, timeout=20) as client:
        body = {"username": "survivor", "email": "s@example.com", "password": "a palace at night"}
        joined = (await client.post("/api/v1/auth/signup", json=body)).json()
        headers = {"Authorization": f"Bearer {joined['access_token']}"}

        async def spin() -> int:
            bet = {"bets": [{"type": "red", "amount": 2}]}
            spun = await client.post("/api/v1/games/roulette/spins", json=bet, headers=headers)
            assert spun.status_code == 201
            return int(spun.json()["balance"]) - 1000

        async def shown() -> list[int]:
            board = (await client.get("/api/v1/leaderboard?metric=coins&timeframe=daily")).json()
            return [row["value"] for row in board["leaderboard"]]

        subscriber = Subscriber(made.base_url, headers)
        try:
            value = await spin()
            await subscriber.wait(lambda it: it[1] == "leaderboard_update" and _first(it) == value)
            redis_server.kill()
            for _ in range(3):
                value = await spin()
                assert await shown() == [value]
            redis_server.start()
            await subscriber.wait(lambda it: it[1] == "leaderboard_update" and _first(it) == value)
            since = len(subscriber.events)
            value = await spin()
            await subscriber.wait(lambda it: it[1] == "leaderboard_update" and _first(it) == value, since)
            assert await shown() == [value]
        finally:
            await subscriber.close()


def _first(event: Event) -> int | None:
    rows = event[2]["leaderboard"]
    return rows[0]["value"] if rows else None
