"""What every page shows around its content: who plays, the balance, the session, the live topics."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from quart import g, request

from .accounts.access import Access, Caller
from .core.clock import rfc3339, rfc3339_or_none
from .core.db import Database
from .wallet.limits import effective


@dataclass(frozen=True, slots=True)
class ShellPlayer:
    """The player of the page."""

    id: int
    username: str
    coins: int
    role: str
    status: str


@dataclass(slots=True)
class Shell:
    """The frame of a page, as `templates/base.html` reads it."""

    path: str
    csrf_token: str
    player: ShellPlayer | None = None
    unread_count: int = 0
    topics: list[str] = field(default_factory=list)
    net_position: int = 0
    session_started_at: str | None = None
    reality_check_minutes: int | None = None
    time_out_until: str | None = None
    chat_room: str | None = None
    big_wins: list[dict[str, Any]] = field(default_factory=list)


async def load_shell(db: Database, access: Access) -> Shell:
    """The shell of the current request: one query for a player, none for a visitor."""
    shell = Shell(path=request.path, csrf_token=access.csrf_token())
    caller: Caller | None = g.get("caller")
    if caller is None:
        return shell
    row = await db.fetch_one(
        "SELECT u.username, u.role, u.status, b.balance, s.created_at AS session_created_at, l.daily_loss,"
        " l.session_minutes, l.reality_check_minutes, l.pending, l.pending_from_at, l.time_out_until_at,"
        f" {db.now_sql} AS now_at,"
        " b.notifications_unread AS unread_count,"
        " (SELECT coalesce(sum(r.payout - r.stake), 0) FROM rounds r WHERE r.player_id = u.id"
        " AND r.status = 'settled' AND r.settled_at >= s.created_at) AS net_position"
        " FROM users u JOIN books b ON b.player_id = u.id LEFT JOIN sessions s ON s.id = :session_id"
        " LEFT JOIN play_limits l ON l.player_id = u.id WHERE u.id = :player_id",
        session_id=caller.session_id,
        player_id=caller.player_id,
    )
    if row is None:
        return shell
    now: datetime = row["now_at"]
    until = row["time_out_until_at"]
    shell.player = ShellPlayer(caller.player_id, row["username"], row["balance"], row["role"], row["status"])
    shell.unread_count = row["unread_count"]
    shell.net_position = int(row["net_position"])
    shell.session_started_at = rfc3339_or_none(row["session_created_at"])
    shell.reality_check_minutes = effective(row, now)["reality_check_minutes"]
    shell.time_out_until = rfc3339(until) if until is not None and until > now else None
    shell.topics = ["wallet", "notifications"]
    return shell
