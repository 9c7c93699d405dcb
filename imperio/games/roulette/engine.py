"""The rules of European roulette: which bets are taken, one spin, and what each bet returns.

Amounts are whole coins; a payout includes the amount that was bet. Nothing here does I/O.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from imperio.fairness.stream import Source
from imperio.games.roulette.layout import (
    CALL_BETS,
    NUMBERS_NAMED,
    ODDS,
    POCKETS,
    RED,
    SPOT_OF,
    SPOTS,
    WHEEL,
    CallChip,
    Spot,
    colour,
    neighbours,
)

__all__ = [
    "CALL_BETS",
    "MAX_BET",
    "MAX_BETS",
    "MAX_STAKE",
    "MIN_BET",
    "ODDS",
    "POCKETS",
    "RED",
    "RTP",
    "SPOTS",
    "WHEEL",
    "Bet",
    "CallChip",
    "InvalidBet",
    "Spot",
    "check_bets",
    "colour",
    "expand",
    "neighbours",
    "payout",
    "settle",
    "spin",
    "spot_of",
    "total_stake",
]

MIN_BET: Final = 1
MAX_BET: Final = 1_000
MAX_STAKE: Final = 5_000  # all bets of one spin together
MAX_BETS: Final = 50

RTP: Final = Fraction(36, 37)  # the same for every spot, because the odds are those of a wheel without a zero


@dataclass(frozen=True, slots=True)
class Bet:
    """Coins on a spot. `numbers` is empty for outside bets; their order does not matter."""

    type: str
    numbers: tuple[int, ...]
    amount: int


class InvalidBet(ValueError):
    """A bet that is not taken.

    `index` is its place in the list, or None when the list as a whole is wrong; `field` is `type`, `numbers`,
    `amount` or `bets`; `message` is fit to be shown to the player.
    """

    def __init__(self, index: int | None, field: str, message: str) -> None:
        super().__init__(message)
        self.index = index
        self.field = field
        self.message = message

    @property
    def path(self) -> str:
        """Where the fault lies in a request body: `bets.3.amount`, or `bets`."""
        return self.field if self.index is None else f"bets.{self.index}.{self.field}"


def check_bets(bets: Sequence[Bet]) -> tuple[Bet, ...]:
    """The bets with their numbers in ascending order. Raises InvalidBet if any of them can't be taken."""
    if not bets:
        raise InvalidBet(None, "bets", "Place at least one bet.")
    if len(bets) > MAX_BETS:
        raise InvalidBet(None, "bets", f"At most {MAX_BETS} bets can be placed on one spin.")
    checked = tuple(_check_bet(index, bet) for index, bet in enumerate(bets))
    if total_stake(checked) > MAX_STAKE:
        raise InvalidBet(None, "bets", f"At most {MAX_STAKE:,} coins can be staked on one spin.")
    return checked


def _check_bet(index: int, bet: Bet) -> Bet:
    if bet.type not in ODDS:
        raise InvalidBet(index, "type", "There is no such bet.")
    if len(bet.numbers) != NUMBERS_NAMED[bet.type]:
        raise InvalidBet(index, "numbers", _numbers_wanted(NUMBERS_NAMED[bet.type]))
    numbers = tuple(sorted(bet.numbers))
    if (bet.type, numbers) not in SPOT_OF:
        raise InvalidBet(index, "numbers", "The layout has no such bet on these numbers.")
    if not MIN_BET <= bet.amount <= MAX_BET:
        raise InvalidBet(index, "amount", f"A bet is {MIN_BET} to {MAX_BET:,} coins.")
    return Bet(bet.type, numbers, bet.amount)


def _numbers_wanted(count: int) -> str:
    if count == 0:
        return "This bet names no numbers."
    return f"This bet names {count} number{'s' if count > 1 else ''}."


def spot_of(bet: Bet) -> Spot:
    """The spot a checked bet lies on."""
    return SPOT_OF[bet.type, bet.numbers]


def total_stake(bets: Sequence[Bet]) -> int:
    """The coins that the bets cost together."""
    return sum(bet.amount for bet in bets)


def spin(source: Source) -> int:
    """The pocket the ball falls into, 0 to 36."""
    return source.below(POCKETS)


def payout(bet: Bet, pocket: int) -> int:
    """What a checked bet returns, its amount included; 0 if it loses."""
    spot = spot_of(bet)
    return bet.amount * (spot.odds + 1) if pocket in spot.pockets else 0


def settle(bets: Sequence[Bet], pocket: int) -> tuple[int, ...]:
    """What each of the checked bets returns, in their order."""
    return tuple(payout(bet, pocket) for bet in bets)


def expand(call: Sequence[CallChip], chip: int) -> tuple[Bet, ...]:
    """A call bet as ordinary bets, for chips of the given number of coins."""
    return tuple(Bet(part.spot.type, part.spot.numbers, part.chips * chip) for part in call)
