"""Passwords: argon2id off the event loop, and which ones are refused.

The parameters are OWASP's for argon2id (19 MiB, two passes). A hash made with others is replaced at the next login.
"""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_T = TypeVar("_T")

MIN_LENGTH: Final = 10
MAX_LENGTH: Final = 128
# One hash keeps a core busy for tens of milliseconds: two threads leave the event loop air on two cores,
# and 19 MiB each stays small.
THREADS: Final = 2

_COMMON_FILE: Final = Path(__file__).with_name("common_passwords.txt")


@cache
def common_passwords() -> frozenset[str]:
    """Passwords that everybody tries first, lower-cased; all at least `MIN_LENGTH` long."""
    return frozenset(_COMMON_FILE.read_text().split())


def weakness(password: str, *, username: str, email: str) -> str | None:
    """Why the password is refused, in a sentence for its owner; None if it will do. No composition rules."""
    if len(password) < MIN_LENGTH:
        return f"A password needs at least {MIN_LENGTH} characters."
    if len(password) > MAX_LENGTH:
        return f"A password has at most {MAX_LENGTH} characters."
    folded = password.lower()
    if folded in common_passwords():
        return "This password is one of the first that anybody would try."
    if folded in (username.lower(), email.lower()):
        return "The password must not be the name or the e-mail address."
    return None


def _prepared(password: str) -> str:
    """One form for what different keyboards send for the same letters."""
    return unicodedata.normalize("NFC", password)


class Passwords:
    """Makes and checks hashes in a small thread pool of its own. Close it with the application."""

    def __init__(self, *, memory_kib: int = 19_456, passes: int = 2, lanes: int = 1) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
        # Checked for unknown users, so that they cost the same time as known ones.
        self._dummy = self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """The argon2id hash in PHC form, at most 200 characters."""
        return await self._run(lambda: self._hasher.hash(_prepared(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password made the stored hash. Without one (unknown user) it works as long and says no."""
        matches = await self._run(lambda: self._matches(stored or self._dummy, password))
        return matches and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, _prepared(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)
