"""The page of notifications and its forms."""

from typing import Final

from quart import Blueprint, Response, redirect, request
from quart.typing import ResponseReturnValue

from ..accounts.access import Access, Auth, Caller
from ..core.rates import Rate
from ..core.web import html
from .api import MARK
from .service import Notifications

VIEW: Final = Rate("notifications_page", count=5, period=1.0, burst=30)
_PAGE: Final = 25


def notifications_pages(access: Access, notifications: Notifications) -> Blueprint:
    """`/notifications`, with forms to mark one or all as read."""
    bp = Blueprint("notifications_pages", __name__)

    @access.page(bp, "/notifications", auth=Auth.PLAYER, rate=VIEW)
    async def show_notifications(caller: Caller) -> Response:
        cursor = request.args.get("cursor") or None
        listed = await notifications.list_notifications(caller.player_id, limit=_PAGE, cursor=cursor)
        return await html("notifications/notifications.html", **listed)

    @access.page(bp, "/notifications/<notification_id>/read", methods=("POST",), auth=Auth.PLAYER, rate=MARK)
    async def mark_read_form(caller: Caller, notification_id: str) -> ResponseReturnValue:
        await notifications.mark_read(caller.player_id, notification_id)
        return redirect("/notifications", 303)

    @access.page(bp, "/notifications/read-all", methods=("POST",), auth=Auth.PLAYER, rate=MARK)
    async def mark_all_read_form(caller: Caller) -> ResponseReturnValue:
        await notifications.mark_all_read(caller.player_id)
        return redirect("/notifications", 303)

    return bp
