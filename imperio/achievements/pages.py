"""The page of achievements."""

from typing import Final

from quart import Blueprint, Response

from ..accounts.access import Access, Auth, Caller
from ..core.rates import Rate
from ..core.web import html
from .service import PUBLIC, Achievements

VIEW: Final = Rate("achievements_page", count=5, period=1.0, burst=30)


def achievements_pages(access: Access, achievements: Achievements) -> Blueprint:
    """`/achievements`: with one's progress, or without for a visitor."""
    bp = Blueprint("achievements_pages", __name__)

    @access.page(bp, "/achievements", auth=Auth.OPTIONAL, rate=VIEW)
    async def show_achievements(caller: Caller | None) -> Response:
        listed = PUBLIC["achievements"]
        if caller is not None:
            listed = await achievements.list_with_progress(caller.player_id)
        return await html("achievements/achievements.html", achievements=listed)

    return bp
