"""A process that spins for one player: `python -m tests.wallet.spinner PLAYER SPINS STAKE`. Prints what came of it."""

import asyncio
import json
import sys

from imperio.app import Casino
from imperio.core.settings import load_settings
from imperio.wallet.posting import InsufficientFunds


async def main(player_id: int, spins: int, stake: int) -> None:
    casino = Casino(load_settings())
    await casino.db.open()
    played = refused = 0
    try:
        for _ in range(spins):
            try:
                await casino.slots.spin(player_id=player_id, session_id=None, stake=stake)
                played += 1
            except InsufficientFunds:
                refused += 1
    finally:
        await casino.db.close()
    print(json.dumps({"played": played, "refused": refused}))


if __name__ == "__main__":
    asyncio.run(main(*(int(argument) for argument in sys.argv[1:4])))
