"""The whole casino live: from a spin's answer to the board, and a crowd that arrives while others play.

    python benchmarks/live_app.py [--spins 150] [--clients 1000] [--at-once 25] [--messages 40] [--json FILE]

Starts a PostgreSQL and a Redis of its own and two servers of one worker each. Everything is on: accounts, sessions,
ledger, achievements, boards, chat (only the caps on streams and sockets per player are lifted). Measured are

* from the arrival of a spin's answer (first server) to the arrival of the board with it at a stream of the second;
* connecting and authenticating so many streams (`wallet`, Bearer) and sockets (`/ws/chat`, first frame `authenticate`)
  at the second server: all of them together, and each from its SYN to its first event or answer (one worker does them
  one after the other: the fewer at a time, the sooner each);
* chat messages from their sending at the first server to every socket of the room at the second;
* meanwhile, what HTTP requests (`GET /api/v1/wallet`, two clients) take at that same server.

The clients run in one process on the same machine: with two cores they cost the servers much of one.
"""

import argparse
import asyncio
import base64
import json
import logging
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil
import structlog

from imperio.accounts.tokens import Tokens
from imperio.app import Casino
from imperio.core.settings import load_settings
from tests.support.postgres import running_postgres
from tests.support.redis import running_redis
from tests.support.server import Server

SECRET = "a secret for benchmarks only, 32+"
FILES = 20_000
PLAYERS = 20
SPIN_PAUSE = 0.08  # boards are told at most every 50 ms: this is one spin at a time, not a queue of them
MESSAGE_PAUSE = 0.1
PATIENCE = 30.0


@dataclass
class Result:
    """Milliseconds of so many samples. `total_ms`: all of them, where they were made side by side; `cpu_ms`: what one
    of them cost the second server."""

    what: str
    samples: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    total_ms: float | None = None
    cpu_ms: float | None = None


def summed_up(what: str, seconds: Sequence[float], total: float | None = None, cpu: float | None = None) -> Result:
    ordered = sorted(value * 1000 for value in seconds)
    p99 = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    rounded = [round(value, 1) for value in (statistics.median(ordered), p99, ordered[-1])]
    result = Result(what, len(ordered), *rounded)
    if total is not None:
        result.total_ms = round(total * 1000, 1)
    if cpu is not None:
        result.cpu_ms = round(cpu * 1000 / len(ordered), 3)
    return result


def cpu_seconds(server: Server) -> float:
    times = psutil.Process(server.pid).cpu_times()
    return float(times.user + times.system)


class Wire(asyncio.Protocol):
    """A connection that calls a function with everything that has arrived and not been taken yet."""

    def __init__(self, first: bytes) -> None:
        self._first = first
        self.buffer = b""
        self.on_data: Callable[[Wire], None] = lambda wire: None
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._first)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self.on_data(self)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.lost.done():
            self.lost.set_result(None)

    async def until(self, mark: bytes) -> None:
        """Waits until `mark` has arrived, and takes everything up to then."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def look(wire: Wire) -> None:
            if mark in wire.buffer and not done.done():
                wire.buffer = b""
                done.set_result(None)

        self.on_data = look
        look(self)
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait({done, self.lost}, return_when=asyncio.FIRST_COMPLETED)
        if not done.done():
            raise ConnectionError(f"closed before {mark!r}")


async def open_wire(port: int, first: bytes) -> Wire:
    _, wire = await asyncio.get_running_loop().create_connection(lambda: Wire(first), "127.0.0.1", port)
    return wire


def request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


class Http:
    """One keep-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def connect(cls, port: int) -> "Http":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, message: bytes) -> bytes:
        """The body of a 2xx answer."""
        self._writer.write(message)
        async with asyncio.timeout(PATIENCE):
            head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
            body = await self._reader.readexactly(int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]))
        if not head.startswith(b"http/1.1 2"):
            raise RuntimeError(f"{head!r} {body!r}")
        return body

    def close(self) -> None:
        self._writer.close()


def masked(event: str, **data: str) -> bytes:
    """A client's text frame (masked with zeros)."""
    body = json.dumps({"event": event, "data": data}).encode()
    size = bytes((0x80 | len(body),)) if len(body) < 126 else b"\xfe" + len(body).to_bytes(2, "big")
    return b"\x81" + size + b"\0\0\0\0" + body


UPGRADE = (
    "GET /ws/chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {base64.b64encode(b'benchmark-client').decode()}\r\n\r\n"
).encode()


