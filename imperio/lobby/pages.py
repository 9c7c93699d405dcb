"""The front page."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from quart import Blueprint, Response

from ..accounts.access import Access, Auth, Caller
from ..core.rates import Rate
from ..core.web import html
from ..wallet.service import Wallet
from .service import Lobby

VIEW: Final = Rate("lobby", count=10, period=1.0, burst=50)

Rows = Callable[[], Awaitable[list[dict[str, Any]]]]
"""Something to list, from a slice of its own: the open tables, the day's best."""


def lobby_pages(access: Access, lobby: Lobby, wallet: Wallet, *, rooms: Rows, board: Rows) -> Blueprint:
    """`/`, for visitors and players."""
    bp = Blueprint("lobby_pages", __name__)

    @access.page(bp, "/", auth=Auth.OPTIONAL, rate=VIEW)
    async def show_lobby(caller: Caller | None) -> Response:
        bonus = None if caller is None else (await wallet.get_bonuses(caller.player_id))["bonus"]
        return await html(
            "lobby/lobby.html", **await lobby.get_public(), rooms=await rooms(), board=await board(), bonus=bonus
        )

    return bp
