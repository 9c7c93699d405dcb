"""The page of Cherry Charm. Its form plays without JavaScript; with it the reels turn in place."""

from collections.abc import Sequence
from typing import Any, Final

from quart import Blueprint, Response, redirect, request
from quart.typing import ResponseReturnValue

from ...accounts.access import Access, Auth, Caller, form
from ...core.errors import AppError
from ...core.ids import new_id
from ...core.web import html
from ..api import PLAY, STAKE_ERRORS
from ..catalogue import games
from ..forms import form_idempotency, whole
from ..pages import VIEW
from ..rounds import RoundNotFound, Rounds
from . import engine
from .service import InvalidStake, Slots

CHIPS: Final = (1, 5, 10, 25, 100, 500)
FIRST_STAKE: Final = 10
_FIRST_STOPS: Final = (13, 13, 7)  # three cherries, to be seen before the first spin
RECENT: Final = 10

_SHOWN: Final = (InvalidStake, *STAKE_ERRORS)
_CATALOGUE: Final = next(game for game in games() if game["id"] == "slots")
_LETTERS: Final = tuple("".join(symbol[0] for symbol in strip) for strip in engine.STRIPS)


def slots_pages(access: Access, rounds: Rounds, slots: Slots) -> Blueprint:
    """`/slots`."""
    bp = Blueprint("slots_pages", __name__)
    # Replays are drawn by another page (`/rounds/<id>`), which only knows the round.
    bp.record_once(
        lambda state: state.app.jinja_env.globals.update(
            slots_strips=_LETTERS, slots_window=window, slots_combination=combination
        )
    )

    async def machine(
        caller: Caller | None,
        *,
        shown: dict[str, Any] | None = None,
        stake: int | None = None,
        error: AppError | None = None,
    ) -> Response:
        """The page with the reels at `shown`, or at the last spin."""
        recent: list[dict[str, Any]] = []
        if caller is not None:
            recent, _ = await rounds.list_rounds(caller.player_id, limit=RECENT, cursor=None, game="slots")
        last = shown or (recent[0] if recent else None)
        response = await html(
            "slots/slots.html",
            error.status if error else 200,
            game=_CATALOGUE,
            chips=CHIPS,
            stops=last["outcome"]["stops"] if last else _FIRST_STOPS,
            shown=shown,
            recent=recent,
            stake=stake or (last["stake"] if last else FIRST_STAKE),
            error=error,
            key=new_id(),
        )
        response.headers.update(error.headers if error else {})
        return response

    @access.page(bp, "/slots", auth=Auth.OPTIONAL, rate=VIEW)
    async def slots_page(caller: Caller | None) -> ResponseReturnValue:
        return await machine(caller, shown=await _asked(rounds, caller))

    @access.page(bp, "/slots", methods=("POST",), auth=Auth.PLAYER, rate=PLAY)
    async def spin_form(caller: Caller) -> ResponseReturnValue:
        fields = await form()
        stake = whole(fields.get("stake"))
        try:
            posted = await slots.spin(
                player_id=caller.player_id,
                session_id=caller.session_id,
                stake=0 if stake is None else stake,
                idempotency=form_idempotency(fields, request.path, stake),
            )
        except _SHOWN as error:
            return await machine(caller, stake=stake, error=error)
        return redirect(f"/slots?round={posted.body['round']['id']}", 303)

    return bp


def combination(stops: Sequence[int]) -> str | None:
    """The paytable row that pays at these stops of reel 1, 2, 3; None if none does."""
    first, second, third = stops
    return engine.outcome_at((first, second, third)).combination


async def _asked(rounds: Rounds, caller: Caller | None) -> dict[str, Any] | None:
    """The spin named by `?round=`, if it is one of the caller's."""
    wanted = request.args.get("round")
    if not wanted or caller is None:
        return None
    try:
        found = await rounds.get_round(wanted, caller.player_id)
    except RoundNotFound:
        return None
    return found if found["game"] == "slots" and found["status"] == "settled" else None


def window(stops: Sequence[int]) -> list[list[str]]:
    """What each reel's window shows, top to bottom; the line is in the middle."""
    return [
        [strip[(stop + row) % engine.STOPS] for row in (-1, 0, 1)]
        for strip, stop in zip(engine.STRIPS, stops, strict=True)
    ]
