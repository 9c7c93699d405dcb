"""European roulette: every spot of the layout, every pocket, and nothing that is not on the layout."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imperio.games.roulette.engine import (
    CALL_BETS,
    MAX_BET,
    ODDS,
    RED,
    RTP,
    SPOTS,
    WHEEL,
    Bet,
    InvalidBet,
    Spot,
    check_bets,
    colour,
    expand,
    neighbours,
    settle,
    spin,
    total_stake,
)

PUBLISHED = {
    # type: (spots, numbers named, pockets covered, odds)
    "straight": (37, 1, 1, 35),
    "split": (60, 2, 2, 17),
    "street": (12, 3, 3, 11),
    "trio": (2, 3, 3, 11),
    "corner": (22, 4, 4, 8),
    "first_four": (1, 4, 4, 8),
    "six_line": (11, 6, 6, 5),
    **{f"{kind}_{n}": (1, 0, 12, 2) for kind in ("column", "dozen") for n in (1, 2, 3)},
    **{kind: (1, 0, 18, 1) for kind in ("red", "black", "even", "odd", "low", "high")},
}


def a_bet(type: str, *numbers: int, amount: int = 1) -> Bet:
    return Bet(type, numbers, amount)


def refusal(*bets: Bet) -> InvalidBet:
    with pytest.raises(InvalidBet) as refused:
        check_bets(bets)
    return refused.value


def test_there_are_157_different_spots() -> None:
    assert len(SPOTS) == 157
    assert len({(spot.type, spot.numbers) for spot in SPOTS}) == 157
    assert len({spot.label for spot in SPOTS}) == 157
    assert len({spot.key for spot in SPOTS}) == 157
    assert Counter(spot.type for spot in SPOTS) == {type: spots for type, (spots, *_) in PUBLISHED.items()}


@pytest.mark.parametrize("spot", SPOTS, ids=lambda spot: spot.key)
def test_each_spot_returns_36_times_its_amount_over_the_wheel(spot: Spot) -> None:
    _, named, covered, odds = PUBLISHED[spot.type]
    assert (len(spot.numbers), len(spot.pockets), spot.odds) == (named, covered, odds)
    bets = check_bets([Bet(spot.type, spot.numbers, 7)])
    returns = [settle(bets, pocket)[0] for pocket in range(37)]
    assert sum(returns) == 36 * 7
    assert {pocket for pocket, paid in enumerate(returns) if paid} == spot.pockets
    assert set(returns) == {0, 7 * (odds + 1)}


def test_every_bet_has_the_same_rtp() -> None:
    assert {len(spot.pockets) * (spot.odds + 1) for spot in SPOTS} == {RTP * 37}


def test_the_wheel_holds_each_pocket_once_and_alternates_colours() -> None:
    assert sorted(WHEEL) == list(range(37))
    assert WHEEL[:5] == (0, 32, 15, 19, 4)
    colours = [colour(pocket) for pocket in WHEEL]
    assert Counter(colours) == {"green": 1, "red": 18, "black": 18}
    assert all(left != right for left, right in zip(colours, colours[1:], strict=False))


def test_what_the_outside_bets_cover() -> None:
    covered = {spot.type: spot.pockets for spot in SPOTS if not spot.numbers}
    assert covered["column_1"] == {1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 34}
    assert covered["column_3"] == set(range(3, 37, 3))
    assert covered["dozen_2"] == set(range(13, 25))
    assert covered["red"] == RED
    assert covered["low"] | covered["high"] == covered["even"] | covered["odd"] == set(range(1, 37))
    assert all(0 not in pockets for pockets in covered.values())


@pytest.mark.parametrize(
    ("type", "numbers"),
    [("split", (0, 2)), ("split", (17, 20)), ("split", (35, 36)), ("trio", (0, 2, 3)), ("corner", (32, 33, 35, 36))],
)
def test_the_order_of_numbers_does_not_matter(type: str, numbers: tuple[int, ...]) -> None:
    for order in permutations(numbers):
        assert check_bets([Bet(type, order, 1)]) == (Bet(type, numbers, 1),)


def adjacent(first: int, second: int) -> bool:
    """Whether two numbers touch on the felt, found from their rows and columns."""
    if first == 0:
        return second <= 3
    (row, column), (other_row, other_column) = divmod(first - 1, 3), divmod(second - 1, 3)
    return abs(row - other_row) + abs(column - other_column) == 1


def test_splits_are_the_numbers_that_touch_and_no_others() -> None:
    accepted = set()
    for first, second in combinations(range(37), 2):
        try:
            check_bets([a_bet("split", first, second)])
            accepted.add((first, second))
        except InvalidBet:
            assert not adjacent(first, second)
    assert len(accepted) == 60
    assert all(adjacent(*pair) for pair in accepted)


@pytest.mark.parametrize(("type", "size"), [("street", 3), ("trio", 3), ("corner", 4), ("first_four", 4)])
def test_only_the_combinations_on_the_layout_are_taken(type: str, size: int) -> None:
    on_layout = {spot.numbers for spot in SPOTS if spot.type == type}
    taken = set()
    for numbers in combinations(range(-1, 38), size):
        try:
            check_bets([Bet(type, numbers, 1)])
            taken.add(numbers)
        except InvalidBet as refused:
            assert (refused.index, refused.field) == (0, "numbers")
    assert taken == on_layout


@pytest.mark.parametrize(
    "bet",
    [
        a_bet("split", 1, 9),
        a_bet("split", 3, 4),
        a_bet("split", 2, 2),
        a_bet("split", 1),
        a_bet("split", 1, 2, 3),
        a_bet("straight"),
        a_bet("straight", 37),
        a_bet("straight", -1),
        a_bet("street", 2, 3, 4),
        a_bet("street", 0, 1, 2),
        a_bet("trio", 0, 1, 3),
        a_bet("corner", 3, 4, 6, 7),
        a_bet("corner", 0, 1, 2, 3),
        a_bet("first_four", 1, 2, 3, 4),
        a_bet("six_line", 2, 3, 4, 5, 6, 7),
        a_bet("six_line", 34, 35, 36, 37, 38, 39),
        a_bet("red", 1),
        a_bet("red", *sorted(RED)),
        a_bet("column_1", 1),
    ],
    ids=str,
)
def test_numbers_that_are_not_on_the_layout_are_refused(bet: Bet) -> None:
    refused = refusal(a_bet("red"), bet)
    assert (refused.index, refused.field, refused.path) == (1, "numbers", "bets.1.numbers")
    assert refused.message


@pytest.mark.parametrize("type", ["", "Red", "column_4", "voisins", "basket", "straight_up"])
def test_unknown_types_are_refused(type: str) -> None:
    refused = refusal(a_bet(type))
    assert (refused.index, refused.field) == (0, "type")


@pytest.mark.parametrize("amount", [0, -1, 1001, 2**63])
def test_amounts_outside_the_limits_are_refused(amount: int) -> None:
    refused = refusal(a_bet("red", amount=amount))
    assert (refused.index, refused.field) == (0, "amount")


def test_the_limits_themselves_are_taken() -> None:
    assert len(check_bets([a_bet("red")] * 50)) == 50
    assert total_stake(check_bets([a_bet("red", amount=MAX_BET)] * 5)) == 5000


def test_a_spin_has_1_to_50_bets_and_at_most_5000_coins() -> None:
    assert refusal().path == "bets"
    assert refusal(*[a_bet("red")] * 51).path == "bets"
    assert refusal(*[a_bet("red", amount=1000)] * 5, a_bet("black")).path == "bets"


def test_a_known_spin() -> None:
    bets = check_bets(
        [a_bet("straight", 17, amount=2), a_bet("split", 20, 17, amount=3), a_bet("black"), a_bet("red", amount=9)]
    )
    assert settle(bets, 17) == (72, 54, 2, 0)
    assert settle(bets, 0) == (0, 0, 0, 0)


@given(bets=st.lists(st.tuples(st.sampled_from(SPOTS), st.integers(1, 100)), min_size=1, max_size=50))
def test_the_house_keeps_one_thirty_seventh_of_any_layout(bets: list[tuple[Spot, int]]) -> None:
    checked = check_bets([Bet(spot.type, spot.numbers, amount) for spot, amount in bets])
    assert sum(sum(settle(checked, pocket)) for pocket in range(37)) == 36 * total_stake(checked)


def test_spin_asks_for_one_of_37_pockets() -> None:
    class Source:
        def below(self, n: int, /) -> int:
            assert n == 37
            return 36

    assert spin(Source()) == 36


def test_labels_are_what_a_screen_reader_should_say() -> None:
    labels = {spot.key: spot.label for spot in SPOTS}
    assert labels["split-17-20"] == "Split 17 and 20"
    assert labels["straight-0"] == "Straight 0"
    assert labels["corner-1-2-4-5"] == "Corner 1, 2, 4 and 5"
    assert labels["first_four-0-1-2-3"] == "First four 0, 1, 2 and 3"
    assert labels["column_1"] == "Column 1"


CHIPS = {"voisins": 9, "tiers": 6, "orphelins": 5, "jeu_zero": 4}


@pytest.mark.parametrize("name", CHIPS)
def test_call_bets_are_ordinary_bets_on_their_part_of_the_wheel(name: str) -> None:
    bets = check_bets(expand(CALL_BETS[name], 10))
    assert total_stake(bets) == 10 * CHIPS[name]


def test_voisins_tiers_and_orphelins_share_out_the_wheel() -> None:
    covered = [
        pocket
        for name in ("voisins", "tiers", "orphelins")
        for pocket in frozenset[int]().union(*(part.spot.pockets for part in CALL_BETS[name]))
    ]
    assert sorted(covered) == list(range(37))


def test_jeu_zero_covers_the_pockets_around_the_zero() -> None:
    covered = frozenset[int]().union(*(part.spot.pockets for part in CALL_BETS["jeu_zero"]))
    assert covered == {12, 35, 3, 26, 0, 32, 15}


def test_neighbours_are_five_pockets_side_by_side() -> None:
    assert [bet.numbers for bet in expand(neighbours(0), 1)] == [(3,), (26,), (0,), (32,), (15,)]
    assert [bet.numbers for bet in expand(neighbours(26), 1)] == [(35,), (3,), (26,), (0,), (32,)]


def test_all_types_have_odds() -> None:
    assert set(ODDS) == set(PUBLISHED)
