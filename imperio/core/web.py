"""HTTP the one way: strict JSON bodies in, JSON out, problem+json or an HTML page for errors."""

import asyncio
import secrets
from http import HTTPStatus
from typing import Any, Final, TypeVar

import orjson
import structlog
from pydantic import BaseModel, ConfigDict, ValidationError
from quart import Quart, Response, current_app, g, has_websocket_context, render_template, request, websocket
from tortoise.exceptions import BaseORMException
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from .db import LOST
from .errors import (
    AppError,
    BodyTooLarge,
    BodyTooSlow,
    FieldError,
    InvalidRequest,
    MalformedBody,
    NotFound,
    Unavailable,
    UnsupportedMediaType,
)
from .jsonio import dumps
from .log import request_id

log = structlog.get_logger(__name__)

MAX_BODY: Final = 64 * 1024
MAX_ERRORS: Final = 20  # more than any form has fields: nobody reads on, and a body may hold thousands of wrong ones
# A phone in a tunnel gets its 64 KiB through in this time; whoever needs longer only holds the connection.
BODY_SECONDS: Final = 30.0
MODEL = TypeVar("MODEL", bound=BaseModel)


class Body(BaseModel):
    """What a client may send: unknown fields are refused, numbers are not guessed from strings or floats."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Query(BaseModel):
    """A query string: text, so numbers are read from it; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Empty(Body):
    """No fields. An absent body will do."""


async def read_body() -> bytes:
    """The request's body, read to its end (Hypercorn drops kept-alive connections whose body is left unread)."""
    # Where the rest stays unread Hypercorn ends the connection: said, a client does not use it again.
    closing = {"Connection": "close"} if request.http_version.startswith("1") else {}
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return bytes(await request.body)
    except RequestEntityTooLarge as error:
        raise BodyTooLarge(headers=closing) from error
    except TimeoutError as error:
        raise BodyTooSlow(headers=closing) from error


def parse_body(raw: bytes, model: type[MODEL]) -> MODEL:
    """The validated body. Raises `UnsupportedMediaType`, `MalformedBody` or `InvalidRequest`."""
    if not raw and not any(field.is_required() for field in model.model_fields.values()):
        raw = b"{}"
    elif request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        orjson.loads(raw)  # stricter than pydantic's own parser, which takes NaN and Infinity for numbers
    except orjson.JSONDecodeError:
        raise MalformedBody("The body is not valid JSON.") from None
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise InvalidRequest("Some fields make no sense.", errors=field_errors(error)) from None


def parse_query(model: type[MODEL]) -> MODEL:
    """The validated query string. Raises `InvalidRequest`, also for a name given twice."""
    values: dict[str, str] = {}
    for name, given in _lists(request.args):
        if len(given) > 1:
            raise InvalidRequest("A parameter is given twice.", errors=[{"field": name, "message": "given twice"}])
        values[name] = given[0]
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidRequest("Some parameters make no sense.", errors=field_errors(error)) from None


def _lists(args: MultiDict[str, str]) -> list[tuple[str, list[str]]]:
    return [(name, args.getlist(name)) for name in args]


def field_errors(error: ValidationError) -> list[FieldError]:
    """Pydantic's first findings as the contract's `errors`, without echoing what was sent."""
    return [
        {
            "field": ".".join(str(part) for part in problem["loc"]) or "body",
            "message": problem["msg"].removeprefix("Value error, "),
        }
        for problem in error.errors(include_url=False, include_input=False, include_context=False)[:MAX_ERRORS]
    ]


def json_response(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(dumps(data), status, headers, mimetype="application/json")


def problem(error: AppError) -> Response:
    """RFC 9457 problem details."""
    body: dict[str, Any] = {
        "type": f"/docs#error-{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
    }
    if error.errors:
        body["errors"] = error.errors
    return Response(dumps(body), error.status, error.headers, mimetype="application/problem+json")


def wants_html() -> bool:
    """Whether a person's browser is navigating, as opposed to a program calling or a socket being opened."""
    if has_websocket_context():
        return False
    if request.path.startswith(("/api/", "/events", "/ws/", "/health", "/metrics", "/static/", "/openapi.json")):
        return False
    return "text/html" in request.headers.get("Accept", "")


async def error_response(error: AppError) -> Response:
    if not wants_html():
        return problem(error)
    html = await render_template("errors/error.html", error=error)
    return Response(html, error.status, error.headers, mimetype="text/html")


def register_errors(app: Quart) -> None:
    """Every error leaves as the contract says; what nobody foresaw is logged and told without details."""

    @app.errorhandler(AppError)
    async def _app_error(error: AppError) -> Response:
        return await error_response(error)

    @app.errorhandler(HTTPException)
    async def _http_error(error: HTTPException) -> Response:
        return await error_response(_from_http(error))

    @app.errorhandler(Exception)
    async def _unforeseen(error: Exception) -> Response:
        if isinstance(error, LOST):
            return await error_response(Unavailable())
        path = (websocket if has_websocket_context() else request).path
        log.error("unhandled", exc_info=error, path=path, kind=type(error).__name__)
        known = Unavailable() if isinstance(error, BaseORMException) else _InternalError()
        return await error_response(known)


class _InternalError(AppError):
    status = 500
    code = "internal_error"
    title = "Something broke on our side"

    def __init__(self) -> None:
        super().__init__(f"Nothing was lost. Tell the operator this number: {request_id.get()}")


class _HttpProblem(AppError):
    """An error that Quart or Werkzeug raised, in our form."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        phrase = HTTPStatus(status).phrase
        self.status = status  # type: ignore[misc]  # instance value over the class's, one class for all statuses
        self.code = phrase.lower().replace(" ", "_").replace("-", "_")  # type: ignore[misc]
        self.title = phrase  # type: ignore[misc]
        super().__init__(phrase, headers=headers)


def _from_http(error: HTTPException) -> AppError:
    status = error.code or 500
    if isinstance(error, RequestEntityTooLarge):
        return BodyTooLarge()
    if status == 404:
        return NotFound()
    headers = {}
    if status == 405 and (allowed := getattr(error, "valid_methods", None)):
        headers["Allow"] = ", ".join(sorted(allowed))
    return _HttpProblem(status, headers)


def register_headers(app: Quart, *, secure: bool) -> None:
    """A request id, a CSP nonce, and the security headers of every answer."""

    @app.before_request
    async def _identify() -> None:
        request_id.set(secrets.token_hex(8))

    fixed = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if secure:
        fixed["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    @app.after_request
    async def _protect(response: Response) -> Response:
        headers = response.headers
        for name, value in fixed.items():
            headers[name] = value
        headers["X-Request-Id"] = request_id.get()
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        nonce = g.get("csp_nonce")
        script = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
        headers["Content-Security-Policy"] = (
            f"default-src 'self'; script-src {script}; style-src {script}; img-src 'self' data:; connect-src 'self'; "
            "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )
        return response


def csp_nonce() -> str:
    """This answer's nonce; asking for it puts it into the policy."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce  # type: ignore[no-any-return]


async def html(template: str, status: int = 200, **context: Any) -> Response:
    """A rendered page."""
    return Response(await render_template(template, **context), status, mimetype="text/html")


def client_address() -> str:
    """The client's address; a proxy's word counts only if the proxy is one of ours."""
    address = request.remote_addr or ""
    trusted = current_app.config["TRUSTED_PROXIES"]
    if address not in trusted:
        return address
    for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        hop = hop.strip()
        if hop and hop not in trusted:
            return hop[:64]
    return address
