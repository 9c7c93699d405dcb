"""The wallet's page with its bonus forms, and the page of play limits."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any, Final, Literal

from markupsafe import Markup
from pydantic import ValidationError
from quart import Blueprint, Response, flash, redirect, request
from quart.typing import ResponseReturnValue

from ..accounts.access import Access, Auth, Caller, form, own_path
from ..core.clock import day_start
from ..core.errors import InvalidRequest
from ..core.rates import Rate
from ..core.web import Query, field_errors, html
from .api import CLAIM, LIMITS, LimitsRequest, TimeOutRequest
from .ledger import TransactionType
from .limits_service import Limits
from .posting import AccountFrozen, Posted
from .service import AlreadyClaimed, RefillUnavailable, Wallet

VIEW: Final = Rate("wallet_page", count=5, period=1.0, burst=30)
_PAGE: Final = 25
_REFUSED: Final = (AlreadyClaimed, RefillUnavailable, AccountFrozen)

Charts = Callable[[int], Awaitable[Sequence[Markup]]]


class PageFilter(Query):
    """The filter form's fields; days are whole UTC days."""

    type: TransactionType | None = None
    game: Literal["slots", "roulette", "blackjack"] | None = None
    from_day: date | None = None
    to_day: date | None = None
    cursor: str | None = None


def wallet_pages(access: Access, wallet: Wallet, charts: Charts) -> Blueprint:
    """`/wallet` and the forms of the bonuses. `charts` draws a player's (statistics lie above the wallet)."""
    bp = Blueprint("wallet_pages", __name__)

    @access.page(bp, "/wallet", auth=Auth.PLAYER, rate=VIEW)
    async def show_wallet(caller: Caller) -> Response:
        filters = {name: value for name, value in request.args.items() if value}
        wanted = _page_filter(filters)
        transactions, following = await wallet.list_transactions(
            caller.player_id,
            limit=_PAGE,
            cursor=wanted.cursor,
            type=wanted.type,
            game=wanted.game,
            from_at=day_start(wanted.from_day) if wanted.from_day else None,
            to_at=day_start(wanted.to_day) if wanted.to_day else None,
        )
        return await html(
            "wallet/wallet.html",
            balance=await wallet.get_balance(caller.player_id),
            transactions=transactions,
            next_cursor=following,
            filters=filters,
            charts=await charts(caller.player_id),
            **await wallet.get_bonuses(caller.player_id),
        )

    @access.page(bp, "/wallet/bonus/daily", methods=("POST",), auth=Auth.PLAYER, rate=CLAIM)
    async def claim_daily_form(caller: Caller) -> ResponseReturnValue:
        return await _claimed(wallet.claim_daily(caller.player_id, caller.session_id, None))

    @access.page(bp, "/wallet/bonus/refill", methods=("POST",), auth=Auth.PLAYER, rate=CLAIM)
    async def refill_form(caller: Caller) -> ResponseReturnValue:
        return await _claimed(wallet.refill(caller.player_id, caller.session_id, None))

    return bp


def limits_pages(access: Access, limits: Limits) -> Blueprint:
    """`/limits` and its forms."""
    bp = Blueprint("limits_pages", __name__)

    async def page(
        caller: Caller, *, typed: dict[str, str] | None = None, error: InvalidRequest | None = None
    ) -> Response:
        current = await limits.get_limits(caller.player_id)
        pending = current["pending"] or {}
        return await html(
            "profiles/limits.html",
            422 if error else 200,
            limits=typed or current,
            pending=[
                {"name": name, "value": value, "effective_at": current["pending_from"]}
                for name, value in pending.items()
            ],
            time_out=current["time_out_until"],
            errors={problem["field"]: problem["message"] for problem in error.errors} if error else {},
        )

    @access.page(bp, "/limits", auth=Auth.PLAYER, rate=VIEW)
    async def show_limits(caller: Caller) -> Response:
        return await page(caller)

    @access.page(bp, "/limits", methods=("POST",), auth=Auth.PLAYER, rate=LIMITS)
    async def set_limits_form(caller: Caller) -> ResponseReturnValue:
        typed = await form()
        try:
            wanted = LimitsRequest.model_validate({name: _number(text) for name, text in typed.items()})
        except ValidationError as error:
            return await page(caller, typed=typed, error=_invalid(error))
        answer = await limits.set_limits(caller.player_id, caller.session_id, **wanted.model_dump())
        await flash("Saved. What is looser counts in 24 hours." if answer.body["pending"] else "Saved.", "good")
        return redirect("/limits", 303)

    @access.page(bp, "/limits/time-out", methods=("POST",), auth=Auth.PLAYER, rate=LIMITS)
    async def take_time_out_form(caller: Caller) -> ResponseReturnValue:
        typed = await form()
        try:
            wanted = TimeOutRequest.model_validate({name: _number(text) for name, text in typed.items()})
        except ValidationError as error:
            raise _invalid(error) from None
        await limits.take_time_out(caller.player_id, caller.session_id, hours=wanted.hours)
        await flash("Enjoy the break. Everything is as you left it when you come back.", "good")
        return redirect("/limits#break", 303)

    return bp


async def _claimed(claim: Awaitable[Posted]) -> ResponseReturnValue:
    """Back to where the form stood, with what the claim brought or why it brought nothing."""
    following = own_path((await form()).get("next"), "/wallet")
    try:
        answer = await claim
    except _REFUSED as error:
        await flash(f"{error.title}. {error.detail}", "plain")
    else:
        await flash(f"{answer.body['amount']:,} coins are yours.", "gold")
    return redirect(following, 303)


def _page_filter(filters: dict[str, str]) -> PageFilter:
    """The form's filter. Raises `InvalidRequest`."""
    fields = {"from": "from_day", "to": "to_day"}
    renamed: dict[str, Any] = {fields.get(name, name): value for name, value in filters.items()}
    try:
        return PageFilter.model_validate(renamed)
    except ValidationError as error:
        raise _invalid(error) from None


def _invalid(error: ValidationError) -> InvalidRequest:
    return InvalidRequest("Some fields make no sense.", errors=field_errors(error))


def _number(text: str) -> int | str | None:
    """A form's field as the JSON call would get it: empty is null, digits are a number, the rest stays text."""
    stripped = text.strip()
    if not stripped:
        return None
    return int(stripped) if stripped.isascii() and stripped.isdigit() and len(stripped) <= 18 else stripped
