"""The outbox relay: what was written with a transaction is told after its commit, and told again if nobody did.

A row of the outbox holds the events of one commit as `[[topic, name, data], …]`. The row's id is the key of all of
them, so that the bus takes a row once, however often and by whomever it is told.
"""

import asyncio
import contextlib
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import orjson

from imperio.core.errors import Unavailable
from imperio.core.jsonio import dumps_text
from imperio.core.tasks import end_tasks

from .bus import Bus, BusUnavailable, Message
from .shared import Lease
from .stats import LiveStats

log = logging.getLogger(__name__)

STALE_SECONDS = 2.0  # a row that is still there after this was left behind
SWEEP_SECONDS = 1.0
SWEEP_ROWS = 500
DELETE_SECONDS = 0.1
DELETE_ROWS = 1_000
BATCH_MESSAGES = 500
KEPT_ROWS = 10_000  # in memory while the bus is away; the others are told by the sweeper
KEPT_DELETES = 100_000
MAX_PAUSE = 1.0

FetchStale = Callable[[float, int], Awaitable[Sequence[tuple[str, str]]]]
"""Rows older than so many seconds, at most so many, oldest first: (id, events)."""
Delete = Callable[[Sequence[str]], Awaitable[None]]
"""Delete the rows with these ids; those that are gone already do not matter."""
Present = Callable[[Sequence[Message]], Awaitable[Sequence[Message]]]
"""What of these messages is a state that newer ones may have told already, as it is now."""


class Told(Protocol):
    """An event of a commit."""

    @property
    def topic(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def data(self) -> Mapping[str, Any]: ...


def encode_events(events: Iterable[Told]) -> str:
    """The `events` column of an outbox row."""
    return dumps_text([[event.topic, event.name, event.data] for event in events])


def decode_events(outbox_id: str, events: str) -> list[Message]:
    """The messages of an outbox row, under its key."""
    return [Message(topic, name, data, outbox_id) for topic, name, data in orjson.loads(events)]


class Relay:
    """Publishes committed events at once and deletes their rows lazily; one worker sweeps up what was left behind.

    What is left behind is told late; `present` says what has to follow it, so that the last that is heard is true.
    """

    def __init__(
        self,
        bus: Bus,
        fetch_stale: FetchStale,
        delete: Delete,
        lease: Lease,
        stats: LiveStats,
        present: Present | None = None,
    ) -> None:
        self._bus = bus
        self._fetch_stale = fetch_stale
        self._delete = delete
        self._present = present
        self._lease = lease
        self._stats = stats
        self._waiting: deque[list[Message]] = deque(maxlen=KEPT_ROWS)
        self._wake = asyncio.Event()
        self._told_ids: deque[str] = deque(maxlen=KEPT_DELETES)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(work()) for work in (self._publish, self._delete_told, self._sweep)]

    async def stop(self) -> None:
        """Tell what waits, for a moment at most, and delete what was told. The rest is told by somebody else."""
        with contextlib.suppress(TimeoutError, BusUnavailable):
            async with asyncio.timeout(1):
                while self._waiting:
                    await self._publish_some()
        await end_tasks(*self._tasks)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(1):
                await self._delete_some()
        await self._lease.release()

    def told(self, outbox_id: str, messages: Iterable[Told]) -> None:
        """Take over the events of a committed row; one that was taken over before is told once. Never waits."""
        self._waiting.append([Message(event.topic, event.name, event.data, outbox_id) for event in messages])
        self._wake.set()

    async def _publish(self) -> None:
        pause = 0.0
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                try:
                    await self._publish_some()
                    pause = 0.0
                except BusUnavailable:
                    self._stats.outbox_failures += 1
                    pause = min(MAX_PAUSE, pause * 2 or 0.05)
                    await asyncio.sleep(pause * random.uniform(0.5, 1.0))
                except Exception:
                    self._stats.outbox_failures += 1
                    log.exception("outbox: a batch could not be told; it is left to the sweeper")
                    self._waiting.clear()

    async def _publish_some(self) -> None:
        """Publish a batch of whole rows. They stay first in line until that has succeeded."""
        rows: list[list[Message]] = []
        once: dict[str | None, list[Message]] = {}  # the bus knows the rows of earlier calls, not a second one in this
        count = 0
        for row in self._waiting:
            rows.append(row)
            if row:
                once.setdefault(row[0].key, row)
            count += len(row)
            if count >= BATCH_MESSAGES:
                break
        await self._bus.publish([message for row in once.values() for message in row])
        for row in rows:
            # The oldest may have been pushed out meanwhile by newer ones.
            if self._waiting and self._waiting[0] is row:
                self._waiting.popleft()
        self._told_ids.extend(row[0].key for row in rows if row and row[0].key is not None)
        self._stats.outbox_told += len(rows)

    async def _delete_told(self) -> None:
        while True:
            await asyncio.sleep(DELETE_SECONDS)
            try:
                await self._delete_some()
            except Unavailable:
                await asyncio.sleep(MAX_PAUSE)
            except Exception:
                log.warning("outbox: told rows could not be deleted yet", exc_info=True)
                await asyncio.sleep(MAX_PAUSE)

    async def _delete_some(self) -> None:
        while self._told_ids:
            ids = [self._told_ids[i] for i in range(min(DELETE_ROWS, len(self._told_ids)))]
            await self._delete(ids)
            for _ in ids:
                self._told_ids.popleft()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS * random.uniform(0.8, 1.2))
            try:
                while await self._lease.hold() and await self._sweep_some() >= SWEEP_ROWS:
                    pass
            except (BusUnavailable, Unavailable):
                continue
            except Exception:
                log.warning("outbox: the sweep failed", exc_info=True)

    async def _sweep_some(self) -> int:
        """Tell rows that were left behind; answers how many there were."""
        rows = await self._fetch_stale(STALE_SECONDS, SWEEP_ROWS)
        if rows:
            late = [message for row_id, events in rows for message in decode_events(row_id, events)]
            present = () if self._present is None else await self._present(late)
            await self._bus.publish([*late, *present])
            await self._delete([row_id for row_id, _ in rows])
            self._stats.outbox_retold += len(rows)
        return len(rows)
