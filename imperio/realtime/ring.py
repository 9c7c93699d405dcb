"""The last events of the log in a worker's memory, so that clients who return cost no query."""

import time
from collections import deque
from collections.abc import Iterable

from .frames import Entry
from .positions import START, Position

KEEP_EVENTS = 1_000
KEEP_SECONDS = 330.0  # clients are promised five minutes
MAX_EVENTS = 50_000
MAX_BYTES = 64 * 1024 * 1024
ENTRY_BYTES = 600  # what an entry costs besides its data


class Ring:
    """Holds everything after `base`: at least `keep_events` and `keep_seconds`, unless that outgrows its bounds."""

    def __init__(
        self,
        *,
        keep_events: int = KEEP_EVENTS,
        keep_seconds: float = KEEP_SECONDS,
        max_events: int = MAX_EVENTS,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self.base: Position = START
        self._keep_events = keep_events
        self._keep_seconds = keep_seconds
        self._max_events = max_events
        self._max_bytes = max_bytes
        self._entries: deque[Entry] = deque()
        self._newest: dict[str, Entry] = {}
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def clear(self, base: Position) -> None:
        """Forget everything; from now on hold what comes after `base`."""
        self.base = base
        self._entries.clear()
        self._newest.clear()
        self._bytes = 0

    def append(self, entry: Entry) -> None:
        """Add the newest event."""
        topic = entry.event.topic
        entry.previous = self._newest.get(topic)
        if entry.previous is not None:
            entry.previous.following = entry
        self._newest[topic] = entry
        self._entries.append(entry)
        self._bytes += _size(entry)
        self._evict()

    def after(self, position: Position, topics: Iterable[str]) -> list[Entry] | None:
        """The events of some topics after a position, in order; None when older ones than are held would be needed.

        Costs as much as there are such events, however many others lie between.
        """
        if position < self.base:
            return None
        found: list[Entry] = []
        for topic in topics:
            entry = self._newest.get(topic)
            while entry is not None and entry.position > position:
                found.append(entry)
                entry = entry.previous
        found.sort(key=_position)
        return found

    def _evict(self) -> None:
        oldest = int((time.time() - self._keep_seconds) * 1000)
        entries = self._entries
        while entries and (
            (len(entries) > self._keep_events and entries[0].position[0] < oldest)
            or len(entries) > self._max_events
            or self._bytes > self._max_bytes
        ):
            gone = entries.popleft()
            self.base = gone.position
            self._bytes -= _size(gone)
            if gone.following is not None:
                gone.following.previous = None
            else:
                del self._newest[gone.event.topic]


def _size(entry: Entry) -> int:
    # The data and, for those that somebody got, the same once more in a frame.
    return 2 * len(entry.event.data) + ENTRY_BYTES


def _position(entry: Entry) -> Position:
    return entry.position
