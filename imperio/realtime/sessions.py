"""Whose streams and sockets are open here: closed when their session ends, and no more than a few per player."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from imperio.core.errors import Unavailable
from imperio.core.tasks import end_tasks

log = logging.getLogger(__name__)

CHECK_SECONDS = 2.0  # contract: private streams end within 5 s of logout, freeze or expiry
PER_PLAYER = 5


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
    """One open stream or socket of a player. `leave(reason)` ends it; reasons: `session_ended`, `too_many`."""

    identity: Identity
    leave: Callable[[str], None]


class Sessions:
    """The logged-in visitors of this worker, of one kind (streams or sockets)."""

    def __init__(self, still_valid: StillValid, *, per_player: int | None = PER_PLAYER) -> None:
        self._still_valid = still_valid
        self._per_player = per_player
        self._visitors: dict[str, dict[Visitor, None]] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        if self._task is not None:
            await end_tasks(self._task)

    def enter(self, visitor: Visitor) -> None:
        """Watch a visitor. One too many of a player sends the player's oldest away."""
        mine = self._visitors.setdefault(visitor.identity.player_id, {})
        mine[visitor] = None
        if self._per_player is not None and len(mine) > self._per_player:
            oldest = next(iter(mine))
            self.exit(oldest)
            oldest.leave("too_many")

    def exit(self, visitor: Visitor) -> None:
        """Stop watching a visitor; harmless when it left already."""
        mine = self._visitors.get(visitor.identity.player_id)
        if mine is not None:
            mine.pop(visitor, None)
            if not mine:
                del self._visitors[visitor.identity.player_id]

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

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                await self.check()
            except Unavailable:
                pass  # the database is away: nobody can log out or be frozen meanwhile, so everybody stays
            except Exception:
                log.warning("live: sessions could not be checked", exc_info=True)
