"""Small state that all workers share: who does a duty, and who is in a room.

Each has a version for a single process and one on Redis. Both keep working, for this worker alone, while Redis is away.
"""

import asyncio
import contextlib
import logging
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Protocol, cast

from redis.exceptions import RedisError

from imperio.core.tasks import end_tasks

from .redis_client import connect

log = logging.getLogger(__name__)

LEASE_SECONDS = 5.0
BEAT_SECONDS = 3.0  # how often a worker says that it lives
WORKER_SECONDS = 10.0  # without a beat for this long, a worker's people are gone
COMMAND_TIMEOUT = 2.0

_UNREACHABLE = (RedisError, OSError, asyncio.TimeoutError)

GoneListener = Callable[[str, str], None]
"""Called with (room, username) when somebody left because their worker died."""


class Lease(Protocol):
    """A duty that one worker at a time does."""

    async def hold(self) -> bool:
        """Take or prolong the duty; True while it is ours. To be called more often than every `LEASE_SECONDS`."""
        ...

    async def release(self) -> None:
        """Let somebody else take over at once."""
        ...


class Presence(Protocol):
    """Who is in which room; a user counts once over all tabs and workers."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def join(self, room: str, username: str) -> bool:
        """One more connection of a user. True when the user was not in the room before."""
        ...

    async def leave(self, room: str, username: str) -> bool:
        """One connection less. True when it was the user's last one in the room, anywhere."""
        ...

    async def members(self, room: str) -> list[str]:
        """The names in a room, sorted."""
        ...


class MemoryLease:
    """The only worker always leads."""

    async def hold(self) -> bool:
        return True

    async def release(self) -> None:
        return None


class MemoryPresence:
    """Presence within one process."""

    def __init__(self) -> None:
        self._rooms: dict[str, Counter[str]] = {}

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        self._rooms.clear()

    async def join(self, room: str, username: str) -> bool:
        return self.count(room, username, 1) == 1

    async def leave(self, room: str, username: str) -> bool:
        return bool(self.connections(room, username)) and self.count(room, username, -1) == 0

    async def members(self, room: str) -> list[str]:
        return sorted(self._rooms.get(room, ()))

    def connections(self, room: str, username: str) -> int:
        """How many connections of a user are in a room here."""
        return self._rooms.get(room, Counter())[username]

    def count(self, room: str, username: str, change: int) -> int:
        """Add to the connections of a user in a room; answers how many there are now."""
        names = self._rooms.setdefault(room, Counter())
        names[username] += change
        left = names[username]
        if left <= 0:
            del names[username]
            if not names:
                del self._rooms[room]
        return left

    def rooms(self) -> dict[str, list[str]]:
        return {room: list(names) for room, names in self._rooms.items()}


_RENEW = """
local holder = redis.call('GET', KEYS[1])
if not holder then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1
end
if holder ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
"""

_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class RedisLease:
    """A duty led by whoever holds a key that expires."""

    def __init__(self, url: str, name: str, *, seconds: float = LEASE_SECONDS) -> None:
        self._client = connect(url, connections=2, timeout=COMMAND_TIMEOUT)
        self._key = f"imperio:lease:{name}"
        self._token = os.urandom(12).hex()
        self._milliseconds = int(seconds * 1000)
        self._renew = self._client.register_script(_RENEW)
        self._release = self._client.register_script(_RELEASE)

    async def hold(self) -> bool:
        try:
            return bool(await self._renew([self._key], [self._token, self._milliseconds]))
        except _UNREACHABLE:
            return False

    async def release(self) -> None:
        with contextlib.suppress(*_UNREACHABLE):
            await self._release([self._key], [self._token])
        with contextlib.suppress(*_UNREACHABLE):
            await self._client.aclose()


# Every worker keeps one set of names per room and says in a sorted set that it lives; only sets of living workers
# count. KEYS: the workers; ARGV: now (seconds), worker, room, username.
_PRESENCE = """
local prefix = 'imperio:presence:'
local function here(worker, room) return prefix .. 'room:' .. room .. ':' .. worker end
local function elsewhere(room, name, now, except)
  for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf')) do
    if worker ~= except and redis.call('SISMEMBER', here(worker, room), name) == 1 then return true end
  end
  return false
end
"""

_JOIN = (
    _PRESENCE
    + """
local now, worker, room, name = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
redis.call('SADD', prefix .. 'worker:' .. worker, room)
local added = redis.call('SADD', here(worker, room), name)
return (added == 1 and not elsewhere(room, name, now, worker)) and 1 or 0
"""
)

_LEAVE = (
    _PRESENCE
    + """
local now, worker, room, name = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local removed = redis.call('SREM', here(worker, room), name)
if redis.call('EXISTS', here(worker, room)) == 0 then redis.call('SREM', prefix .. 'worker:' .. worker, room) end
return (removed == 1 and not elsewhere(room, name, now, worker)) and 1 or 0
"""
)

