"""The blackjack page: the table, and the forms that deal and decide without JavaScript."""

from typing import Any, Final

from quart import Blueprint, Response, flash, redirect, request
from quart.typing import ResponseReturnValue

from ...accounts.access import Access, Auth, Caller, form
from ...core.errors import AppError
from ...core.ids import new_id
from ...core.rates import Rate
from ...core.web import html
from ...fairness.seeds import RoundOpen
from ...wallet.posting import IdempotencyConflict
from ..api import PLAY, STAKE_ERRORS
from ..forms import form_idempotency, whole
from ..rounds import RoundNotFound, Rounds
from . import engine
from .api import advice_for
from .service import GAME, Blackjack, IllegalAction, InvalidStake

VIEW: Final = Rate("blackjack_page", count=10, period=1.0, burst=60)
FIRST_STAKE: Final = 10
RECENT: Final = 10


def blackjack_pages(access: Access, blackjack: Blackjack, rounds: Rounds) -> Blueprint:
    """`/blackjack`: an open round goes on where it was; `?round=` shows a settled one on the felt."""
    bp = Blueprint("blackjack_pages", __name__)

    async def table(caller: Caller | None, error: AppError | None = None) -> Response:
        recent: list[dict[str, Any]] = []
        round_ = advice = None
        if caller is not None:
            recent, _ = await rounds.list_rounds(caller.player_id, limit=RECENT, cursor=None, game=GAME)
            round_ = await _round_on_the_felt(blackjack, rounds, caller)
        if round_ is not None and round_["status"] == "open":
            advice = advice_for(round_["outcome"])
        response = await html(
            "blackjack/blackjack.html",
            error.status if error else 200,
            round=round_,
            advice=advice,
            recent=[past for past in recent if past["status"] == "settled"],
            stake=_last_stake(recent),
            limits={"min": engine.MIN_STAKE, "max": engine.MAX_STAKE},
            error=error,
            form_key=new_id(),
        )
        response.headers.update(error.headers if error else {})
        return response

    @access.page(bp, "/blackjack", auth=Auth.OPTIONAL, rate=VIEW)
    async def blackjack_table(caller: Caller | None) -> ResponseReturnValue:
        return await table(caller)

    @access.page(bp, "/blackjack", methods=("POST",), auth=Auth.PLAYER, rate=PLAY)
    async def deal(caller: Caller) -> ResponseReturnValue:
        fields = await form()
        stake = whole(fields.get("stake"))
        try:
            posted = await blackjack.start(
                player_id=caller.player_id,
                session_id=caller.session_id,
                stake=0 if stake is None else stake,
                idempotency=form_idempotency(fields, request.path, stake),
            )
        except RoundOpen:
            await flash("You have a hand in play already; here it is.", "plain")
            return redirect("/blackjack", 303)
        except (InvalidStake, *STAKE_ERRORS) as error:
            return await table(caller, error)
        return redirect(_where(posted.body["round"]), 303)

    @access.page(bp, "/blackjack/<round_id>/<action>", methods=("POST",), auth=Auth.PLAYER, rate=PLAY)
    async def decide(caller: Caller, round_id: str, action: str) -> ResponseReturnValue:
        fields = await form()
        try:
            posted = await blackjack.act(
                player_id=caller.player_id,
                session_id=caller.session_id,
                round_id=round_id,
                action=action,
                idempotency=form_idempotency(fields, request.path, action),
            )
        except (IllegalAction, RoundNotFound, IdempotencyConflict):
            await flash("That was decided already. This is how the hand stands.", "plain")
            return redirect("/blackjack", 303)
        except STAKE_ERRORS as error:
            return await table(caller, error)
        return redirect(_where(posted.body["round"]), 303)

    return bp


async def _round_on_the_felt(blackjack: Blackjack, rounds: Rounds, caller: Caller) -> dict[str, Any] | None:
    """The open round; else the settled one that the address names."""
    try:
        return await blackjack.get_current(caller.player_id, caller.session_id)
    except RoundNotFound:
        pass
    wanted = request.args.get("round")
    if not wanted:
        return None
    try:
        found = await rounds.get_round(wanted, caller.player_id)
    except RoundNotFound:
        return None
    return found if found["game"] == GAME and found["table_round_id"] is None else None


def _where(round_: dict[str, Any]) -> str:
    return "/blackjack" if round_["status"] == "open" else f"/blackjack?round={round_['id']}"


def _last_stake(recent: list[dict[str, Any]]) -> int:
    """The stake that the newest round began with, for the next one."""
    for past in recent:
        if past["decisions"] and "stake" in past["decisions"][0]:
            return int(past["decisions"][0]["stake"])
    return FIRST_STAKE
