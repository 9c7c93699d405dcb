"""Time-ordered ids.

UUIDv7 (RFC 9562) as 32 lower-case hex characters. Ids made by one process rise strictly, so
`ORDER BY id DESC` is newest first; across processes they agree to the millisecond.
"""

import os
import re
import threading
import time
from typing import Final

_ID: Final = re.compile("[0-9a-f]{32}")

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A new id: 48 bits of milliseconds, then a counter that starts at random within each millisecond."""
    global _last
    with _lock:
        # 74 free bits: the upper 10 of the random part stay clear so that the counter cannot overflow.
        fresh = (time.time_ns() // 1_000_000) << 74 | int.from_bytes(os.urandom(8), "big")
        _last = fresh if fresh > _last else _last + 1
        value = _last
    milliseconds, rest = value >> 74, value & (1 << 74) - 1
    rand_a, rand_b = rest >> 62, rest & (1 << 62) - 1
    return f"{milliseconds << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b:032x}"


def is_id(text: str) -> bool:
    """Whether `text` could be one of our ids; the database need not be asked for others (nor see NULs)."""
    return _ID.fullmatch(text) is not None
