"""The soft lock against guessing passwords: failures in a row, per account and address, the same on every worker."""

from datetime import datetime, timedelta
from typing import Final

from ..core.db import Database

# People mistype a few times; an address may be a whole school.
FREE_FAILURES: Final = 5
FREE_FAILURES_PER_ADDRESS: Final = 50
FIRST_LOCK: Final = 30.0
LONGEST_LOCK: Final = 900.0
# Failures further back than this no longer count as "in a row".
FORGET_AFTER: Final = timedelta(hours=24)


def lock_seconds(failures: int, free: int) -> float:
    """How long after the last of so many failures nobody may try: 30 s, doubling up to 15 minutes."""
    if failures < free:
        return 0.0
    return float(min(LONGEST_LOCK, FIRST_LOCK * 2 ** min(failures - free, 10)))


class Throttle:
    """Counts failures in `login_failures`. Switched off it counts and locks nothing."""

    def __init__(self, db: Database, *, on: bool) -> None:
        self._db = db
        self.on = on

    async def locked(self, account: str, address: str) -> float:
        """Seconds until the next try is let through; 0.0 for now."""
        rows = await self._db.fetch(
            f"SELECT subject, count, last_at, {self._db.now_sql} AS now_at FROM login_failures"
            " WHERE subject IN (:account, :address)",
            account=account,
            address=_address(address),
        )
        waits = [0.0]
        for row in rows:
            free = FREE_FAILURES if row["subject"] == account else FREE_FAILURES_PER_ADDRESS
            passed = (row["now_at"] - row["last_at"]).total_seconds()
            waits.append(lock_seconds(row["count"], free) - passed)
        return max(waits)

    async def failed(self, account: str, address: str) -> None:
        """One more failure of both."""
        if not self.on:
            return
        now = await self._db.now()
        for subject in (account, _address(address)):
            await self._db.execute(
                "INSERT INTO login_failures (subject, count, last_at) VALUES (:subject, 1, :now)"
                " ON CONFLICT (subject) DO UPDATE SET last_at = excluded.last_at, count ="
                " CASE WHEN login_failures.last_at < :forgotten THEN 1 ELSE login_failures.count + 1 END",
                subject=subject,
                now=now,
                forgotten=now - FORGET_AFTER,
            )

    async def succeeded(self, account: str) -> None:
        """Forgets the account's failures. The address keeps its own, or one's own account would wash them away."""
        if self.on:
            await self._db.execute("DELETE FROM login_failures WHERE subject = :account", account=account)

    async def prune(self, now: datetime) -> None:
        await self._db.execute("DELETE FROM login_failures WHERE last_at < :forgotten", forgotten=now - FORGET_AFTER)


def _address(address: str) -> str:
    return f"address:{address[:64]}"
