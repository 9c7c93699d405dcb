"""Tokens: short signed access tokens, random refresh tokens, CSRF tokens.

Each purpose has a key of its own, derived from the site's secret, so that a token of one kind is worth nothing
as another. Former secrets still verify; only the current one signs.
"""

import hashlib
import hmac
import re
import secrets
import time
from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import jwt

ACCESS_SECONDS: Final = 900
REFRESH_SECONDS: Final = 30 * 86_400

_ALGORITHM: Final = "HS256"
_ISSUER: Final = "imperio"
_AUDIENCE: Final = "imperio-players"
_REQUIRED: Final = ("iss", "aud", "sub", "sid", "jti", "iat", "exp", "typ", "role", "name")
# Ours are about 450 characters; nobody needs to make us decode a megabyte.
_LONGEST: Final = 2048
# 32 bytes have one spelling in base64url. Decoders take several (other last bits, padding, foreign characters), and a
# token that was tampered with in such a place would still be good.
_SIGNATURE: Final = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
# Verifying costs some 25 µs; each player sends the same token for a quarter of an hour.
_REMEMBERED: Final = 8192


class InvalidToken(Exception):
    """Not a token of ours: forged, of another kind, signed with an unknown key, or expired."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says. `expires_at` and `issued_at` in seconds since 1970."""

    player_id: int
    username: str
    role: str
    session_id: str
    issued_at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of one secret. `kid` names the secret without telling it."""

    kid: str
    access: bytes
    csrf: bytes


def _derive(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), f"imperio/{purpose}/1".encode(), "sha256")


def _keys(secret: str) -> _Keys:
    return _Keys(_derive(secret, "kid").hex()[:8], _derive(secret, "access"), _derive(secret, "csrf"))


class Tokens:
    """Issues and verifies. `clock` gives seconds since 1970."""

    def __init__(self, secret: str, old_secrets: Sequence[str] = (), *, clock: Callable[[], float] = time.time) -> None:
        self._current = _keys(secret)
        self._all = {keys.kid: keys for keys in map(_keys, (*old_secrets, secret))}
        self._clock = clock
        self._verified: OrderedDict[str, Claims] = OrderedDict()

    def issue_access(self, *, player_id: int, username: str, role: str, session_id: str) -> str:
        """An access token, good for `ACCESS_SECONDS` as long as its session holds."""
        now = int(self._clock())
        claims = {
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "sub": str(player_id),
            "sid": session_id,
            "jti": secrets.token_hex(16),
            "iat": now,
            "exp": now + ACCESS_SECONDS,
            "typ": "access",
            "role": role,
            "name": username,
        }
        return jwt.encode(claims, self._current.access, _ALGORITHM, headers={"kid": self._current.kid})

    def read_access(self, token: str) -> Claims:
        """What the token says. Raises `InvalidToken`."""
        claims = self._verified.get(token)
        if claims is None:
            claims = self._verify(token)
            self._verified[token] = claims
            if len(self._verified) > _REMEMBERED:
                self._verified.popitem(last=False)
        else:
            self._verified.move_to_end(token)
        if claims.expires_at <= self._clock():
            raise InvalidToken("expired")
        return claims

    def _verify(self, token: str) -> Claims:
        if len(token) > _LONGEST:
            raise InvalidToken("too long")
        if not _SIGNATURE.fullmatch(token.rpartition(".")[2]):
            raise InvalidToken("no signature of ours")
        try:
            keys = self._all.get(jwt.get_unverified_header(token).get("kid", ""))
            if keys is None:
                raise InvalidToken("unknown key")
            # Expiry is checked at each use, against our own clock.
            said: dict[str, Any] = jwt.decode(
                token,
                keys.access,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                issuer=_ISSUER,
                options={"require": list(_REQUIRED), "verify_exp": False, "verify_iat": False},
            )
            if said["typ"] != "access":
                raise InvalidToken("another kind of token")
            return Claims(
                player_id=int(said["sub"]),
                username=str(said["name"]),
                role=str(said["role"]),
                session_id=str(said["sid"]),
                issued_at=int(said["iat"]),
                expires_at=int(said["exp"]),
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise InvalidToken(type(error).__name__) from None

    def csrf_token(self, subject: str) -> str:
        """A token that only pages shown to `subject` (a session's or an anonymous visitor's id) carry."""
        salt = secrets.token_urlsafe(9)
        return f"{salt}.{_seal(self._current.csrf, salt, subject)}"

    def is_csrf_token(self, token: str, subject: str) -> bool:
        salt, _, seal = token.partition(".")
        if not token.isascii():
            return False
        return any(hmac.compare_digest(_seal(keys.csrf, salt, subject), seal) for keys in self._all.values())


def _seal(key: bytes, salt: str, subject: str) -> str:
    digest = hmac.digest(key, f"{salt}.{subject}".encode(errors="replace"), "sha256")
    return urlsafe_b64encode(digest[:24]).decode()


def new_refresh_token() -> str:
    """256 random bits for the client; the database gets only `fingerprint` of it."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """SHA-256 in hex. Enough for random tokens: there is nothing to guess."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
