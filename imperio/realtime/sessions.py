"""Whose streams and sockets are open here: closed when their session ends, and no more than a few per player."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from imperio.core.errors import Unavailable
from imperio.core.ids import new_id
from imperio.core.tasks import end_tasks

from .places import Places, PlacesUnavailable

log = logging.getLogger(__name__)

CHECK_SECONDS = 2.0  # contract: private streams end within 5 s of logout, freeze or expiry
PER_PLAYER = 5
RETELL_SECONDS = 20.0  # how often all workers hear of everybody who is still here
TELL_AT_ONCE = 200


class Identity(Protocol):
    """Who is logged in. `expires_at`, in seconds since 1970, is when the access token ends."""

    @property
    def player_id(self) -> str: ...

    @property
    def username(self) -> str: ...

    @property
    def session_id(self) -> str: ...

    @property
    def expires_at(self) -> float: ...


StillValid = Callable[[Collection[str]], Awaitable[set[str]]]
"""Answers which of the given session ids still belong to a login of an account that may play."""


@dataclass(eq=False, slots=True)
class Visitor:
    """One open stream or socket of a player. `leave(reason)` ends it; reasons: `session_ended`, `too_many`.

    `place` is unique over all workers, and greater than those of visitors who came before.
    """

    identity: Identity
    leave: Callable[[str], None]
    place: str = field(default_factory=new_id)


class Sessions:
    """The logged-in visitors of this worker, of one kind (streams or sockets).

    `places` counts a player's over all workers; `too_many` is then called with those that have to leave, wherever they
    are. Without it, and while it cannot be reached, each worker counts its own.
    """

    def __init__(
        self,
        still_valid: StillValid,
        *,
        per_player: int | None = PER_PLAYER,
        places: Places | None = None,
        too_many: Callable[[list[str]], None] | None = None,
    ) -> None:
        self._still_valid = still_valid
        self._per_player = per_player
        self._places = places
        self._too_many = too_many
        self._visitors: dict[str, dict[Visitor, None]] = {}
        self._untold: dict[str, None] = {}
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._watch())]
        if self._places is not None:
            self._tasks.append(asyncio.create_task(self._tell_places(self._places)))

    async def stop(self) -> None:
        await end_tasks(*self._tasks)
        if self._places is not None:
            await self._places.close()

    def enter(self, visitor: Visitor) -> None:
        """Watch a visitor. One too many of a player sends the player's oldest away."""
        mine = self._visitors.setdefault(visitor.identity.player_id, {})
        mine[visitor] = None
        self._tell_soon(visitor)
        if self._per_player is not None and len(mine) > self._per_player:
            oldest = next(iter(mine))
            self.exit(oldest)
            oldest.leave("too_many")

    def exit(self, visitor: Visitor) -> None:
        """Stop watching a visitor; harmless when it left already."""
        mine = self._visitors.get(visitor.identity.player_id)
        if mine is not None and visitor in mine:
            del mine[visitor]
            self._tell_soon(visitor)
            if not mine:
                del self._visitors[visitor.identity.player_id]

    def send_away(self, places: Collection[str]) -> None:
        """End what takes these places, if it is here: its player has too many."""
        for visitor in self._all():
            if visitor.place in places:
                self.exit(visitor)
                visitor.leave("too_many")

    def revoke(self, session_ids: Collection[str]) -> None:
        """End at once whatever belongs to these sessions."""
        self._end(visitor for visitor in self._all() if visitor.identity.session_id in session_ids)

    async def check(self) -> None:
        """End whatever has expired or lost its session."""
        now = time.time()
        self._end(visitor for visitor in self._all() if visitor.identity.expires_at <= now)
        asked = {visitor.identity.session_id for visitor in self._all()}
        if asked:
            self.revoke(asked - await self._still_valid(asked))

    def _all(self) -> list[Visitor]:
        return [visitor for mine in self._visitors.values() for visitor in mine]

    def _end(self, visitors: Iterable[Visitor]) -> None:
        for visitor in list(visitors):
            self.exit(visitor)
            visitor.leave("session_ended")

    def _tell_soon(self, visitor: Visitor) -> None:
        if self._places is not None:
            self._untold[visitor.identity.player_id] = None
            self._changed.set()

    async def _tell_places(self, places: Places) -> None:
        """Says who is here: of a player with each change, of everybody again and again."""
        retell_at = time.monotonic() + RETELL_SECONDS
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, retell_at - time.monotonic())):
                    await self._changed.wait()
            self._changed.clear()
            if time.monotonic() >= retell_at:
                retell_at = time.monotonic() + RETELL_SECONDS
                self._untold.update(dict.fromkeys(self._visitors))
            while self._untold:
                players = [*islice(self._untold, TELL_AT_ONCE)]
                for player_id in players:
                    del self._untold[player_id]
                await self._tell_of(players, places)

    async def _tell_of(self, players: Iterable[str], places: Places) -> None:
        mine = {player_id: [it.place for it in self._visitors.get(player_id, ())] for player_id in players}
        try:
            over = await places.tell(mine)
        except PlacesUnavailable:
            return  # until the next time that everybody is told of, each worker counts its own
        except Exception:
            log.warning("live: places could not be told", exc_info=True)
            return
        if over and self._too_many is not None:
            self._too_many(over)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                await self.check()
            except Unavailable:
                pass  # the database is away: nobody can log out or be frozen meanwhile, so everybody stays
            except Exception:
                log.warning("live: sessions could not be checked", exc_info=True)
