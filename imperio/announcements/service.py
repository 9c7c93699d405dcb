"""Announcements: one word to everybody, live and as a notification that waits for those who are away."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from ..core.clock import rfc3339
from ..core.db import Connection, Database, Row, retrying
from ..core.ids import new_id
from ..core.jsonio import dumps_text
from ..notifications.service import ICONS, notification_view, topic_of
from ..wallet.posting import Message, Relay, outbox_row

TOPIC: Final = "announcements"
SHOWN: Final = 10
# Players whose notifications are written in one transaction: their books are locked for its few milliseconds.
_AT_ONCE: Final = 500
# Hex digits of a player's id in the ids of the copies: room for a million millions.
_PLAYER_DIGITS: Final = 10

Level = Literal["info", "warning"]
BroadcastType = Literal["system_message", "promo"]


@dataclass(frozen=True, slots=True)
class _Copies:
    """The notifications that an announcement leaves with each player.

    Their ids begin with the announcement's time, and with something of their own beside it, since two announcements may
    come in one millisecond; they end with the player, so that SQL can make all of them.
    """

    type: BroadcastType
    announcement: Row
    own: str = field(default_factory=lambda: secrets.token_hex(5))

    @property
    def prefix(self) -> str:
        return f"{self.announcement['id'][:12]}{self.own}"

    def row(self, player_id: int) -> Row:
        """A player's copy."""
        announcement = self.announcement
        return {
            "id": f"{self.prefix}{player_id:0{_PLAYER_DIGITS}x}",
            "type": self.type,
            "title": announcement["title"],
            "message": announcement["message"],
            "icon": ICONS[self.type],
            "details": dumps_text({"announcement_id": announcement["id"], "level": announcement["level"]}),
            "read": False,
            "created_at": announcement["created_at"],
            "player_id": player_id,
        }


class Announcements:
    """What the house tells everybody."""

    def __init__(self, db: Database, relay: Relay) -> None:
        self._db = db
        self._relay = relay

    async def broadcast(
        self,
        type: BroadcastType,
        title: str,
        message: str,
        *,
        level: Level = "info",
        created_by: int | None = None,
    ) -> dict[str, Any]:
        """Tells everybody who is connected and leaves each player a notification.

        Answers the announcement as it is told, `{id, title, message, level, at}`, with `players`: how many got a
        notification. `title` has up to 120 characters, `message` up to 500.
        """
        now = await self._db.now()
        announcement: Row = {
            "id": new_id(),
            "title": title,
            "message": message,
            "level": level,
            "created_by": created_by,
            "created_at": now,
        }
        view = announcement_view(announcement)
        told = [Message(TOPIC, "announcement", view)]
        outbox_id = new_id()
        async with self._db.transaction() as connection:
            await connection.insert("announcements", announcement)
            await connection.insert("outbox", outbox_row(outbox_id, now, told))
        self._relay.told(outbox_id, told)
        return {**view, "players": await self._notify_all(_Copies(type, announcement))}

    async def list_recent(self, limit: int = SHOWN) -> list[dict[str, Any]]:
        """`[{id, title, message, level, at}]`, newest first."""
        rows = await self._db.fetch("SELECT * FROM announcements ORDER BY id DESC LIMIT :limit", limit=limit)
        return [announcement_view(row) for row in rows]

    async def _notify_all(self, copies: _Copies) -> int:
        count, last = 0, 0
        while True:
            rows = await self._db.fetch(
                "SELECT player_id FROM books WHERE player_id > :last ORDER BY player_id LIMIT :limit",
                last=last,
                limit=_AT_ONCE,
            )
            if not rows:
                return count
            first, last = rows[0]["player_id"], rows[-1]["player_id"]
            count += await self._notify_range(copies, first, last)

    async def _notify_range(self, copies: _Copies, first: int, last: int) -> int:
        now = copies.announcement["created_at"]

        async def attempt() -> tuple[str, list[Message], int]:
            async with self._db.transaction() as connection:
                unread = await _notify_books(connection, copies, first, last)
                listening = await _list_logged_in(connection, now, first, last)
                told: list[Message] = []
                for player_id in listening & unread.keys():
                    told.append(
                        Message(topic_of(player_id), "new_notification", notification_view(copies.row(player_id)))
                    )
                    counted = {"unread_count": unread[player_id]}
                    told.append(Message(topic_of(player_id), "unread_count", counted))
                outbox_id = new_id()
                if told:
                    await connection.insert("outbox", outbox_row(outbox_id, now, told))
                return outbox_id, told, len(unread)

        outbox_id, told, count = await retrying(attempt)
        if told:
            self._relay.told(outbox_id, told)
        return count


def announcement_view(row: Row) -> dict[str, Any]:
    """The contract's announcement."""
    return {
        "id": row["id"],
        "title": row["title"],
        "message": row["message"],
        "level": row["level"],
        "at": rfc3339(row["created_at"]),
    }


async def _notify_books(connection: Connection, copies: _Copies, first: int, last: int) -> dict[int, int]:
    """Writes the copies of a range of players; answers their unread counts."""
    hexadecimal = f"printf('%0{_PLAYER_DIGITS}x', player_id)"
    if connection.dialect == "postgres":
        hexadecimal = f"lpad(to_hex(player_id), {_PLAYER_DIGITS}, '0')"
        # In id order, like every transaction that takes several players' books.
        await connection.fetch(
            "SELECT player_id FROM books WHERE player_id BETWEEN :first AND :last ORDER BY player_id FOR UPDATE",
            first=first,
            last=last,
        )
    await connection.execute(
        "INSERT INTO notifications (id, player_id, type, title, message, icon, details, read, created_at)"
        f" SELECT :prefix || {hexadecimal}, player_id, :type, :title, :message, :icon, :details, :read, :created_at"
        " FROM books WHERE player_id BETWEEN :first AND :last",
        **{**copies.row(0), "prefix": copies.prefix, "first": first, "last": last},
    )
    rows = await connection.fetch(
        "UPDATE books SET notifications_unread = notifications_unread + 1, version = version + 1"
        " WHERE player_id BETWEEN :first AND :last RETURNING player_id, notifications_unread AS unread",
        first=first,
        last=last,
    )
    return {found["player_id"]: found["unread"] for found in rows}


async def _list_logged_in(connection: Connection, now: datetime, first: int, last: int) -> set[int]:
    """Who may be connected: everybody else reads it with the next page."""
    rows = await connection.fetch(
        "SELECT DISTINCT user_id FROM sessions WHERE user_id BETWEEN :first AND :last"
        " AND revoked_at IS NULL AND expires_at > :now",
        first=first,
        last=last,
        now=now,
    )
    return {row["user_id"] for row in rows}
