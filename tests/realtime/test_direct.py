"""Finding the transport, and what is written to it."""

import asyncio
from typing import Any

import pytest
from hypercorn.asyncio import serve
from hypercorn.config import Config
from quart import Quart, request

from imperio.realtime import direct, hypercorn_patches
from imperio.realtime.bus import Event
from imperio.realtime.connections import use_live_connections
from imperio.realtime.frames import Entry, chunk, text_frame
from imperio.realtime.outbound import MAX_BYTES, MAX_FRAMES, Late, Outbound
from imperio.realtime.positions import before, parse_client_id, parse_id, snapshot_id
from imperio.realtime.ring import Ring
from imperio.realtime.stats import LiveStats


async def reached_by(version: str, *, wrap: bool = False, live: bool = True) -> direct.Reached | None:
    """What `reach` finds for a request of an HTTP version, through a server on a real socket."""
    found: list[direct.Reached | None] = []
    app = Quart("direct")
    if live:
        use_live_connections(app)

    @app.get("/")
    async def look() -> str:
        found.append(direct.reach(request.scope))  # type: ignore[arg-type]
        return ""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        async def pass_on(message: Any) -> None:
            await send(message)

        await app(scope, receive, pass_on if wrap and scope["type"] == "http" else send)

    config = Config()
    config.bind = ["127.0.0.1:0"]
    config.errorlog = None
    sockets = config.create_sockets()
    port = sockets.insecure_sockets[0].getsockname()[1]
    config.create_sockets = lambda: sockets  # type: ignore[method-assign]
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(wrapped, config, shutdown_trigger=stop.wait))  # type: ignore[arg-type]
    for _ in range(100):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            break
        except ConnectionError:
            await asyncio.sleep(0.01)
    writer.write(f"GET / HTTP/{version}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert b" 200" in await reader.readline()
    writer.close()
    stop.set()
    await serving
    return found[0]


async def test_the_transport_of_a_plain_http_1_1_connection_is_found() -> None:
    reached = await reached_by("1.1")
    assert reached is not None and reached.plain


async def test_http_1_0_has_no_chunks() -> None:
    reached = await reached_by("1.0")
    assert reached is not None and not reached.plain


async def test_a_wrapped_send_or_foreign_connection_class_is_not_walked_into() -> None:
    assert await reached_by("1.1", wrap=True) is None
    assert await reached_by("1.1", live=False) is None


async def test_another_version_of_hypercorn_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direct, "IS_SUPPORTED", False)
    monkeypatch.setattr(hypercorn_patches, "IS_SUPPORTED", False)
    assert await reached_by("1.1") is None
    assert hypercorn_patches.apply() is False


def test_this_hypercorn_is_supported_and_patched() -> None:
    assert direct.IS_SUPPORTED
    assert hypercorn_patches.apply() is True
    from hypercorn.protocol import h11, ws_stream

    assert h11.WSStream is hypercorn_patches.LiveWSStream  # type: ignore[attr-defined]
    assert ws_stream.server_extensions_handshake(["permessage-deflate"], []) is None  # type: ignore[attr-defined]


class FakeTransport:
    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.buffered = 0
        self.closing = False
        self.aborted = False
        self.broken = False

    def write(self, data: bytes) -> None:
        if self.broken:
            raise RuntimeError("closed")
        self.written.append(data)

    def is_closing(self) -> bool:
        return self.closing

    def get_write_buffer_size(self) -> int:
        return self.buffered

    def abort(self) -> None:
        self.aborted = self.closing = True


class Client:
    """An outbound with its consumer, which sends into a list when it is let."""

    def __init__(self, transport: FakeTransport | None, *, fast: bool = True) -> None:
        self.stats = LiveStats()
        self.late = Late()
        self.sent: list[bytes] = []
        self.may_send = asyncio.Event()
        self.may_send.set()
        self.outbound = Outbound(
            self.stats, self.late, transport=transport, direct=fast, give_up=lambda: self.sent.append(b"gave up")
        )
        self.task = asyncio.create_task(self._consume())

    async def _consume(self) -> None:
        while batch := await self.outbound.take():
            await self.may_send.wait()
            self.sent += [frame.body for frame in batch]


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_an_idle_client_is_written_to_at_once() -> None:
    transport = FakeTransport()
    client = Client(transport)
    await settle()
    client.outbound.send(chunk(b"one"))
    assert transport.written == [b"3\r\none\r\n"]
    assert client.outbound.waiting_since is None


async def test_before_the_consumer_waits_frames_are_queued_in_order() -> None:
    transport = FakeTransport()
    client = Client(transport)
    client.outbound.send(chunk(b"one"))
    client.outbound.send(chunk(b"two"))
    assert transport.written == []
    await settle()
    assert client.sent == [b"one", b"two"]
    client.outbound.send(chunk(b"three"))
    assert transport.written == [b"5\r\nthree\r\n"]


async def test_a_full_buffer_leads_to_the_queue_and_back() -> None:
    transport = FakeTransport()
    client = Client(transport)
    await settle()
    transport.buffered = 1
    client.may_send.clear()
    client.outbound.send(chunk(b"one"))
    await settle()
    transport.buffered = 0
    client.outbound.send(chunk(b"two"))  # must not overtake the first
    assert transport.written == [] and client.sent == []
    assert client.outbound.waiting_since is not None
    client.may_send.set()
    await settle()
    assert client.sent == [b"one", b"two"]
    client.outbound.send(chunk(b"three"))
    assert transport.written == [b"5\r\nthree\r\n"]
    assert client.outbound.waiting_since is None