@dataclass
class House:
    """Two servers, and access tokens of players without end."""

    front: Server
    back: Server
    logins: list[tuple[int, str, str]]
    """(id, username, session id)"""

    def token(self, number: int) -> str:
        """A token of its own for every connection, so that none is known already."""
        player_id, username, session_id = self.logins[number % len(self.logins)]
        return Tokens(SECRET).issue_access(player_id=player_id, username=username, role="player", session_id=session_id)


async def sign_up(database_url: str, folder: Path) -> list[tuple[int, str, str]]:
    casino = Casino(load_settings(database_url=database_url, secret_key=SECRET, data_dir=folder))
    await casino.db.open()
    try:
        logins = []
        for number in range(PLAYERS):
            name = f"bench{number}"
            login = await casino.accounts.signup(name, f"{name}@example.com", "a long enough password")
            logins.append((login.account.id, name, login.session_id))
        return logins
    finally:
        await casino.db.close()


async def spins_to_boards(house: House, spins: int) -> list[Result]:
    """Each spin's answer at one server, then the board with its balance at a stream of the other."""
    token, stream_path = house.token(0), "/events?topic=leaderboard:coins:all_time:10"
    player = await Http.connect(house.front.port)
    stream = await open_wire(house.back.port, request("GET", stream_path, token))
    await stream.until(b"retry:")
    message = request("POST", "/api/v1/games/slots/spins", token, b'{"stake":1}')
    answers, boards = [], []
    for number in range(spins + 5):
        began = time.perf_counter()
        body = json.loads(await player.ask(message))
        answered = time.perf_counter()
        await stream.until(b'"value":%d}' % body["balance"])
        if number >= 5:  # the first ones open connections and fill caches
            answers.append(answered - began)
            boards.append(time.perf_counter() - answered)
        await asyncio.sleep(SPIN_PAUSE)
    stream.transport.abort()
    player.close()
    return [summed_up("spin: the answer", answers), summed_up("from the answer to the board elsewhere", boards)]


@asynccontextmanager
async def asking(house: House, port: int, seconds: list[float]) -> AsyncIterator[None]:
    """Two clients that read their wallets without a pause, as long as the block lasts."""
    stop = asyncio.Event()

    async def ask(number: int) -> None:
        http = await Http.connect(port)
        message = request("GET", "/api/v1/wallet", house.token(number))
        while not stop.is_set():
            began = time.perf_counter()
            await http.ask(message)
            seconds.append(time.perf_counter() - began)
            await asyncio.sleep(0.005)
        http.close()

    tasks = [asyncio.create_task(ask(number)) for number in range(2)]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def arrive(house: House, count: int, at_once: int, *, sockets: bool) -> tuple[list[Wire], list[float], float]:
    """So many connections to the second server, authenticated: (wires, seconds of each, seconds of all)."""
    gate = asyncio.Semaphore(at_once)
    wires: list[Wire] = []
    seconds: list[float] = []
    tokens = [house.token(number) for number in range(count)]

    async def one(token: str) -> None:
        async with gate:
            began = time.perf_counter()
            if sockets:
                wire = await open_wire(house.back.port, UPGRADE)
                await wire.until(b"\r\n\r\n")
                wire.transport.write(masked("authenticate", token=token))
                await wire.until(b'"authenticated"')
            else:
                wire = await open_wire(house.back.port, request("GET", "/events?topic=wallet", token))
                await wire.until(b"event: balance")
            seconds.append(time.perf_counter() - began)
            wires.append(wire)

    began = time.perf_counter()
    await asyncio.gather(*(one(token) for token in tokens))
    return wires, seconds, time.perf_counter() - began


async def crowds(house: House, clients: int, at_once: int, messages: int) -> list[Result]:
    results = []
    meanwhile: list[float] = []
    cpu = cpu_seconds(house.back)
    async with asking(house, house.back.port, meanwhile):
        streams, seconds, total = await arrive(house, clients, at_once, sockets=False)
        cpu = cpu_seconds(house.back) - cpu
    results.append(summed_up(f"{clients} streams connect, log in, get their snapshot", seconds, total, cpu))
    results.append(summed_up("  HTTP meanwhile", meanwhile))
    meanwhile = []
    cpu = cpu_seconds(house.back)
    async with asking(house, house.back.port, meanwhile):
        sockets, seconds, total = await arrive(house, clients, at_once, sockets=True)
        cpu = cpu_seconds(house.back) - cpu
    results.append(summed_up(f"{clients} sockets connect and log in", seconds, total, cpu))
    results.append(summed_up("  HTTP meanwhile", meanwhile))
    for wire in sockets:
        wire.transport.write(masked("join_chat", room="global"))
    await asyncio.gather(*(wire.until(b'"joined_chat"') for wire in sockets))
    meanwhile = []
    async with asking(house, house.back.port, meanwhile):
        deliveries = await talk(house, sockets, messages)
    rate = f"{1 / MESSAGE_PAUSE:.0f} a second"
    results.append(summed_up(f"chat to {clients} sockets, {messages} messages, {rate}", deliveries))
    results.append(summed_up("  HTTP meanwhile", meanwhile))
    for wire in (*streams, *sockets):
        wire.transport.abort()
    return results


