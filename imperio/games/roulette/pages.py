"""The roulette page. Without JavaScript bets are listed in a form; with it they lie on the felt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
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
from .layout import NUMBERS_NAMED
from .service import InvalidBet, Roulette

CHIPS: Final = (1, 5, 10, 25, 100, 500)
ROWS: Final = 5  # of the form
REMEMBERED: Final = 100  # own pockets that hot and cold are counted from

_SHOWN: Final = (InvalidBet, *STAKE_ERRORS)
# The call bets for the script: "trio-0-2-3:2 split-4-7:1 …", a spot's key and its chips.
_CALLS: Final = {
    name: " ".join(f"{part.spot.key}:{part.chips}" for part in parts) for name, parts in engine.CALL_BETS.items()
}
_CATALOGUE: Final = next(game for game in games() if game["id"] == "roulette")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the form as it was typed."""

    type: str = ""
    numbers: str = ""
    amount: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.amount or self.numbers)


def roulette_pages(access: Access, rounds: Rounds, roulette: Roulette) -> Blueprint:
    """`/roulette`."""
    bp = Blueprint("roulette_pages", __name__)
    # Replays are drawn by another page (`/rounds/<id>`), which only knows the round.
    bp.record_once(
        lambda state: state.app.jinja_env.globals.update(
            roulette_wheel=engine.WHEEL, roulette_colour=engine.colour, roulette_label=label
        )
    )

    async def table(
        caller: Caller | None,
        *,
        shown: dict[str, Any] | None = None,
        rows: Sequence[Row] = (),
        error: AppError | None = None,
    ) -> Response:
        """The page with the ball in the pocket of `shown`, if there is one."""
        past: list[dict[str, Any]] = []
        if caller is not None:
            past, _ = await rounds.list_rounds(caller.player_id, limit=REMEMBERED, cursor=None, game="roulette")
        response = await html(
            "roulette/roulette.html",
            error.status if error else 200,
            game=_CATALOGUE,
            spots=engine.SPOTS,
            calls=_CALLS,
            chips=CHIPS,
            types=tuple(engine.ODDS.items()),
            numbers_named=NUMBERS_NAMED,
            shown=shown,
            pockets=[(past_round["id"], past_round["outcome"]["pocket"]) for past_round in past],
            rows=[*rows, *(Row() for _ in range(len(rows), ROWS))],
            error=error,
            key=new_id(),
        )
        response.headers.update(error.headers if error else {})
        return response

    @access.page(bp, "/roulette", auth=Auth.OPTIONAL, rate=VIEW)
    async def roulette_page(caller: Caller | None) -> ResponseReturnValue:
        return await table(caller, shown=await _asked(rounds, caller))

    @access.page(bp, "/roulette", methods=("POST",), auth=Auth.PLAYER, rate=PLAY)
    async def spin_form(caller: Caller) -> ResponseReturnValue:
        fields = await form()
        rows = await _rows()
        bets = list(_bets(rows))
        meaning = [[bet.type, bet.numbers, bet.amount] for bet in bets]
        try:
            posted = await roulette.spin(
                player_id=caller.player_id,
                session_id=caller.session_id,
                bets=bets,
                idempotency=form_idempotency(fields, request.path, meaning),
            )
        except _SHOWN as error:
            return await table(caller, rows=rows, error=error)
        return redirect(f"/roulette?round={posted.body['round']['id']}", 303)

    return bp


def label(bet: dict[str, Any]) -> str:
    """The name of the spot that a bet of an outcome lies on: "Split 17 and 20"."""
    return engine.spot_of(engine.Bet(bet["type"], tuple(bet["numbers"]), bet["amount"])).label


async def _rows() -> list[Row]:
    """The lines of the form that are filled in."""
    sent = await request.form
    columns = (sent.getlist(name)[: engine.MAX_BETS + 1] for name in ("type", "numbers", "amount"))
    typed = (Row(*(text.replace("\0", "")[:60] for text in texts)) for texts in zip_longest(*columns, fillvalue=""))
    return [row for row in typed if not row.is_blank]


def _bets(rows: Sequence[Row]) -> Iterator[engine.Bet]:
    """The bets of the lines; what is no number becomes one that no bet has, so that the rules refuse it."""
    for row in rows:
        numbers = [whole(number) for number in row.numbers.replace(",", " ").replace("-", " ").split()]
        amount = whole(row.amount)
        yield engine.Bet(
            row.type, tuple(-1 if number is None else number for number in numbers), 0 if amount is None else amount
        )


async def _asked(rounds: Rounds, caller: Caller | None) -> dict[str, Any] | None:
    """The spin named by `?round=`, if it is one of the caller's."""
    wanted = request.args.get("round")
    if not wanted or caller is None:
        return None
    try:
        found = await rounds.get_round(wanted, caller.player_id)
    except RoundNotFound:
        return None
    return found if found["game"] == "roulette" and found["status"] == "settled" else None
