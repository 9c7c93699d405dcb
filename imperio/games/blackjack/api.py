"""What the coach says, as programs see it. (Dealing and deciding are in `games.api`, with the other games' calls.)"""

from typing import Annotated, Any, Final

from pydantic import BaseModel, Field
from quart import Blueprint

from ...accounts.access import Access, Auth, Caller
from ...core.rates import Rate
from ..rounds import RoundNotFound
from .service import Blackjack
from .strategy import advise

# One question for each decision of a fast player.
ASK: Final = Rate("blackjack_advice", count=10, period=1.0, burst=30)


class Advice(BaseModel):
    """The basic-strategy play among the legal actions."""

    action: Annotated[str, Field(examples=["stand"])]


def advice_for(outcome: dict[str, Any]) -> str:
    """What basic strategy does in an open round, from its public view: the active hand, the up card, what is legal."""
    hand = outcome["hands"][outcome["active_hand"]]
    return advise(hand["cards"], outcome["dealer"]["cards"][0], outcome["legal_actions"])


def blackjack_api(access: Access, blackjack: Blackjack) -> Blueprint:
    """Routes under `/api/v1/games/blackjack` beside play itself."""
    bp = Blueprint("blackjack_api", __name__, url_prefix="/api/v1/games/blackjack")

    @access.endpoint(
        bp,
        "GET",
        "/rounds/current/advice",
        auth=Auth.PLAYER,
        rate=ASK,
        answer=Advice,
        errors=(RoundNotFound,),
    )
    async def advice(caller: Caller) -> dict[str, Any]:
        """The basic-strategy play for the open round. It knows what the player knows, nothing more."""
        round_ = await blackjack.get_current(caller.player_id, caller.session_id)
        return {"action": advice_for(round_["outcome"])}

    return bp
