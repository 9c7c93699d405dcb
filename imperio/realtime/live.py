"""One worker's live side in one object: the bus, the hub, who is connected, and how all of it starts and ends."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..core.jsonio import loads
from .bus import Bus, Event, Message
from .hub import Hub
from .places import Places
from .ring import Ring
from .sessions import PER_PLAYER, Identity, Sessions, StillValid
from .stats import LiveStats

END_SECONDS = 4.0  # contract: everything has stopped ten seconds after SIGTERM; streams are the first to go
ENDS_AT_ONCE = 200
PLACES_TOPIC = "_places"

Identify = Callable[[], Awaitable[Identity | None]]
"""Who sends the current request or opens the current socket (by cookie or bearer token); None for nobody."""
IdentifyToken = Callable[[str], Awaitable[Identity | None]]
"""Whose access token this is; None for a token that is not (or no longer) good."""


class Guest(Protocol):
    """An open stream or socket."""

    def end(self) -> None:
        """End cleanly, soon; the client comes back elsewhere."""
        ...

    def abort(self) -> None:
        """End now."""
        ...


class Guests:
    """All who are connected to this worker."""

    def __init__(self) -> None:
        self._all: set[Guest] = set()
        self._nobody = asyncio.Event()
        self._nobody.set()

    def __iter__(self) -> Iterator[Guest]:
        return iter(tuple(self._all))

    def add(self, guest: Guest) -> None:
        self._all.add(guest)
        self._nobody.clear()

    def discard(self, guest: Guest) -> None:
        self._all.discard(guest)
        if not self._all:
            self._nobody.set()

    async def wait_until_gone(self, seconds: float) -> None:
        """Wait until everybody has left, or so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._nobody.wait()


@dataclass(frozen=True, slots=True)
class LiveLimits:
    """Bounds of this worker; None: no bound.

    `per_player` counts streams and sockets each, `frames_per_second` what one socket sends, `frames_at_once` of it in
    a burst.
    """

    per_player: int | None = PER_PLAYER
    frames_per_second: float | None = 10.0
    frames_at_once: int = 30


NO_LIMITS = LiveLimits(None, None)


@dataclass(slots=True)
class Live:
    """Built by `app.py`. `direct` writes straight to transports where that is possible.

    `own_origins` are the site's own origins besides the one a request names as its host
    (`https://casino.example`), for sites behind a proxy. `auth_cookies` are the names of the cookies that log in.
    With `stream_places` and `socket_places` a player's limit holds over all workers together.
    """

    bus: Bus
    still_valid: StillValid
    identify: Identify
    identify_token: IdentifyToken
    auth_cookies: frozenset[str] = frozenset()
    own_origins: frozenset[str] = frozenset()
    limits: LiveLimits = field(default_factory=LiveLimits)
    direct: bool = True
    ring: Ring | None = None
    stream_places: Places | None = None
    socket_places: Places | None = None
    stats: LiveStats = field(default_factory=LiveStats)
    hub: Hub = field(init=False)
    streams: Sessions = field(init=False)
    sockets: Sessions = field(init=False)
    stopping: bool = field(init=False, default=False)
    guests: Guests = field(init=False, default_factory=Guests)
    _background: set[asyncio.Task[None]] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.hub = Hub(self.bus, self.stats, ring=self.ring, direct=self.direct)
        most, valid, too_many = self.limits.per_player, self.still_valid, self._tell_too_many
        self.streams = Sessions(valid, per_player=most, places=self.stream_places, too_many=too_many)
        self.sockets = Sessions(valid, per_player=most, places=self.socket_places, too_many=too_many)
        self.hub.listen(PLACES_TOPIC, self._hear_too_many)

    async def start(self) -> None:
        """Begin to follow the log and to watch the sessions. Neither needs the bus to be reachable yet."""
        self.stopping = False
        await self.bus.start()
        await self.hub.start()
        self.streams.start()
        self.sockets.start()

    async def end_guests(self, seconds: float = END_SECONDS) -> None:
        """End all streams and sockets cleanly, before the server stops; what does not end in time is aborted.

        From now on a new stream is told to come back elsewhere, a new socket is closed with 1012.
        """
        self.stopping = True
        for count, guest in enumerate(self.guests, 1):
            guest.end()
            if not count % ENDS_AT_ONCE:
                await asyncio.sleep(0)
        await self.guests.wait_until_gone(seconds)
        for guest in self.guests:
            guest.abort()

    async def stop(self) -> None:
        """Stop following the log and close the bus."""
        await asyncio.gather(*self._background, return_exceptions=True)
        await self.streams.stop()
        await self.sockets.stop()
        await self.hub.stop()
        await self.bus.stop()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something to its end, whatever becomes of the connection that asked for it."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def revoke(self, *session_ids: str) -> None:
        """End at once what belongs to these sessions on this worker."""
        self.streams.revoke(session_ids)
        self.sockets.revoke(session_ids)

    def _tell_too_many(self, places: list[str]) -> None:
        self.bus.offer(Message(PLACES_TOPIC, "too_many", {"places": places}))

    def _hear_too_many(self, event: Event) -> None:
        places = frozenset(loads(event.data)["places"])
        self.streams.send_away(places)
        self.sockets.send_away(places)


def retry_line(low: float, high: float) -> bytes:
    """How long a stream's client shall wait before it comes back: at random between two numbers of seconds."""
    return b"retry: %d\n\n" % (random.uniform(low, high) * 1000)
