"""Who may do what: every route of the casino is declared here with an auth and a rate policy.

`Access.endpoint` is for JSON calls, `Access.page` for pages and their forms. Both check in the same order: the
body is read (413), rates (429), the login (401), the CSRF token (403), the role (403), then the body (400, 415, 422).
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any, Final, Literal, TypeVar
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel
from quart import Blueprint, Quart, Response, g, redirect, request
from quart_schema import (
    document_querystring,
    document_request,
    document_response,
    operation_id,
    security_scheme,
    tag,
)
from werkzeug.datastructures import Headers

from ..core.errors import AppError, Forbidden, NotAuthenticated, NotFound, RateLimited
from ..core.rates import Limiter, MemoryLimiter, Rate
from ..core.settings import Settings
from ..core.web import Empty, client_address, json_response, parse_body, parse_query, read_body
from .cookies import Cookies
from .service import Accounts, Client, Login
from .tokens import Claims, InvalidToken, Tokens

Handler = Callable[..., Awaitable[Any]]
HANDLER = TypeVar("HANDLER", bound=Handler)

# Whatever one address asks for: a whole school plays from one, but a flood ends here, before any database work.
# Counted per worker, so that it costs a microsecond and no round trip.
FLOOD: Final = Rate("flood", count=1000, period=1.0, burst=2000)

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_RANK: Final = {"player": 0, "moderator": 1, "admin": 2}
_LONGEST_CSRF: Final = 200


class CsrfFailed(AppError):
    status = 403
    code = "csrf_failed"
    title = "This form is out of date"

    def __init__(self) -> None:
        super().__init__("The request did not come from a current page of this site. Load the page again and retry.")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking. `expires_at`: when the access token ends, in seconds since 1970."""

    player_id: int
    username: str
    role: str
    session_id: str
    via: Literal["bearer", "cookie"]
    expires_at: int


class Auth(Enum):
    """Who may call. `PLAYER` and above look the session up.

    `CLAIMED` checks signature, expiry and CSRF alone: for routes whose posting checks the session in its own read.
    """

    PUBLIC = "public"
    OPTIONAL = "optional"
    PLAYER = "player"
    CLAIMED = "claimed"
    MODERATOR = "moderator"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Policy:
    """A route's declared policy: the view function's `policy`. `media`: the type of an answer that is not JSON."""

    auth: Auth
    rate: Rate
    errors: tuple[type[AppError], ...] = ()
    media: str | None = None


