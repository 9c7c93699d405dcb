"""Whether this worker can do its work: asked by load balancers, people and monitors."""

import asyncio
import time
from collections.abc import Awaitable
from typing import Any, Final, Literal

from ..core.db import Database
from ..realtime.redis_client import connect

Status = Literal["ok", "degraded", "down"]

# A check that takes longer has failed: nobody asks a load balancer to wait.
CHECK_SECONDS: Final = 2.0


class Health:
    """The contract's `/health`. Without the database nothing works (down); without Redis play goes on (degraded)."""

    def __init__(self, db: Database, redis_url: str) -> None:
        self._db = db
        self._redis = connect(redis_url, connections=2, timeout=CHECK_SECONDS) if redis_url else None

    async def check(self) -> dict[str, Any]:
        """`{status, checks: {database: {status, latency_ms}, redis: …}}`; redis only where one is configured."""
        checks = {"database": await _timed(self._db.fetch("SELECT 1 AS one"))}
        if self._redis is not None:
            checks["redis"] = await _timed(self._redis.ping())
        return {"status": _overall(checks), "checks": checks}

    async def close(self) -> None:
        if self._redis is not None:
            await self._redis.aclose()


def _overall(checks: dict[str, dict[str, Any]]) -> Status:
    if checks["database"]["status"] == "down":
        return "down"
    return "degraded" if any(check["status"] == "down" for check in checks.values()) else "ok"


async def _timed(work: Awaitable[Any]) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await work
        status: Status = "ok"
    except Exception:  # whatever is wrong with it, the answer is that it is down
        status = "down"
    return {"status": status, "latency_ms": round((time.perf_counter() - started) * 1000, 2)}
