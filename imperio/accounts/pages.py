"""Pages for signing up, in and out, and for what keeps an account safe. Their forms set the cookies."""

from typing import Any, Final

from quart import Blueprint, Response, flash, redirect, request
from quart.typing import ResponseReturnValue

from ..core.errors import AppError, InvalidRequest, RateLimited
from ..core.rates import Rate
from ..core.web import html
from .access import Access, Auth, Caller, form, own_path
from .api import LOGIN, SECRETS, SIGNUP
from .second_factor import Enrolment
from .service import (
    AccountClosed,
    Accounts,
    EmailTaken,
    InvalidCredentials,
    InvalidTotp,
    SessionNotFound,
    TotpRequired,
    TotpState,
    UsernameTaken,
)

VIEW: Final = Rate("account-pages", count=300, period=60.0, burst=100)

# What a form shows again, with its fields filled in, instead of an error page.
_SHOWN: Final = (
    InvalidRequest,
    UsernameTaken,
    EmailTaken,
    InvalidCredentials,
    TotpRequired,
    InvalidTotp,
    TotpState,
    AccountClosed,
    RateLimited,
)
_TOTP_ERRORS: Final = (TotpRequired, InvalidTotp)


def accounts_pages(access: Access, accounts: Accounts) -> Blueprint:
    """`/login`, `/signup`, `/logout`, and the account's safety below `/profile`."""
    bp = Blueprint("account_pages", __name__)

    @access.page(bp, "/login", auth=Auth.OPTIONAL, rate=VIEW)
    async def login_form(caller: Caller | None) -> ResponseReturnValue:
        following = own_path(request.args.get("next"))
        if caller is not None:
            return redirect(following, 303)
        return await html("accounts/login.html", form={}, errors={}, error=None, next=following)

    @access.page(bp, "/login", methods=("POST",), auth=Auth.OPTIONAL, rate=LOGIN)
    async def login(caller: Caller | None) -> ResponseReturnValue:
        fields = await form()
        following = own_path(fields.get("next"))
        try:
            login = await accounts.login(
                fields.get("username", ""), fields.get("password", ""), fields.get("totp") or None, access.client()
            )
        except _SHOWN as error:
            return await _again("accounts/login.html", error, fields, following)
        access.remember(login)
        return redirect(following, 303)

    @access.page(bp, "/signup", auth=Auth.OPTIONAL, rate=VIEW)
    async def signup_form(caller: Caller | None) -> ResponseReturnValue:
        following = own_path(request.args.get("next"))
        if caller is not None:
            return redirect(following, 303)
        return await html("accounts/signup.html", form={}, errors={}, error=None, next=following)

    @access.page(bp, "/signup", methods=("POST",), auth=Auth.OPTIONAL, rate=SIGNUP)
    async def signup(caller: Caller | None) -> ResponseReturnValue:
        fields = await form()
        following = own_path(fields.get("next"))
        try:
            login = await accounts.signup(
                fields.get("username", ""), fields.get("email", ""), fields.get("password", ""), access.client()
            )
        except _SHOWN as error:
            return await _again("accounts/signup.html", error, fields, following)
        access.remember(login)
        return redirect(following, 303)

    @access.page(bp, "/logout", methods=("POST",), auth=Auth.OPTIONAL, rate=VIEW)
    async def logout(caller: Caller | None) -> ResponseReturnValue:
        if caller is not None:
            await accounts.logout(caller.player_id, caller.session_id)
        access.forget()
        return redirect("/", 303)

    async def security_page(
        caller: Caller,
        error: AppError | None = None,
        *,
        enrolment: Enrolment | None = None,
        recovery_codes: list[str] | None = None,
    ) -> Response:
        account = await accounts.get_account(caller.player_id)
        response = await html(
            "accounts/security.html",
            error.status if error else 200,
            account=account,
            sessions=await accounts.list_sessions(caller.player_id),
            session_id=caller.session_id,
            enrolment=enrolment,
            recovery_codes=recovery_codes,
            **_explained(error),
        )
        response.headers.update(error.headers if error else {})
        return response

    @access.page(bp, "/profile/security", auth=Auth.PLAYER, rate=VIEW)
    async def security(caller: Caller) -> ResponseReturnValue:
        return await security_page(caller)

    @access.page(bp, "/profile/password", methods=("POST",), auth=Auth.PLAYER, rate=SECRETS)
    async def change_password(caller: Caller) -> ResponseReturnValue:
        fields = await form()
        current, new = fields.get("current_password", ""), fields.get("new_password", "")
        try:
            await accounts.change_password(caller.player_id, caller.session_id, current, new, access.client())
        except _SHOWN as error:
            if isinstance(error, InvalidCredentials):
                error.errors = [{"field": "current_password", "message": error.detail}]
            return await security_page(caller, error)
        await flash("The password is changed. All other logins have ended.", "good")
        return redirect("/profile/security", 303)

    @access.page(bp, "/profile/logout-everywhere", methods=("POST",), auth=Auth.PLAYER, rate=VIEW)
    async def logout_everywhere(caller: Caller) -> ResponseReturnValue:
        await accounts.revoke_sessions(caller.player_id, "logged out everywhere")
        access.forget()
        return redirect("/login", 303)

    @access.page(bp, "/profile/sessions/<session_id>/end", methods=("POST",), auth=Auth.PLAYER, rate=VIEW)
    async def end_session(caller: Caller, session_id: str) -> ResponseReturnValue:
        try:
            await accounts.revoke_session(caller.player_id, session_id, "ended by the player")
        except SessionNotFound:
            await flash("That login had already ended.", "plain")
        return redirect("/profile/security", 303)

    @access.page(bp, "/profile/totp", methods=("POST",), auth=Auth.PLAYER, rate=SECRETS)
    async def enrol_totp(caller: Caller) -> ResponseReturnValue:
        password = (await form()).get("password", "")
        try:
            enrolment = await accounts.enrol_totp(caller.player_id, password, access.client())
        except _SHOWN as error:
            return await security_page(caller, error)
        return await security_page(caller, enrolment=enrolment)

    @access.page(bp, "/profile/totp/confirm", methods=("POST",), auth=Auth.PLAYER, rate=SECRETS)
    async def confirm_totp(caller: Caller) -> ResponseReturnValue:
        try:
            codes = await accounts.confirm_totp(caller.player_id, (await form()).get("code", ""))
        except _SHOWN as error:
            return await security_page(caller, error)
        return await security_page(caller, recovery_codes=codes)

    @access.page(bp, "/profile/totp/disable", methods=("POST",), auth=Auth.PLAYER, rate=SECRETS)
    async def disable_totp(caller: Caller) -> ResponseReturnValue:
        password = (await form()).get("password", "")
        try:
            await accounts.disable_totp(caller.player_id, password, access.client())
        except _SHOWN as error:
            return await security_page(caller, error)
        await flash("The second factor is off.", "good")
        return redirect("/profile/security", 303)

    return bp


def _explained(error: AppError | None) -> dict[str, Any]:
    """The template's `errors` by field, and `error` for what belongs to none."""
    errors = {problem["field"]: problem["message"] for problem in error.errors} if error else {}
    if isinstance(error, _TOTP_ERRORS):
        errors["totp"] = error.detail
    return {"errors": errors, "error": error.detail if error and not errors else None}


async def _again(template: str, error: AppError, fields: dict[str, str], following: str) -> Response:
    """The form once more, with what was typed (passwords aside) and what was wrong."""
    kept = {name: fields[name] for name in ("username", "email") if name in fields}
    needs_totp = isinstance(error, _TOTP_ERRORS)
    response = await html(template, error.status, form=kept, next=following, needs_totp=needs_totp, **_explained(error))
    response.headers.update(error.headers)
    return response
