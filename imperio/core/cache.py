"""The cache: aiocache in front of Redis, or in the process. Nothing here is the only copy of anything.

A value is kept with the *edition* of its tag (`boards`, …). Renewing the tag makes every value of it stale at once,
by one exact key; a value that was computed from older data can then never be taken for a newer one, however late it
is written. While Redis is away values are computed each time, once for all who ask at the same moment.
"""

import asyncio
import contextlib
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Final, NoReturn

import structlog
from aiocache import RedisCache, SimpleMemoryCache  # type: ignore[import-untyped]  # ships no types
from aiocache.base import BaseCache  # type: ignore[import-untyped]
from aiocache.serializers import BaseSerializer  # type: ignore[import-untyped]
from redis.exceptions import RedisError

from .jsonio import dumps, loads
from .redis import connect
from .tasks import end_tasks

log = structlog.get_logger(__name__)

PREFIX: Final = "imperio:cache"
# A cache that needs longer is slower than what it saves.
TIMEOUT: Final = 0.25
# While Redis is away it is asked again this often, so that callers do not all wait for it.
AWAY_SECONDS: Final = 1.0
# Another worker computes the value: how long to wait for it, and how often to look.
LOCK_SECONDS: Final = 2.0
LOOK_SECONDS: Final = 0.01
LOOKS: Final = 20
# Longer than any value lives: an edition that ran out would only make values stale too early.
EDITION_SECONDS: Final = 24 * 3600.0
_UNREACHABLE: Final = (RedisError, OSError, TimeoutError)

Compute = Callable[[], Awaitable[Any]]


class _Json(BaseSerializer):  # type: ignore[misc]
    """Values as JSON bytes."""

    DEFAULT_ENCODING = None

    def dumps(self, value: Any) -> bytes:
        return dumps(value)

    def loads(self, value: bytes | None) -> Any:
        return loads(value)


class RedisStore(RedisCache):  # type: ignore[misc]
    """aiocache's Redis back end as it works with redis-py 8, on a client of ours with bounded pool and waits."""

    def __init__(self, url: str) -> None:
        super().__init__(serializer=_Json(), namespace=PREFIX, timeout=TIMEOUT * 2)
        self.client = connect(url, connections=16, timeout=TIMEOUT)

    async def _multi_get(self, keys: Sequence[str], encoding: str | None = "utf-8", _conn: Any = None) -> list[Any]:
        # MGET without keys is an error in Redis.
        return await super()._multi_get(keys, encoding=encoding, _conn=_conn) if keys else []

    async def _set(
        self, key: str, value: bytes, ttl: float | None = None, _cas_token: Any = None, _conn: Any = None
    ) -> Any:
        if _cas_token is not None:
            return await self._cas(key, value, _cas_token, ttl=ttl, _conn=_conn)
        # Not SETEX and PSETEX, which are deprecated.
        return await self.client.set(key, value, px=int(ttl * 1000) if ttl else None)

    async def _clear(self, namespace: str | None = None, _conn: Any = None) -> NoReturn:
        # aiocache would scan for a pattern, or flush everybody's database.
        raise NotImplementedError("the cache forgets by exact keys only")

    async def _close(self, *args: Any, _conn: Any = None, **kwargs: Any) -> None:
        await self.client.aclose()


class MemoryStore(SimpleMemoryCache):  # type: ignore[misc]
    """aiocache's memory back end, for a single process."""

    def __init__(self) -> None:
        super().__init__(serializer=_Json(), namespace=PREFIX)


class Away(Exception):
    """The store cannot be reached now."""


