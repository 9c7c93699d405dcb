"""Basic strategy, and the published odds: by enumeration where that is possible, by playing where it is not."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import cycle
from math import sqrt
from typing import NamedTuple

import pytest

from imperio.games.blackjack.engine import (
    CARD_VALUE,
    HOUSE_EDGE,
    RANKS,
    UNSHUFFLED,
    dealer_draws,
    hand_value,
    is_natural,
    start,
)
from imperio.games.blackjack.strategy import advise

FIRST_TWO = ("hit", "stand", "double", "split", "surrender")
NO_SURRENDER = ("hit", "stand", "double", "split")


def advice(player: str, up: str, legal: tuple[str, ...] = FIRST_TWO) -> str:
    cards = [rank + suit for rank, suit in zip(player.split(), cycle("SHDC"), strict=False)]
    values = [CARD_VALUE[card] for card in cards]
    possible = [action for action in legal if action != "split" or (len(values) == 2 and values[0] == values[1])]
    return advise(cards, up + "D", possible)


LETTERS = {"hit": "H", "stand": "S", "double": "D", "split": "P", "surrender": "R"}

# The chart for six decks, dealer stands on soft 17, double after split, late surrender; up cards 2 to 10, then ace.
CHART = {
    "3 5": "HHHHHHHHHH",
    "4 5": "HDDDDHHHHH",
    "4 6": "DDDDDDDDHH",
    "5 5": "DDDDDDDDHH",
    "5 6": "DDDDDDDDDH",
    "10 2": "HHSSSHHHHH",
    "10 3": "SSSSSHHHHH",
    "10 4": "SSSSSHHHHH",
    "10 5": "SSSSSHHHRH",
    "10 6": "SSSSSHHRRR",
    "10 7": "SSSSSSSSSS",
    "A 2": "HHHDDHHHHH",
    "A 3": "HHHDDHHHHH",
    "A 4": "HHDDDHHHHH",
    "A 5": "HHDDDHHHHH",
    "A 6": "HDDDDHHHHH",
    "A 7": "SDDDDSSHHH",
    "A 8": "SSSSSSSSSS",
    "A 9": "SSSSSSSSSS",
    "2 2": "PPPPPPHHHH",
    "3 3": "PPPPPPHHHH",
    "4 4": "HHHPPHHHHH",
    "6 6": "PPPPPHHHHH",
    "7 7": "PPPPPPHHHH",
    "8 8": "PPPPPPPPPP",
    "9 9": "PPPPPSPPSS",
    "10 10": "SSSSSSSSSS",
    "K J": "SSSSSSSSSS",
    "A A": "PPPPPPPPPP",
}


@pytest.mark.parametrize("player", CHART)
def test_the_chart(player: str) -> None:
    ups = (*RANKS[1:10], "A")
    assert "".join(LETTERS[advice(player, up)] for up in ups) == CHART[player]


def test_faces_count_as_tens() -> None:
    assert {advice("10 6", up) for up in ("10", "J", "Q", "K")} == {"surrender"}


def test_the_next_best_play_when_the_best_is_not_allowed() -> None:
    assert advice("10 6", "10", NO_SURRENDER) == "hit"
    assert advice("6 5", "6", ("hit", "stand")) == "hit"
    assert advice("A 7", "6", ("hit", "stand")) == "stand"
    assert advice("8 8", "6", ("hit", "stand", "double")) == "stand"
    assert advice("8 8", "10", ("hit", "stand", "double")) == "hit"
    assert advice("2 3 4", "6", ("hit", "stand")) == "hit"
    assert advice("A 2 4", "6", ("hit", "stand")) == "hit"


def test_insurance_is_never_advised() -> None:
    assert advise(["10S", "9S"], "AD", ("insurance", "decline_insurance")) == "decline_insurance"


# Exact odds ----------------------------------------------------------------------------------------------------------


def test_a_natural_comes_in_4_749_percent_of_rounds() -> None:
    counts = Counter(CARD_VALUE[card] for card in UNSHUFFLED)
    frequency = Fraction(2 * counts[1] * counts[10], 312 * 311)
    assert float(frequency) == pytest.approx(0.04749, abs=5e-6)


OUTCOMES = ("17", "18", "19", "20", "21", "natural", "bust")
PUBLISHED_DEALER = {
    "2": (0.1397, 0.1344, 0.1300, 0.1240, 0.1184, 0, 0.3535),
    "6": (0.1657, 0.1062, 0.1064, 0.1016, 0.0973, 0, 0.4228),
    "10": (0.1119, 0.1117, 0.1119, 0.3400, 0.0348, 0.0772, 0.2125),
    "A": (0.1300, 0.1308, 0.1306, 0.1309, 0.0535, 0.3087, 0.1155),
}


def dealer_odds(up: str) -> dict[str, float]:
    """The dealer's final totals from an otherwise full shoe, by following every sequence of cards."""
    left = Counter(CARD_VALUE[card] for card in UNSHUFFLED)
    left[CARD_VALUE[up]] -= 1
    card_of = {value: f"{'A' if value == 1 else value}S" for value in left}
    odds = dict.fromkeys(OUTCOMES, 0.0)

    def follow(hand: list[str], probability: float, remaining: int) -> None:
        if len(hand) > 1 and not dealer_draws(hand):
            total = hand_value(hand).total
            odds["natural" if is_natural(hand) else "bust" if total > 21 else str(total)] += probability
            return
        for value, count in left.items():
            if count:
                left[value] -= 1
                follow([*hand, card_of[value]], probability * count / remaining, remaining - 1)
                left[value] += 1

    follow([up], 1.0, left.total())
    return odds


