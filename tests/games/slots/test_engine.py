"""Cherry Charm: the published odds are those of the strips, and only the best combination pays."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imperio.games.slots import engine
from imperio.games.slots.engine import PAYTABLE, STRIPS, analyse, outcome_at, payout, spin


class Numbers:
    """A source that gives these numbers and notes what was asked for."""

    def __init__(self, *numbers: int) -> None:
        self._numbers: Iterator[int] = iter(numbers)
        self.asked: list[int] = []

    def below(self, n: int, /) -> int:
        self.asked.append(n)
        return next(self._numbers)


def stops_showing(*symbols: str) -> tuple[int, int, int]:
    first, second, third = (strip.index(symbol) for strip, symbol in zip(STRIPS, symbols, strict=True))
    return first, second, third


def test_the_published_odds_are_exact() -> None:
    odds = analyse()
    assert odds.combinations == 32_768
    assert odds.rtp == Fraction(31_360, 32_768) == Fraction("0.95703125")
    assert odds.hit_rate == Fraction(8_788, 32_768)
    assert odds.standard_deviation == pytest.approx(8.10279, abs=5e-6)


def test_the_ways_of_each_combination() -> None:
    assert analyse().ways == {
        "three_cherries": 8,
        "three_apples": 80,
        "two_cherries": 120,
        "three_bananas": 660,
        "two_apples": 560,
        "two_bananas": 2_860,
        "three_lemons": 4_500,
    }


def test_the_paytable_is_sorted_best_first() -> None:
    multipliers = [row.multiplier for row in PAYTABLE]
    assert multipliers == [500, 25, 15, 10, 4, 2, 2]
    assert multipliers == sorted(multipliers, reverse=True)


def test_the_strips_have_32_stops_each() -> None:
    assert [len(strip) for strip in STRIPS] == [32, 32, 32]
    assert [strip.count("cherry") for strip in STRIPS] == [2, 2, 2]


@pytest.mark.parametrize(
    ("symbols", "multiplier", "combination"),
    [
        (("cherry", "cherry", "cherry"), 500, "three_cherries"),
        (("apple", "apple", "apple"), 25, "three_apples"),
        (("cherry", "cherry", "lemon"), 15, "two_cherries"),
        (("banana", "banana", "banana"), 10, "three_bananas"),
        (("apple", "apple", "cherry"), 4, "two_apples"),
        (("banana", "banana", "apple"), 2, "two_bananas"),
        (("lemon", "lemon", "lemon"), 2, "three_lemons"),
        (("lemon", "lemon", "cherry"), 0, None),
        (("lemon", "cherry", "cherry"), 0, None),
        (("cherry", "apple", "cherry"), 0, None),
    ],
)
def test_what_a_line_pays(symbols: tuple[str, str, str], multiplier: int, combination: str | None) -> None:
    outcome = outcome_at(stops_showing(*symbols))
    assert outcome.symbols == symbols
    assert (outcome.multiplier, outcome.combination) == (multiplier, combination)
    assert payout(7, outcome) == 7 * multiplier


def test_a_spin_draws_the_reels_from_left_to_right() -> None:
    source = Numbers(18, 22, 18)
    outcome = spin(source)
    assert source.asked == [32, 32, 32]
    assert outcome == outcome_at((18, 22, 18))
    assert outcome.symbols == ("banana", "banana", "apple")
    assert outcome.multiplier == 2


@given(stops=st.tuples(*[st.integers(0, 31)] * 3), stake=st.integers(engine.MIN_STAKE, engine.MAX_STAKE))
def test_a_payout_is_nothing_or_at_least_twice_the_stake(stops: tuple[int, int, int], stake: int) -> None:
    paid = payout(stake, outcome_at(stops))
    assert paid == 0 or 2 * stake <= paid <= 500 * stake


def test_an_outcome_can_not_be_changed() -> None:
    with pytest.raises(AttributeError):
        outcome_at((0, 0, 0)).multiplier = 500  # type: ignore[misc]
