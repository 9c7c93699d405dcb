"""Times: always UTC, written RFC 3339 with a `Z`; windows start at 00:00 UTC, weeks on Monday."""

from datetime import UTC, date, datetime, time, timedelta


def utc_now() -> datetime:
    """The process's own clock. Windows and postings follow the database's instead."""
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """`2026-11-23T03:31:56.123456Z`"""
    text = moment.astimezone(UTC).isoformat(timespec="microseconds")
    return text.removesuffix("+00:00") + "Z"


def rfc3339_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)


def week_start(day: date) -> date:
    """The Monday of the day's ISO week."""
    return day - timedelta(days=day.weekday())


def day_start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
