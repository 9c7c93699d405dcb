"""The bus: one ordered log of events that every worker reads.

Two implementations with the same behaviour: `MemoryBus` here (one process) and `redis_bus.RedisBus` (any number).
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from imperio.core.jsonio import dumps

from .positions import Position, before, format_id, parse_id

KEEP_EVENTS = 10_000
"""The log always holds this many events …"""
KEEP_SECONDS = 600.0
"""… and everything younger than this, twice what clients are promised."""
TOLD_SECONDS = 3600
"""How long the key of a message is remembered."""
LOG_TOPIC = "_log"
"""Topic of the marker that opens a log. What came before such a marker is lost."""


class BusUnavailable(Exception):
    """The log could not be reached; nothing is known to have been appended. Publishing again is safe with a key."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell. `data` is a JSON object (or its encoded bytes).

    Messages that are published in one call under the same `key` belong together: all are appended, or none when the
    key was already told within the last hour.
    """

    topic: str
    name: str
    data: Mapping[str, Any] | bytes
    key: str | None = None

    def encoded(self) -> bytes:
        return self.data if isinstance(self.data, bytes) else dumps(self.data)


@dataclass(frozen=True, slots=True)
class Event:
    """A message in the log: `data` is one line of JSON."""

    id: str
    topic: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Gap:
    """Events before `id` (a log id) may have been lost; from there on the log is whole again."""

    id: str


class Bus(Protocol):
    """One ordered log. Ids rise strictly, also when the log was lost and begun anew."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def publish(self, items: Sequence[Message]) -> list[str]:
        """Append all in order, atomically. Answers one id per message, "" for one whose key was already told.

        Raises BusUnavailable.
        """
        ...

    def offer(self, *items: Message) -> None:
        """Publish soon, in order, without waiting and without ever raising.

        While the log is away a bounded number is kept, the oldest are dropped.
        """
        ...

    async def position(self) -> str:
        """The id of the newest entry (there always is one). Raises BusUnavailable."""
        ...

    async def first_id(self) -> str:
        """The id of the oldest entry that is still there. Raises BusUnavailable."""
        ...

    def tail(self, after: str) -> AsyncIterator[list[Event | Gap]]:
        """Everything after an id, for ever, in batches. Rides out the log being away; says so if something was lost."""
        ...

    async def read_range(self, after: str, limit: int) -> list[Event] | None:
        """Up to `limit` events after an entry of the log, or None when it cannot be shown that none is missing.

        Raises BusUnavailable.
        """
        ...

    async def read_back(self, limit: int, seconds: float) -> list[Event]:
        """The newest events without a hole among them, oldest first: at most `limit`, not much older than `seconds`.

        Raises BusUnavailable.
        """
        ...


class MemoryBus:
    """The log of a single process. Ids follow the clock, so they go on rising when the process is started again."""

    def __init__(
        self,
        *,
        keep_events: int = KEEP_EVENTS,
        keep_seconds: float = KEEP_SECONDS,
        max_events: int = 200_000,
        max_bytes: int = 64 * 1024 * 1024,
    ) -> None:
        self._keep_events = keep_events
        self._keep_seconds = keep_seconds
        self._max_events = max_events
        self._max_bytes = max_bytes
        self._log: deque[tuple[Position, Event]] = deque()
        self._bytes = 0
        self._dropped = 0  # entries that left the log at its old end, so that a reader knows where it stands
        self._told: OrderedDict[str, float] = OrderedDict()
        self._changed = asyncio.Event()
        self._append(Message(LOG_TOPIC, "opened", b"{}"))

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None

    async def publish(self, items: Sequence[Message]) -> list[str]:
        return self._publish(items)

    def offer(self, *items: Message) -> None:
        self._publish(items)

    async def position(self) -> str:
        return self._log[-1][1].id

    async def first_id(self) -> str:
        return self._log[0][1].id

    async def tail(self, after: str) -> AsyncIterator[list[Event | Gap]]:
        index = self._index_after(parse_id(after)) + self._dropped
        while True:
            batch: list[Event | Gap] = []
            if index < self._dropped:
                index = self._dropped
                batch.append(Gap(format_id(before(self._log[0][0]))))
            # Indexing a deque is fast at its ends, and readers live at the new end.
            stop = min(len(self._log), index - self._dropped + 500)
            batch.extend(self._log[i][1] for i in range(index - self._dropped, stop))
            if batch:
                index = stop + self._dropped
                yield batch
            else:
                self._changed.clear()
                await self._changed.wait()

    async def read_range(self, after: str, limit: int) -> list[Event] | None:
        position = parse_id(after)
        index = self._index_after(position)
        if not index or self._log[index - 1][0] != position:
            return None
        return [self._log[i][1] for i in range(index, min(len(self._log), index + limit))]

    async def read_back(self, limit: int, seconds: float) -> list[Event]:
        oldest = int((time.time() - seconds) * 1000)
        found: list[Event] = []
        for position, event in reversed(self._log):
            if len(found) >= limit or position[0] < oldest:
                break
            found.append(event)
        found.reverse()
        return found

    def _publish(self, items: Sequence[Message]) -> list[str]:
        now = time.monotonic()
        while self._told and next(iter(self._told.values())) < now - TOLD_SECONDS:
            self._told.popitem(last=False)
        decided: dict[str, bool] = {}
        ids = []
        for item in items:
            fresh = True
            if item.key is not None:
                fresh = decided.setdefault(item.key, item.key not in self._told)
                self._told.setdefault(item.key, now)
            ids.append(self._append(item) if fresh else "")
        self._changed.set()
        return ids

    def _append(self, item: Message) -> str:
        newest = self._log[-1][0] if self._log else (0, 0)
        milliseconds = time.time_ns() // 1_000_000
        position = (milliseconds, 0) if milliseconds > newest[0] else (newest[0], newest[1] + 1)
        event = Event(format_id(position), item.topic, item.name, item.encoded())
        self._log.append((position, event))
        self._bytes += len(event.data)
        self._trim(milliseconds)
        return event.id

    def _trim(self, now: int) -> None:
        oldest = now - int(self._keep_seconds * 1000)
        log = self._log
        while len(log) > 1 and (
            (len(log) > self._keep_events and log[0][0][0] < oldest)
            or len(log) > self._max_events
            or self._bytes > self._max_bytes
        ):
            self._bytes -= len(log.popleft()[1].data)
            self._dropped += 1

    def _index_after(self, position: Position) -> int:
        """How many entries of the log are at or before a position."""
        low, high = 0, len(self._log)
        while low < high:
            middle = (low + high) // 2
            if self._log[middle][0] <= position:
                low = middle + 1
            else:
                high = middle
        return low
