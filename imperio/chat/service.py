"""Chat: rooms, messages, reports and moderation. The same on every worker, because it is all in the database."""

import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from tortoise.exceptions import IntegrityError

from ..core.clock import rfc3339
from ..core.db import Connection, Database, is_unique_violation
from ..core.errors import AppError, Forbidden, InvalidRequest, NotFound, RateLimited
from ..core.ids import is_id, new_id
from ..core.rates import Limiter, Rate
from ..wallet.posting import Message, Relay, outbox_row

ROOMS: Final = ("global", "slots", "roulette", "blackjack")
TABLE_PREFIX: Final = "table:"
RECENT: Final = 100
MAX_LENGTH: Final = 500
MAX_SLOW_SECONDS: Final = 600
KEPT: Final = timedelta(days=90)
# Contract: a message a second, bursts of five.
FLOOD: Final = Rate("chat", count=1, period=1.0, burst=5)
REPORTS: Final = Rate("chat_report", count=10, period=600.0, burst=5)
_PIECE: Final = 1000
# Unicode's controls, formats (joiners, direction marks) and separators.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})

MayJoin = Callable[[str, int], Awaitable[bool]]
"""Whether a player belongs to a table: (room id, player id)."""


class RoomNotFound(AppError):
    status = 404
    code = "room_not_found"
    title = "There is no such room"


class InvalidMessage(InvalidRequest):
    code = "invalid_message"
    title = "That cannot be sent"


class Muted(AppError):
    status = 403
    code = "muted"
    title = "You may read but not write for now"


