"""The limits players set themselves: read, changed, and a time-out taken.

Changes are postings, so each is serialised with the player's stakes: a stake either came before the new limit or
is judged by it, on every worker.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from ..core.clock import rfc3339_or_none
from ..core.db import Database, Row
from ..core.errors import NotFound
from ..core.jsonio import dumps_text, loads
from .limits import LIMIT_NAMES, effective
from .posting import Ledgers, Posted, Posting, Reading

MAX_LOSS: Final = 1_000_000_000
MAX_MINUTES: Final = 24 * 60
MAX_HOURS: Final = 720
LOOSEN_AFTER: Final = timedelta(hours=24)

# The posting reads the other limits by itself; a stake does not need this one.
_READING: Final = Reading(columns=", l.reality_check_minutes")

LimitValues = dict[str, int | None]


def is_as_strict(new: int | None, old: int | None) -> bool:
    """Whether `new` allows no more than `old`; None allows everything."""
    return old is None or (new is not None and new <= old)


def waiting(row: Row, now: datetime) -> LimitValues:
    """The loosening that has not come into force yet."""
    if row["pending_from_at"] is None or row["pending_from_at"] <= now:
        return {}
    return dict(loads(row["pending"]))


def changed(row: Row, wanted: LimitValues, now: datetime) -> dict[str, Any]:
    """The columns of `play_limits` after a player asked for `wanted`.

    What is stricter or equal counts at once; what is looser waits 24 hours. A loosening that was waiting already
    keeps its hour as long as the new wish goes no further.
    """
    current, waited = effective(row, now), waiting(row, now)
    in_force = {
        name: wanted[name] if is_as_strict(wanted[name], current[name]) else current[name] for name in LIMIT_NAMES
    }
    looser = {name: wanted[name] for name in LIMIT_NAMES if wanted[name] != in_force[name]}
    keeps_hour = all(name in waited and is_as_strict(value, waited[name]) for name, value in looser.items())
    return {
        **in_force,
        "pending": dumps_text(looser) if looser else None,
        "pending_from_at": None if not looser else row["pending_from_at"] if keeps_hour else now + LOOSEN_AFTER,
        "time_out_until_at": row["time_out_until_at"],
    }


def view(row: Row, now: datetime) -> dict[str, Any]:
    """The contract's limits, with what waits and until when a time-out lasts (null: no time-out)."""
    pending, until = waiting(row, now), row["time_out_until_at"]
    return {
        **effective(row, now),
        "pending": pending or None,
        "pending_from": rfc3339_or_none(row["pending_from_at"]) if pending else None,
        "time_out_until": rfc3339_or_none(until) if until is not None and until > now else None,
    }


class Limits:
    """Responsible play of one player."""

    def __init__(self, db: Database, ledgers: Ledgers) -> None:
        self._db = db
        self._ledgers = ledgers

    async def get_limits(self, player_id: int) -> dict[str, Any]:
        """`{daily_loss, session_minutes, reality_check_minutes, pending, pending_from, time_out_until}`."""
        row = await self._db.fetch_one(
            "SELECT l.daily_loss, l.session_minutes, l.reality_check_minutes, l.pending, l.pending_from_at,"
            f" l.time_out_until_at, {self._db.now_sql} AS now_at"
            " FROM books b LEFT JOIN play_limits l ON l.player_id = b.player_id WHERE b.player_id = :player_id",
            player_id=player_id,
        )
        if row is None:
            raise NotFound
        return view(row, row["now_at"])

    async def set_limits(
        self,
        player_id: int,
        session_id: str | None,
        *,
        daily_loss: int | None,
        session_minutes: int | None,
        reality_check_minutes: int | None,
    ) -> Posted:
        """Replaces all three limits; None is no limit. Answers as `get_limits`."""
        wanted: LimitValues = {
            "daily_loss": daily_loss,
            "session_minutes": session_minutes,
            "reality_check_minutes": reality_check_minutes,
        }

        def build(posting: Posting) -> dict[str, Any]:
            return _write(posting, changed(posting.row, wanted, posting.now))

        return await self._ledgers.post(player_id, build, reading=_READING, session_id=session_id)

    async def take_time_out(self, player_id: int, session_id: str | None, *, hours: int) -> Posted:
        """No stake for `hours` from now. A longer time-out that is running stays. Answers as `get_limits`."""

        def build(posting: Posting) -> dict[str, Any]:
            row, now = posting.row, posting.now
            until, running = now + timedelta(hours=hours), row["time_out_until_at"]
            columns = {name: row[name] for name in (*LIMIT_NAMES, "pending", "pending_from_at")}
            columns["time_out_until_at"] = until if running is None else max(until, running)
            return _write(posting, columns)

        return await self._ledgers.post(player_id, build, reading=_READING, session_id=session_id)


def _write(posting: Posting, columns: dict[str, Any]) -> dict[str, Any]:
    posting.upsert("play_limits", {"player_id": posting.player_id, **columns}, key=("player_id",))
    return view(columns, posting.now)
