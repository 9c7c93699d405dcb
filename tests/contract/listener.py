"""One SSE connection and one socket, as a client without a library for it would hold them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect


@dataclass
class Event:
    id: str
    name: str
    data: Any


@dataclass
class Stream:
    """What a connection to `/events` has brought so far."""

    events: list[Event] = field(default_factory=list)
    retries: list[int] = field(default_factory=list)
    ended: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def named(self, *names: str) -> list[Event]:
        return [event for event in self.events if event.name in names]

    async def until(self, there: Callable[[], object], seconds: float = 5.0) -> None:
        """Returns when `there` answers something true; it is asked whenever something came."""
        async with asyncio.timeout(seconds):
            while not there():
                self._news.clear()
                await self._news.wait()

    async def read(self, answer: httpx.Response) -> None:
        fields: dict[str, str] = {}
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if line:
                assert name not in fields, f"two lines of {name} in one event"
                fields[name] = value
                continue
            if "retry" in fields:
                self.retries.append(int(fields["retry"]))
            if "event" in fields:
                self.events.append(Event(fields["id"], fields["event"], json.loads(fields["data"])))
            fields = {}
            self._news.set()
        self.ended = True
        self._news.set()


@asynccontextmanager
async def listening(
    base_url: str, *topics: str, token: str | None = None, last_event_id: str | None = None
) -> AsyncIterator[Stream]:
    """An open stream that is being read."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if last_event_id is not None:
        headers["Last-Event-ID"] = last_event_id
    stream = Stream()
    async with (
        httpx.AsyncClient(base_url=base_url, timeout=None, verify=False) as http,  # noqa: S113  # a stream is endless
        http.stream("GET", "/events", params=[("topic", topic) for topic in topics], headers=headers) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store, no-transform"
        assert answer.headers["x-accel-buffering"] == "no"
        reading = asyncio.create_task(stream.read(answer))
        try:
            yield stream
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading


class Socket:
    """One WebSocket; frames that nobody waited for are kept."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.kept: list[dict[str, Any]] = []
        self._refs = 0

    async def send(self, event: str, data: Mapping[str, Any]) -> str:
        self._refs += 1
        ref = f"ref-{self._refs}"
        await self.connection.send(json.dumps({"event": event, "data": data, "ref": ref}))
        return ref

    async def ask(self, event: str, **data: Any) -> dict[str, Any]:
        """Sends a command; the frame that answers it."""
        ref = await self.send(event, data)
        return await self.wait(lambda frame: frame.get("ref") == ref)

    async def raw(self, text: str | bytes) -> dict[str, Any]:
        """Sends any frame; the next one that comes."""
        await self.connection.send(text)
        return await self.next()

    async def told(self, event: str) -> Any:
        """The data of the next event of this name, come or to come."""
        return (await self.wait(lambda frame: frame["event"] == event and "ref" not in frame))["data"]

    async def wait(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        for frame in self.kept:
            if wanted(frame):
                self.kept.remove(frame)
                return frame
        while not wanted(frame := await self.next()):
            self.kept.append(frame)
        return frame

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            frame: dict[str, Any] = json.loads(await self.connection.recv())
        assert {"event", "data"} <= set(frame) <= {"event", "data", "ref"}
        return frame

    async def nothing(self, seconds: float = 0.3) -> None:
        """Checks that no frame comes for a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                raise AssertionError(f"unexpected: {await self.connection.recv()!r}")


@asynccontextmanager
async def socket(base_url: str, path: str, token: str | None = None, **more: Any) -> AsyncIterator[Socket]:
    """An open socket, authenticated if there is a token."""
    async with connect(base_url.replace("http", "ws", 1) + path, **more) as connection:
        made = Socket(connection)
        if token is not None:
            assert (await made.ask("authenticate", token=token))["event"] == "authenticated"
        yield made
