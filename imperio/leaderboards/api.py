"""Boards as programs see them."""

from typing import Annotated, Any, Final

from pydantic import BaseModel, Field
from quart import Blueprint

from ..accounts.access import Access, Auth, Caller
from ..core.pagination import IN_DIGITS
from ..core.rates import Rate
from ..core.web import Query
from .boards import MAX_ROWS, Metric, Timeframe
from .service import Leaderboards

READ: Final = Rate("leaderboard", count=20, period=1.0, burst=60)


class OwnQuery(Query):
    metric: Metric = "net_profit"
    timeframe: Timeframe = "all_time"


class BoardQuery(OwnQuery):
    limit: Annotated[int, Field(ge=1, le=MAX_ROWS), IN_DIGITS] = MAX_ROWS


class RowView(BaseModel):
    rank: int
    username: str
    value: int


class BoardView(BaseModel):
    metric: str
    timeframe: str
    updated_at: str
    leaderboard: list[RowView]


class OwnView(BaseModel):
    """Without a settled round in the window `rank` and `percentile` are null."""

    rank: int | None
    value: int
    total_players: int
    percentile: float | None
    neighbours: list[RowView]


def leaderboards_api(access: Access, leaderboards: Leaderboards) -> Blueprint:
    """`/api/v1/leaderboard`."""
    bp = Blueprint("leaderboards_api", __name__, url_prefix="/api/v1")

    @access.endpoint(bp, "GET", "/leaderboard", auth=Auth.PUBLIC, rate=READ, query=BoardQuery, answer=BoardView)
    async def get_leaderboard(query: BoardQuery) -> dict[str, Any]:
        """A board's first rows."""
        return await leaderboards.get_board(query.metric, query.timeframe, query.limit)

    @access.endpoint(bp, "GET", "/leaderboard/me", auth=Auth.PLAYER, rate=READ, query=OwnQuery, answer=OwnView)
    async def get_own_place(caller: Caller, query: OwnQuery) -> dict[str, Any]:
        """Where one stands on a board, and who stands next to one."""
        return await leaderboards.get_own(caller.player_id, query.metric, query.timeframe)

    return bp
