"""Pages of fairness: one's seeds, changing them, and verifying any round. They work without JavaScript."""

import secrets
from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from quart import Blueprint, Response, flash, redirect, request
from quart.typing import ResponseReturnValue

from ..accounts.access import Access, Auth, Caller, form
from ..core.errors import AppError, InvalidRequest
from ..core.rates import Rate
from ..core.web import field_errors, html
from .api import ROTATE, RotateRequest
from .seeds import RoundOpen, Seeds

VIEW: Final = Rate("fairness_pages", count=5, period=1.0, burst=60)
SHOWN_PAIRS: Final = 50
_LONGEST_PREFILL: Final = 64
_FIELDS: Final = ("game", "server_seed", "client_seed", "nonce", "server_seed_hash")

# What the numbers of a round decide, from game, server seed, client seed and nonce (`games.verify.outcome_of`).
OutcomeOf = Callable[[str, str, str, int], dict[str, Any]]


class _Verification(BaseModel):
    """The verify form, as text from the query."""

    model_config = ConfigDict(frozen=True)

    game: Literal["slots", "roulette", "blackjack"]
    server_seed: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    client_seed: Annotated[str, Field(min_length=1, max_length=64)]
    nonce: Annotated[int, Field(ge=0, lt=2**53)]


_HINTS: Final = {
    "game": "One of the three games.",
    "server_seed": "64 characters, 0 to 9 and a to f.",
    "client_seed": "1 to 64 characters.",
    "nonce": "A whole number, 0 or more.",
}


def fairness_pages(access: Access, seeds: Seeds, outcome_of: OutcomeOf) -> Blueprint:
    """`/fairness` and what is below it."""
    bp = Blueprint("fairness_pages", __name__)

    async def seeds_page(caller: Caller | None, error: AppError | None = None) -> Response:
        pair: dict[str, Any] | None = None
        earlier: list[dict[str, Any]] = []
        if caller is not None:
            pair = await seeds.get_current(caller.player_id)
            earlier, _ = await seeds.list_revealed(caller.player_id, limit=SHOWN_PAIRS)
        return await html(
            "fairness/fairness.html",
            error.status if error else 200,
            fairness=pair,
            seeds=earlier,
            errors={"client_seed": error.detail} if error else {},
        )

    @access.page(bp, "/fairness", auth=Auth.OPTIONAL, rate=VIEW)
    async def fairness(caller: Caller | None) -> ResponseReturnValue:
        return await seeds_page(caller)

    @access.page(bp, "/fairness/rotate", methods=("POST",), auth=Auth.PLAYER, rate=ROTATE)
    async def rotate(caller: Caller) -> ResponseReturnValue:
        wanted = (await form()).get("client_seed", "").strip() or secrets.token_hex(8)
        try:
            chosen = _checked(wanted)
            await seeds.rotate(caller.player_id, caller.session_id, chosen)
        except (InvalidRequest, RoundOpen) as error:
            return await seeds_page(caller, error)
        await flash("The old seed is open below; your next round begins with new ones.", "good")
        return redirect("/fairness", 303)

    @access.page(bp, "/fairness/verify", auth=Auth.OPTIONAL, rate=VIEW)
    async def verify(caller: Caller | None) -> ResponseReturnValue:
        prefill = {name: request.args.get(name, "")[:_LONGEST_PREFILL] for name in _FIELDS}
        outcome, errors = None, {}
        if "server_seed" in request.args and prefill["server_seed"]:
            try:
                asked = _Verification.model_validate(prefill)
            except ValidationError as error:
                errors = {problem["field"]: _HINTS[problem["field"]] for problem in field_errors(error)}
            else:
                outcome = outcome_of(asked.game, asked.server_seed, asked.client_seed, asked.nonce)
        return await html("fairness/verify.html", prefill=prefill, outcome=outcome, errors=errors)

    return bp


def _checked(client_seed: str) -> str | None:
    """A client seed that may be used. Raises `InvalidRequest`."""
    try:
        return RotateRequest(client_seed=client_seed).client_seed
    except ValidationError as error:
        problems = field_errors(error)
        raise InvalidRequest(f"{problems[0]['message']}.", errors=problems) from None
