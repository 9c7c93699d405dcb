"""What waits to be sent to one client, bounded, and the fast way past the waiting.

A client has one consumer task (the body of its stream, or the sender of its socket). While that task waits with nothing
queued, and the client's transport was reached and has nothing buffered either, a frame is written to the transport at
once. In every other case it is queued, and the consumer sends it through the ASGI server, which waits for the client.
So both ways keep the same order and the same bounds; where the transport cannot be reached there is only the second.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

from .frames import Frame
from .stats import LiveStats

MAX_FRAMES = 64
MAX_BYTES = 256 * 1024
MAX_SECONDS = 5.0
BATCH_BYTES = 64 * 1024  # sent in one go, so that how far a slow client came is seen often enough


class Transport(Protocol):
    """The part of an asyncio transport that is needed here."""

    def write(self, data: bytes) -> None: ...

    def is_closing(self) -> bool: ...

    def get_write_buffer_size(self) -> int: ...

    def abort(self) -> None: ...


class Late:
    """The clients that have something waiting, watched so that none stays behind for long."""

    def __init__(self) -> None:
        self._outbounds: set[Outbound] = set()

    def add(self, outbound: "Outbound") -> None:
        self._outbounds.add(outbound)

    def discard(self, outbound: "Outbound") -> None:
        self._outbounds.discard(outbound)

    def cut_slow(self) -> None:
        """Cut everybody whose oldest frame waits for longer than `MAX_SECONDS`."""
        oldest = asyncio.get_running_loop().time() - MAX_SECONDS
        for outbound in list(self._outbounds):
            if outbound.waiting_since is not None and outbound.waiting_since < oldest:
                outbound.cut("slow")


class Outbound:
    """The way out to one client. `give_up` ends its consumer when there is no transport to abort."""

    __slots__ = (
        "_bytes",
        "_direct",
        "_ended",
        "_give_up",
        "_idle",
        "_late",
        "_loop",
        "_queue",
        "_sending_since",
        "_stats",
        "_transport",
        "_waiter",
        "cut_for",
        "interrupted",
    )

    def __init__(
        self,
        stats: LiveStats,
        late: Late,
        *,
        transport: Transport | None,
        direct: bool,
        give_up: Callable[[], object],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._stats = stats
        self._late = late
        self._transport = transport
        self._direct = transport if direct else None
        self._give_up = give_up
        self._queue: list[tuple[Frame, float]] = []
        self._bytes = 0
        self._sending_since: float | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._idle = False
        self._ended = False
        self.interrupted = False
        """The consumer is to come back from `take` and look after something else."""
        self.cut_for: str | None = None

    def has_ended(self) -> bool:
        """Whether nothing more is taken; the consumer stops when what is queued has been sent."""
        return self._ended

    @property
    def waiting_since(self) -> float | None:
        """Loop time since which the oldest frame has been waiting or on its way; None when there is none."""
        if self._sending_since is not None:
            return self._sending_since
        return self._queue[0][1] if self._queue else None

    def send(self, frame: Frame) -> None:
        """Send a frame soon, or cut the client when too much is waiting already. Never waits, never raises."""
        if self._idle and (direct := self._direct) is not None and not direct.get_write_buffer_size():
            if direct.is_closing():
                self.end()  # the server tells the consumer; should that get lost, it finds out here
                return
            try:
                direct.write(frame.wire)
            except RuntimeError:  # closed under our hands
                self.end()
                return
            self._stats.frames_sent += 1
            return
        if not self._ended:
            self._enqueue(frame)
            if len(self._queue) > MAX_FRAMES or self._bytes > MAX_BYTES:
                self._shed()

    def send_if_idle(self, frame: Frame, *, only_direct: bool = False) -> None:
        """Send a sign of life; a client that still has frames to read needs none.

        `only_direct` is for frames that an ASGI server does not let an application send.
        """
        if self._idle and not (only_direct and (self._direct is None or self._direct.get_write_buffer_size())):
            self.send(frame)

    def end(self, last: Frame | None = None) -> None:
        """Let the consumer finish: send what waits, then `last`, then stop."""
        if self._ended:
            return
        if last is not None:
            self._enqueue(last)
        self._ended = True
        self._wake()

    def interrupt(self) -> None:
        """Make `take` answer [] once what is queued has been taken."""
        self.interrupted = True
        self._wake()

    def cut(self, reason: str) -> None:
        """Drop the client and what waits for it; it will come back and say what it saw last."""
        if self.cut_for is not None:
            return
        self.cut_for = reason
        self._stats.dropped[reason] += 1
        self._ended = True
        self._queue.clear()
        self._bytes = 0
        self._late.discard(self)
        self._wake()
        if self._transport is not None:
            self._transport.abort()
        else:
            self._give_up()

    async def take(self) -> list[Frame]:
        """The next frames to send, at most about `BATCH_BYTES`; [] when the client has ended or is interrupted."""
        self.sent()
        while not self._queue:
            if self._ended or self.interrupted:
                return []
            self._waiter = self._loop.create_future()
            self._idle = True
            try:
                await self._waiter
            finally:
                self._idle = False
                self._waiter = None
        count, size = 0, 0
        while count < len(self._queue) and (not count or size < BATCH_BYTES):
            size += len(self._queue[count][0])
            count += 1
        batch = [frame for frame, _ in self._queue[:count]]
        self._sending_since = self._queue[0][1]
        del self._queue[:count]
        self._bytes -= size
        self._stats.frames_sent += count
        return batch

    def sending(self) -> None:
        """Say that the consumer sends something that did not come from `take`."""
        self._sending_since = self._loop.time()
        self._late.add(self)

    def sent(self) -> None:
        """Say that everything the consumer sent is out."""
        self._sending_since = None
        if not self._queue:
            self._late.discard(self)

    def close(self) -> None:
        """The client is gone."""
        self._ended = True
        self._idle = False
        self._queue.clear()
        self._late.discard(self)

    def _enqueue(self, frame: Frame) -> None:
        self._late.add(self)
        self._queue.append((frame, self._loop.time()))
        self._bytes += len(frame)
        self._wake()

    def _wake(self) -> None:
        self._idle = False
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _shed(self) -> None:
        """Drop boards that a later one in the queue supersedes; when that is not enough, the client."""
        latest: set[str] = set()
        kept: list[tuple[Frame, float]] = []
        for frame, queued_at in reversed(self._queue):
            if frame.supersedes is None:
                kept.append((frame, queued_at))
            elif frame.supersedes not in latest:
                latest.add(frame.supersedes)
                kept.append((frame, queued_at))
        kept.reverse()
        self._stats.frames_coalesced += len(self._queue) - len(kept)
        self._queue = kept
        self._bytes = sum(len(frame) for frame, _ in kept)
        if len(kept) > MAX_FRAMES or self._bytes > MAX_BYTES:
            self.cut("queue_full")
