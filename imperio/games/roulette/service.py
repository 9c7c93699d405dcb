"""European roulette for one player."""

from collections.abc import Sequence
from typing import Any

from ...core.errors import InvalidRequest
from ...fairness.stream import FairStream
from ...wallet.posting import Idempotency, Posted
from ..rounds import Result, Rounds
from . import engine


class InvalidBet(InvalidRequest):
    code = "invalid_bet"
    title = "That bet is not taken"


def checked(bets: Sequence[engine.Bet]) -> tuple[engine.Bet, ...]:
    """The bets in the layout's own form. Raises `InvalidBet`."""
    try:
        return engine.check_bets(bets)
    except engine.InvalidBet as error:
        raise InvalidBet(error.message, errors=[{"field": error.path, "message": error.message}]) from None


def outcome_view(bets: Sequence[engine.Bet], pocket: int) -> tuple[dict[str, Any], int]:
    """The contract's outcome of these bets in this pocket, and the whole payout."""
    payouts = engine.settle(bets, pocket)
    shown = [
        {"type": bet.type, "numbers": list(bet.numbers), "amount": bet.amount, "payout": payout}
        for bet, payout in zip(bets, payouts, strict=True)
    ]
    return {"pocket": pocket, "colour": engine.colour(pocket), "bets": shown}, sum(payouts)


class Roulette:
    def __init__(self, rounds: Rounds) -> None:
        self._rounds = rounds

    async def spin(
        self,
        *,
        player_id: int,
        session_id: str | None,
        bets: Sequence[engine.Bet],
        idempotency: Idempotency | None = None,
    ) -> Posted:
        """One spin of the wheel for all bets. Raises `InvalidBet`, or what forbids the stake."""
        taken = checked(bets)

        def draw(stream: FairStream) -> Result:
            return Result(*outcome_view(taken, engine.spin(stream)))

        return await self._rounds.play(
            player_id=player_id,
            session_id=session_id,
            game="roulette",
            stake=engine.total_stake(taken),
            draw=draw,
            idempotency=idempotency,
        )
