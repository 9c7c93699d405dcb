"""The page of figures, and the charts that other pages show too."""

from collections.abc import Awaitable, Callable
from typing import Final

from markupsafe import Markup
from quart import Blueprint, Response, current_app

from ..accounts.access import Access, Auth, Caller
from ..core.rates import Rate
from ..core.web import html
from .charts import balance_chart, profit_chart
from .service import Statistics

VIEW: Final = Rate("statistics_page", count=5, period=1.0, burst=30)
CHART_DAYS: Final = 30

Charts = Callable[[int], Awaitable[list[Markup]]]
"""A player's charts as HTML, ready to be placed."""


def charts_of(statistics: Statistics) -> Charts:
    """Draws the balance and the profit of the last thirty days."""

    async def draw(player_id: int) -> list[Markup]:
        days = await statistics.get_history(player_id, CHART_DAYS)
        # Straight from the environment: a page's context (and its query) is not needed for a figure.
        template = current_app.jinja_env.get_template("statistics/_chart.html")
        drawn = [await template.render_async(chart=chart) for chart in (balance_chart(days), profit_chart(days))]
        return [Markup(figure) for figure in drawn]  # nosec B704  # rendered by our own autoescaping template

    return draw


def statistics_pages(access: Access, statistics: Statistics, charts: Charts) -> Blueprint:
    """`/statistics`."""
    bp = Blueprint("statistics_pages", __name__)

    @access.page(bp, "/statistics", auth=Auth.PLAYER, rate=VIEW)
    async def show_statistics(caller: Caller) -> Response:
        return await html(
            "statistics/statistics.html",
            statistics=await statistics.get_statistics(caller.player_id),
            charts=await charts(caller.player_id),
        )

    return bp
