"""What has to be swept: done by one worker of all, every few minutes, in small pieces."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final

import structlog

from ..core.db import Database
from ..core.tasks import end_tasks
from ..realtime.shared import Lease
from .metrics import Metrics
from .reconcile import Reconciler

log = structlog.get_logger(__name__)

EVERY_SECONDS: Final = 5.0
ROUND_SECONDS: Final = 300.0
DAY_SECONDS: Final = 86_400.0
# Soon after the start, but not in it.
FIRST_SECONDS: Final = 30.0
FIRST_DAILY_SECONDS: Final = 600.0
# A key answers the retries of a request, not those of last week.
KEYS_KEPT: Final = timedelta(days=2)
PIECE: Final = 1000
LOGGED_FINDINGS: Final = 50

Chore = Callable[[], Awaitable[object]]


class Housekeeping:
    """Runs the chores of all slices while it holds the duty."""

    def __init__(self, db: Database, lease: Lease, chores: Sequence[Chore], daily: Sequence[Chore] = ()) -> None:
        self._db = db
        self._lease = lease
        self._chores = [self._forget_keys, *chores]
        self._daily = list(daily)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        if self._task is not None:
            await end_tasks(self._task)
        await self._lease.release()

    async def sweep(self) -> None:
        """One round of the frequent chores."""
        await self._do(self._chores)

    async def sweep_daily(self) -> None:
        """One round of the chores of a day."""
        await self._do(self._daily)

    async def _do(self, chores: Sequence[Chore]) -> None:
        """Each in turn; one that fails is logged and does not stop the others."""
        for chore in chores:
            try:
                await chore()
            except Exception as error:
                log.warning("chore_failed", chore=getattr(chore, "__qualname__", "chore"), reason=repr(error))

    async def _work(self) -> None:
        due = time.monotonic() + FIRST_SECONDS
        day_due = time.monotonic() + FIRST_DAILY_SECONDS
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            if not await self._lease.hold():
                continue
            if time.monotonic() >= due:
                due = time.monotonic() + ROUND_SECONDS
                await self.sweep()
            if time.monotonic() >= day_due:
                day_due = time.monotonic() + DAY_SECONDS
                await self.sweep_daily()

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


class ScheduledReconciliation:
    """Recounts every coin once a day and says loudly what does not add up."""

    def __init__(self, reconciler: Reconciler, metrics: Metrics) -> None:
        self._reconciler = reconciler
        self._metrics = metrics

    async def run(self) -> None:
        report = await self._reconciler.run()
        self._metrics.findings.set(len(report.findings))
        for finding in report.findings[:LOGGED_FINDINGS]:
            log.error("reconciliation_finding", finding=str(finding))
        log.info("reconciled", summary=report.summary())
