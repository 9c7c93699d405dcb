"""Events as bytes on the wire, made once and shared by all who get them."""

from typing import Any

from imperio.core.jsonio import dumps

from .bus import Event
from .positions import Position, frame_id

BOARD_PREFIX = "leaderboard:"


class Frame:
    """Bytes for any number of clients.

    `wire` is exactly what goes onto a plain HTTP/1.1 connection: an HTTP chunk for a stream, an unmasked text frame for
    a socket. `body` is the part of it that an ASGI server frames by itself. Frames with the same `supersedes` replace
    each other: only the latest is worth having.
    """

    __slots__ = ("_start", "_stop", "supersedes", "wire")

    def __init__(self, wire: bytes, start: int, stop: int, supersedes: str | None = None) -> None:
        self.wire = wire
        self._start = start
        self._stop = stop
        self.supersedes = supersedes

    @property
    def body(self) -> bytes:
        return self.wire[self._start : self._stop]

    def __len__(self) -> int:
        return len(self.wire)


def chunk(body: bytes, supersedes: str | None = None) -> Frame:
    """A body as one HTTP/1.1 chunk."""
    head = b"%x\r\n" % len(body)
    return Frame(b"%b%b\r\n" % (head, body), len(head), len(head) + len(body), supersedes)


def text_frame(body: bytes, supersedes: str | None = None) -> Frame:
    """UTF-8 text as one unmasked WebSocket frame (RFC 6455, 5.2)."""
    size = len(body)
    if size < 126:
        head = bytes((0x81, size))
    elif size < 65_536:
        head = b"\x81\x7e" + size.to_bytes(2, "big")
    else:
        head = b"\x81\x7f" + size.to_bytes(8, "big")
    return Frame(head + body, len(head), len(head) + size, supersedes)


def sse_bytes(event_id: str, name: str, data: bytes) -> bytes:
    """One server-sent event; `data` is a single line."""
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (event_id.encode(), name.encode(), data)


def socket_bytes(name: str, data: bytes) -> bytes:
    """`{"event": name, "data": …}`"""
    return b'{"event":%b,"data":%b}' % (dumps(name), data)


def answer_frame(name: str, data: Any, ref: Any = None, *, has_ref: bool = False) -> Frame:
    """A socket frame for one client, with the `ref` of what it answers."""
    message = {"event": name, "data": data, "ref": ref} if has_ref else {"event": name, "data": data}
    return text_frame(dumps(message))


HEARTBEAT = chunk(b": still here\n\n")
PING = Frame(b"\x89\x00", 2, 2)


class Entry:
    """An event in a worker's ring, with its frames once somebody wanted them and its neighbours of the same topic."""

    __slots__ = ("_socket", "_stream", "event", "following", "position", "previous")

    def __init__(self, event: Event, position: Position) -> None:
        self.event = event
        self.position = position
        self.previous: Entry | None = None
        self.following: Entry | None = None
        self._stream: Frame | None = None
        self._socket: Frame | None = None

    @property
    def stream_frame(self) -> Frame:
        if self._stream is None:
            event = self.event
            body = sse_bytes(frame_id(self.position), event.name, event.data)
            self._stream = chunk(body, event.topic if event.topic.startswith(BOARD_PREFIX) else None)
        return self._stream

    @property
    def socket_frame(self) -> Frame:
        if self._socket is None:
            self._socket = text_frame(socket_bytes(self.event.name, self.event.data))
        return self._socket
