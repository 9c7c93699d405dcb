"""The clocks of all tables: due work in the database that every worker looks for.

A worker that dies takes nothing with it: what it would have done is still due, and another does it.
"""

import asyncio
import contextlib
import random
from typing import Final

import structlog

from ..core.errors import Unavailable
from ..core.tasks import end_tasks
from ..realtime.shared import Lease
from .service import Tables

log = structlog.get_logger(__name__)

POLL_SECONDS: Final = 0.1
JITTER_SECONDS: Final = 0.01
AT_ONCE: Final = 6  # leaves connections of the pool to the players
PRESENCE_SECONDS: Final = 5.0  # longer than presence needs to be told anew after Redis was emptied
SPECTATOR_SECONDS: Final = 0.5
_PAUSE: Final = 0.5


class Clock:
    """Runs what is due at the tables, and compares the tables with who is really connected."""

    def __init__(self, tables: Tables, lease: Lease) -> None:
        self._tables = tables
        self._lease = lease
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._watched: set[str] = set()
        self._watched_anew = asyncio.Event()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(work()) for work in (self._run_due, self._compare, self._count_spectators)]

    async def stop(self) -> None:
        await end_tasks(*self._tasks)
        self._tasks = []
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        await self._lease.release()

    def count_soon(self, room_id: str) -> None:
        """Somebody began or stopped watching a table."""
        self._watched.add(room_id)
        self._watched_anew.set()

    async def _run_due(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._tables.due_soon.wait()
            self._tables.due_soon.clear()
            try:
                for room_id, seconds in await self._tables.list_due():
                    if room_id not in self._running:
                        self._running[room_id] = asyncio.create_task(self._run(room_id, seconds))
            except Unavailable:
                await asyncio.sleep(_PAUSE)
            except Exception:
                log.exception("table_clocks_failed")
                await asyncio.sleep(_PAUSE)

    async def _run(self, room_id: str, seconds: float) -> None:
        """Waits for the clock to run out; workers do so with a little jitter, so that one is first."""
        try:
            await asyncio.sleep(seconds + random.uniform(0, JITTER_SECONDS))
            async with self._slots:
                await self._tables.run_due(room_id)
        except Unavailable:
            await asyncio.sleep(_PAUSE)  # still due: it is tried again
        except Exception:
            log.exception("table_clock_failed", room=room_id)
            await asyncio.sleep(_PAUSE)
        finally:
            del self._running[room_id]

    async def _compare(self) -> None:
        """One worker of all compares."""
        suspects: set[tuple[str, int]] = set()
        while True:
            await asyncio.sleep(PRESENCE_SECONDS)
            try:
                if await self._lease.hold():
                    suspects = await self._tables.compare_with_presence(suspects)
                else:
                    suspects = set()
            except Exception:
                suspects = set()
                log.warning("table_presence_failed", exc_info=True)

    async def _count_spectators(self) -> None:
        """At once, but a crowd that comes together is counted together."""
        while True:
            await self._watched_anew.wait()
            self._watched_anew.clear()
            watched, self._watched = self._watched, set()
            for room_id in watched:
                try:
                    await self._tables.count_spectators(room_id)
                except Exception:
                    log.warning("table_spectators_failed", room=room_id, exc_info=True)
            await asyncio.sleep(SPECTATOR_SECONDS)
