"""Rate limits: GCRA (generic cell rate algorithm), in Redis when there is one, in the process otherwise.

A rate allows `burst` requests at once and then one every `period / count` seconds.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Protocol

import redis.asyncio
import structlog
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` requests per `period` seconds, `burst` of them at once. `name` is the limit's own namespace."""

    name: str
    count: int
    period: float
    burst: int

    @property
    def interval(self) -> float:
        return self.period / self.count


class Limiter(Protocol):
    async def wait(self, rate: Rate, subject: str) -> float:
        """Takes one request of `subject` from the rate: 0.0 when it may pass, else seconds until it might."""
        ...


class NoLimiter:
    """For load tests: everything passes."""

    async def wait(self, rate: Rate, subject: str) -> float:
        return 0.0


# Enough for every player and address of a busy minute; the longest idle ones are forgotten first.
_MEMORY_SUBJECTS: Final = 100_000


class MemoryLimiter:
    """Limits of one process: the embedded default, and the fallback while Redis is away."""

    def __init__(self, factor: float = 1.0) -> None:
        self._factor = factor
        self._arrivals: OrderedDict[tuple[str, str], float] = OrderedDict()

    async def wait(self, rate: Rate, subject: str) -> float:
        return self.wait_now(rate, subject)

    def wait_now(self, rate: Rate, subject: str) -> float:
        """The same without a coroutine, for callers that count frames."""
        now = time.monotonic()
        key = (rate.name, subject)
        arrival = max(self._arrivals.get(key, now), now)
        interval = rate.interval / self._factor
        allowed_at = arrival - interval * (rate.burst * self._factor - 1)
        if now < allowed_at:
            return allowed_at - now
        self._arrivals[key] = arrival + interval
        self._arrivals.move_to_end(key)
        if len(self._arrivals) > _MEMORY_SUBJECTS:
            self._arrivals.popitem(last=False)
        return 0.0


# After a failed call Redis is left alone for so long: otherwise each request would wait for one that does not answer.
_AWAY_SECONDS: Final = 1.0

# Redis's own clock decides, so that workers with different clocks agree. Times in microseconds.
_GCRA: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local arrival = tonumber(redis.call('GET', KEYS[1]) or now)
if arrival < now then arrival = now end
local allowed_at = arrival - interval * (burst - 1)
if now < allowed_at then return allowed_at - now end
local following = arrival + interval
redis.call('SET', KEYS[1], string.format('%d', following), 'PX', math.ceil((following - now) / 1000) + 1)
return 0
"""


class RedisLimiter:
    """Limits shared by all workers: read and write are one script, so concurrent requests cannot slip through."""

    def __init__(self, client: "redis.asyncio.Redis", factor: float = 1.0) -> None:
        self._script = client.register_script(_GCRA)
        self._factor = factor
        self._fallback = MemoryLimiter(factor)
        self._away_until = 0.0

    async def wait(self, rate: Rate, subject: str) -> float:
        if time.monotonic() < self._away_until:
            return self._fallback.wait_now(rate, subject)
        arguments = [max(1, int(rate.interval / self._factor * 1_000_000)), rate.burst * self._factor]
        try:
            answer = await self._script(keys=[f"imperio:rate:{rate.name}:{subject}"], args=arguments)
        except (RedisError, OSError) as error:
            if not self._away_until:
                log.warning("rate_limits_local", reason=type(error).__name__)
            self._away_until = time.monotonic() + _AWAY_SECONDS
            return self._fallback.wait_now(rate, subject)
        self._away_until = 0.0
        return int(answer) / 1_000_000
