"""Accounts over JSON: signing up and in, refreshing, logins, password and second factor."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field
from quart import Blueprint, request

from ..core.clock import rfc3339
from ..core.errors import NotAuthenticated
from ..core.rates import Rate
from ..core.web import Body
from .access import Access, Auth, Caller, CsrfFailed
from .passwords import MAX_LENGTH, MIN_LENGTH
from .service import (
    EMAIL_LENGTH,
    USERNAME_PATTERN,
    Account,
    AccountClosed,
    Accounts,
    EmailTaken,
    InvalidCredentials,
    InvalidTotp,
    Login,
    SessionNotFound,
    TotpRequired,
    TotpState,
    UsernameTaken,
)

CoinsOf = Callable[[int], Awaitable[int]]
"""The balance of a player; the wallet's, handed in from above."""

# Each costs us an argon2 hash. One address may be a school or a test; guessing is the throttle's business.
SIGNUP: Final = Rate("signup", count=120, period=60.0, burst=100)
LOGIN: Final = Rate("login", count=240, period=60.0, burst=120)
REFRESH: Final = Rate("refresh", count=120, period=60.0, burst=60)
ACCOUNT: Final = Rate("account", count=300, period=60.0, burst=100)
# Each may cost a hash; nobody does this often.
SECRETS: Final = Rate("account-secrets", count=20, period=60.0, burst=20)

# Longer ones were never accepted at signing up; this only bounds the work.
_LONGEST_TYPED: Final = 1024

_USER_EXAMPLE: Final = {
    "id": "17",
    "username": "Livia",
    "email": "livia@example.org",
    "coins": 1000,
    "role": "player",
    "status": "active",
    "created_at": "2026-11-23T03:31:56.123456Z",
}


def _example(value: dict[str, Any]) -> dict[str, Any]:
    return {"examples": [value]}


class SignupBody(Body):
    """A new account. The rules are checked by the service, for pages as well."""

    model_config = ConfigDict(
        json_schema_extra=_example({"username": "Livia", "email": "livia@example.org", "password": "a palace at night"})
    )
    username: Annotated[str, Field(json_schema_extra={"pattern": USERNAME_PATTERN})]
    email: Annotated[str, Field(json_schema_extra={"format": "email", "maxLength": EMAIL_LENGTH})]
    password: Annotated[str, Field(json_schema_extra={"minLength": MIN_LENGTH, "maxLength": MAX_LENGTH})]


class LoginBody(Body):
    """`username` may be the e-mail address; `totp` a code of the app or a recovery code."""

    model_config = ConfigDict(json_schema_extra=_example({"username": "Livia", "password": "a palace at night"}))
    username: Annotated[str, Field(max_length=_LONGEST_TYPED)]
    password: Annotated[str, Field(max_length=_LONGEST_TYPED)]
    totp: Annotated[str | None, Field(max_length=64)] = None


class RefreshBody(Body):
    """Empty for the site's own pages, which send the refresh cookie."""

    refresh_token: Annotated[str | None, Field(max_length=_LONGEST_TYPED)] = None


class PasswordBody(Body):
    """The password known so far, and the one from now on."""

    current_password: Annotated[str, Field(max_length=_LONGEST_TYPED)]
    new_password: Annotated[str, Field(json_schema_extra={"minLength": MIN_LENGTH, "maxLength": MAX_LENGTH})]


class CodeBody(Body):
    """Six digits of the authenticator app."""

    code: Annotated[str, Field(max_length=64)]


class ProofBody(Body):
    """The password again, before something is weakened."""

    password: Annotated[str, Field(max_length=_LONGEST_TYPED)]


class UserView(BaseModel):
    """A player as they see themselves."""

    model_config = ConfigDict(json_schema_extra=_example(_USER_EXAMPLE))
    id: str
    username: str
    email: str
    coins: int
    role: str
    status: str
    created_at: str


class MeView(BaseModel):
    """Who is logged in."""

    user: UserView


class TokensView(BaseModel):
    """A login: the user and both tokens. `expires_in` is the access token's life in seconds."""

    user: UserView
    access_token: str
    refresh_token: str
    token_type: str = "Bearer"  # noqa: S105  # the scheme's name
    expires_in: int


class SessionView(BaseModel):
    """One of the player's logins."""

    id: str
    current: bool
    created_at: str
    seen_at: str
    expires_at: str
    user_agent: str
    address: str


class SessionsView(BaseModel):
    """The logins that hold, newest first."""

    sessions: list[SessionView]


class EnrolmentView(BaseModel):
    """For the authenticator app; it counts once a first code was confirmed."""

    secret: str
    uri: str


class RecoveryCodesView(BaseModel):
    """Each works once instead of a code of the app. They are shown this one time."""

    recovery_codes: list[str]