@pytest.mark.parametrize("up", PUBLISHED_DEALER)
def test_the_dealers_final_totals(up: str) -> None:
    odds = dealer_odds(f"{up}S")
    assert sum(odds.values()) == pytest.approx(1)
    assert [round(odds[outcome], 4) for outcome in OUTCOMES] == list(PUBLISHED_DEALER[up])


# Playing it out ------------------------------------------------------------------------------------------------------


class Estimate(NamedTuple):
    """A mean with its standard error, as fractions of the initial stake."""

    mean: float
    error: float


ROUNDS_PER_SHUFFLE = 12
STAKE = 2  # the smallest stake on which naturals and surrenders lose no half coin


@cache
def expected_value(rounds: int, *, surrender: bool = True) -> Estimate:
    """The net of basic strategy, from rounds that begin at different places of the same shuffled shoe.

    A shoe turned by some places is as random as the shoe itself. The rounds of one shuffle are not independent, so the
    error is taken from the means of whole shuffles.
    """
    rng = random.Random(20261123)
    cards = list(UNSHUFFLED)
    means = []
    for _ in range(rounds // ROUNDS_PER_SHUFFLE):
        rng.shuffle(cards)
        net = 0
        for turn in range(ROUNDS_PER_SHUFFLE):
            cut = turn * len(cards) // ROUNDS_PER_SHUFFLE
            net += _net(cards[cut:] + cards[:cut], surrender)
        means.append(net / STAKE / ROUNDS_PER_SHUFFLE)
    mean = sum(means) / len(means)
    variance = sum((value - mean) ** 2 for value in means) / (len(means) - 1)
    return Estimate(mean, sqrt(variance / len(means)))


def _net(shoe: list[str], surrender: bool) -> int:
    game = start(shoe, STAKE)
    while game.table.turn is not None:
        legal = [action for action in game.legal_actions() if surrender or action != "surrender"]
        game.act(advise(game.hands[game.table.turn.hand].cards, game.dealer[0], legal))
    return game.payout - game.stake


def test_basic_strategy_loses_what_is_published() -> None:
    mean, error = expected_value(300_000)
    assert error < 0.0025
    assert abs(mean + 0.00330) < 4 * error


def test_the_published_house_edge_is_that_of_basic_strategy() -> None:
    assert HOUSE_EDGE == 0.0033


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("surrender", "published"), [(True, -0.00330), (False, -0.00402)])
def test_the_published_figures_in_a_long_run(surrender: bool, published: float) -> None:
    mean, error = expected_value(2_000_000, surrender=surrender)
    assert error < 0.001
    assert abs(mean - published) < 4 * error
