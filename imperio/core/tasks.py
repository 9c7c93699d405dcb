"""Ending background tasks for certain."""

import asyncio
from typing import Any

PATIENCE = 0.2


async def end_tasks(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait until they are done, whatever they raise.

    Cancels again when a task goes on: redis-py may swallow a cancellation that arrives together with an answer.
    """
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=PATIENCE)
    await asyncio.gather(*tasks, return_exceptions=True)