class Access:
    """Identifies callers and guards routes. One per process."""

    def __init__(self, settings: Settings, accounts: Accounts, tokens: Tokens, limiter: Limiter) -> None:
        self._accounts = accounts
        self._tokens = tokens
        self._limiter = limiter
        self._flood = MemoryLimiter(settings.rate_factor) if settings.limits_on else None
        self._origin = _origin(settings.public_url)
        self.cookies = Cookies.named(secure=settings.secure)

    def register(self, app: Quart) -> None:
        """Writes the cookies that a request has brought about."""
        app.after_request(self._write_cookies)

    # Declaring routes

    def endpoint(
        self,
        bp: Blueprint,
        method: str,
        path: str,
        *,
        auth: Auth,
        rate: Rate,
        body: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        answer: type[BaseModel] | None = None,
        status: int = 200,
        also: Sequence[int] = (),
        media: str | None = None,
        errors: Sequence[type[AppError]] = (),
        summary: str | None = None,
    ) -> Callable[[HANDLER], HANDLER]:
        """Registers an async handler as a JSON call.

        The handler gets keywords: `caller` (not with `PUBLIC`; may be None with `OPTIONAL`), `body` and `query` if
        their models are given, and the path's parts. It answers a dict, list or model (sent as JSON with `status`),
        None (204), or a finished response: then perhaps with a status of `also`, or of the type `media`.
        `rate` counts per player, or per address where nobody need be logged in.
        """

        def declare(handler: HANDLER) -> HANDLER:
            @wraps(handler)
            async def view(**values: Any) -> Response:
                raw = await read_body()
                caller = await self._admit(auth, rate)
                if body is not None:
                    values["body"] = parse_body(raw, body)
                elif method in ("POST", "PUT", "PATCH"):
                    parse_body(raw, Empty)
                if query is not None:
                    values["query"] = parse_query(query)
                if auth is not Auth.PUBLIC:
                    values["caller"] = caller
                return _respond(await handler(**values), status)

            _describe(view, bp, handler, auth, body, query, answer, (status, *also), summary)
            view.policy = Policy(auth, rate, tuple(errors), media)  # type: ignore[attr-defined]
            bp.add_url_rule(path, handler.__name__, view, methods=[method])
            return handler

        return declare

    def page(
        self, bp: Blueprint, path: str, *, methods: Sequence[str] = ("GET",), auth: Auth, rate: Rate
    ) -> Callable[[HANDLER], HANDLER]:
        """Registers an async handler as a page or the target of a form.

        The handler gets `caller` (as with `endpoint`) and the path's parts, and answers a response. Whoever must be
        logged in and is not is sent to `/login?next=…`. A run-out access cookie is renewed by the refresh cookie on
        the way. Forms need their CSRF token also from visitors.
        """

        def declare(handler: HANDLER) -> HANDLER:
            @wraps(handler)
            async def view(**values: Any) -> Any:
                await read_body()
                try:
                    caller = await self._admit_to_page(auth, rate)
                except NotAuthenticated:
                    return redirect(login_path(), 303)
                if any("\0" in str(part) for part in values.values()):
                    raise NotFound  # nothing has a NUL in its name, and PostgreSQL cannot even be asked
                if auth is not Auth.PUBLIC:
                    values["caller"] = caller
                return await handler(**values)

            view._quart_schema_hidden = True  # type: ignore[attr-defined]
            view.policy = Policy(auth, rate)  # type: ignore[attr-defined]
            bp.add_url_rule(path, handler.__name__, view, methods=list(methods))
            return handler

        return declare

    # Identifying callers

    async def identify(self, headers: Headers, cookies: Mapping[str, str]) -> Caller | None:
        """The caller with these headers and cookies, session looked up; None for a visitor.

        A Bearer token goes before cookies, and one that is no good raises `NotAuthenticated`; a stale cookie does not.
        """
        caller = self._claimed(headers, cookies)
        if caller is None:
            return None
        try:
            return await self._check(caller)
        except NotAuthenticated:
            if caller.via == "bearer":
                raise
            return None

    async def authenticate_token(self, token: str) -> Caller:
        """The caller with this access token, session looked up. Raises `NotAuthenticated`."""
        return await self._check(self._bearer(token))

    def is_own_origin(self, origin: str | None, host: str) -> bool:
        """Whether an `Origin` header names this site; `host` is the request's own `Host`."""
        if not origin:
            return False
        named = _origin(origin)
        if self._origin:
            return named == self._origin
        return named in (f"http://{host}".lower(), f"https://{host}".lower())

    async def current(self) -> Caller | None:
        """The caller of the current request, also where no policy asked (error pages). Never raises for bad tokens."""
        if "caller" not in g:
            try:
                g.caller = await self.identify(request.headers, request.cookies)
            except NotAuthenticated:
                g.caller = None
        return g.caller  # type: ignore[no-any-return]

    def client(self) -> Client:
        """Where the current request comes from."""
        return Client(client_address(), request.headers.get("User-Agent", ""))

    async def _check(self, caller: Caller) -> Caller:
        """The caller with the role and name of the database. Raises `NotAuthenticated`."""
        account = await self._accounts.check_session(caller.player_id, caller.session_id)
        return Caller(account.id, account.username, account.role, caller.session_id, caller.via, caller.expires_at)

    def _claimed(self, headers: Headers, cookies: Mapping[str, str]) -> Caller | None:
        """Who the caller claims to be by a signed, unexpired token. A bad Bearer token raises `NotAuthenticated`."""
        scheme, _, credentials = headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._bearer(credentials.strip())
        token = cookies.get(self.cookies.access)
        if not token:
            return None
        try:
            return _caller(self._tokens.read_access(token), "cookie")
        except InvalidToken:
            return None

    def _bearer(self, token: str) -> Caller:
        try:
            return _caller(self._tokens.read_access(token), "bearer")
        except InvalidToken:
            raise NotAuthenticated("The access token is not valid or has run out.") from None

    # Admitting requests

    async def _admit(self, auth: Auth, rate: Rate) -> Caller | None:
        """The JSON calls' checks up to the role."""
        caller = await self._known(auth, rate)
        if caller is not None and caller.via == "cookie" and request.method not in _SAFE_METHODS:
            await self.require_csrf()
        return _ranked(caller, auth)

    async def _admit_to_page(self, auth: Auth, rate: Rate) -> Caller | None:
        """The pages' checks up to the role. Every form needs a CSRF token, a visitor's too."""
        if auth is Auth.PUBLIC:
            auth = Auth.OPTIONAL  # the shell greets whoever is logged in
        caller = await self._known(auth, rate, renew=True)
        if request.method not in _SAFE_METHODS and (caller is None or caller.via == "cookie"):
            await self.require_csrf()
        return _ranked(caller, auth)

    async def _known(self, auth: Auth, rate: Rate, *, renew: bool = False) -> Caller | None:
        """Takes the request from its rates and finds out who is asking. Raises `RateLimited`, `NotAuthenticated`."""
        address = client_address()
        if self._flood is not None and (wait := self._flood.wait_now(FLOOD, address)):
            raise RateLimited(wait)
        if auth in (Auth.PUBLIC, Auth.OPTIONAL):
            await self._take(rate, address)
        if auth is Auth.PUBLIC:
            return None
        caller = await self._find_caller(auth, renew)
        g.caller = caller
        if auth is Auth.OPTIONAL:
            return caller
        if caller is None:
            raise NotAuthenticated
        await self._take(rate, f"player:{caller.player_id}")
        return caller

    async def _find_caller(self, auth: Auth, renew: bool) -> Caller | None:
        caller = self._claimed(request.headers, request.cookies)
        if caller is None:
            return await self._renewed() if renew else None
        if auth is Auth.CLAIMED:
            return caller
        try:
            return await self._check(caller)
        except NotAuthenticated:
            if caller.via == "bearer":
                raise
            return None

    async def _renewed(self) -> Caller | None:
        """The caller by the refresh cookie, which is replaced; None without a good one."""
        token = request.cookies.get(self.cookies.refresh)
        if not token:
            return None
        try:
            login = await self._accounts.refresh(token, parallel=True)
        except NotAuthenticated:
            self.forget()
            return None
        self.remember(login)
        return _caller(self._tokens.read_access(login.access_token), "cookie")

    async def _take(self, rate: Rate, subject: str) -> None:
        if wait := await self._limiter.wait(rate, subject):
            raise RateLimited(wait)

    # Cookies

    def remember(self, login: Login) -> None:
        """Sets the login's cookies with the current answer."""
        g.login_cookies = login
        g.caller = _caller(self._tokens.read_access(login.access_token), "cookie")

    def forget(self) -> None:
        """Clears the login's cookies with the current answer."""
        g.login_cookies = None
        g.caller = None

    async def _write_cookies(self, response: Response) -> Response:
        if "login_cookies" in g:
            if g.login_cookies is None:
                self.cookies.clear_login(response)
            else:
                self.cookies.set_login(response, g.login_cookies.access_token, g.login_cookies.refresh_token)
        if "new_anonymous_id" in g:
            self.cookies.set_anonymous(response, g.new_anonymous_id)
        return response

    # CSRF

    def csrf_token(self) -> str:
        """The token that the current page carries; a visitor gets an anonymous cookie with it."""
        caller: Caller | None = g.get("caller")
        if caller is not None and caller.via == "cookie":
            return self._tokens.csrf_token(caller.session_id)
        anonymous = request.cookies.get(self.cookies.anonymous) or g.get("new_anonymous_id")
        if not anonymous:
            anonymous = g.new_anonymous_id = secrets.token_urlsafe(16)
        return self._tokens.csrf_token(anonymous)

    async def require_csrf(self, *subjects: str) -> None:
        """Raises `CsrfFailed` unless the request comes from this site and carries a token shown to its sender.

        The token may be bound to the login, to the anonymous cookie, or to one of `subjects`.
        """
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise CsrfFailed
        origin = request.headers.get("Origin")
        if origin is not None and not self.is_own_origin(origin, request.host):
            raise CsrfFailed
        token = request.headers.get("X-CSRF-Token") or (await request.form).get("csrf_token", "")
        senders = [*subjects, *await self._senders()]
        if len(token) > _LONGEST_CSRF or not any(self._tokens.is_csrf_token(token, sender) for sender in senders):
            raise CsrfFailed

    async def _senders(self) -> list[str]:
        """Ids that a token of the current sender may be bound to."""
        caller = await self.current()
        if caller is not None:
            # A logged-in page never carries a visitor's token, so planting a visitor's cookie is no way around.
            return [caller.session_id]
        anonymous = request.cookies.get(self.cookies.anonymous)
        return [anonymous] if anonymous else []


