"""Waiting for what comes by itself."""

import asyncio
from collections.abc import Callable


async def eventually(check: Callable[[], object], seconds: float = 5.0) -> None:
    """Returns when `check` answers something true; fails when it does not in time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not check():
        assert asyncio.get_running_loop().time() < deadline, "it did not come true in time"
        await asyncio.sleep(0.01)
