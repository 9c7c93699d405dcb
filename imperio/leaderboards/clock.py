"""The database's clock without asking it each time: windows begin when it says so."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

RESYNC_SECONDS: Final = 30.0  # two clocks drift apart by far less than a millisecond in this time

Now = Callable[[], Awaitable[datetime]]


class SteadyClock:
    """Asks `now` now and then, and measures from there on a clock that nobody sets."""

    def __init__(self, now: Now) -> None:
        self._ask = now
        self._then: datetime | None = None
        self._asked_at = 0.0

    async def now(self) -> datetime:
        if self._then is None or time.monotonic() - self._asked_at > RESYNC_SECONDS:
            before = time.monotonic()
            self._then = await self._ask()
            self._asked_at = before
        return self._then + timedelta(seconds=time.monotonic() - self._asked_at)
