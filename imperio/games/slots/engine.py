"""The rules of Cherry Charm: strips, paytable, one spin, and the exact odds that follow from them.

Amounts are whole coins, multipliers are times the stake. Nothing here does I/O.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import sqrt
from typing import Final

from imperio.fairness.stream import Source

MIN_STAKE: Final = 1
MAX_STAKE: Final = 500

SYMBOLS: Final = ("cherry", "apple", "banana", "lemon")
STOPS: Final = 32
_SYMBOL_OF: Final = {"C": "cherry", "A": "apple", "B": "banana", "L": "lemon"}


def _strip(letters: str) -> tuple[str, ...]:
    return tuple(_SYMBOL_OF[letter] for letter in letters)


# The symbols of reel 1, 2, 3; stop 0 first.
STRIPS: Final = (
    _strip("LBLBLLBLBLALBCABLLBLALBLACBLBLLB"),
    _strip("BLALBLBALBLLBCALBLBALLBLBLBALCLL"),
    _strip("LBLBLLLCLBLALLLLLLALBLALCLBLALLB"),
)


@dataclass(frozen=True, slots=True)
class PayRow:
    """A row of the paytable. `symbols` holds reel 1, 2, 3, where None means whatever the reel shows."""

    combination: str
    symbols: tuple[str | None, str | None, str | None]
    multiplier: int

    def matches(self, symbols: tuple[str, str, str]) -> bool:
        """Whether the line shows this combination (a better row may match as well)."""
        return all(wanted in (None, shown) for wanted, shown in zip(self.symbols, symbols, strict=True))


# Best first: only the best matching row pays.
PAYTABLE: Final = (
    PayRow("three_cherries", ("cherry", "cherry", "cherry"), 500),
    PayRow("three_apples", ("apple", "apple", "apple"), 25),
    PayRow("two_cherries", ("cherry", "cherry", None), 15),
    PayRow("three_bananas", ("banana", "banana", "banana"), 10),
    PayRow("two_apples", ("apple", "apple", None), 4),
    PayRow("two_bananas", ("banana", "banana", None), 2),
    PayRow("three_lemons", ("lemon", "lemon", "lemon"), 2),
)


@dataclass(frozen=True, slots=True)
class SlotsOutcome:
    """Where the reels stopped, what the line shows, and what it pays (times the stake; 0 for nothing)."""

    stops: tuple[int, int, int]
    symbols: tuple[str, str, str]
    multiplier: int
    combination: str | None


@dataclass(frozen=True, slots=True)
class SlotsAnalysis:
    """The exact odds, found by visiting every combination of stops."""

    combinations: int
    ways: dict[str, int]  # combination of the paytable -> number of stop combinations it pays on
    rtp: Fraction
    hit_rate: Fraction
    standard_deviation: float  # of the payout of one spin, times the stake


def _best_row(symbols: tuple[str, str, str]) -> PayRow | None:
    return next((row for row in PAYTABLE if row.matches(symbols)), None)


# All 64 lines, looked up instead of matched row by row on every spin.
_PAYING_ROW: Final = {
    (first, second, third): _best_row((first, second, third)) for first, second, third in product(SYMBOLS, repeat=3)
}


def outcome_at(stops: tuple[int, int, int]) -> SlotsOutcome:
    """What the reels show and pay at these stops (each 0 to 31)."""
    first, second, third = stops
    symbols = (STRIPS[0][first], STRIPS[1][second], STRIPS[2][third])
    row = _PAYING_ROW[symbols]
    if row is None:
        return SlotsOutcome(stops, symbols, 0, None)
    return SlotsOutcome(stops, symbols, row.multiplier, row.combination)


def spin(source: Source) -> SlotsOutcome:
    """One spin: three numbers below 32, the stops of reel 1, 2 and 3."""
    return outcome_at((source.below(STOPS), source.below(STOPS), source.below(STOPS)))


def payout(stake: int, outcome: SlotsOutcome) -> int:
    """The coins that come back for a stake, the stake included; 0 on a loss."""
    return stake * outcome.multiplier


def analyse() -> SlotsAnalysis:
    """The odds of the strips and the paytable above, by full enumeration."""
    outcomes = [outcome_at((a, b, c)) for a, b, c in product(range(STOPS), repeat=3)]
    total = len(outcomes)
    ways = Counter(outcome.combination for outcome in outcomes if outcome.combination is not None)
    rtp = Fraction(sum(outcome.multiplier for outcome in outcomes), total)
    mean_square = Fraction(sum(outcome.multiplier**2 for outcome in outcomes), total)
    return SlotsAnalysis(
        combinations=total,
        ways={row.combination: ways[row.combination] for row in PAYTABLE},
        rtp=rtp,
        hit_rate=Fraction(ways.total(), total),
        standard_deviation=sqrt(mean_square - rtp**2),
    )
