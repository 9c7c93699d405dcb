"""Fan-out side by side: this project's streams and sockets against servers that only write the bytes.

    python benchmarks/live_fanout.py [--streams 1000 5000] [--sockets 200 1000] [--seconds 3] [--json results.json]

For every server and number of clients: the time to connect them all, delivery latency from the telling of an event to
its arrival at each client, the server's CPU time per delivery and its memory per connection. Each is measured twice:
at a steady rate (`--deliveries`), and saturated, where a burst is told as soon as the one before the last has arrived
everywhere; then "per second" is how many deliveries arrived, and the server's CPU time per delivery says how many one
core could make. The clients run in this process; the clock is the same for both.
"""

import argparse
import asyncio
import base64
import contextlib
import json
import resource
import statistics
import sys
import time
from array import array
from dataclasses import asdict, dataclass
from pathlib import Path

SERVERS = Path(__file__).with_name("live_servers.py")
FILES = 20_000
BURST = 8  # events told at once to saturate; well below the 64 that a client may be behind
AT_ONCE = 100  # connections being opened at the same time
HANDSHAKE_KEY = base64.b64encode(b"benchmark-client").decode()
STREAM_REQUEST = b"GET /events?topic=big_wins HTTP/1.1\r\nHost: localhost\r\n\r\n"
SOCKET_REQUEST = (
    "GET /ws/chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {HANDSHAKE_KEY}\r\n\r\n"
).encode()
JOIN = b'{"event":"join_chat","data":{}}'
JOIN_FRAME = bytes((0x81, 0x80 | len(JOIN), 0, 0, 0, 0)) + JOIN  # masked with zeros


@dataclass
class Result:
    """One server with one number of clients."""

    transport: str
    server: str
    clients: int
    connect_seconds: float
    cpu_ms_per_connect: float
    load: str
    per_second: int
    p50_ms: float
    p99_ms: float
    cpu_us_per_delivery: float
    kib_per_connection: float
    deliveries: int


class Client(asyncio.Protocol):
    """A client that only looks for the time in each event."""

    latencies: "array[int]" = array("q")
    awaited = 0  # when so many have arrived …
    complete = asyncio.Event()  # … this is set

    def __init__(self, request: bytes, ready_mark: bytes, second: bytes = b"") -> None:
        self.request = request
        self.ready_mark = ready_mark
        self.second = second
        self.ready = asyncio.get_running_loop().create_future()
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
        if not self.ready.done():
            self.rest += data
            if self.second and b"\r\n\r\n" in self.rest:
                self.transport.write(self.second)
                self.second = b""
            if self.ready_mark in self.rest:
                self.rest = b""
                self.ready.set_result(None)
            return
        *events, self.rest = (self.rest + data).split(b'"t":')
        found = [*events[1:], self.rest] if events else []
        # Every piece begins with the time of an event; the last one may be cut off.
        for piece in found:
            digits, comma, _ = piece.partition(b",")
            if comma:
                self.latencies.append(now - int(digits))
        if len(self.latencies) >= Client.awaited:
            Client.complete.set()
        self.rest = b'"t":' + self.rest if found and b"," not in self.rest else self.rest[-4:]

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("closed before it was ready"))


