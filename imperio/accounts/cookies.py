"""The site's cookies: never readable by scripts, never sent along by other sites' forms."""

from dataclasses import dataclass
from typing import Final

from quart import Response

from .tokens import ACCESS_SECONDS, REFRESH_SECONDS

# An anonymous id only binds CSRF tokens of visitors; half a day is longer than anybody fills in a form.
ANONYMOUS_SECONDS: Final = 12 * 3600


@dataclass(frozen=True, slots=True)
class Cookies:
    """Names of the cookies, and how they are set. Over TLS they are `__Host-`: this host's alone, never overwritten."""

    access: str
    refresh: str
    anonymous: str
    secure: bool

    @classmethod
    def named(cls, *, secure: bool) -> "Cookies":
        prefix = "__Host-" if secure else ""
        return cls(f"{prefix}imperio_access", f"{prefix}imperio_refresh", f"{prefix}imperio_anon", secure)

    def set_login(self, response: Response, access_token: str, refresh_token: str) -> None:
        self._set(response, self.access, access_token, ACCESS_SECONDS)
        self._set(response, self.refresh, refresh_token, REFRESH_SECONDS)

    def set_anonymous(self, response: Response, value: str) -> None:
        self._set(response, self.anonymous, value, ANONYMOUS_SECONDS)

    def clear_login(self, response: Response) -> None:
        self._set(response, self.access, "", 0)
        self._set(response, self.refresh, "", 0)

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(name, value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="Lax")