@pytest.mark.parametrize("fast", [True, False])
async def test_superseded_boards_go_first_then_the_client(fast: bool) -> None:
    transport = FakeTransport()
    client = Client(transport, fast=fast)
    await settle()
    transport.buffered = 1
    client.may_send.clear()
    client.outbound.send(chunk(b"first"))
    await settle()
    for i in range(200):
        client.outbound.send(chunk(b"board %d" % i, "leaderboard:a"))
        if i % 100 == 0:
            client.outbound.send(chunk(b"win %d" % i))
    assert client.stats.frames_coalesced > 100 and not transport.aborted
    for i in range(MAX_FRAMES):
        client.outbound.send(chunk(b"wins %d" % i))
    assert transport.aborted
    assert client.stats.dropped == {"queue_full": 1}
    client.may_send.set()
    await asyncio.wait_for(client.task, 1)
    assert client.sent == [b"first"]


async def test_the_order_is_kept_when_boards_are_dropped() -> None:
    client = Client(None)
    client.may_send.clear()
    client.outbound.send(chunk(b"0"))
    await settle()
    for i in range(1, 70):
        client.outbound.send(chunk(b"%d" % i, "leaderboard:a" if i % 10 else None))
    client.may_send.set()
    await settle()
    numbers = [int(body) for body in client.sent]
    assert numbers == sorted(numbers)
    assert {*range(0, 70, 10), 69} <= set(numbers)


async def test_bytes_are_bounded_too() -> None:
    client = Client(None)
    client.may_send.clear()
    client.outbound.send(chunk(b"0"))
    await settle()
    for _ in range(5):
        client.outbound.send(chunk(b"x" * (MAX_BYTES // 4)))
    assert client.sent == [b"gave up"]
    assert client.outbound.has_ended()


async def test_a_client_that_stays_behind_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imperio.realtime.outbound.MAX_SECONDS", 0.05)
    transport = FakeTransport()
    client, healthy = Client(transport), Client(FakeTransport())
    await settle()
    transport.buffered = 1
    client.may_send.clear()
    client.outbound.send(chunk(b"one"))
    healthy.outbound.send(chunk(b"one"))
    client.late.cut_slow()
    assert not transport.aborted
    await asyncio.sleep(0.1)
    client.late.cut_slow()
    healthy.late.cut_slow()
    assert transport.aborted and client.stats.dropped == {"slow": 1}
    assert healthy.stats.dropped == {}


async def test_closing_and_broken_transports_raise_nothing_and_end_the_client() -> None:
    for attribute in ("closing", "broken"):
        transport = FakeTransport()
        client = Client(transport)
        await settle()
        setattr(transport, attribute, True)
        client.outbound.send(chunk(b"one"))
        await asyncio.wait_for(client.task, 1)
        assert transport.written == [] and client.sent == []


async def test_the_last_frame_comes_last() -> None:
    client = Client(FakeTransport())
    await settle()
    client.outbound.end(chunk(b"goodbye"))
    client.outbound.send(chunk(b"late"))
    await asyncio.wait_for(client.task, 1)
    assert client.sent == [b"goodbye"]


def event(number: int, topic: str) -> Entry:
    return Entry(Event(f"{number}-0", topic, "tick", b"{}"), (number, 0))


def test_the_ring_finds_topics_and_forgets_the_oldest() -> None:
    ring = Ring(keep_events=10, keep_seconds=0)
    ring.clear((0, 5))
    for number in range(1, 31):
        ring.append(event(number, "ab"[number % 2]))
    assert len(ring) == 10 and ring.base == (20, 0)
    found = ring.after((20, 0), ["a", "b", "c"])
    assert found is not None and [entry.position[0] for entry in found] == [*range(21, 31)]
    found = ring.after((25, 0), ["b"])
    assert found is not None and [entry.position[0] for entry in found] == [27, 29]
    assert ring.after((19, 0), ["a"]) is None
    assert ring.after((30, 0), ["a"]) == []
    for number in range(31, 51):
        ring.append(event(number, "c"))
    assert ring.after((40, 0), ["a", "b"]) == []


def test_the_ring_is_bounded_in_bytes() -> None:
    ring = Ring(max_bytes=100_000)
    for number in range(1, 101):
        ring.append(Entry(Event(f"{number}-0", "a", "tick", b"x" * 5_000), (number, 0)))
    assert 5 <= len(ring) <= 10


def test_ids() -> None:
    assert parse_id("17-3") == (17, 3)
    for nonsense in ("17", "17-", "-3", "17-3-1", " 17-3", "a-b", "17-3.1.1"):
        with pytest.raises(ValueError, match="not a log id"):
            parse_id(nonsense)
    assert before((17, 3)) == (17, 2)
    assert before((17, 0))[0] == 16
    seen = parse_client_id(snapshot_id((17, 3), 2, 5))
    assert seen is not None and (seen.position, seen.snapshots_seen, seen.snapshots_sent) == ((17, 3), 2, 5)
    assert parse_client_id("17-0003") == ((17, 3), 0, 0)
    assert parse_client_id("17-3.1") is None


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_frames_on_the_wire(size: int) -> None:
    body = b"x" * size
    frame = text_frame(body)
    assert frame.body == body
    assert frame.wire[0] == 0x81
    if size:
        framed = chunk(body)
        assert framed.wire == f"{size:x}\r\n".encode() + body + b"\r\n"
        assert framed.body == body