async def form() -> dict[str, str]:
    """The text fields of the posted form (the first of each name), without the CSRF token and without NULs."""
    fields = (await request.form).to_dict(flat=True)
    fields.pop("csrf_token", None)
    return {name: value.replace("\0", "") for name, value in fields.items()}


def login_path() -> str:
    """Where to log in, and back to the page that was asked for."""
    wanted = request.path
    if request.method in _SAFE_METHODS and request.query_string:
        wanted = f"{wanted}?{request.query_string.decode('ascii', 'replace')}"
    return f"/login?{urlencode({'next': wanted})}"


def own_path(text: str | None, default: str = "/") -> str:
    """`text` if it is a path on this site, else `default`: nobody is sent elsewhere by a link."""
    if not text or not text.startswith("/") or text.startswith("//") or len(text) > 500:
        return default
    # Browsers read backslashes as slashes and skip control characters.
    if "\\" in text or not text.isascii() or not text.isprintable():
        return default
    return text


def _caller(claims: Claims, via: Literal["bearer", "cookie"]) -> Caller:
    return Caller(claims.player_id, claims.username, claims.role, claims.session_id, via, claims.expires_at)


def _ranked(caller: Caller | None, auth: Auth) -> Caller | None:
    """Raises `Forbidden` for a caller below the role."""
    if auth in (Auth.MODERATOR, Auth.ADMIN) and (caller is None or _RANK.get(caller.role, 0) < _RANK[auth.value]):
        raise Forbidden
    return caller


