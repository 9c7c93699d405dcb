"""The bus on one Redis Stream: the same log for any number of workers and servers.

Every entry carries a counter that rises by one (`n`). A reader that finds a jump, or the marker that opens a fresh log,
knows that something is missing, whatever happened to Redis: flushed, restarted empty, restored from an older snapshot,
or trimmed while the reader was away.
"""

import asyncio
import contextlib
import logging
import os
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Sequence
from typing import Any, cast

from redis.exceptions import RedisError

from imperio.core.tasks import end_tasks

from .bus import KEEP_EVENTS, KEEP_SECONDS, LOG_TOPIC, TOLD_SECONDS, BusUnavailable, Event, Gap, Message
from .positions import START, Position, before, format_id, parse_id
from .redis_client import connect

log = logging.getLogger(__name__)

STREAM = "imperio:events"
COUNTER = "imperio:events:n"
TOLD_PREFIX = "imperio:told:"

COMMAND_TIMEOUT = 2.0  # a paused Redis is treated as away after this
BLOCK_SECONDS = 1.0  # the longest a reader hears nothing before it makes sure that the log is still the same
READ_BATCH = 500
OFFER_BATCH = 500
OFFERS_KEPT = 10_000
TRIM_EVERY = 5.0
MAX_BYTES = 256 * 1024 * 1024  # of the stream in Redis; beyond it the oldest go before their time
NONCE_SECONDS = 60  # how long the key of a batch without keys is kept: only a retry of the same call uses it again
MAX_PAUSE = 1.0  # between attempts to reach Redis

# Appends to the stream. `floor` is the newest id the caller knows: ids rise above it even when the log was lost and
# the clock went back. A log that is not there is opened with a marker, which tells every reader about the gap.
_APPEND = """
local stream, counter = KEYS[1], KEYS[2]
local floor_ms, floor_seq = tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local raise = floor_ms >= tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local function append(topic, name, data)
  local n = redis.call('INCR', counter)
  if raise then
    raise = false
    local id = redis.pcall('XADD', stream, ARGV[1] .. '-' .. string.format('%d', floor_seq + 1),
      't', topic, 'e', name, 'd', data, 'n', n)
    if type(id) == 'string' then return id end
  end
  return redis.call('XADD', stream, '*', 't', topic, 'e', name, 'd', data, 'n', n)
end
local function open()
  append('_log', 'opened', '{}')
end
"""

_PUBLISH = (
    _APPEND
    + """
if redis.call('EXISTS', stream) == 0 then open() end
local decided, ids = {}, {}
for i = 6, #ARGV, 4 do
  local key = ARGV[i]
  if decided[key] == nil then
    local seconds = string.sub(key, 1, 1) == '~' and ARGV[5] or ARGV[4]
    decided[key] = redis.call('SET', ARGV[3] .. key, '1', 'NX', 'EX', seconds) and true or false
  end
  ids[#ids + 1] = decided[key] and append(ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]) or ''
end
return ids
"""
)

# The newest entry as {id, n}. A log that is missing, or that ends before what the caller has already read (a restored
# snapshot), is opened anew first.
_NEWEST = (
    _APPEND
    + """
local function newest()
  local entry = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
  return entry and {entry[1], entry[2][8]}
end
local found = newest()
local function is_behind(id)
  local ms, seq = string.match(id, '(%d+)-(%d+)')
  ms, seq = tonumber(ms), tonumber(seq)
  return ms < floor_ms or (ms == floor_ms and seq < floor_seq)
end
if not found or is_behind(found[1]) then
  open()
  found = newest()
end
return found
"""
)

# Trims by age, but never below the number of entries to keep; by size when the stream outgrows its bound.
_TRIM = """
local length = redis.call('XLEN', KEYS[1])
local keep = tonumber(ARGV[2])
if length > keep then
  redis.call('XTRIM', KEYS[1], 'MINID', '~', ARGV[1], 'LIMIT', length - keep)
  local bytes = redis.pcall('MEMORY', 'USAGE', KEYS[1])
  if type(bytes) == 'number' and bytes > tonumber(ARGV[3]) then
    redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', math.max(keep, math.floor(length * tonumber(ARGV[3]) / bytes)))
  end
end
return length
"""

