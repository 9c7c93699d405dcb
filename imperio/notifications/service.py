"""Notifications: written by postings, so that the unread count in the books is exact; read by their owner."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from ..core.clock import rfc3339
from ..core.db import Database, Row
from ..core.errors import NotFound
from ..core.ids import is_id, new_id
from ..core.jsonio import dumps_text, loads
from ..core.pagination import decode_id, page_of
from ..realtime.bus import Message as Event
from ..wallet.posting import Ledgers, Posting, Reading
from ..wallet.service import BonusKind

NotificationType = Literal["achievement_unlocked", "big_win", "daily_bonus", "system_message", "promo"]

# Names in static/img/icons.svg.
ICONS: Final[Mapping[NotificationType, str]] = {
    "achievement_unlocked": "laurel",
    "big_win": "crown",
    "daily_bonus": "gift",
    "system_message": "bell",
    "promo": "star",
}

_ONE: Final = Reading(
    columns=", n.id AS notification_id, n.read AS notification_read",
    joins=" LEFT JOIN notifications n ON n.id = :notification_id AND n.player_id = b.player_id",
    parameters=("notification_id",),
)


class NotificationNotFound(NotFound):
    code = "notification_not_found"
    title = "There is no such notification"


def topic_of(player_id: int | str) -> str:
    """Where a player's own news is told."""
    return f"notifications:{player_id}"


def notify(
    posting: Posting,
    type: NotificationType,
    title: str,
    message: str,
    *,
    icon: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """A notification that is written and told with the posting. `icon` is a name in `static/img/icons.svg`."""
    row = {
        "id": new_id(),
        "player_id": posting.player_id,
        "type": type,
        "title": title,
        "message": message,
        "icon": icon or ICONS[type],
        "details": dumps_text(dict(details or {})),
        "read": False,
        "created_at": posting.now,
    }
    posting.insert("notifications", row)
    posting.books.notifications_unread += 1
    posting.tell(topic_of(posting.player_id), "new_notification", notification_view(row))
    _tell_unread(posting)


def notification_view(row: Row) -> dict[str, Any]:
    """The contract's notification from a row of `notifications`."""
    return {
        "id": row["id"],
        "type": row["type"],
        "title": row["title"],
        "message": row["message"],
        "icon": row["icon"],
        "details": loads(row["details"]),
        "read": bool(row["read"]),
        "created_at": rfc3339(row["created_at"]),
    }


class BonusNotices:
    """Tells the player about the daily bonus (a refill is asked for and answered on the spot)."""

    def on_bonus(self, kind: BonusKind, amount: int, posting: Posting) -> None:
        if kind != "daily":
            return
        streak = posting.books.bonus_streak
        message = f"{amount:,} coins for today."
        if streak > 1:
            message = f"{amount:,} coins for today, your day {streak} in a row."
        notify(posting, "daily_bonus", "Daily bonus", message, details={"amount": amount, "streak": streak})


class Notifications:
    """A player's notifications."""

    def __init__(self, db: Database, ledgers: Ledgers) -> None:
        self._db = db
        self._ledgers = ledgers

    async def list_notifications(
        self, player_id: int, *, limit: int, cursor: str | None = None, unread_only: bool = False
    ) -> dict[str, Any]:
        """The contract's `{notifications, unread_count, next_cursor}`, newest first."""
        only = " AND NOT read" if unread_only else ""
        rows = await self._db.fetch(
            f"SELECT * FROM notifications WHERE player_id = :player_id AND id < :before{only}"
            " ORDER BY id DESC LIMIT :limit",
            player_id=player_id,
            before=decode_id("notifications", cursor) if cursor else "g",  # sorts behind every hex id
            limit=limit + 1,
        )
        page, following = page_of("notifications", rows, limit, "id")
        return {
            "notifications": [notification_view(row) for row in page],
            "unread_count": await self.get_unread_count(player_id),
            "next_cursor": following,
        }

    async def get_unread_count(self, player_id: int) -> int:
        row = await self._db.fetch_one(
            "SELECT notifications_unread AS unread FROM books WHERE player_id = :player_id", player_id=player_id
        )
        if row is None:
            raise NotFound
        return int(row["unread"])

    async def list_present_counts(self, late: Iterable[Event]) -> list[Event]:
        """The counts as they are now for everybody among these events who is told one."""
        topics = dict.fromkeys(event.topic for event in late if event.name == "unread_count")
        players = ((topic, int(topic.removeprefix(topic_of("")))) for topic in topics)
        counts = [(topic, await self.get_unread_count(player_id)) for topic, player_id in players]
        return [Event(topic, "unread_count", {"unread_count": count}) for topic, count in counts]

    async def mark_read(self, player_id: int, notification_id: str) -> None:
        """Marks one as read; again does nothing. Raises `NotificationNotFound`, also for other people's."""
        if not is_id(notification_id):
            raise NotificationNotFound

        def build(posting: Posting) -> dict[str, Any]:
            if posting.row["notification_id"] is None:
                raise NotificationNotFound
            if not posting.row["notification_read"]:
                posting.update("notifications", {"read": True}, {"id": notification_id})
                posting.books.notifications_unread -= 1
                _tell_unread(posting)
            return {}

        await self._ledgers.post(player_id, build, reading=_ONE, parameters={"notification_id": notification_id})

    async def mark_all_read(self, player_id: int) -> int:
        """Marks every unread one as read; answers how many there were."""

        def build(posting: Posting) -> dict[str, Any]:
            marked = posting.books.notifications_unread
            if marked:
                posting.update("notifications", {"read": True}, {"player_id": player_id, "read": False})
                posting.books.notifications_unread = 0
                _tell_unread(posting)
            return {"marked_count": marked}

        return int((await self._ledgers.post(player_id, build)).body["marked_count"])


def _tell_unread(posting: Posting) -> None:
    data = {"unread_count": posting.books.notifications_unread}
    posting.tell(topic_of(posting.player_id), "unread_count", data)
