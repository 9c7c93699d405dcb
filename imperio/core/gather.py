"""Look-ups that meet are made together."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Final, Generic, TypeVar

from .errors import Unavailable

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")

# One is asked with a single statement, which has its own limit of parameters on SQLite.
MOST_AT_ONCE: Final = 400
# As long as a statement may take: nobody waits for the one before as well.
WAIT_SECONDS: Final = 5.0


class Gathered(Generic[_K, _V]):
    """Finds values by key. While one look-up is under way, whoever asks is gathered for the next, which finds all of
    theirs at once: a thousand clients that come back together cost some dozen statements. Nobody gets what was read
    before they asked."""

    def __init__(self, load: Callable[[Sequence[_K]], Awaitable[Mapping[_K, _V]]]) -> None:
        """`load` finds the values of up to `MOST_AT_ONCE` different keys; those without one are left out."""
        self._load = load
        self._waiting: dict[_K, asyncio.Future[_V | None]] = {}
        self._loading: asyncio.Task[None] | None = None
        self._busy = False

    async def find(self, key: _K) -> _V | None:
        """The value of a key, or None. Raises what `load` raises, and `Unavailable` when it takes too long."""
        if not self._busy:
            self._busy = True
            try:
                return (await self._load([key])).get(key)
            finally:
                self._go_on()
        future = self._waiting.get(key)
        if future is None:
            future = self._waiting[key] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                return await asyncio.shield(future)
        except TimeoutError as error:
            raise Unavailable from error

    def _go_on(self) -> None:
        if self._waiting:
            self._loading = asyncio.create_task(self._load_waiting())
        else:
            self._busy = False

    async def _load_waiting(self) -> None:
        keys = list(self._waiting)[:MOST_AT_ONCE]
        futures = {key: self._waiting.pop(key) for key in keys}
        try:
            found = await self._load(keys)
        except BaseException as error:
            for future in futures.values():
                future.set_exception(error if isinstance(error, Exception) else Unavailable())
                future.exception()  # whoever gave up waiting does not ask for it
            if not isinstance(error, Exception):
                raise
        else:
            for key, future in futures.items():
                future.set_result(found.get(key))
        finally:
            self._go_on()