async def talk(house: House, sockets: list[Wire], messages: int) -> list[float]:
    """Somebody at the first server writes; seconds from the sending of each message to each arrival."""
    deliveries: list[float] = []

    def hear(wire: Wire) -> None:
        now = time.perf_counter()
        *frames, wire.buffer = wire.buffer.split(b'"message":"sent at ')
        pieces = [*frames[1:], wire.buffer] if frames else []
        for piece in pieces:
            sent, quote, _ = piece.partition(b'"')
            if quote:
                deliveries.append(now - float(sent))
        wire.buffer = b'"message":"sent at ' + wire.buffer if pieces and b'"' not in wire.buffer else wire.buffer[-18:]

    for wire in sockets:
        wire.buffer = b""
        wire.on_data = hear
    writer = await open_wire(house.front.port, UPGRADE)
    await writer.until(b"\r\n\r\n")
    writer.transport.write(masked("authenticate", token=house.token(0)))
    await writer.until(b'"authenticated"')
    writer.transport.write(masked("join_chat", room="global"))
    await writer.until(b'"joined_chat"')
    writer.on_data = lambda wire: setattr(wire, "buffer", b"")
    for _ in range(messages):
        text = f"sent at {time.perf_counter():.6f}"
        writer.transport.write(masked("send_chat_message", room="global", message=text))
        await asyncio.sleep(MESSAGE_PAUSE)
    deadline = time.monotonic() + PATIENCE
    while len(deliveries) < messages * len(sockets):
        if time.monotonic() > deadline:
            raise SystemExit(f"{len(deliveries)} of {messages * len(sockets)} chat messages arrived")
        await asyncio.sleep(0.05)
    writer.transport.abort()
    return deliveries


def show(results: list[Result]) -> None:
    print(f"{'':62}{'samples':>8}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}{'all, ms':>10}{'CPU ms each':>13}")
    for found in results:
        total = "" if found.total_ms is None else f"{found.total_ms:10.0f}{found.cpu_ms:13.2f}"
        print(f"{found.what:62}{found.samples:8}{found.p50_ms:9.1f}{found.p99_ms:9.1f}{found.max_ms:9.1f}{total}")


async def measure(house: House, options: argparse.Namespace) -> list[Result]:
    results = await spins_to_boards(house, options.spins)
    return results + await crowds(house, options.clients, options.at_once, options.messages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spins", type=int, default=150, help="spins whose way to a board is timed")
    parser.add_argument("--clients", type=int, default=1000, help="streams, and as many sockets")
    parser.add_argument("--at-once", type=int, default=25, help="connections being opened at the same time")
    parser.add_argument("--messages", type=int, default=40, help="chat messages to all sockets")
    parser.add_argument("--json", type=Path, help="write the results here, too")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="imperio-bench-")))
        postgres = stack.enter_context(running_postgres())
        redis = stack.enter_context(running_redis())
        database_url = postgres.create_database()
        env = {
            "IMPERIO_DATABASE_URL": database_url,
            "IMPERIO_REDIS_URL": redis.url,
            "IMPERIO_SECRET_KEY": SECRET,
            "IMPERIO_RATE_LIMITS": "off",
            "IMPERIO_PORT": "0",
            "IMPERIO_DATA_DIR": str(folder),
            "IMPERIO_LOG_LEVEL": "warning",
        }
        logins = asyncio.run(sign_up(database_url, folder))
        servers = [stack.enter_context(closing(Server(env))) for _ in range(2)]
        for server in servers:
            server.wait_ready()
        results = asyncio.run(measure(House(servers[0], servers[1], logins), options))
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    show(results)
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(found) for found in results], indent=2) + "\n")


if __name__ == "__main__":
    main()
