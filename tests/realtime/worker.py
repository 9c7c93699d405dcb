"""A worker process: `python -m tests.realtime.worker <redis url>` prints its port and serves until it is killed."""

import asyncio
import sys

from imperio.realtime.redis_bus import RedisBus

from .support import Server


async def main(url: str) -> None:
    server = Server(RedisBus(url))
    await server.start()

    async def snapshot(_: tuple[str, ...], __: object) -> tuple[str, dict[str, int]]:
        return "big_wins_snapshot", {"number": -1}

    server.live.hub.snapshots["big_wins"] = snapshot
    print(server.port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