class Server:
    """A server process and its two commands."""

    async def start(self, kind: str) -> None:
        pipe = asyncio.subprocess.PIPE
        self.process = await asyncio.create_subprocess_exec(sys.executable, SERVERS, kind, stdin=pipe, stdout=pipe)
        self.port = int(await self._answer())

    async def _answer(self) -> str:
        assert self.process.stdout is not None
        return (await self.process.stdout.readline()).decode().strip()

    async def ask(self, line: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        return await self._answer()

    async def usage(self) -> tuple[float, int]:
        """CPU seconds so far, and resident KiB."""
        seconds, kib = (await self.ask("usage")).split()
        return float(seconds), int(kib)

    async def stop(self) -> None:
        self.process.kill()
        await self.process.wait()


async def connect(port: int, count: int, *, sockets: bool) -> list[Client]:
    request, mark, second = (SOCKET_REQUEST, b'"ok"', JOIN_FRAME) if sockets else (STREAM_REQUEST, b"retry:", b"")
    loop = asyncio.get_running_loop()
    gate = asyncio.Semaphore(AT_ONCE)
    clients: list[Client] = []

    async def one() -> None:
        async with gate:
            _, client = await loop.create_connection(lambda: Client(request, mark, second), "127.0.0.1", port)
            await client.ready
            clients.append(client)

    await asyncio.gather(*(one() for _ in range(count)))
    return clients


async def tell_steadily(server: Server, clients: int, seconds: float, per_second: float) -> int:
    """Tells events at a steady rate; answers how many deliveries that makes."""
    events = max(3, int(seconds * per_second))
    await server.ask(f"tell {events} {per_second}")
    return events * clients


async def tell_saturating(server: Server, clients: int, seconds: float) -> int:
    """Tells bursts, two of them under way at any time, so that neither side waits for the other."""
    deadline = time.monotonic() + seconds
    told = 0
    while time.monotonic() < deadline:
        await server.ask(f"tell {BURST} 0")
        told += BURST * clients
        await arrived(told - BURST * clients)
    return told


async def arrived(deliveries: int) -> bool:
    """Waits until so many have arrived; False if they do not come."""
    Client.awaited = deliveries
    Client.complete.clear()
    if len(Client.latencies) < deliveries:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(10):
                await Client.complete.wait()
    return len(Client.latencies) >= deliveries


async def measure(kind: str, count: int, *, sockets: bool, seconds: float, per_second: float) -> list[Result]:
    server = Server()
    await server.start(kind)
    warm = await connect(server.port, 20, sockets=sockets)
    for client in warm:
        client.transport.abort()
    await asyncio.sleep(0.3)
    cpu_at_start, kib_before = await server.usage()
    begun = time.monotonic()
    clients = await connect(server.port, count, sockets=sockets)
    connected = time.monotonic() - begun
    await asyncio.sleep(0.3)
    cpu_connected, kib_after = await server.usage()
    results = []
    for load in ("steady", "saturated"):
        Client.latencies = array("q")
        cpu_before, _ = await server.usage()
        begun = time.monotonic()
        if load == "steady":
            deliveries = await tell_steadily(server, count, seconds, per_second)
        else:
            deliveries = await tell_saturating(server, count, seconds)
        complete = await arrived(deliveries)
        elapsed = time.monotonic() - begun
        cpu_after, _ = await server.usage()
        if not complete or len(Client.latencies) != deliveries:
            raise SystemExit(f"{kind}, {load}: {len(Client.latencies)} of {deliveries} deliveries arrived")
        cuts = statistics.quantiles(Client.latencies, n=100)
        results.append(
            Result(
                transport="socket" if sockets else "stream",
                server=kind,
                clients=count,
                connect_seconds=round(connected, 2),
                cpu_ms_per_connect=round((cpu_connected - cpu_at_start) / count * 1e3, 2),
                load=load,
                per_second=round(deliveries / elapsed),
                p50_ms=round(cuts[49] / 1e6, 1),
                p99_ms=round(cuts[98] / 1e6, 1),
                cpu_us_per_delivery=round((cpu_after - cpu_before) / deliveries * 1e6, 1),
                kib_per_connection=round((kib_after - kib_before) / count, 1),
                deliveries=deliveries,
            )
        )
    for client in clients:
        client.transport.abort()
    await server.stop()
    return results


def show(results: list[Result]) -> None:
    print("CPU ms: the server's, per connection opened; CPU µs: the server's, per delivery.")
    print(
        f"{'':8}{'server':15}{'clients':>8}{'connect s':>11}{'CPU ms':>8}{'KiB/conn':>10}  {'load':10}"
        f"{'per second':>11}{'p50 ms':>9}{'p99 ms':>9}{'CPU µs':>9}"
    )
    for found in results:
        print(
            f"{found.transport:8}{found.server:15}{found.clients:8}{found.connect_seconds:11.2f}"
            f"{found.cpu_ms_per_connect:8.2f}{found.kib_per_connection:10.1f}  {found.load:10}"
            f"{found.per_second:11,}{found.p50_ms:9.1f}{found.p99_ms:9.1f}{found.cpu_us_per_delivery:9.1f}"
        )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, nargs="*", default=[1000, 5000], help="numbers of stream clients")
    parser.add_argument("--sockets", type=int, nargs="*", default=[200, 1000], help="numbers of socket clients")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long events are told")
    parser.add_argument("--deliveries", type=float, default=15_000, help="deliveries per second to aim at")
    parser.add_argument("--json", type=Path, help="write the results here, too")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    results: list[Result] = []
    for kinds, counts, sockets in (
        (("raw-streams", "imperio", "imperio-queue"), options.streams, False),
        (("raw-sockets", "imperio", "imperio-queue"), options.sockets, True),
    ):
        for count in counts:
            for kind in kinds:
                per_second = options.deliveries / count
                results += await measure(kind, count, sockets=sockets, seconds=options.seconds, per_second=per_second)
    show(results)
    print(json.dumps([asdict(found) for found in results]))
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(found) for found in results], indent=1) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
