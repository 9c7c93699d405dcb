"""Background tasks end when they are told to, whatever they do with the first cancellation."""

import asyncio
from contextlib import suppress

from imperio.core.tasks import end_tasks


async def test_a_task_that_swallows_a_cancellation_is_ended_all_the_same() -> None:
    swallowed = 0

    async def deaf() -> None:
        nonlocal swallowed
        while swallowed < 2:
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(3600)
            swallowed += 1
        await asyncio.sleep(3600)

    async def fails_at_the_end() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            raise RuntimeError("too late to matter")

    async def done() -> None:
        return None

    tasks = [asyncio.create_task(work()) for work in (deaf, fails_at_the_end, done)]
    await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await end_tasks(*tasks)
    assert all(task.done() for task in tasks)
    assert swallowed == 2
