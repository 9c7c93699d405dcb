"""Tables whose clocks are run by hand."""

from collections.abc import Awaitable, Callable

import pytest

from imperio.app import Casino
from tests.support.players import Player

from .driver import Driver


@pytest.fixture
def table(casino: Casino, player: Callable[..., Awaitable[Player]]) -> Callable[..., Awaitable[Driver]]:
    """`await table("roulette", 3)`: a table with three players who are connected, not begun yet."""

    async def make(game_type: str, seats: int = 2, **options: object) -> Driver:
        await casino.table_clock.stop()
        players = [await player() for _ in range(seats)]
        host = players[0]
        room = await casino.tables.create(
            player_id=host.id, username=host.username, session_id="test", game_type=game_type, **options
        )
        driver = Driver(casino, room, [host])
        for other in players[1:]:
            await driver.join(other, invite_code=room.invite_code)
        return driver

    return make
