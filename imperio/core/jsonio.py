"""JSON in and out, by orjson. Datetimes are written as the contract wants them."""

from datetime import date, datetime
from typing import Any

import orjson

from .clock import rfc3339


def _default(value: object) -> object:
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not JSON")


def dumps(value: Any) -> bytes:
    return orjson.dumps(value, _default, orjson.OPT_PASSTHROUGH_DATETIME)


def dumps_text(value: Any) -> str:
    return dumps(value).decode()


def loads(text: str | bytes | None) -> Any:
    """The value, or None for None (an empty JSON column)."""
    return None if text is None else orjson.loads(text)