def accounts_api(access: Access, accounts: Accounts, coins_of: CoinsOf) -> Blueprint:
    """The routes below `/api/v1/auth`, and `/api/v1/me`."""
    bp = Blueprint("accounts", __name__, url_prefix="/api/v1")

    async def user_view(account: Account) -> UserView:
        return UserView(
            id=str(account.id),
            username=account.username,
            email=account.email,
            coins=await coins_of(account.id),
            role=account.role,
            status=account.status,
            created_at=rfc3339(account.created_at),
        )

    async def tokens_view(login: Login) -> TokensView:
        return TokensView(
            user=await user_view(login.account),
            access_token=login.access_token,
            refresh_token=login.refresh_token,
            expires_in=login.expires_in,
        )

    @access.endpoint(
        bp,
        "POST",
        "/auth/signup",
        auth=Auth.PUBLIC,
        rate=SIGNUP,
        body=SignupBody,
        answer=TokensView,
        status=201,
        errors=(UsernameTaken, EmailTaken),
        summary="Sign up and log in. A new player gets 1000 coins.",
    )
    async def signup(body: SignupBody) -> TokensView:
        login = await accounts.signup(body.username, body.email, body.password, access.client())
        return await tokens_view(login)

    @access.endpoint(
        bp,
        "POST",
        "/auth/login",
        auth=Auth.PUBLIC,
        rate=LOGIN,
        body=LoginBody,
        answer=TokensView,
        errors=(InvalidCredentials, TotpRequired, InvalidTotp, AccountClosed),
        summary="Log in.",
    )
    async def login(body: LoginBody) -> TokensView:
        return await tokens_view(await accounts.login(body.username, body.password, body.totp, access.client()))

    @access.endpoint(
        bp,
        "POST",
        "/auth/refresh",
        auth=Auth.PUBLIC,
        rate=REFRESH,
        body=RefreshBody,
        answer=TokensView,
        errors=(NotAuthenticated, CsrfFailed),
        summary="New tokens for a refresh token, which is used up. Using it twice ends the login.",
    )
    async def refresh(body: RefreshBody) -> TokensView:
        if body.refresh_token is not None:
            return await tokens_view(await accounts.refresh(body.refresh_token))
        token = request.cookies.get(access.cookies.refresh)
        session_id = await accounts.find_session_id(token) if token else None
        if token is None or session_id is None:
            raise NotAuthenticated("Send a refresh token.")
        await access.require_csrf(session_id)
        login = await accounts.refresh(token)
        access.remember(login)
        return await tokens_view(login)

    @access.endpoint(
        bp, "POST", "/auth/logout", auth=Auth.PLAYER, rate=ACCOUNT, summary="End this login and its tokens."
    )
    async def logout(caller: Caller) -> None:
        await accounts.logout(caller.player_id, caller.session_id)
        if caller.via == "cookie":
            access.forget()

    @access.endpoint(bp, "GET", "/me", auth=Auth.PLAYER, rate=ACCOUNT, answer=MeView, summary="Who is logged in.")
    async def me(caller: Caller) -> MeView:
        return MeView(user=await user_view(await accounts.get_account(caller.player_id)))

    @access.endpoint(
        bp,
        "POST",
        "/auth/password",
        auth=Auth.PLAYER,
        rate=SECRETS,
        body=PasswordBody,
        errors=(InvalidCredentials,),
        summary="Set a new password. All other logins end.",
    )
    async def change_password(caller: Caller, body: PasswordBody) -> None:
        await accounts.change_password(
            caller.player_id, caller.session_id, body.current_password, body.new_password, access.client()
        )

    @access.endpoint(
        bp,
        "GET",
        "/auth/sessions",
        auth=Auth.PLAYER,
        rate=ACCOUNT,
        answer=SessionsView,
        summary="Where one is logged in.",
    )
    async def list_sessions(caller: Caller) -> SessionsView:
        sessions = await accounts.list_sessions(caller.player_id)
        return SessionsView(
            sessions=[
                SessionView(
                    id=session.id,
                    current=session.id == caller.session_id,
                    created_at=rfc3339(session.created_at),
                    seen_at=rfc3339(session.seen_at),
                    expires_at=rfc3339(session.expires_at),
                    user_agent=session.user_agent,
                    address=session.address,
                )
                for session in sessions
            ]
        )

    @access.endpoint(
        bp, "DELETE", "/auth/sessions", auth=Auth.PLAYER, rate=ACCOUNT, summary="End all logins but this one."
    )
    async def revoke_other_sessions(caller: Caller) -> None:
        await accounts.revoke_sessions(caller.player_id, "ended by the player", keep=caller.session_id)

    @access.endpoint(
        bp,
        "DELETE",
        "/auth/sessions/<session_id>",
        auth=Auth.PLAYER,
        rate=ACCOUNT,
        errors=(SessionNotFound,),
        summary="End one login.",
    )
    async def revoke_session(caller: Caller, session_id: str) -> None:
        await accounts.revoke_session(caller.player_id, session_id, "ended by the player")

    @access.endpoint(
        bp,
        "POST",
        "/auth/totp",
        auth=Auth.PLAYER,
        rate=SECRETS,
        body=ProofBody,
        answer=EnrolmentView,
        status=201,
        errors=(InvalidCredentials, TotpState),
        summary="Begin with a second factor.",
    )
    async def enrol_totp(caller: Caller, body: ProofBody) -> EnrolmentView:
        enrolment = await accounts.enrol_totp(caller.player_id, body.password, access.client())
        return EnrolmentView(secret=enrolment.secret, uri=enrolment.uri)

    @access.endpoint(
        bp,
        "POST",
        "/auth/totp/confirm",
        auth=Auth.PLAYER,
        rate=SECRETS,
        body=CodeBody,
        answer=RecoveryCodesView,
        errors=(InvalidTotp, TotpState),
        summary="Switch the second factor on with a first code.",
    )
    async def confirm_totp(caller: Caller, body: CodeBody) -> RecoveryCodesView:
        return RecoveryCodesView(recovery_codes=await accounts.confirm_totp(caller.player_id, body.code))

    @access.endpoint(
        bp,
        "POST",
        "/auth/totp/disable",
        auth=Auth.PLAYER,
        rate=SECRETS,
        body=ProofBody,
        errors=(InvalidCredentials,),
        summary="Switch the second factor off.",
    )
    async def disable_totp(caller: Caller, body: ProofBody) -> None:
        await accounts.disable_totp(caller.player_id, body.password, access.client())

    return bp