_MEMBERS = (
    _PRESENCE
    + """
local keys = {}
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], '+inf')) do
  keys[#keys + 1] = here(worker, ARGV[2])
end
if #keys == 0 then return {} end
return redis.call('SUNION', unpack(keys))
"""
)

# A beat: ARGV now, worker, until. Buries workers that stopped beating and answers {was it known, room, name, …}.
_BEAT = (
    _PRESENCE
    + """
local now, me, till = ARGV[1], ARGV[2], ARGV[3]
local answer = {redis.call('ZADD', KEYS[1], till, me) == 0 and 1 or 0}
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. now)) do
  for _, room in ipairs(redis.call('SMEMBERS', prefix .. 'worker:' .. worker)) do
    for _, name in ipairs(redis.call('SMEMBERS', here(worker, room))) do
      if not elsewhere(room, name, now, worker) then
        answer[#answer + 1] = room
        answer[#answer + 1] = name
      end
    end
    redis.call('DEL', here(worker, room))
  end
  redis.call('DEL', prefix .. 'worker:' .. worker)
  redis.call('ZREM', KEYS[1], worker)
end
return answer
"""
)

_WORKERS = ["imperio:presence:workers"]


class RedisPresence:
    """Presence over all workers. While Redis is away each worker sees its own people."""

    def __init__(
        self,
        url: str,
        *,
        on_gone: GoneListener | None = None,
        beat_seconds: float = BEAT_SECONDS,
        worker_seconds: float = WORKER_SECONDS,
    ) -> None:
        self._client = connect(url, connections=8, timeout=COMMAND_TIMEOUT)
        self._worker = os.urandom(8).hex()
        self._local = MemoryPresence()
        self._on_gone = on_gone
        self._beat_seconds = beat_seconds
        self._worker_seconds = worker_seconds
        self._stale = True  # Redis may not know (all of) our people
        self._telling = False
        self._task: asyncio.Task[None] | None = None
        self._join = self._client.register_script(_JOIN)
        self._leave = self._client.register_script(_LEAVE)
        self._members = self._client.register_script(_MEMBERS)
        self._beat = self._client.register_script(_BEAT)

    async def start(self) -> None:
        await self._beat_once()
        self._task = asyncio.create_task(self._keep_beating())

    async def stop(self) -> None:
        """Stop beating. Those still here count until the worker's time is up, or until they come back elsewhere."""
        if self._task is not None:
            await end_tasks(self._task)
        with contextlib.suppress(*_UNREACHABLE):
            await self._client.aclose()

    async def join(self, room: str, username: str) -> bool:
        if self._local.count(room, username, 1) > 1:
            return False
        return await self._tell(self._join, room, username)

    async def leave(self, room: str, username: str) -> bool:
        if not self._local.connections(room, username) or self._local.count(room, username, -1) > 0:
            return False
        return await self._tell(self._leave, room, username)

    async def members(self, room: str) -> list[str]:
        try:
            names = cast(list[bytes], await self._members(_WORKERS, [time.time(), room]))
        except _UNREACHABLE:
            return await self._local.members(room)
        return sorted({name.decode() for name in names} | set(await self._local.members(room)))

    async def _tell(self, script: Any, room: str, username: str) -> bool:
        self._stale = self._stale or self._telling
        try:
            return bool(await script(_WORKERS, [time.time(), self._worker, room, username]))
        except _UNREACHABLE:
            self._stale = True
            return True

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(self._beat_seconds * random.uniform(0.8, 1.0))
            await self._beat_once()

    async def _beat_once(self) -> None:
        now = time.time()
        try:
            known, *gone = await self._beat(_WORKERS, [now, self._worker, now + self._worker_seconds])
            if not known or self._stale:
                await self._tell_everything()
        except _UNREACHABLE as error:
            if not self._stale:
                log.warning("presence: Redis is away (%s)", type(error).__name__)
            self._stale = True
            return
        for room, name in zip(gone[::2], gone[1::2], strict=True):
            if self._on_gone is not None:
                self._on_gone(room.decode(), name.decode())

    async def _tell_everything(self) -> None:
        """Make Redis' picture of this worker equal to our own."""
        rooms_key = f"imperio:presence:worker:{self._worker}"
        known = cast(set[bytes], await cast(Any, self._client.smembers(rooms_key)))
        self._stale = False  # whoever joins or leaves while the picture is on its way sets it again
        self._telling = True
        mine = self._local.rooms()
        async with self._client.pipeline(transaction=True) as pipe:
            for room in {found.decode() for found in known} | set(mine):
                pipe.delete(f"imperio:presence:room:{room}:{self._worker}")
                pipe.srem(rooms_key, room)
            for room, names in mine.items():
                pipe.sadd(f"imperio:presence:room:{room}:{self._worker}", *names)
                pipe.sadd(rooms_key, room)
            try:
                await pipe.execute()
            finally:
                self._telling = False
