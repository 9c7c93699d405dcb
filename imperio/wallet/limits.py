"""What stands between a player and a stake: a frozen account, a time-out, limits they set themselves. Pure checks."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from ..core.errors import AppError
from ..core.jsonio import loads
from .posting import AccountFrozen, Posting

LIMIT_NAMES: Final = ("daily_loss", "session_minutes", "reality_check_minutes")


class TimeOutActive(AppError):
    status = 403
    code = "time_out_active"
    title = "You are taking a break"


class LossLimitReached(AppError):
    status = 409
    code = "loss_limit_reached"
    title = "Your own loss limit is reached"


class SessionLimitReached(AppError):
    status = 409
    code = "session_limit_reached"
    title = "Your own session limit is reached"


def effective(row: dict[str, Any], now: datetime) -> dict[str, int | None]:
    """The limits in force: a loosening waits in `pending` until its hour has come."""
    limits = {name: row[name] for name in ("daily_loss", "session_minutes")}
    limits["reality_check_minutes"] = row.get("reality_check_minutes")
    if row["pending_from_at"] is not None and row["pending_from_at"] <= now:
        limits.update(loads(row["pending"]))
    return limits


def stake_room(posting: Posting) -> int:
    """The most coins that this player can stake now: those they have, as far as nothing forbids it."""
    try:
        permit_stake(posting, 0)
    except AppError:
        return 0
    loss = effective(posting.row, posting.now)["daily_loss"]
    return posting.balance if loss is None else min(posting.balance, loss - _at_risk(posting))


def permit_stake(posting: Posting, stake: int) -> None:
    """Raises the reason why this player may not stake `stake` coins now, if there is one."""
    row, now = posting.row, posting.now
    if row["user_status"] != "active":
        raise AccountFrozen("Play is stopped for this account. Your coins are safe.")
    until = row["time_out_until_at"]
    if until is not None and until > now:
        raise TimeOutActive(f"Your break lasts until {until.astimezone(UTC):%-d %b %Y, %H:%M} UTC.")
    if row["daily_loss"] is None and row["session_minutes"] is None and row["pending_from_at"] is None:
        return
    limits = effective(row, now)
    if limits["daily_loss"] is not None and _at_risk(posting) + stake > limits["daily_loss"]:
        raise LossLimitReached(f"This stake could take today's loss above {limits['daily_loss']} coins.")
    started = row.get("session_created_at")
    minutes = limits["session_minutes"]
    if minutes is not None and started is not None and now - started > timedelta(minutes=minutes):
        raise SessionLimitReached("The time you allowed yourself for this session is over.")


def _at_risk(posting: Posting) -> int:
    """How much this day's loss would be if everything at stake were lost."""
    return posting.books.at_stake - posting.books.day_profit