Entry = tuple[bytes, dict[bytes, bytes]]
_UNREACHABLE = (RedisError, OSError, asyncio.TimeoutError)


class RedisBus:
    """`Bus` on a Redis (or Valkey) server of version 6.2 or later."""

    def __init__(self, url: str, *, keep_events: int = KEEP_EVENTS, keep_seconds: float = KEEP_SECONDS) -> None:
        self._keep_events = keep_events
        self._keep_seconds = keep_seconds
        self._client = connect(url, connections=8, timeout=COMMAND_TIMEOUT)
        self._reader = connect(url, connections=2, timeout=COMMAND_TIMEOUT + BLOCK_SECONDS)
        self._publish = self._client.register_script(_PUBLISH)
        self._newest = self._client.register_script(_NEWEST)
        self._trim = self._client.register_script(_TRIM)
        self._floor: Position = START
        self._offers: deque[Message] = deque(maxlen=OFFERS_KEPT)
        self._offered = asyncio.Event()
        self._sent = asyncio.Event()
        self._sent.set()
        self._tasks: list[asyncio.Task[None]] = []
        self.offers_dropped = 0

    async def start(self) -> None:
        """Begin to send what is offered and to trim the log. Redis need not be there yet."""
        self._tasks = [asyncio.create_task(self._send_offers()), asyncio.create_task(self._keep_trimmed())]

    async def stop(self) -> None:
        """Send what was offered (for a moment at most) and close the connections."""
        if self._tasks:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._sent.wait(), COMMAND_TIMEOUT)
        await end_tasks(*self._tasks)
        self._tasks = []
        for client in (self._client, self._reader):
            with contextlib.suppress(*_UNREACHABLE):
                await client.aclose()

    async def publish(self, items: Sequence[Message]) -> list[str]:
        if not items:
            return []
        # Without a key of their own the messages of a call share one, so that repeating the call is harmless.
        nonce = "~" + os.urandom(12).hex()
        args: list[bytes | str | int] = [*self._floor, TOLD_PREFIX, TOLD_SECONDS, NONCE_SECONDS]
        for item in items:
            args += (nonce if item.key is None else item.key, item.topic, item.name, item.encoded())
        ids = [cast(bytes, found).decode() for found in await self._call(self._publish(_KEYS, args))]
        newest = next((found for found in reversed(ids) if found), None)
        if newest is not None:
            self._raise_floor(parse_id(newest))
        return ids

    def offer(self, *items: Message) -> None:
        self.offers_dropped += max(0, len(self._offers) + len(items) - OFFERS_KEPT)
        self._offers.extend(items)
        self._sent.clear()
        self._offered.set()

    async def position(self) -> str:
        return (await self._find_newest(self._floor))[0]

    async def first_id(self) -> str:
        await self.position()  # opens the log if need be
        entries = await self._call(self._client.xrange(STREAM, count=1))
        return cast(bytes, entries[0][0]).decode()

    async def read_range(self, after: str, limit: int) -> list[Event] | None:
        entries: list[Entry] = await self._call(self._client.xrange(STREAM, min=after, count=limit + 1))
        if not entries or entries[0][0].decode() != after or not _is_whole(entries):
            return None
        return [_event(entry) for entry in entries[1:]]

    async def read_back(self, limit: int, seconds: float) -> list[Event]:
        oldest = f"{int((time.time() - seconds) * 1000)}-0"
        found: list[Entry] = []
        newest = "+"
        while len(found) < limit:
            count = min(READ_BATCH, limit - len(found))
            page: list[Entry] = await self._call(self._client.xrevrange(STREAM, max=newest, min=oldest, count=count))
            found.extend(page)
            if len(page) < count:
                break
            newest = format_id(before(parse_id(page[-1][0].decode())))
        found.reverse()
        for index in range(len(found) - 1, 0, -1):
            if not _follows(found[index - 1], found[index]):
                found = found[index:]
                break
        return [_event(entry) for entry in found]

    async def tail(self, after: str) -> AsyncIterator[list[Event | Gap]]:
        last = parse_id(after)
        count: int | None = None  # `n` of the entry at `last`
        pause = 0.0
        checked = False
        while True:
            try:
                if not checked:
                    # Opens the log if it is gone, so that whatever happened shows as a marker or a jump below.
                    await self._find_newest(last)
                    if count is None:
                        count = await self._count_at(last)
                    checked = True
                entries = await self._read(last)
                pause = 0.0
            except (BusUnavailable, *_UNREACHABLE) as error:
                if not pause:
                    log.warning("bus: the log cannot be read (%s)", type(error).__name__)
                checked = False
                pause = min(MAX_PAUSE, pause * 2 or 0.05)
                await asyncio.sleep(pause * random.uniform(0.5, 1.0))
                continue
            if not entries:
                checked = False
                continue
            batch: list[Event | Gap] = []
            for entry in entries:
                position, number = parse_id(entry[0].decode()), int(entry[1][b"n"])
                if entry[1][b"t"] == LOG_TOPIC.encode():
                    batch.append(Gap(format_id(position)))
                else:
                    if number != (count or 0) + 1:
                        batch.append(Gap(format_id(max(last, before(position)))))
                    batch.append(_event(entry))
                last, count = position, number
            self._raise_floor(last)
            yield batch

    async def _read(self, after: Position) -> list[Entry]:
        streams: Any = {STREAM: format_id(after)}
        answer: Any = await self._reader.xread(streams, count=READ_BATCH, block=int(BLOCK_SECONDS * 1000))
        return cast(list[Entry], answer[STREAM.encode()][0]) if answer else []

    async def _count_at(self, position: Position) -> int | None:
        found = cast(list[Entry], await self._client.xrange(STREAM, min=format_id(position), count=1))
        return int(found[0][1][b"n"]) if found and found[0][0].decode() == format_id(position) else None

    async def _find_newest(self, floor: Position) -> tuple[str, int]:
        newest, number = await self._call(self._newest(_KEYS, [*floor]))
        self._raise_floor(parse_id(newest.decode()))
        return newest.decode(), int(number)

    def _raise_floor(self, newest: Position) -> None:
        self._floor = max(self._floor, newest)

    async def _call(self, command: Awaitable[Any]) -> Any:
        """Await a command of the publishing client. Raises BusUnavailable."""
        try:
            return await command
        except _UNREACHABLE as error:
            raise BusUnavailable(type(error).__name__) from error

    async def _send_offers(self) -> None:
        """Publish what is offered, in order; while Redis is away, try the same batch again."""
        while True:
            await self._offered.wait()
            self._offered.clear()
            while self._offers:
                batch = [self._offers.popleft() for _ in range(min(OFFER_BATCH, len(self._offers)))]
                nonce = "~" + os.urandom(12).hex()
                keyed = [m if m.key is not None else Message(m.topic, m.name, m.data, nonce) for m in batch]
                await self._publish_until_done(keyed)
            self._sent.set()

    async def _publish_until_done(self, batch: Sequence[Message]) -> None:
        pause = 0.05
        while True:
            try:
                await self.publish(batch)
                return
            except BusUnavailable:
                await asyncio.sleep(pause * random.uniform(0.5, 1.0))
                pause = min(MAX_PAUSE, pause * 2)
            except Exception:
                # One that cannot be encoded must not stop those behind it.
                log.exception("bus: a batch of %d offered messages was dropped", len(batch))
                return

    async def _keep_trimmed(self) -> None:
        while True:
            await asyncio.sleep(TRIM_EVERY * random.uniform(0.8, 1.2))
            oldest = f"{int((time.time() - self._keep_seconds) * 1000)}-0"
            with contextlib.suppress(BusUnavailable):
                await self._call(self._trim([STREAM], [oldest, self._keep_events, MAX_BYTES]))


_KEYS = [STREAM, COUNTER]


def _event(entry: Entry) -> Event:
    entry_id, fields = entry
    return Event(entry_id.decode(), fields[b"t"].decode(), fields[b"e"].decode(), fields[b"d"])


def _follows(first: Entry, second: Entry) -> bool:
    return second[1][b"t"] != LOG_TOPIC.encode() and int(second[1][b"n"]) == int(first[1][b"n"]) + 1


def _is_whole(entries: Sequence[Entry]) -> bool:
    return all(_follows(entries[i - 1], entries[i]) for i in range(1, len(entries)))
