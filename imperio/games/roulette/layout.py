"""The roulette layout: the wheel, the 157 spots a chip may lie on, and the call bets.

On the felt the numbers 1 to 36 stand in twelve rows of three (1-2-3, 4-5-6, ...), with 0 across the head.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

POCKETS: Final = 37

# Clockwise, beginning with the zero.
WHEEL: Final = (
    0, 32, 15, 19, 4, 21, 2, 25, 17, 34, 6, 27, 13, 36, 11, 30, 8, 23, 10,
    5, 24, 16, 33, 1, 20, 14, 31, 9, 22, 18, 29, 7, 28, 12, 35, 3, 26,
)  # fmt: skip

RED: Final = frozenset({1, 3, 5, 7, 9, 12, 14, 16, 18, 19, 21, 23, 25, 27, 30, 32, 34, 36})

# Odds to one by bet type. A winning bet returns its amount as well.
ODDS: Final = {
    "straight": 35,
    "split": 17,
    "street": 11,
    "trio": 11,
    "corner": 8,
    "first_four": 8,
    "six_line": 5,
    "column_1": 2,
    "column_2": 2,
    "column_3": 2,
    "dozen_1": 2,
    "dozen_2": 2,
    "dozen_3": 2,
    "red": 1,
    "black": 1,
    "even": 1,
    "odd": 1,
    "low": 1,
    "high": 1,
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the layout.

    `numbers` is what a bet on it names, ascending, and empty for outside bets (their type says it all);
    `pockets` is what it covers.
    """

    type: str
    numbers: tuple[int, ...]
    label: str
    pockets: frozenset[int]

    @property
    def odds(self) -> int:
        """What the spot pays to one."""
        return ODDS[self.type]

    @property
    def key(self) -> str:
        """A name that no other spot has, fit for ids: `split-17-20`, `red`."""
        return "-".join([self.type, *map(str, self.numbers)])


def colour(pocket: int) -> str:
    """`red`, `black`, or `green` for the zero."""
    if pocket == 0:
        return "green"
    return "red" if pocket in RED else "black"


def _in_words(numbers: tuple[int, ...]) -> str:
    *head, last = map(str, numbers)
    return f"{', '.join(head)} and {last}" if head else last


def _inside(type: str, *numbers: int) -> Spot:
    title = type.replace("_", " ").capitalize()
    return Spot(type, numbers, f"{title} {_in_words(numbers)}", frozenset(numbers))


def _outside(type: str, label: str, pockets: Iterator[int]) -> Spot:
    return Spot(type, (), label, frozenset(pockets))


def _inside_spots() -> Iterator[Spot]:
    for number in range(POCKETS):
        yield _inside("straight", number)
    for number in (1, 2, 3):
        yield _inside("split", 0, number)
    for number in range(1, 37):
        if number % 3 != 0:
            yield _inside("split", number, number + 1)
        if number <= 33:
            yield _inside("split", number, number + 3)
    for first in range(1, 37, 3):
        yield _inside("street", first, first + 1, first + 2)
    yield _inside("trio", 0, 1, 2)
    yield _inside("trio", 0, 2, 3)
    for number in range(1, 33):
        if number % 3 != 0:
            yield _inside("corner", number, number + 1, number + 3, number + 4)
    yield _inside("first_four", 0, 1, 2, 3)
    for first in range(1, 34, 3):
        yield _inside("six_line", *range(first, first + 6))


def _outside_spots() -> Iterator[Spot]:
    numbers = range(1, 37)
    for column in (1, 2, 3):
        yield _outside(f"column_{column}", f"Column {column}", (n for n in numbers if n % 3 == column % 3))
    for dozen in (1, 2, 3):
        first, last = 12 * dozen - 11, 12 * dozen
        yield _outside(f"dozen_{dozen}", f"Dozen {dozen}, {first} to {last}", iter(range(first, last + 1)))
    yield _outside("red", "Red", (n for n in numbers if n in RED))
    yield _outside("black", "Black", (n for n in numbers if n not in RED))
    yield _outside("even", "Even", (n for n in numbers if n % 2 == 0))
    yield _outside("odd", "Odd", (n for n in numbers if n % 2 == 1))
    yield _outside("low", "Low, 1 to 18", (n for n in numbers if n <= 18))
    yield _outside("high", "High, 19 to 36", (n for n in numbers if n > 18))


SPOTS: Final = (*_inside_spots(), *_outside_spots())

SPOT_OF: Final = {(spot.type, spot.numbers): spot for spot in SPOTS}

# How many numbers a bet of each type names.
NUMBERS_NAMED: Final = {spot.type: len(spot.numbers) for spot in SPOTS}


@dataclass(frozen=True, slots=True)
class CallChip:
    """One position of a call bet: a spot and how many chips it takes."""

    spot: Spot
    chips: int = 1


def _chip(type: str, *numbers: int, chips: int = 1) -> CallChip:
    return CallChip(SPOT_OF[type, numbers], chips)


# The announced bets of the racetrack, as ordinary spots.
CALL_BETS: Final = {
    "voisins": (
        _chip("trio", 0, 2, 3, chips=2),
        _chip("split", 4, 7),
        _chip("split", 12, 15),
        _chip("split", 18, 21),
        _chip("split", 19, 22),
        _chip("corner", 25, 26, 28, 29, chips=2),
        _chip("split", 32, 35),
    ),
    "tiers": (
        _chip("split", 5, 8),
        _chip("split", 10, 11),
        _chip("split", 13, 16),
        _chip("split", 23, 24),
        _chip("split", 27, 30),
        _chip("split", 33, 36),
    ),
    "orphelins": (
        _chip("straight", 1),
        _chip("split", 6, 9),
        _chip("split", 14, 17),
        _chip("split", 17, 20),
        _chip("split", 31, 34),
    ),
    "jeu_zero": (
        _chip("straight", 26),
        _chip("split", 0, 3),
        _chip("split", 12, 15),
        _chip("split", 32, 35),
    ),
}

NEIGHBOURS_EACH_SIDE: Final = 2


def neighbours(pocket: int) -> tuple[CallChip, ...]:
    """The five straight bets on a pocket and its two neighbours on either side of the wheel, clockwise."""
    at = WHEEL.index(pocket)
    span = range(at - NEIGHBOURS_EACH_SIDE, at + NEIGHBOURS_EACH_SIDE + 1)
    return tuple(_chip("straight", WHEEL[position % POCKETS]) for position in span)
