"""Servers for `live_fanout.py`: this project's live side, and what one would write by hand to send the same bytes.

Each runs in a process of its own, prints its port, and then obeys lines on its standard input:
`tell <count> <per second>` publishes that many events (0: as fast as it goes), `usage` prints the CPU seconds used and
the memory held (KiB).
"""

import asyncio
import contextlib
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Any

import psutil
import websockets
from hypercorn.asyncio import serve
from hypercorn.config import Config
from quart import Quart

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from imperio.realtime import hypercorn_patches
from imperio.realtime.bus import MemoryBus, Message
from imperio.realtime.connections import use_live_connections
from imperio.realtime.direct import tune_socket
from imperio.realtime.frames import chunk, sse_bytes
from imperio.realtime.live import NO_LIMITS, Live
from imperio.realtime.process import settle_memory
from imperio.realtime.sse import HEADERS, events_blueprint
from imperio.realtime.ws import Channel, Connection, channel_blueprint

Tell = Callable[[dict[str, Any]], Awaitable[None]]
FILES = 20_000


def event(text: str) -> dict[str, Any]:
    """An event of about the size of a chat message or big win; `t` is when it was told."""
    return {"t": time.monotonic_ns(), "username": "benchmark", "message": text}


async def imperio(*, direct: bool) -> tuple[int, Tell]:
    """Quart on Hypercorn with the hub; streams at /events, sockets at /ws/chat."""

    async def nobody() -> None:
        return None

    async def no_token(_: str) -> None:
        return None

    async def nothing_valid(_: Collection[str]) -> set[str]:
        return set()

    hypercorn_patches.apply()
    live = Live(MemoryBus(), nothing_valid, nobody, no_token, limits=NO_LIMITS, direct=direct)
    chat = Channel("/ws/chat", anonymous=True)

    @chat.on("join_chat", login=False)
    async def join(connection: Connection, _: Any) -> None:
        connection.follow("big_wins")

    app = Quart("benchmark")
    use_live_connections(app)
    app.register_blueprint(events_blueprint(live))
    app.register_blueprint(channel_blueprint(live, chat))
    await live.start()
    settle_memory()
    config = Config()
    config.bind = ["127.0.0.1:0"]
    config.backlog = 4096
    config.errorlog = None
    sockets = config.create_sockets()
    config.create_sockets = lambda: sockets  # type: ignore[method-assign]
    listening = sockets.insecure_sockets[0]
    listening.listen(config.backlog)  # Hypercorn listens a moment later; clients may come already
    tune_socket(listening)
    background.append(asyncio.create_task(serve(app, config, shutdown_trigger=asyncio.Event().wait)))

    async def tell(data: dict[str, Any]) -> None:
        await live.bus.publish([Message("big_wins", "big_win_announcement", data)])

    return int(listening.getsockname()[1]), tell


class RawStream(asyncio.Protocol):
    """The least a stream can be: a response's head, then whatever is written to all."""

    everybody: set[asyncio.Transport] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
        self.transport.write(f"HTTP/1.1 200\r\n{head}transfer-encoding: chunked\r\n\r\n".encode())
        self.transport.write(chunk(b"retry: 2000\n\n").wire)
        self.everybody.add(self.transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.everybody.discard(self.transport)


async def raw_streams() -> tuple[int, Tell]:
    """A bare asyncio server that writes the same bytes to the same number of clients."""
    server = await asyncio.get_running_loop().create_server(RawStream, "127.0.0.1", 0, backlog=4096)
    number = 0

    async def tell(data: dict[str, Any]) -> None:
        nonlocal number
        number += 1
        body = json.dumps(data, separators=(",", ":")).encode()
        wire = chunk(sse_bytes(f"{time.time_ns() // 1_000_000}-{number:04}", "big_win_announcement", body)).wire
        for transport in RawStream.everybody:
            transport.write(wire)

    return int(server.sockets[0].getsockname()[1]), tell


async def raw_sockets() -> tuple[int, Tell]:
    """A chat server on `websockets` alone, with its own `broadcast`."""
    everybody: set[websockets.ServerConnection] = set()

    async def serve_one(connection: websockets.ServerConnection) -> None:
        with contextlib.suppress(websockets.ConnectionClosedError):
            async for message in connection:
                assert json.loads(message)["event"] == "join_chat"
                everybody.add(connection)
                await connection.send('{"event":"ok","data":{}}')
        everybody.discard(connection)

    server = await websockets.serve(serve_one, "127.0.0.1", 0, compression=None, backlog=4096)

    async def tell(data: dict[str, Any]) -> None:
        message = {"event": "big_win_announcement", "data": data}
        websockets.broadcast(everybody, json.dumps(message, separators=(",", ":")))

    return int(next(iter(server.sockets)).getsockname()[1]), tell


KINDS: dict[str, Callable[[], Awaitable[tuple[int, Tell]]]] = {
    "imperio": lambda: imperio(direct=True),
    "imperio-queue": lambda: imperio(direct=False),
    "raw-streams": raw_streams,
    "raw-sockets": raw_sockets,
}
background: list[asyncio.Task[Any]] = []


def usage() -> str:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return f"{used.ru_utime + used.ru_stime} {psutil.Process().memory_info().rss // 1024}"


async def main(kind: str) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    port, tell = await KINDS[kind]()
    print(port, flush=True)
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := (await lines.readline()).decode().split():
        if line[0] == "tell":
            begun = loop.time()
            pause = 1 / float(line[2]) if float(line[2]) else 0.0
            for i in range(int(line[1])):
                await asyncio.sleep(max(0.0, begun + i * pause - loop.time()))
                await tell(event("x" * 80))
            print("told", flush=True)
        elif line[0] == "usage":
            print(usage(), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
