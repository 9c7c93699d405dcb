"""The page of boards."""

from typing import Final

from quart import Blueprint, Response

from ..accounts.access import Access, Auth, Caller
from ..core.rates import Rate
from ..core.web import html, parse_query
from .api import OwnQuery
from .service import Leaderboards

VIEW: Final = Rate("leaderboard_page", count=5, period=1.0, burst=30)


def leaderboards_pages(access: Access, leaderboards: Leaderboards) -> Blueprint:
    """`/leaderboard?metric=&timeframe=`, with one's own place for a player."""
    bp = Blueprint("leaderboards_pages", __name__)

    @access.page(bp, "/leaderboard", auth=Auth.OPTIONAL, rate=VIEW)
    async def show_leaderboard(caller: Caller | None) -> Response:
        wanted = parse_query(OwnQuery)
        me = None
        if caller is not None:
            me = await leaderboards.get_own(caller.player_id, wanted.metric, wanted.timeframe)
        return await html(
            "leaderboards/leaderboard.html",
            metric=wanted.metric,
            timeframe=wanted.timeframe,
            board=await leaderboards.get_board(wanted.metric, wanted.timeframe),
            me=me,
        )

    return bp
