"""Notifications as programs see them."""

from typing import Annotated, Any, Final

from pydantic import BaseModel, Field
from quart import Blueprint

from ..accounts.access import Access, Auth, Caller
from ..core.pagination import PageQuery
from ..core.rates import Rate
from .service import NotificationNotFound, Notifications

READ: Final = Rate("notifications", count=10, period=1.0, burst=40)
MARK: Final = Rate("notifications_mark", count=10, period=1.0, burst=60)


class NotificationsQuery(PageQuery):
    unread_only: Annotated[bool, Field(description="Leave out what has been read.")] = False


class NotificationView(BaseModel):
    id: str
    type: str
    title: str
    message: str
    icon: str
    details: dict[str, Any]
    read: bool
    created_at: str


class NotificationList(BaseModel):
    notifications: list[NotificationView]
    unread_count: int
    next_cursor: str | None


class Marked(BaseModel):
    marked_count: int


def notifications_api(access: Access, notifications: Notifications) -> Blueprint:
    """`/api/v1/notifications`."""
    bp = Blueprint("notifications_api", __name__, url_prefix="/api/v1")

    @access.endpoint(
        bp, "GET", "/notifications", auth=Auth.PLAYER, rate=READ, query=NotificationsQuery, answer=NotificationList
    )
    async def list_notifications(caller: Caller, query: NotificationsQuery) -> dict[str, Any]:
        """One's notifications, newest first."""
        return await notifications.list_notifications(
            caller.player_id, limit=query.limit, cursor=query.cursor, unread_only=query.unread_only
        )

    @access.endpoint(
        bp,
        "POST",
        "/notifications/<notification_id>/read",
        auth=Auth.PLAYER,
        rate=MARK,
        status=204,
        errors=(NotificationNotFound,),
    )
    async def mark_read(caller: Caller, notification_id: str) -> None:
        """Mark one notification as read."""
        await notifications.mark_read(caller.player_id, notification_id)

    @access.endpoint(bp, "POST", "/notifications/read-all", auth=Auth.PLAYER, rate=MARK, answer=Marked)
    async def mark_all_read(caller: Caller) -> dict[str, Any]:
        """Mark all notifications as read."""
        return {"marked_count": await notifications.mark_all_read(caller.player_id)}

    return bp
