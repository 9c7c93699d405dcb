"""Numbers and times as people read them, for templates."""

from datetime import UTC, datetime
from typing import Final

from markupsafe import Markup

_MINUS: Final = "\u2212"
_STEPS: Final = ((60, "s"), (3600, "min"), (86_400, "h"), (86_400 * 14, "d"))


def coins(value: int) -> str:
    """`1,234`"""
    return f"{value:,}".replace("-", _MINUS)


def signed(value: int) -> str:
    """`+1,234` or `−5`; plain `0`."""
    return f"+{value:,}" if value > 0 else coins(value)


def pct(value: float, digits: int = 2) -> str:
    """`95.70 %` of a fraction."""
    return f"{value * 100:.{digits}f}\u202f%".replace("-", _MINUS)


def ago(moment: datetime | str) -> Markup:
    """`3 min ago` or `in 5 h` as a `<time>` with the exact instant on hover; dates beyond two weeks."""
    when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    seconds = (datetime.now(UTC) - when).total_seconds()
    exact = when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    stamp = when.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return Markup('<time datetime="{}" title="{}" data-ago>{}</time>').format(stamp, exact, _ago_text(seconds, when))


def _ago_text(seconds: float, when: datetime) -> str:
    if abs(seconds) < 10:
        return "just now"  # two clocks may differ by a moment
    divisor = 1
    for below, unit in _STEPS:
        if abs(seconds) < below:
            count = int(abs(seconds) // divisor)
            return f"{count} {unit} ago" if seconds > 0 else f"in {count} {unit}"
        divisor = below if unit != "h" else 86_400
    return when.astimezone(UTC).strftime("%-d %b %Y")
