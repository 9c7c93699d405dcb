"""A player's own figures as programs see them."""

from typing import Annotated, Any, Final

from pydantic import Field
from quart import Blueprint

from ..accounts.access import Access, Auth, Caller
from ..core.errors import NotFound
from ..core.pagination import IN_DIGITS
from ..core.rates import Rate
from ..core.web import Query
from . import schemas
from .service import MAX_DAYS, Statistics

READ: Final = Rate("statistics", count=20, period=1.0, burst=60)


class HistoryQuery(Query):
    days: Annotated[int, Field(ge=1, le=MAX_DAYS), IN_DIGITS] = 30


def statistics_api(access: Access, statistics: Statistics) -> Blueprint:
    """Routes under `/api/v1/statistics`."""
    bp = Blueprint("statistics_api", __name__, url_prefix="/api/v1/statistics")

    @access.endpoint(bp, "GET", "", auth=Auth.PLAYER, rate=READ, answer=schemas.StatisticsView)
    async def get_statistics(caller: Caller) -> dict[str, Any]:
        """One's own figures over all games."""
        return await statistics.get_statistics(caller.player_id)

    @access.endpoint(
        bp,
        "GET",
        "/games/<game>",
        auth=Auth.PLAYER,
        rate=READ,
        answer=schemas.StatisticsView,
        errors=(NotFound,),
    )
    async def get_game_statistics(caller: Caller, game: str) -> dict[str, Any]:
        """One's own figures in one game."""
        return await statistics.get_game_statistics(caller.player_id, game)

    @access.endpoint(bp, "GET", "/history", auth=Auth.PLAYER, rate=READ, query=HistoryQuery, answer=schemas.History)
    async def get_history(caller: Caller, query: HistoryQuery) -> dict[str, Any]:
        """One's own last days, oldest first, today last."""
        days = await statistics.get_history(caller.player_id, query.days)
        return {"days": [day.public() for day in days]}

    return bp
