"""Cherry Charm for one player."""

from typing import Final

from ...core.errors import InvalidRequest
from ...fairness.stream import FairStream
from ...wallet.posting import Idempotency, Posted
from ..rounds import Result, Rounds
from ..verify import slots_outcome
from . import engine


class InvalidStake(InvalidRequest):
    code = "invalid_bet"
    title = "That stake is not taken"


_LIMITS: Final = f"A stake is {engine.MIN_STAKE} to {engine.MAX_STAKE} coins."


def check_stake(stake: int) -> None:
    """Raises `InvalidStake`."""
    if not engine.MIN_STAKE <= stake <= engine.MAX_STAKE:
        raise InvalidStake(_LIMITS, errors=[{"field": "stake", "message": _LIMITS}])


def result_of(stake: int, stream: FairStream) -> Result:
    """One spin's public outcome and payout."""
    outcome = engine.spin(stream)
    return Result(slots_outcome(outcome), engine.payout(stake, outcome))


class Slots:
    def __init__(self, rounds: Rounds) -> None:
        self._rounds = rounds

    async def spin(
        self, *, player_id: int, session_id: str | None, stake: int, idempotency: Idempotency | None = None
    ) -> Posted:
        """One spin. Raises `InvalidStake`, or what forbids the stake."""
        check_stake(stake)
        return await self._rounds.play(
            player_id=player_id,
            session_id=session_id,
            game="slots",
            stake=stake,
            draw=lambda stream: result_of(stake, stream),
            idempotency=idempotency,
        )
