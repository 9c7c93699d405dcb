"""The hub of one worker: reads the log once and hands every event to the local clients of its topic."""

import asyncio
import contextlib
import itertools
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from imperio.core.jsonio import dumps
from imperio.core.tasks import end_tasks

from .bus import Bus, BusUnavailable, Event, Gap
from .frames import HEARTBEAT, PING, Entry, Frame
from .outbound import Late, Outbound
from .positions import START, Position, format_id, parse_id
from .ring import Ring
from .sessions import Identity
from .stats import LiveStats
from .topics import Topic

log = logging.getLogger(__name__)

YIELD_EVERY = 256  # deliveries between two looks at what else the loop has to do
PRELOAD_SECONDS = 330.0
PRELOAD_EVENTS = 20_000
REPLAY_EVENTS = 20_000  # read from the bus for one client whose place is no longer in memory
REPLAYS_AT_ONCE = 4
CATCH_UP_SECONDS = 2.0  # a client may be this much ahead of us when it comes from another worker
SNAPSHOT_SECONDS = 0.05  # how long a snapshot serves those who connect in a crowd
BEAT_SLOTS = 10  # a heartbeat reaches a tenth of all clients each second

Snapshot = tuple[str, Mapping[str, Any] | bytes]
"""Name and data of a snapshot event."""
SnapshotProvider = Callable[[tuple[str, ...], Identity | None], Awaitable[Snapshot]]
"""Reads a topic's present state, given the topic's arguments (`("coins", "daily", "100")`, `(player_id,)`).

It must see everything that was committed before it was called; for public topics it must not look at who asks.
"""
Listener = Callable[[Event], None]


class Sink(Protocol):
    """Somebody who gets frames."""

    def send(self, frame: Frame) -> None: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """A snapshot and the place in the log before it was read."""

    name: str
    data: bytes
    position: Position


@dataclass(frozen=True, slots=True)
class Missed:
    """The events of some topics after a client's place, whole up to `until`."""

    entries: list[Entry]
    until: Position


@dataclass(frozen=True, slots=True, eq=False)
class _Taking:
    """A snapshot that is being taken, or was a moment ago."""

    position: Position
    task: asyncio.Task[Taken]


@dataclass(frozen=True, slots=True)
class _Beat:
    """A client's sign of life, and how to tell that nobody is there to see it."""

    frame: Frame
    is_dead: Callable[[], bool] | None = None


class _Audience:
    """The local subscribers of one topic, by how they want their frames."""

    __slots__ = ("sockets", "streams")

    def __init__(self) -> None:
        self.streams: dict[Sink, None] = {}
        self.sockets: dict[Sink, None] = {}


