"""How many streams or sockets a player has open over all workers that share a Redis."""

import os
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from redis.exceptions import RedisError

from .redis_client import connect

# A worker that says nothing for so long has died, and its places with it. They are the oldest, so until then they are
# the ones that have to go.
KEPT_SECONDS: Final = 60
TIMEOUT: Final = 1.0

# What a worker has open of a player, in place of what it had: KEYS[1] the player; ARGV worker, seconds, limit, places.
# Answers the oldest ones beyond the limit, wherever they are. Places sort by the time they were taken.
_TELL = """
local now = tonumber(redis.call('TIME')[1])
if #ARGV > 3 then
  redis.call('HSET', KEYS[1], ARGV[1], now + ARGV[2] .. ' ' .. table.concat(ARGV, ' ', 4))
  redis.call('EXPIRE', KEYS[1], ARGV[2])
else
  redis.call('HDEL', KEYS[1], ARGV[1])
end
local places = {}
local known = redis.call('HGETALL', KEYS[1])
for i = 1, #known, 2 do
  local till, open = string.match(known[i + 1], '^(%d+) (.*)$')
  if tonumber(till) < now then
    redis.call('HDEL', KEYS[1], known[i])
  else
    for place in string.gmatch(open, '%S+') do places[#places + 1] = place end
  end
end
table.sort(places)
local over = {}
for i = 1, #places - tonumber(ARGV[3]) do over[i] = places[i] end
return over
"""


class PlacesUnavailable(Exception):
    """Nobody knows now what is open elsewhere."""


class Places(Protocol):
    """What all workers together have open, of one kind (streams or sockets)."""

    async def tell(self, open_here: Mapping[str, Sequence[str]]) -> list[str]:
        """All the places that some players have open on this worker; answers which, here or elsewhere, are too many.

        Raises `PlacesUnavailable`. To be repeated well within `KEPT_SECONDS`.
        """
        ...

    async def close(self) -> None: ...


class RedisPlaces:
    """Places in Redis, one hash per player."""

    def __init__(self, url: str, kind: str, limit: int) -> None:
        self._client = connect(url, connections=2, timeout=TIMEOUT)
        self._prefix = f"imperio:places:{kind}:"
        self._limit = limit
        self._worker = os.urandom(8).hex()
        self._tell = self._client.register_script(_TELL)

    async def tell(self, open_here: Mapping[str, Sequence[str]]) -> list[str]:
        try:
            async with self._client.pipeline(transaction=False) as pipe:
                for player_id, places in open_here.items():
                    args: list[str | int] = [self._worker, KEPT_SECONDS, self._limit, *places]
                    await self._tell([self._prefix + player_id], args, client=pipe)
                answers: list[list[bytes]] = await pipe.execute()
        except (RedisError, OSError, TimeoutError) as error:
            raise PlacesUnavailable from error
        return [place.decode() for over in answers for place in over]

    async def close(self) -> None:
        await self._client.aclose()
