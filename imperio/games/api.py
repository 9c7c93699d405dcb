"""The games as programs see them: catalogue, play, history, verification."""

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

from pydantic import FailFast, Field
from quart import Blueprint, Response

from ..accounts.access import HANDLER, Access, Auth, Caller
from ..core.errors import AppError
from ..core.pagination import PageQuery, public_page
from ..core.rates import Rate
from ..core.web import Body
from ..fairness.seeds import RoundOpen
from ..wallet.http import idempotency, posted
from ..wallet.limits import LossLimitReached, SessionLimitReached, TimeOutActive
from ..wallet.posting import AccountFrozen, IdempotencyConflict, InsufficientFunds
from . import catalogue, schemas
from .blackjack.service import Blackjack, IllegalAction
from .roulette import engine as roulette_engine
from .roulette.service import InvalidBet, Roulette
from .rounds import RoundNotFound, Rounds
from .slots.service import InvalidStake, Slots
from .verify import outcome_of

# Faster than any hand, slow enough that one player cannot keep a worker busy alone.
PLAY: Final = Rate("play", count=30, period=1.0, burst=60)
READ: Final = Rate("games_read", count=20, period=1.0, burst=60)

STAKE_ERRORS: Final = (
    InsufficientFunds,
    AccountFrozen,
    TimeOutActive,
    LossLimitReached,
    SessionLimitReached,
    IdempotencyConflict,
)


class SpinRequest(Body):
    stake: Annotated[int, Field(description="Coins, 1 to 500.", examples=[10])]


class RouletteBet(Body):
    """Shapes alone: what lies on the layout is for the rules to say (`invalid_bet`)."""

    type: Annotated[str, Field(examples=["split"])]
    numbers: Annotated[tuple[int, ...], FailFast(), Field(strict=False, examples=[[17, 20]])] = ()
    amount: Annotated[int, Field(description="Coins, 1 to 1,000.", examples=[25])]


class RouletteRequest(Body):
    # The first bet that is none is enough: 64 KiB of them would be answered with two megabytes.
    bets: Annotated[
        tuple[RouletteBet, ...], FailFast(), Field(strict=False, description="1 to 50 bets, at most 5,000 coins.")
    ]


class DealRequest(Body):
    stake: Annotated[int, Field(description="Coins, 2 to 2,000.", examples=[20])]


class ActionRequest(Body):
    action: Annotated[
        Literal["hit", "stand", "double", "split", "insurance", "decline_insurance", "surrender"],
        Field(examples=["stand"]),
    ]


class RoundsQuery(PageQuery):
    game: Literal["slots", "roulette", "blackjack"] | None = None


class VerifyRequest(Body):
    game: Literal["slots", "roulette", "blackjack"]
    server_seed: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    client_seed: Annotated[str, Field(min_length=1, max_length=64)]
    nonce: Annotated[int, Field(ge=0, lt=2**53)]


def games_api(access: Access, rounds: Rounds, slots: Slots, roulette: Roulette, blackjack: Blackjack) -> Blueprint:
    """Routes under `/api/v1`: games, rounds and verification."""
    bp = Blueprint("games_api", __name__, url_prefix="/api/v1")

    def play(path: str, body: type[Body], *refusals: type[AppError], status: int = 201) -> Callable[[HANDLER], HANDLER]:
        """A call that stakes or settles; its posting checks the login in its own read."""
        return access.endpoint(
            bp,
            "POST",
            path,
            auth=Auth.CLAIMED,
            rate=PLAY,
            body=body,
            answer=schemas.RoundAnswer,
            status=status,
            errors=(*refusals, *STAKE_ERRORS),
        )

    @access.endpoint(bp, "GET", "/games", auth=Auth.PUBLIC, rate=READ, answer=schemas.Catalogue)
    async def list_games() -> dict[str, Any]:
        """The games with their rules, limits, odds and paytables."""
        return {"games": catalogue.games()}

    @play("/games/slots/spins", SpinRequest, InvalidStake)
    async def spin_slots(caller: Caller, body: SpinRequest) -> Response:
        """Spin the reels of Cherry Charm."""
        return posted(
            await slots.spin(
                player_id=caller.player_id,
                session_id=caller.session_id,
                stake=body.stake,
                idempotency=idempotency(body),
            )
        )

    @play("/games/roulette/spins", RouletteRequest, InvalidBet)
    async def spin_roulette(caller: Caller, body: RouletteRequest) -> Response:
        """Place bets and spin the wheel."""
        bets = [roulette_engine.Bet(bet.type, bet.numbers, bet.amount) for bet in body.bets]
        return posted(
            await roulette.spin(
                player_id=caller.player_id, session_id=caller.session_id, bets=bets, idempotency=idempotency(body)
            )
        )

    @play("/games/blackjack/rounds", DealRequest, InvalidStake, RoundOpen)
    async def deal(caller: Caller, body: DealRequest) -> Response:
        """Deal a blackjack round; one open round at a time."""
        return posted(
            await blackjack.start(
                player_id=caller.player_id,
                session_id=caller.session_id,
                stake=body.stake,
                idempotency=idempotency(body),
            )
        )

    @access.endpoint(
        bp,
        "GET",
        "/games/blackjack/rounds/current",
        auth=Auth.PLAYER,
        rate=READ,
        answer=schemas.RoundOnly,
        errors=(RoundNotFound,),
    )
    async def current_hand(caller: Caller) -> dict[str, Any]:
        """The open blackjack round."""
        return {"round": await blackjack.get_current(caller.player_id, caller.session_id)}

    @play("/games/blackjack/rounds/<round_id>/actions", ActionRequest, RoundNotFound, IllegalAction, status=200)
    async def act(caller: Caller, body: ActionRequest, round_id: str) -> Response:
        """Decide in the open blackjack round."""
        return posted(
            await blackjack.act(
                player_id=caller.player_id,
                session_id=caller.session_id,
                round_id=round_id,
                action=body.action,
                idempotency=idempotency(body),
            )
        )

    @access.endpoint(bp, "GET", "/rounds", auth=Auth.PLAYER, rate=READ, query=RoundsQuery, answer=schemas.RoundList)
    async def list_rounds(caller: Caller, query: RoundsQuery) -> dict[str, Any]:
        """One's own rounds, newest first."""
        page, following = await rounds.list_rounds(
            caller.player_id, limit=query.limit, cursor=query.cursor, game=query.game
        )
        shown = [await blackjack.as_of_now(found, caller.player_id, caller.session_id) for found in page]
        return public_page("rounds", shown, following)

    @access.endpoint(
        bp,
        "GET",
        "/rounds/<round_id>",
        auth=Auth.PLAYER,
        rate=READ,
        answer=schemas.RoundOnly,
        errors=(RoundNotFound,),
    )
    async def get_round(caller: Caller, round_id: str) -> dict[str, Any]:
        """One of one's own rounds with everything needed to replay it."""
        found = await rounds.get_round(round_id, caller.player_id)
        return {"round": await blackjack.as_of_now(found, caller.player_id, caller.session_id)}

    @access.endpoint(
        bp, "POST", "/fairness/verify", auth=Auth.PUBLIC, rate=READ, body=VerifyRequest, answer=schemas.Verified
    )
    async def verify(body: VerifyRequest) -> dict[str, Any]:
        """What these seeds lead to. Works for anybody, for any round whose server seed is revealed."""
        return {"outcome": outcome_of(body.game, body.server_seed, body.client_seed, body.nonce)}

    return bp
