"""The number stream `imperio-fair/1`: HMAC-SHA256 blocks, read as unbiased whole numbers.

Everything here is pure (the one exception, `new_server_seed`, asks the operating system for entropy), so
that a round can be recomputed by anybody from its server seed, client seed and nonce.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from collections.abc import Sequence
from typing import Final, Protocol

ALGORITHM: Final = "imperio-fair/1"

SERVER_SEED_BYTES: Final = 32
_WORD_RANGE: Final = 2**32
_read_words: Final = struct.Struct(">8I").unpack  # one SHA-256 block is eight big-endian words


class Source(Protocol):
    """Where a game draws its numbers from: the fair stream in play, any other generator in a test."""

    def below(self, n: int, /) -> int:
        """A whole number from 0 to n - 1, all equally likely."""
        ...


def new_server_seed() -> str:
    """A fresh server seed: 32 bytes of the operating system's CSPRNG as 64 lower-case hex characters."""
    return secrets.token_hex(SERVER_SEED_BYTES)


def commitment(server_seed: str) -> str:
    """The hash that is published before a server seed is used: SHA-256, in hex, of the seed's text."""
    return hashlib.sha256(server_seed.encode()).hexdigest()


def table_client_seed(client_seeds: Sequence[str]) -> str:
    """The client seed of a shared table: SHA-256, in hex, of the seats' client seeds in seat order, joined by `|`."""
    return hashlib.sha256("|".join(client_seeds).encode()).hexdigest()


class FairStream:
    """The numbers of one round. Block `i` is `HMAC-SHA256(server_seed, "{client_seed}:{nonce}:{i}")`."""

    __slots__ = ("_block", "_key", "_position", "_prefix", "_words")

    def __init__(self, server_seed: str, client_seed: str, nonce: int) -> None:
        """The server seed is used as its text, not as the bytes that the text spells."""
        self._key = server_seed.encode()
        self._prefix = f"{client_seed}:{nonce}:".encode()
        self._block = 0
        self._position = 0
        self._words: tuple[int, ...] = ()

    def u32(self) -> int:
        """The next four bytes of the stream as a big-endian number, 0 to 2**32 - 1."""
        if self._position == len(self._words):
            digest = hmac.digest(self._key, self._prefix + b"%d" % self._block, "sha256")
            self._words = _read_words(digest)
            self._block += 1
            self._position = 0
        word = self._words[self._position]
        self._position += 1
        return word

    def below(self, n: int, /) -> int:
        """A whole number from 0 to n - 1, all equally likely. Raises ValueError unless 1 <= n <= 2**32.

        Words in the incomplete last stretch of n are thrown away: taking them modulo n would favour small numbers.
        """
        if not 1 <= n <= _WORD_RANGE:
            raise ValueError(f"below() needs 1 <= n <= 2**32, not {n}")
        limit = _WORD_RANGE - _WORD_RANGE % n
        word = self.u32()
        while word >= limit:
            word = self.u32()
        return word % n
