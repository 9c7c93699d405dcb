"""What every page shows around its content: who plays, the balance, the session, the live topics."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from quart import request

from .accounts.access import Access, Caller
from .core.clock import rfc3339, rfc3339_or_none
from .core.db import LOST, Database
from .core.errors import Unavailable
from .lobby.service import Lobby
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


# Which room's chat a page has in its drawer; tables choose their own.
_CHAT_ROOMS: Final = {"/": "global", "/slots": "slots", "/roulette": "roulette", "/blackjack": "blackjack"}


async def load_shell(db: Database, access: Access, lobby: Lobby) -> Shell:
    """The shell of the current request: one query for a player, none for a visitor.

    While the database is away the page gets a visitor's shell, so that an error page can still be shown.
    """
    try:
        caller = await access.current()
        shell = Shell(path=request.path, csrf_token=access.csrf_token())
        shell.chat_room = _CHAT_ROOMS.get(request.path)
        if shell.chat_room is not None:
            shell.big_wins = (await lobby.get_public())["big_wins"]
        if caller is not None:
            await _add_player(shell, db, caller)
        return shell
    except (Unavailable, *LOST):
        return Shell(path=request.path, csrf_token=access.csrf_token())


async def _add_player(shell: Shell, db: Database, caller: Caller) -> None:
    row = await db.fetch_one(
        "SELECT u.username, u.role, u.status, b.balance, s.created_at AS session_created_at, l.daily_loss,"
        " l.session_minutes, l.reality_check_minutes, l.pending, l.pending_from_at, l.time_out_until_at,"
        f" {db.now_sql} AS now_at,"
        " b.notifications_unread AS unread_count,"
        # Ids are time-ordered: rounds of this session sort behind the session's own id.
        " (SELECT coalesce(sum(r.payout - r.stake), 0) FROM rounds r WHERE r.player_id = u.id"
        " AND r.status = 'settled' AND r.id > s.id) AS net_position"
        " FROM users u JOIN books b ON b.player_id = u.id LEFT JOIN sessions s ON s.id = :session_id"
        " LEFT JOIN play_limits l ON l.player_id = u.id WHERE u.id = :player_id",
        session_id=caller.session_id,
        player_id=caller.player_id,
    )
    if row is None:
        return
    now: datetime = row["now_at"]
    until = row["time_out_until_at"]
    shell.player = ShellPlayer(caller.player_id, row["username"], row["balance"], row["role"], row["status"])
    shell.unread_count = row["unread_count"]
    shell.net_position = int(row["net_position"])
    shell.session_started_at = rfc3339_or_none(row["session_created_at"])
    shell.reality_check_minutes = effective(row, now)["reality_check_minutes"]
    shell.time_out_until = rfc3339(until) if until is not None and until > now else None
    shell.topics = ["wallet", "notifications"]