def _origin(url: str) -> str:
    """Scheme and host of an address; empty for what is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""


def _respond(answer: Any, status: int) -> Response:
    if isinstance(answer, Response):
        return answer
    if answer is None:
        nothing = Response(b"", 204)
        del nothing.headers["Content-Type"]  # of nothing
        return nothing
    return json_response(answer.model_dump() if isinstance(answer, BaseModel) else answer, status)


def _describe(
    view: Handler,
    bp: Blueprint,
    handler: Handler,
    auth: Auth,
    body: type[BaseModel] | None,
    query: type[BaseModel] | None,
    answer: type[BaseModel] | None,
    statuses: Sequence[int],
    summary: str | None,
) -> None:
    """What `/openapi.json` says about the call; `accounts.openapi` adds the problems from its policy."""
    text = "\n".join(filter(None, (summary, handler.__doc__)))
    view.__doc__ = text or handler.__name__.replace("_", " ").capitalize()
    tag({bp.name})(view)
    operation_id(f"{bp.name}_{handler.__name__}")(view)
    if body is not None:
        document_request(body)(view)
    if query is not None:
        document_querystring(query)(view)
    if answer is not None:
        for status in statuses:
            document_response(answer, status)(view)
    if auth is Auth.OPTIONAL:
        security_scheme([{}, {"bearer": []}, {"cookie": []}])(view)
    elif auth is not Auth.PUBLIC:
        security_scheme([{"bearer": []}, {"cookie": []}])(view)
