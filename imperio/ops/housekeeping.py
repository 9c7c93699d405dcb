"""What has to be swept: done by one worker of all, every few minutes, in small pieces."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

import structlog

from ..core.db import Database
from ..realtime.shared import Lease

log = structlog.get_logger(__name__)

EVERY_SECONDS: Final = 5.0
ROUND_SECONDS: Final = 300.0
# A key answers the retries of a request, not those of last week.
KEYS_KEPT: Final = timedelta(days=2)
PIECE: Final = 1000

Chore = Callable[[], Awaitable[object]]


class Housekeeping:
    """Runs the chores of all slices while it holds the duty."""

    def __init__(self, db: Database, lease: Lease, chores: Sequence[Chore]) -> None:
        self._db = db
        self._lease = lease
        self._chores = [self._forget_keys, *chores]
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._lease.release()

    async def sweep(self) -> None:
        """One round of all chores; one that fails is logged and does not stop the others."""
        for chore in self._chores:
            try:
                await chore()
            except Exception as error:
                log.warning("chore_failed", chore=getattr(chore, "__qualname__", "chore"), reason=repr(error))

    async def _work(self) -> None:
        waited = ROUND_SECONDS - 30.0  # soon after the start, but not in it
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            waited += EVERY_SECONDS
            if await self._lease.hold() and waited >= ROUND_SECONDS:
                waited = 0.0
                await self.sweep()

    async def _forget_keys(self) -> None:
        before = await self._db.now() - KEYS_KEPT
        while True:
            deleted = await self._db.execute(
                "DELETE FROM idempotency_keys WHERE id IN"
                " (SELECT id FROM idempotency_keys WHERE created_at < :before ORDER BY created_at LIMIT :piece)",
                before=before,
                piece=PIECE,
            )
            if deleted < PIECE:
                return
