"""The casino as the outside meets it: players over HTTP, listeners on streams, and luck that the test decides."""

import asyncio
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from httpx import AsyncClient, Response, TransportError

from imperio.accounts.tokens import ACCESS_SECONDS, Tokens
from imperio.app import Casino
from imperio.core.settings import load_settings
from imperio.fairness.stream import FairStream
from imperio.games.slots.engine import spin
from tests.realtime.support import Seen, StreamClient
from tests.support.players import PASSWORD
from tests.support.postgres import connect
from tests.support.server import Server

SECRET: Final = "the secret of a house that only tests enter"
METRICS: Final = ("coins", "net_profit", "total_wins")
TIMEFRAMES: Final = ("daily", "weekly", "all_time")
_names = count(1)
opened: "list[Listener]" = []
"""The streams of the present test, closed when it is over."""


@dataclass
class House:
    """One casino with one or more entrances (servers) over the same database and Redis."""

    entrances: list[Server]
    database_url: str

    @property
    def front(self) -> Server:
        return self.entrances[0]

    @property
    def back(self) -> Server:
        """Another server than the front one, if there is another."""
        return self.entrances[-1]

    @asynccontextmanager
    async def office(self) -> AsyncIterator[Casino]:
        """The casino's services in this process, on the house's database."""
        casino = Casino(load_settings(database_url=self.database_url, secret_key=SECRET))
        await casino.db.open()
        try:
            yield casino
        finally:
            await casino.db.close()

    async def sql(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        """Rows of one statement with `$1`, `$2` … on a connection of its own."""
        if self.database_url.startswith("sqlite"):
            return await asyncio.to_thread(self._sqlite, statement, values)
        connection = await connect(self.database_url)
        try:
            return [dict(row) for row in await connection.fetch(statement, *values)]
        finally:
            await connection.close()

    def _sqlite(self, statement: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        connection = sqlite3.connect(self.database_url.removeprefix("sqlite://"), timeout=10)
        try:
            connection.row_factory = sqlite3.Row
            rows = connection.execute(re.sub(r"\$(\d+)", r"?\1", statement), values).fetchall()
            connection.commit()
            return [dict(row) for row in rows]
        finally:
            connection.close()

    async def sign_up(self, name: str | None = None) -> "Guest":
        """A new player, through the front entrance."""
        name = name or f"guest-{next(_names)}"
        body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        async with AsyncClient(base_url=self.front.base_url, timeout=30) as http:
            answer = await http.post("/api/v1/auth/signup", json=body)
        assert answer.status_code == 201, answer.text
        login = answer.json()
        return Guest(self, name, int(login["user"]["id"]), login["access_token"], login["refresh_token"])


@dataclass
class Guest:
    """A player who is logged in, with one connection to each entrance."""

    house: House
    name: str
    id: int
    token: str = field(repr=False)
    refresh_token: str = field(repr=False)

    def brief_token(self, seconds: float) -> str:
        """Another access token of the same login that ends after so many seconds."""
        claims = Tokens(SECRET).read_access(self.token)
        return Tokens(SECRET, clock=lambda: time.time() - ACCESS_SECONDS + seconds).issue_access(
            player_id=self.id, username=self.name, role="player", session_id=claims.session_id
        )

    async def call(self, method: str, path: str, body: Any = None, *, at: Server | None = None) -> Response:
        server = at or self.house.front
        headers = {"Authorization": f"Bearer {self.token}"}
        async with AsyncClient(base_url=server.base_url, timeout=15, headers=headers) as http:
            return await http.request(method, f"/api/v1{path}", json=body)

    async def get(self, path: str, *, at: Server | None = None) -> dict[str, Any]:
        answer = await self.call("GET", path, at=at)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def post(self, path: str, body: Any = None, *, at: Server | None = None) -> dict[str, Any]:
        answer = await self.call("POST", path, body, at=at)
        assert answer.status_code < 300, answer.text
        return dict(answer.json()) if answer.content else {}

    async def spin(self, stake: int = 1, *, at: Server | None = None) -> dict[str, Any]:
        return await self.post("/games/slots/spins", {"stake": stake}, at=at)

    async def spin_for(self, multiplier: int, stake: int, *, at: Server | None = None) -> dict[str, Any]:
        """A spin that pays `multiplier` times the stake."""
        await self.make_lucky(multiplier)
        answer = await self.spin(stake, at=at)
        assert answer["round"]["payout"] == multiplier * stake
        return answer

    async def make_lucky(self, multiplier: int) -> None:
        """The player's next spin pays `multiplier` times the stake: the seeds are rotated, to a client seed with which
        the server's next seed (known from the database alone) draws such stops first."""
        row = (
            await self.house.sql(
                "SELECT p.server_seed FROM books b JOIN seed_pairs p ON p.id = b.next_seed_pair_id"
                " WHERE b.player_id = $1",
                self.id,
            )
        )[0]
        for number in range(200_000):
            seed = f"lucky {number}"
            if spin(FairStream(row["server_seed"], seed, 0)).multiplier == multiplier:
                await self.post("/fairness/rotate", {"client_seed": seed})
                return
        raise AssertionError(f"nothing in 200,000 seeds pays {multiplier}")

    async def commits(self) -> list[dict[str, Any]]:
        """What the ledger says `balance` events must have told: one for each commit, oldest first.

        The lines of one commit carry one time; the last of them names the commit.
        """
        rows = await self.house.sql(
            "SELECT id, balance_after, created_at FROM ledger WHERE player_id = $1 ORDER BY seq", self.id
        )
        last = {row["created_at"]: {"balance": row["balance_after"], "transaction_id": row["id"]} for row in rows}
        return list(last.values())

    async def listen(self, *topics: str, at: Server | None = None, last: str | None = None) -> "Listener":
        return await listen(at or self.house.back, *topics, token=self.token, last=last)


class Listener(StreamClient):
    """A stream that also keeps the order in which lines of all kinds came."""

    def __init__(self, port: int, *topics: str, token: str | None = None, last: str | None = None) -> None:
        super().__init__(port, *topics, token=token, last=last)
        self.blocks: list[str] = []
        opened.append(self)

    def _take(self, block: str) -> None:
        self.blocks.append(block)
        super()._take(block)

    def heard(self, event: str) -> list[Any]:
        """The data of all events of this name, in order."""
        return [seen.data for seen in self.seen if seen.event == event]

    async def hear(self, event: str, check: Callable[[Any], object] = bool, seconds: float = 10) -> Any:
        """The first data of this name that fits, come already or still to come."""

        def found() -> list[Any]:
            return [data for data in self.heard(event) if check(data)]

        try:
            await self.until(found, seconds)
        except TimeoutError:
            raise AssertionError(f"no such {event} among {[(seen.event, seen.data) for seen in self.seen]}") from None
        return found()[0]

    async def settle(self, seconds: float = 0.25) -> list[Seen]:
        """Everything seen, once nothing has come for a while."""
        while True:
            before = len(self.seen)
            await asyncio.sleep(seconds)
            if len(self.seen) == before:
                return self.seen


async def listen(at: Server, *topics: str, token: str | None = None, last: str | None = None) -> Listener:
    """Opens a stream and waits for its first line."""
    listener = Listener(at.port, *topics, token=token, last=last)
    async with asyncio.timeout(15):
        await listener.connect()
    return listener


class Follower:
    """A listener that comes back by itself, with the last id it saw, to whichever entrance takes it."""

    def __init__(self, entrances: Sequence[Server], *topics: str, token: str | None = None) -> None:
        self._entrances = entrances
        self._topics = topics
        self._token = token
        self._turn = 0
        self._current: Listener | None = None
        self._past: list[Seen] = []
        self.connects = 0
        self._task = asyncio.create_task(self._follow())

    @property
    def seen(self) -> list[Seen]:
        return [*self._past, *(self._current.seen if self._current else ())]

    @property
    def open(self) -> bool:
        return self._current is not None and bool(self._current.seen)

    def heard(self, event: str) -> list[Any]:
        return [seen.data for seen in self.seen if seen.event == event]

    def states(self, event: str) -> list[Any]:
        """The data of an event, where those that only repeat the state (after the first or a `resync`) count once."""
        told: list[Any] = []
        for data in self.heard(event):
            if data not in told:
                told.append(data)
        return told

    async def until(self, check: Callable[[], object], seconds: float, why: str = "") -> None:
        deadline = time.monotonic() + seconds
        while not check():
            assert time.monotonic() < deadline, why or "it did not come true in time"
            await asyncio.sleep(0.02)

    async def close(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _follow(self) -> None:
        while True:
            last = next((seen.id for seen in reversed(self._past) if seen.id), None)
            self._turn += 1
            entrance = self._entrances[self._turn % len(self._entrances)]
            listener = Listener(entrance.port, *self._topics, token=self._token, last=last)
            try:
                async with asyncio.timeout(10):
                    await listener.connect()
                if listener.status == 200:
                    self.connects += 1
                    self._current = listener
                    await listener.ended(120)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                pass
            finally:
                self._past += listener.seen
                self._current = None
                listener.close()
            await asyncio.sleep(0.1)


@dataclass
class Load:
    """Players who spin without a pause, each spin until it is answered with a result, under one Idempotency-Key."""

    guests: Sequence[Guest]
    entrances: Sequence[Server]
    acknowledged: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    statuses: dict[int | str, int] = field(default_factory=dict)
    answers: list[tuple[float, float, int | str]] = field(default_factory=list)
    """(when it was answered, seconds it took, status or the name of the failure), by the monotonic clock."""
    pause: float = 0.0
    _stop: bool = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Load"]:
        tasks = [asyncio.create_task(self._play(guest, number)) for number, guest in enumerate(self.guests)]
        try:
            yield self
        finally:
            self._stop = True
            await asyncio.gather(*tasks)

    async def _play(self, guest: Guest, number: int) -> None:
        mine = self.acknowledged.setdefault(guest.id, [])
        headers = {"Authorization": f"Bearer {guest.token}"}
        urls = [entrance.base_url for entrance in self.entrances]
        async with AsyncClient(timeout=20, headers=headers) as http:
            for turn in count():
                if self._stop:
                    return
                for attempt in count(number):
                    if await self._bet(http, urls[attempt % len(urls)], f"{guest.id}-{turn}", mine):
                        break
                    await asyncio.sleep(0.05)
                await asyncio.sleep(self.pause)

    async def _bet(self, http: AsyncClient, url: str, key: str, mine: list[dict[str, Any]]) -> bool:
        began = time.monotonic()
        outcome: int | str
        headers = {"Idempotency-Key": key}
        try:
            answer = await http.post(f"{url}/api/v1/games/slots/spins", json={"stake": 1}, headers=headers)
            outcome = answer.status_code
        except TransportError as error:
            outcome = type(error).__name__
        now = time.monotonic()
        self.statuses[outcome] = self.statuses.get(outcome, 0) + 1
        self.answers.append((now, now - began, outcome))
        if outcome == 201:
            mine.append(answer.json())
        elif outcome == 503:
            assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
            assert answer.json()["code"], answer.text
        elif isinstance(outcome, int):
            raise AssertionError(f"{outcome}: {answer.text}")
        return outcome == 201

    def count_since(self, moment: float, status: int = 201) -> int:
        return sum(1 for at, _, outcome in self.answers if at >= moment and outcome == status)


def all_topics() -> list[str]:
    """Every public topic, boards in each form."""
    boards = [f"leaderboard:{metric}:{timeframe}" for metric in METRICS for timeframe in TIMEFRAMES]
    forms = [f"{board}:{rows}" for board in boards for rows in (10, 25)]
    return [*boards, *forms, "big_wins", "announcements", "lobby"]


def shared(database_url: str, redis_url: str) -> Mapping[str, str]:
    """The environment of servers that belong to one house."""
    return {"IMPERIO_DATABASE_URL": database_url, "IMPERIO_REDIS_URL": redis_url, "IMPERIO_SECRET_KEY": SECRET}