class Hub:
    """Fan-out of one worker.

    `snapshots` maps a topic family (`leaderboard`, `wallet` …) to its provider. `direct` switches writing straight to
    transports; without it every frame takes the queues.
    """

    def __init__(self, bus: Bus, stats: LiveStats, *, ring: Ring | None = None, direct: bool = True) -> None:
        self.bus = bus
        self.stats = stats
        self.ring = Ring() if ring is None else ring
        self.direct = direct
        self.late = Late()
        self.snapshots: dict[str, SnapshotProvider] = {}
        self.position: Position = START
        """The newest event that was handed out here."""
        self._ready = asyncio.Event()
        self._audiences: dict[str, _Audience] = {}
        self._listeners: dict[str, list[Listener]] = {}
        self._gap_listeners: list[Callable[[], None]] = []
        self._moved = asyncio.Event()
        self._replays = asyncio.Semaphore(REPLAYS_AT_ONCE)
        self._taking: dict[str, _Taking] = {}
        self._beats: list[dict[Outbound, _Beat]] = [{} for _ in range(BEAT_SLOTS)]
        self._slots = itertools.cycle(range(BEAT_SLOTS))
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to read the log. It need not be reachable yet."""
        self._tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._tick())]

    async def stop(self) -> None:
        await end_tasks(*self._tasks)
        self._tasks = []

    async def ready(self, seconds: float) -> bool:
        """Wait until the place in the log is known; False when it could not be learned in time."""
        if not self._ready.is_set():
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._ready.wait(), seconds)
        return self._ready.is_set()

    # Who hears what

    def attach_stream(self, sink: Sink, topics: Iterable[str]) -> None:
        """Hand the events of some topics to a stream, from the next one on."""
        for topic in topics:
            self._audience(topic).streams[sink] = None

    def attach_socket(self, sink: Sink, topics: Iterable[str]) -> None:
        """Hand the events of some topics to a socket, from the next one on."""
        for topic in topics:
            self._audience(topic).sockets[sink] = None

    def detach(self, sink: Sink, topics: Iterable[str]) -> None:
        """No more events of some topics for a sink; harmless when it had none."""
        for topic in topics:
            audience = self._audiences.get(topic)
            if audience is not None:
                audience.streams.pop(sink, None)
                audience.sockets.pop(sink, None)
                if not audience.streams and not audience.sockets:
                    del self._audiences[topic]

    def has_audience(self, topic: str) -> bool:
        """Whether anybody on this worker hears a topic."""
        return topic in self._audiences

    def listen(self, topic: str, listener: Listener) -> None:
        """Call a function with every event of a topic on this worker, for internal topics (`_sessions` …)."""
        self._listeners.setdefault(topic, []).append(listener)

    def on_gap(self, listener: Callable[[], None]) -> None:
        """Call a function when events were lost and those who follow the log must begin anew."""
        self._gap_listeners.append(listener)

    def keep_stream_alive(self, outbound: Outbound) -> None:
        """Send a comment to a stream every ten seconds, while nothing else waits for it."""
        min(self._beats, key=len)[outbound] = _Beat(HEARTBEAT)

    def keep_socket_alive(self, outbound: Outbound, is_dead: Callable[[], bool]) -> None:
        """Send a ping to a socket every ten seconds, and cut it when its client is dead."""
        min(self._beats, key=len)[outbound] = _Beat(PING, is_dead)

    def let_go(self, outbound: Outbound) -> None:
        for slot in self._beats:
            slot.pop(outbound, None)

    # What was missed, and what is the case

    async def missed(self, position: Position, topics: Iterable[str]) -> Missed | None:
        """The events of some topics after a place that a client names; None when it cannot be shown that all are there.

        Costs no query as long as the place is in memory.
        """
        if position > self.position and not await self._wait_for(position):
            return None
        names = tuple(topics)
        entries = self.ring.after(position, names)
        if entries is not None:
            self.stats.replays["ring"] += 1
            return Missed(entries, self.position)
        return await self._missed_on_bus(position, names)

    async def take_snapshot(self, topic: Topic, identity: Identity | None, since: Position) -> Taken | None:
        """A topic's state, not older than `since`, read once for all who ask at about the same time.

        None for a topic that has no snapshot. Raises what the provider raises.
        """
        provider = self.snapshots.get(topic.family)
        if provider is None:
            return None
        taking = self._taking.get(topic.name)
        if taking is None or taking.position < since:
            position = self.position
            task = asyncio.create_task(self._take(provider, topic, identity, position))
            taking = self._taking[topic.name] = _Taking(position, task)
            task.add_done_callback(partial(self._keep_snapshot, topic.name, taking))
        return await asyncio.shield(taking.task)

    async def _take(
        self, provider: SnapshotProvider, topic: Topic, identity: Identity | None, position: Position
    ) -> Taken:
        name, data = await provider(topic.args, identity)
        return Taken(name, data if isinstance(data, bytes) else dumps(data), position)

    def _keep_snapshot(self, name: str, taking: "_Taking", task: asyncio.Task[Taken]) -> None:
        """Let a snapshot serve a moment longer (one that failed: nobody)."""
        if task.cancelled() or task.exception() is not None:
            self._forget_snapshot(name, taking)
        else:
            asyncio.get_running_loop().call_later(SNAPSHOT_SECONDS, self._forget_snapshot, name, taking)

    def _forget_snapshot(self, name: str, taking: "_Taking") -> None:
        if self._taking.get(name) is taking:
            del self._taking[name]

    async def _wait_for(self, position: Position) -> bool:
        """Wait until a place that another worker has reached is reached here, too. False if there is no such place."""
        try:
            if position > parse_id(await self.bus.position()):
                return False
            async with asyncio.timeout(CATCH_UP_SECONDS):
                while self.position < position:
                    self._moved.clear()
                    await self._moved.wait()
        except (BusUnavailable, TimeoutError):
            return False
        return True

    async def _missed_on_bus(self, position: Position, topics: tuple[str, ...]) -> Missed | None:
        wanted = frozenset(topics)
        async with self._replays:
            until = self.position
            try:
                events = await self.bus.read_range(format_id(position), REPLAY_EVENTS)
            except BusUnavailable:
                return None
        if events is None or (len(events) >= REPLAY_EVENTS and parse_id(events[-1].id) < until):
            return None
        self.stats.replays["bus"] += 1
        entries = (Entry(event, parse_id(event.id)) for event in events if event.topic in wanted)
        return Missed([entry for entry in entries if entry.position <= until], until)

    # Reading the log

    async def _follow(self) -> None:
        while True:
            try:
                await self._preload()
                async for batch in self.bus.tail(format_id(self.position)):
                    for item in batch:
                        if isinstance(item, Gap):
                            self._gap(parse_id(item.id))
                        else:
                            await self._hand_out(item)
            except BusUnavailable:
                await asyncio.sleep(random.uniform(0.2, 0.6))
            except Exception:
                log.exception("live: reading the log failed, beginning anew")
                await asyncio.sleep(1)

    async def _preload(self) -> None:
        """Learn where the log is, and take its last minutes into memory: clients of a restarted worker need them."""
        newest = parse_id(await self.bus.position())
        if self._ready.is_set():
            # We were here before and lost the thread.
            self._gap(newest)
            return
        events = await self.bus.read_back(PRELOAD_EVENTS, PRELOAD_SECONDS)
        if not events:
            self.ring.clear(newest)
            self.position = newest
        else:
            self.ring.clear(parse_id(events[0].id))
            for event in events[1:]:
                self._remember(Entry(event, parse_id(event.id)))
            self.position = parse_id(events[-1].id)
        self._ready.set()

    def _remember(self, entry: Entry) -> None:
        if not entry.event.topic.startswith("_"):
            self.ring.append(entry)

    async def _hand_out(self, event: Event) -> None:
        entry = Entry(event, parse_id(event.id))
        self._remember(entry)
        self.position = entry.position
        self._moved.set()
        self.stats.events += 1
        self.stats.bus_lag_seconds = max(0.0, time.time() - entry.position[0] / 1000)
        for listener in self._listeners.get(event.topic, ()):
            try:
                listener(event)
            except Exception:
                log.exception("live: a listener of %s failed", event.topic)
        audience = self._audiences.get(event.topic)
        if audience is None:
            return
        if audience.streams:
            await _send_all(tuple(audience.streams), entry.stream_frame)
        if audience.sockets:
            await _send_all(tuple(audience.sockets), entry.socket_frame)

    def _gap(self, position: Position) -> None:
        log.warning("live: the log has a gap, everybody begins anew")
        self.stats.gaps += 1
        self.ring.clear(position)
        self.position = max(self.position, position)
        self._moved.set()
        for listener in self._gap_listeners:
            listener()

    def _audience(self, topic: str) -> _Audience:
        found = self._audiences.get(topic)
        if found is None:
            found = self._audiences[topic] = _Audience()
        return found

    async def _tick(self) -> None:
        """Once a second: a sign of life to a tenth of all clients, and those who stay behind are cut."""
        while True:
            await asyncio.sleep(1)
            self.late.cut_slow()
            for count, (outbound, beat) in enumerate(list(self._beats[next(self._slots)].items()), 1):
                if beat.is_dead is not None and beat.is_dead():
                    outbound.cut("dead")
                outbound.send_if_idle(beat.frame, only_direct=beat.frame is PING)
                if not count % YIELD_EVERY:
                    await asyncio.sleep(0)


async def _send_all(sinks: tuple[Sink, ...], frame: Frame) -> None:
    for start in range(0, len(sinks), YIELD_EVERY):
        if start:
            await asyncio.sleep(0)
        for sink in sinks[start : start + YIELD_EVERY]:
            sink.send(frame)
