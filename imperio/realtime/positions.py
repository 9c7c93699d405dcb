"""Places in the one log.

A log id is `<milliseconds>-<number>`, as a Redis Stream makes them. What a client sees as the `id:` of an SSE frame
is the same place with the number padded to four digits (so that ids rise as text, too). A snapshot carries the place
it was read at, followed by `.<which>.<of how many>`, both in two digits: it sorts after that place and before the next
event.
"""

import re
from typing import NamedTuple

Position = tuple[int, int]
"""(milliseconds since 1970, number within the millisecond)"""

START: Position = (0, 0)

_LOG_ID = re.compile(r"([0-9]{1,15})-([0-9]{1,9})", re.ASCII)
_CLIENT_ID = re.compile(r"([0-9]{1,15})-([0-9]{1,9})(?:\.([0-9]{1,2})\.([0-9]{1,2}))?", re.ASCII)


class ClientPosition(NamedTuple):
    """What a client says it saw last: a place, and how many of how many snapshots that were taken there."""

    position: Position
    snapshots_seen: int
    snapshots_sent: int


def parse_id(text: str) -> Position:
    """The position of a log id. Raises ValueError when it is none."""
    found = _LOG_ID.fullmatch(text)
    if found is None:
        raise ValueError(f"not a log id: {text!r}")
    return int(found[1]), int(found[2])


def format_id(position: Position) -> str:
    """The log id of a position, as Redis writes it."""
    return f"{position[0]}-{position[1]}"


def before(position: Position) -> Position:
    """The last position that sorts before this one (it need not exist)."""
    milliseconds, number = position
    return (milliseconds, number - 1) if number else (milliseconds - 1, 999_999_999)


def frame_id(position: Position) -> str:
    """The `id:` of an event's frame."""
    return f"{position[0]}-{position[1]:04d}"


def snapshot_id(position: Position, which: int, of: int) -> str:
    """The `id:` of snapshot number `which` (from 1) of `of` taken at a position."""
    return f"{frame_id(position)}.{which:02}.{of:02}"


def parse_client_id(text: str) -> ClientPosition | None:
    """What a `Last-Event-ID` says, or None when it is nonsense."""
    found = _CLIENT_ID.fullmatch(text.strip())
    if found is None:
        return None
    return ClientPosition((int(found[1]), int(found[2])), int(found[3] or 0), int(found[4] or 0))
