"""A real server in this process, and clients on real sockets that see every byte."""

import asyncio
import contextlib
import json
import re
import socket
import time
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config
from quart import Quart, Response, request, websocket

from imperio.core.errors import AppError
from imperio.core.web import problem
from imperio.realtime.bus import Bus
from imperio.realtime.connections import use_live_connections
from imperio.realtime.direct import tune_socket
from imperio.realtime.live import Live, LiveLimits
from imperio.realtime.places import Places
from imperio.realtime.ring import Ring
from imperio.realtime.sse import events_blueprint


async def eventually(check: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until a function answers something true."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not check():
        assert asyncio.get_running_loop().time() < deadline, "it did not come true in time"
        await asyncio.sleep(0.01)


@dataclass(frozen=True)
class Player:
    """What `sessions.Identity` asks for."""

    player_id: str
    username: str
    session_id: str
    expires_at: float


class Accounts:
    """Logins as a dictionary of tokens."""

    def __init__(self) -> None:
        self.players: dict[str, Player] = {}
        self.ended: set[str] = set()

    def login(self, name: str, *, seconds: float = 900) -> str:
        token = f"token-{name}-{len(self.players)}"
        self.players[token] = Player(f"id-{name}", name, f"session-{token}", time.time() + seconds)
        return token

    def logout(self, token: str) -> None:
        self.ended.add(self.players[token].session_id)

    async def still_valid(self, session_ids: Collection[str]) -> set[str]:
        return set(session_ids) - self.ended

    async def identify_token(self, token: str) -> Player | None:
        player = self.players.get(token)
        if player is None or player.session_id in self.ended or player.expires_at <= time.time():
            return None
        return player

    async def identify(self) -> Player | None:
        source = websocket if websocket else request
        bearer = source.headers.get("Authorization", "").removeprefix("Bearer ")
        return await self.identify_token(bearer or source.cookies.get("access", ""))


@dataclass
class Server:
    """A worker: Quart on Hypercorn on a free port."""

    bus: Bus
    direct: bool = True
    limits: LiveLimits = field(default_factory=LiveLimits)
    ring: Ring | None = None
    set_up: Callable[[Quart, Live], None] | None = None
    accounts: Accounts = field(default_factory=Accounts)
    stream_places: Places | None = None
    socket_places: Places | None = None

    async def start(self) -> None:
        self.live = Live(
            self.bus,
            self.accounts.still_valid,
            self.accounts.identify,
            self.accounts.identify_token,
            auth_cookies=frozenset({"access"}),
            limits=self.limits,
            direct=self.direct,
            ring=self.ring,
            stream_places=self.stream_places,
            socket_places=self.socket_places,
        )
        self.app = Quart("live-test")
        use_live_connections(self.app)
        self.app.register_blueprint(events_blueprint(self.live))

        @self.app.errorhandler(AppError)
        async def refuse(error: AppError) -> Response:
            return problem(error)

        if self.set_up is not None:
            self.set_up(self.app, self.live)
        await self.live.start()
        listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
        tune_socket(listening)
        self.port = listening.getsockname()[1]
        config = Config()
        config.bind = [f"fd://{listening.detach()}"]
        config.errorlog = None
        config.graceful_timeout = 1
        config.websocket_max_message_size = 16 * 1024
        self._stop = asyncio.Event()
        self._serving = asyncio.create_task(serve(self.app, config, shutdown_trigger=self._stop.wait))  # type: ignore[arg-type]
        assert await self.live.hub.ready(5)

    async def stop(self) -> None:
        await self.live.end_guests(2)
        self._stop.set()
        await asyncio.wait_for(self._serving, 10)
        await self.live.stop()


@dataclass(frozen=True)
class Seen:
    """One server-sent event."""

    id: str | None
    event: str
    data: Any
    retry: int | None = None


def key_of(event_id: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", event_id))


class StreamClient:
    """An SSE client that checks the HTTP chunks, too."""

    def __init__(self, port: int, *topics: str, token: str | None = None, last: str | None = None) -> None:
        self.port = port
        self.path = "/events?" + "&".join(f"topic={topic}" for topic in topics)
        self.token = token
        self.last = last
        self.seen: list[Seen] = []
        self.comments: list[str] = []
        self.retries: list[int] = []
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.clean_end: bool | None = None
        self._changed = asyncio.Event()

    async def connect(self, method: str = "GET", *, read: bool = True, buffer: int | None = None) -> "StreamClient":
        connection = socket.socket()
        connection.setblocking(False)
        if buffer is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        try:
            await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", self.port))
        except BaseException:
            connection.close()
            raise
        self.reader, self.writer = await asyncio.open_connection(sock=connection, limit=2**20 if read else 1024)
        lines = [f"{method} {self.path} HTTP/1.1", "Host: localhost"]
        if self.token:
            lines.append(f"Authorization: Bearer {self.token}")
        if self.last:
            lines.append(f"Last-Event-ID: {self.last}")
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        status, *headers = head.strip().split("\r\n")
        self.status = int(status.split()[1])
        self.headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in headers)}
        if "content-length" in self.headers and method != "HEAD":
            self.body = await self.reader.readexactly(int(self.headers["content-length"]))
        elif read and method != "HEAD":
            self.task = asyncio.create_task(self._read())
        return self

    async def _read(self) -> None:
        buffer = b""
        try:
            while size := int(await self.reader.readuntil(b"\r\n"), 16):
                piece = await self.reader.readexactly(size + 2)
                assert piece.endswith(b"\r\n")
                buffer += piece[:-2]
                *blocks, buffer = buffer.split(b"\n\n")
                for block in blocks:
                    self._take(block.decode())
            self.clean_end = buffer == b""
        except (asyncio.IncompleteReadError, ConnectionError):
            self.clean_end = False
        finally:
            self._changed.set()

    def _take(self, block: str) -> None:
        fields: dict[str, str] = {}
        for line in block.split("\n"):
            name, _, value = line.partition(": ")
            if line.startswith(":"):
                self.comments.append(line)
            elif name == "retry":
                self.retries.append(int(value))
            else:
                assert name not in fields
                fields[name] = value
        if "data" in fields:
            self.seen.append(Seen(fields.get("id"), fields["event"], json.loads(fields["data"])))
        self._changed.set()

    async def until(self, check: Callable[[], object], seconds: float = 5.0) -> None:
        async with asyncio.timeout(seconds):
            while not check():
                self._changed.clear()
                await self._changed.wait()

    async def events(self, count: int, seconds: float = 5.0) -> list[Seen]:
        """Wait for so many events in all, then see that no more come at once."""
        await self.until(lambda: len(self.seen) >= count, seconds)
        await asyncio.sleep(0.05)
        assert len(self.seen) == count, self.seen[count:]
        return self.seen

    async def ended(self, seconds: float = 5.0) -> None:
        await self.until(lambda: self.clean_end is not None, seconds)

    @property
    def last_id(self) -> str:
        found = self.seen[-1].id
        assert found is not None
        return found

    def assert_ids_rise(self) -> None:
        ids = [seen.id for seen in self.seen]
        assert None not in ids
        keys = [key_of(found) for found in ids if found]
        assert keys == sorted(set(keys)), ids
        assert sorted(ids) == ids, ids  # type: ignore[type-var]

    def close(self) -> None:
        if hasattr(self, "writer"):
            self.writer.transport.abort()


@contextlib.asynccontextmanager
async def serving(bus: Bus, **options: Any) -> AsyncIterator[Server]:
    server = Server(bus, **options)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
