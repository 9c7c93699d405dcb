"""Cursors: opaque to clients, refused when they are not ours."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

from .db import Row
from .errors import InvalidRequest
from .ids import is_id
from .web import Query

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200
_MAX_CURSOR: Final = 128
_MAX_DIGITS: Final = 18  # below 2**63
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")


def _whole(value: object) -> object:
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise ValueError("a whole number in digits")
    return value


IN_DIGITS: Final = BeforeValidator(_whole)
"""For a whole number of a query string; pydantic alone would take `5.0` and ` 5 `, too."""


class PageQuery(Query):
    """`?limit=` and `?cursor=` of every list."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT), IN_DIGITS] = DEFAULT_LIMIT
    cursor: Annotated[str | None, Field(min_length=1, max_length=_MAX_CURSOR)] = None


def encode_cursor(of: str, position: object) -> str:
    """Where to go on in the list `of`. A cursor of one list is none of another's."""
    return base64.urlsafe_b64encode(f"v1:{of}:{position}".encode()).decode().rstrip("=")


def decode_id(of: str, cursor: str) -> str:
    """The id a cursor stands for, in lists ordered by one. Raises `InvalidRequest` for anything else."""
    return _decoded(of, cursor, is_id)


def decode_number(of: str, cursor: str) -> int:
    """As `decode_id`, for lists ordered by a number below 2**63."""
    return int(_decoded(of, cursor, lambda text: text.isdigit() and len(text) <= _MAX_DIGITS))


def _decoded(of: str, cursor: str, is_position: Callable[[str], bool]) -> str:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        text = ""
    position = text.rpartition(":")[2]
    if encode_cursor(of, position) != cursor or not is_position(position):
        raise InvalidRequest("That cursor is not one of ours.", errors=[{"field": "cursor", "message": "invalid"}])
    return position


def page_of(of: str, rows: list[Row], limit: int, column: str) -> tuple[list[Row], str | None]:
    """The page and the next cursor from `limit + 1` rows read."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], encode_cursor(of, rows[limit - 1][column])


def public_page(name: str, items: list[Any], next_cursor: str | None) -> dict[str, Any]:
    return {name: items, "next_cursor": next_cursor}