class Cache:
    """Get or compute, once for all who ask. One per process.

    `hits` and `misses` count since the process began, by the name of what was asked for; `errors` counts failed calls.
    """

    def __init__(self, redis_url: str = "") -> None:
        self._store: BaseCache = RedisStore(redis_url) if redis_url else MemoryStore()
        self._shared = bool(redis_url)
        self._flights: dict[str, tuple[int, asyncio.Task[Any]]] = {}
        self._renewals: Counter[str] = Counter()  # by tag: how often it was renewed here …
        self._settled: Counter[str] = Counter()  # … and up to which of them the store knows of it
        self._passed = asyncio.Event()
        self._settling: asyncio.Task[None] | None = None
        self._away_until = 0.0
        self.hits: Counter[str] = Counter()
        self.misses: Counter[str] = Counter()
        self.errors = 0

    async def close(self) -> None:
        """Ends what still runs and closes the connections."""
        running = [task for _, task in self._flights.values()]
        if self._settling is not None:
            running.append(self._settling)
        await end_tasks(*running)
        with contextlib.suppress(*_UNREACHABLE):
            await self._store.close()

    async def get(self, name: str, key: str, ttl: float, compute: Compute, *, tag: str | None = None) -> Any:
        """The value at `key`, at most `ttl` seconds old and never older than the tag's last renewal.

        `compute` makes it (JSON-able) when it is missing; whoever asks meanwhile waits for the same computation.
        Raises what `compute` raises. `name` is what hits and misses are counted under.
        """
        tag = tag or key
        renewals = self._renewals[tag]
        flight = self._flights.get(key)
        if flight is None or flight[0] != renewals:
            task = asyncio.create_task(self._find(name, key, tag, ttl, compute))
            flight = self._flights[key] = (renewals, task)
            task.add_done_callback(partial(self._land, key))
        return await asyncio.shield(flight[1])

    def counts(self) -> dict[str, tuple[int, int]]:
        """Hits and misses by name."""
        return {name: (self.hits[name], self.misses[name]) for name in {*self.hits, *self.misses}}

    def renew(self, tag: str) -> None:
        """Everything kept under the tag is stale from now on: here at once, elsewhere when Redis has heard of it."""
        self._renewals[tag] += 1
        if self._settling is None or self._settling.done():
            self._settling = asyncio.create_task(self._settle())

    async def delete(self, *keys: str) -> None:
        """Forgets values by their exact keys. While the store is away nothing is forgotten, and nothing is read."""
        with contextlib.suppress(Away):
            for key in keys:
                await self._ask(self._store.delete(key))

    def _land(self, key: str, task: asyncio.Task[Any]) -> None:
        flight = self._flights.get(key)
        if flight is not None and flight[1] is task:
            del self._flights[key]
        if not task.cancelled():
            task.exception()  # those who waited have it; perhaps all of them have left

    async def _find(self, name: str, key: str, tag: str, ttl: float, compute: Compute) -> Any:
        try:
            edition, kept = await self._read(key, tag)
        except Away:
            self.misses[name] += 1
            return await compute()
        if kept is not None:
            self.hits[name] += 1
            return kept[0]
        self.misses[name] += 1
        lock = f"{key}:lock"
        if self._shared and not await self._take(lock):
            found = await self._await_other(key, tag)
            if found is not None:
                return found[0]
        try:
            value = await compute()
            with contextlib.suppress(Away):
                await self._ask(self._store.set(key, [edition, value], ttl=float(ttl)))
        finally:
            if self._shared:
                await self.delete(lock)
        return value

    async def _await_other(self, key: str, tag: str) -> list[Any] | None:
        """What another worker is computing, if it is done in time."""
        with contextlib.suppress(Away):
            for _ in range(LOOKS):
                await asyncio.sleep(LOOK_SECONDS)
                _, kept = await self._read(key, tag)
                if kept is not None:
                    return kept
        return None

    async def _read(self, key: str, tag: str) -> tuple[str, list[Any] | None]:
        """The tag's present edition, and the value of that edition in a list of its own, or None. Raises `Away`."""
        await self._await_settled(tag)
        edition_key = f"edition:{tag}"
        edition, kept = await self._ask(self._store.multi_get([edition_key, key]))
        if edition is None:
            edition = await self._open_edition(edition_key)
        return edition, [kept[1]] if kept is not None and kept[0] == edition else None

    async def _open_edition(self, key: str) -> str:
        """The first edition of a tag: all workers agree on whose came first. Raises `Away`."""
        edition = _new_edition()
        try:
            await self._ask(self._store.add(key, edition, ttl=EDITION_SECONDS))
        except ValueError:  # aiocache's way to say that the key is there
            return str(await self._ask(self._store.get(key)))
        return edition

    async def _take(self, lock: str) -> bool:
        """Whether the lock is ours now; without a store everybody computes."""
        try:
            await self._ask(self._store.add(lock, 1, ttl=LOCK_SECONDS))
        except ValueError:  # the key is there
            return False
        except Away:
            return True
        return True

    async def _await_settled(self, tag: str) -> None:
        """Returns when the store knows of every renewal made here up to now. Raises `Away`."""
        wanted = self._renewals[tag]
        if self._settled[tag] >= wanted:
            return
        try:
            async with asyncio.timeout(TIMEOUT):
                while self._settled[tag] < wanted:
                    if time.monotonic() < self._away_until:
                        raise Away
                    await self._passed.wait()
        except TimeoutError:
            raise Away from None

    async def _settle(self) -> None:
        """Brings renewals into the store, however long that takes."""
        while owed := {tag: count for tag, count in self._renewals.items() if count > self._settled[tag]}:
            try:
                for tag, count in owed.items():
                    await self._ask(self._store.set(f"edition:{tag}", _new_edition(), ttl=EDITION_SECONDS))
                    self._settled[tag] = count
            except Away:
                await asyncio.sleep(AWAY_SECONDS)
            self._passed.set()
            self._passed = asyncio.Event()

    async def _ask(self, operation: Coroutine[Any, Any, Any]) -> Any:
        """Runs one operation of the store. Raises `Away`."""
        if time.monotonic() < self._away_until:
            operation.close()
            raise Away
        try:
            answer = await operation
        except _UNREACHABLE as error:
            self.errors += 1
            if not self._away_until:
                log.warning("cache_away", reason=type(error).__name__)
            self._away_until = time.monotonic() + AWAY_SECONDS
            raise Away from error
        self._away_until = 0.0
        return answer


def _new_edition() -> str:
    return os.urandom(8).hex()
