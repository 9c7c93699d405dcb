"""Errors that the outside sees.

Every refusal is an `AppError` subclass defined beside the function that raises it; `core.web` turns it into
problem+json (RFC 9457) or an HTML page, the sockets into an `error` frame.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, TypedDict


class FieldError(TypedDict):
    """One field that made no sense: its dotted path and what is wrong with it."""

    field: str
    message: str


class AppError(Exception):
    """A refusal with an HTTP status and a stable snake_case code."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    title: ClassVar[str] = "Bad request"

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.detail = detail or self.title
        self.errors = list(errors)
        self.headers = dict(headers or {})
        super().__init__(self.detail)


class MalformedBody(AppError):
    code = "malformed_body"
    title = "The body cannot be parsed"


class UnsupportedMediaType(AppError):
    status = 415
    code = "unsupported_media_type"
    title = "Send JSON (application/json)"


class BodyTooLarge(AppError):
    status = 413
    code = "body_too_large"
    title = "The body is larger than 64 KiB"


class BodyTooSlow(AppError):
    status = 408
    code = "request_timeout"
    title = "The body did not arrive in time"


class InvalidRequest(AppError):
    status = 422
    code = "invalid_request"
    title = "The request makes no sense"


class NotAuthenticated(AppError):
    status = 401
    code = "not_authenticated"
    title = "Log in first"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(AppError):
    status = 403
    code = "forbidden"
    title = "That is not yours to do"


class NotFound(AppError):
    status = 404
    code = "not_found"
    title = "There is nothing here"


class RateLimited(AppError):
    status = 429
    code = "rate_limited"
    title = "Too many requests"

    def __init__(self, retry_after: float) -> None:
        """`retry_after` in seconds; rounded up for the header."""
        seconds = max(1, int(-(-retry_after // 1)))
        super().__init__(f"Try again in {seconds} s.", headers={"Retry-After": str(seconds)})


class Unavailable(AppError):
    status = 503
    code = "unavailable"
    title = "The casino cannot answer right now"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or "Nothing was lost. Try again in a moment.", headers={"Retry-After": "2"})


class CannotStart(Exception):
    """The casino cannot start; the text is one clear line."""