class Chat:
    """What players and moderators do in the chat."""

    def __init__(self, db: Database, relay: Relay, limiter: Limiter, may_join_table: MayJoin) -> None:
        self._db = db
        self._relay = relay
        self._limiter = limiter
        self._may_join_table = may_join_table

    async def require_room(self, room: str, player_id: int) -> None:
        """Raises `RoomNotFound` for a room that does not exist or is not the player's to enter."""
        if room in ROOMS:
            return
        if room.startswith(TABLE_PREFIX) and await self._may_join_table(room.removeprefix(TABLE_PREFIX), player_id):
            return
        raise RoomNotFound

    async def recent(self, room: str) -> list[dict[str, Any]]:
        """The last hundred messages, oldest first."""
        rows = await self._db.fetch(
            "SELECT id, room, username, message, sent_at FROM chat_messages"
            " WHERE room = :room AND removed_at IS NULL ORDER BY id DESC LIMIT :recent",
            room=room,
            recent=RECENT,
        )
        return [public(row) for row in reversed(rows)]

    async def send(self, room: str, player_id: int, username: str, text: str) -> dict[str, Any] | None:
        """Says something: 1 to 500 characters after trimming; answers the message as everybody hears it.

        `/report NAME [reason]` reports that player's last message in the room and says nothing (None). Raises
        `InvalidMessage`, `RateLimited`, `Muted`, `RoomNotFound`.
        """
        message = text.strip()
        if len(message) > MAX_LENGTH or not _shows(message):
            raise InvalidMessage(f"A message has 1 to {MAX_LENGTH} characters.")
        await self.require_room(room, player_id)
        if message.split(" ", 1)[0] == "/report":
            await self._report_by_name(room, player_id, message)
            return None
        await self._take_turn(room, player_id)
        async with self._db.transaction() as connection:
            row = await self._insert(connection, room, player_id, username, message)
            told = public(row)
            outbox_id = await self._tell(connection, [Message(f"chat:{room}", "chat_message", told)])
        self._relay.told(outbox_id, [Message(f"chat:{room}", "chat_message", told)])
        return told

    async def report(self, message_id: str, reporter_id: int, reason: str) -> None:
        """Asks the house to look at a message. A second report by the same player changes nothing."""
        if not is_id(message_id):
            raise NotFound("There is no such message.")
        if wait := await self._limiter.wait(REPORTS, str(reporter_id)):
            raise RateLimited(wait)
        row = await self._db.fetch_one("SELECT room FROM chat_messages WHERE id = :id", id=message_id)
        if row is None:
            raise NotFound("There is no such message.")
        await self.require_room(row["room"], reporter_id)
        try:
            await self._db.insert(
                "chat_reports",
                {
                    "message_id": message_id,
                    "reporter_id": reporter_id,
                    "reason": reason.strip()[:200],
                    "reported_at": await self._db.now(),
                },
            )
        except IntegrityError as error:
            if not is_unique_violation(error):
                raise

    async def list_reports(self) -> list[dict[str, Any]]:
        """Open reports with what was said, oldest first, for moderators."""
        rows = await self._db.fetch(
            "SELECT r.id, r.reason, r.reported_at, u.username AS reporter, m.id AS message_id, m.room, m.username,"
            " m.message, m.sent_at FROM chat_reports r JOIN chat_messages m ON m.id = r.message_id"
            " JOIN users u ON u.id = r.reporter_id WHERE r.closed_at IS NULL ORDER BY r.id LIMIT 200"
        )
        return [
            {
                "id": str(row["id"]),
                "reason": row["reason"],
                "reporter": row["reporter"],
                "reported_at": rfc3339(row["reported_at"]),
                "message": {**public({**row, "id": row["message_id"]})},
            }
            for row in rows
        ]

    async def remove(self, message_id: str, moderator_id: int) -> None:
        """Takes a message away for all, live. Its reports are closed with it."""
        if not is_id(message_id):
            raise NotFound("There is no such message.")
        async with self._db.transaction() as connection:
            now = await connection.now()
            rows = await connection.fetch(
                "UPDATE chat_messages SET removed_at = :now, removed_by = :moderator_id"
                " WHERE id = :id AND removed_at IS NULL RETURNING room",
                now=now,
                moderator_id=moderator_id,
                id=message_id,
            )
            if not rows:
                raise NotFound("There is no such message.")
            await connection.execute(
                "UPDATE chat_reports SET closed_at = :now WHERE message_id = :id AND closed_at IS NULL",
                now=now,
                id=message_id,
            )
            room = rows[0]["room"]
            messages = [Message(f"chat:{room}", "message_removed", {"room": room, "id": message_id})]
            outbox_id = await self._tell(connection, messages)
        self._relay.told(outbox_id, messages)

    async def mute(self, username: str, moderator_id: int, minutes: int, reason: str) -> None:
        """Lets a player read but not write for so many minutes; 0 ends it."""
        row = await self._db.fetch_one("SELECT id FROM users WHERE username_key = :name", name=username.lower())
        if row is None:
            raise NotFound("There is no such player.")
        until = await self._db.now() + timedelta(minutes=minutes)
        await self._db.execute(
            "INSERT INTO chat_mutes (player_id, until_at, reason, muted_by) VALUES (:player_id, :until, :reason, :by)"
            " ON CONFLICT (player_id) DO UPDATE SET until_at = excluded.until_at, reason = excluded.reason,"
            " muted_by = excluded.muted_by",
            player_id=row["id"],
            until=until,
            reason=reason,
            by=moderator_id,
        )

    async def set_slow_mode(self, room: str, seconds: int) -> None:
        """One message per player in so many seconds; 0 switches it off."""
        if room not in ROOMS:
            raise RoomNotFound
        await self._db.execute(
            "INSERT INTO chat_rooms (room, slow_seconds) VALUES (:room, :seconds)"
            " ON CONFLICT (room) DO UPDATE SET slow_seconds = excluded.slow_seconds",
            room=room,
            seconds=seconds,
        )

    async def prune(self) -> None:
        """Forgets messages older than 90 days (with their reports), in pieces."""
        before = await self._db.now() - KEPT
        while True:
            rows = await self._db.fetch(
                "SELECT id FROM chat_messages WHERE sent_at < :before ORDER BY id LIMIT :piece",
                before=before,
                piece=_PIECE,
            )
            for row in rows:
                await self._db.execute("DELETE FROM chat_reports WHERE message_id = :id", id=row["id"])
            await self._db.delete_ids("chat_messages", [row["id"] for row in rows])
            if len(rows) < _PIECE:
                return

    async def _take_turn(self, room: str, player_id: int) -> None:
        """Raises what keeps this player from speaking here now."""
        row = await self._db.fetch_one(
            f"SELECT u.status, m.until_at, c.slow_seconds, {self._db.now_sql} AS now_at FROM users u"
            " LEFT JOIN chat_mutes m ON m.player_id = u.id LEFT JOIN chat_rooms c ON c.room = :room WHERE u.id = :id",
            room=room,
            id=player_id,
        )
        if row is None or row["status"] != "active":
            raise Forbidden("This account may not write.")
        if row["until_at"] is not None and row["until_at"] > row["now_at"]:
            raise Muted(f"Until {rfc3339(row['until_at'])}.")
        if wait := await self._limiter.wait(FLOOD, str(player_id)):
            raise RateLimited(wait)
        if row["slow_seconds"]:
            slow = Rate(f"chat_slow:{room}", count=1, period=float(row["slow_seconds"]), burst=1)
            if wait := await self._limiter.wait(slow, str(player_id)):
                raise RateLimited(wait)

    async def _insert(
        self, connection: Connection, room: str, player_id: int, username: str, message: str
    ) -> dict[str, Any]:
        row = {
            "id": new_id(),
            "room": room,
            "player_id": player_id,
            "username": username,
            "message": message,
            "sent_at": await connection.now(),
        }
        await connection.insert("chat_messages", row)
        return row

    async def _tell(self, connection: Connection, messages: Sequence[Message]) -> str:
        outbox_id = new_id()
        await connection.insert("outbox", outbox_row(outbox_id, await connection.now(), messages))
        return outbox_id

    async def _report_by_name(self, room: str, player_id: int, command: str) -> None:
        parts = command.split(" ", 2)
        if len(parts) < 2:
            raise InvalidMessage("Write /report NAME and what is wrong.")
        row = await self._db.fetch_one(
            "SELECT id FROM chat_messages WHERE room = :room AND lower(username) = :name AND removed_at IS NULL"
            " ORDER BY id DESC LIMIT 1",
            room=room,
            name=parts[1].lower(),
        )
        if row is None:
            raise NotFound("That player has said nothing here.")
        await self.report(row["id"], player_id, parts[2] if len(parts) > 2 else "")


def _shows(message: str) -> bool:
    """Whether there is anything to see: not only spaces, controls and marks of no width."""
    return any(unicodedata.category(character) not in _UNSEEN for character in message)


def public(row: dict[str, Any]) -> dict[str, Any]:
    """The contract's `chat_message`."""
    return {
        "id": row["id"],
        "room": row["room"],
        "username": row["username"],
        "message": row["message"],
        "at": rfc3339(row["sent_at"]),
    }
