"""What the games' forms share, so that every game can be played without JavaScript."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from ..core.jsonio import dumps
from ..wallet.posting import Idempotency

KEY_FIELD: Final = "key"  # a hidden field, new with each page: a form that is sent twice plays once
_LONGEST_KEY: Final = 64
_MOST_DIGITS: Final = 9


def form_idempotency(fields: Mapping[str, str], path: str, meaning: Any) -> Idempotency | None:
    """The form's key with a fingerprint of what it asks for; None without a usable key."""
    key = fields.get(KEY_FIELD, "")
    if not 1 <= len(key) <= _LONGEST_KEY or not key.isascii() or not key.isalnum():
        return None
    return Idempotency(f"form-{key}", hashlib.sha256(dumps(["form", path, meaning])).hexdigest())


def whole(text: str | None) -> int | None:
    """The whole number that somebody typed, thousands separators allowed; None if it is none."""
    digits = (text or "").strip().replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS else None
