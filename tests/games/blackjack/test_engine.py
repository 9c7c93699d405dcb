"""Blackjack, rule by rule, with shoes stacked so that each rule must show; then random rounds against invariants."""

from __future__ import annotations

import json
from collections import Counter
from itertools import cycle, islice
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imperio.games.blackjack.engine import (
    ACTIONS,
    MAX_STAKE,
    MIN_STAKE,
    RANKS,
    SUITS,
    UNSHUFFLED,
    Game,
    IllegalAction,
    NotYourTurn,
    Result,
    Table,
    Turn,
    dealer_draws,
    hand_value,
    replay,
    replay_table,
    shuffle,
    start,
)


def cards(ranks: str) -> list[str]:
    return [rank + suit for rank, suit in zip(ranks.split(), cycle("SHDC"), strict=False)]


def deal(player: str, dealer: str, then: str = "", stake: int = 10) -> Game:
    """A round with the player's two cards, the dealer's up and hole card, and the cards that follow."""
    (first, second), (up, hole) = cards(player), cards(dealer)
    return start([first, up, second, hole, *cards(then)], stake)


def play(game: Game, *actions: str) -> Game:
    for action in actions:
        game.act(action)
    return game


def results(game: Game) -> list[str | None]:
    return [hand.result for hand in game.hands]


def assert_settled(game: Game, *expected: str, stake: int, payout: int) -> None:
    assert game.settled
    assert results(game) == list(expected)
    assert (game.stake, game.payout) == (stake, payout)
    assert game.legal_actions() == ()
    assert game.public_view()["active_hand"] is None


# Cards ---------------------------------------------------------------------------------------------------------------


def test_the_unshuffled_shoe_is_six_ordered_decks() -> None:
    assert len(UNSHUFFLED) == 312
    assert UNSHUFFLED[:14] == (*(f"{rank}S" for rank in RANKS), "AH")
    assert UNSHUFFLED[:52] * 6 == UNSHUFFLED
    assert set(Counter(UNSHUFFLED).values()) == {6}


def test_shuffling_draws_below_312_down_to_2() -> None:
    asked = []

    class Zero:
        def below(self, n: int, /) -> int:
            asked.append(n)
            return 0

    shoe = shuffle(Zero())
    assert asked == list(range(312, 1, -1))
    assert shoe == (*UNSHUFFLED[1:], UNSHUFFLED[0])  # swapping each with the first moves all up by one


@pytest.mark.parametrize(
    ("ranks", "total", "soft"),
    [
        ("A", 11, True),
        ("A K", 21, True),
        ("A A", 12, True),
        ("A A A", 13, True),
        ("A 6", 17, True),
        ("A 6 10", 17, False),
        ("A A 9", 21, True),
        ("A A 10", 12, False),
        ("J Q", 20, False),
        ("10 J Q", 30, False),
        ("K Q A", 21, False),
        ("5 5 A", 21, True),
    ],
)
def test_hand_values(ranks: str, total: int, soft: bool) -> None:
    assert hand_value(cards(ranks)) == (total, soft)


@pytest.mark.parametrize(
    ("ranks", "draws"),
    [("10 6", True), ("A 5", True), ("10 7", False), ("A 6", False), ("A 6 9", True), ("A 7", False)],
)
def test_the_dealer_stands_on_every_17(ranks: str, draws: bool) -> None:
    assert dealer_draws(cards(ranks)) is draws


# Dealing and naturals ------------------------------------------------------------------------------------------------


def test_the_deal_is_player_dealer_player_dealer() -> None:
    game = start(["2S", "3H", "4D", "5C", "9S"], 10)
    assert game.hands[0].cards == ["2S", "4D"]
    assert game.dealer == ["3H", "5C"]
    assert game.public_view() == {
        "hands": [
            {"cards": ["2S", "4D"], "total": 6, "soft": False, "stake": 10, "status": "playing", "payout": 0},
        ],
        "active_hand": 0,
        "dealer": {"cards": ["3H"], "total": 3},
        "legal_actions": ["hit", "stand", "double", "surrender"],
        "insurance": None,
    }


@pytest.mark.parametrize(("stake", "payout"), [(2, 5), (3, 7), (10, 25), (15, 37), (1999, 4997), (2000, 5000)])
def test_a_natural_pays_3_to_2_with_half_coins_rounded_down(stake: int, payout: int) -> None:
    game = deal("A K", "9 7", stake=stake)
    assert_settled(game, "natural", stake=stake, payout=payout)
    assert game.public_view()["dealer"] == {"cards": ["9S", "7H"], "total": 16}  # shown, but no card drawn


def test_naturals_on_both_sides_push() -> None:
    assert_settled(deal("A K", "10 A"), "push", stake=10, payout=10)


@pytest.mark.parametrize(("dealer", "result", "payout"), [("A 9", "natural", 25), ("A Q", "push", 10)])
def test_a_natural_is_settled_at_once_under_an_ace_without_the_question(dealer: str, result: str, payout: int) -> None:
    game = deal("Q A", dealer)
    assert_settled(game, result, stake=10, payout=payout)
    assert game.insurance is None


@pytest.mark.parametrize("ten", ["10", "J", "Q", "K"])
def test_a_dealers_natural_under_a_ten_is_settled_at_once(ten: str) -> None:
    game = deal("10 9", f"{ten} A")
    assert_settled(game, "lost", stake=10, payout=0)
    assert game.public_view()["dealer"]["total"] == 21


def test_a_ten_with_an_ordinary_hole_card_leaves_the_round_open() -> None:
    game = deal("10 9", "K 9")
    assert not game.settled
    assert game.public_view()["dealer"] == {"cards": ["KS"], "total": 10}


# Insurance -----------------------------------------------------------------------------------------------------------


def test_under_an_ace_the_only_actions_are_about_insurance() -> None:
    game = deal("8 8", "A 9")
    assert game.legal_actions() == ("insurance", "decline_insurance")
    view = game.public_view()
    assert view["dealer"] == {"cards": ["AS"], "total": 11}
    assert view["insurance"] is None
    assert (view["hands"][0]["status"], view["active_hand"]) == ("playing", 0)
    for action in ("hit", "stand", "double", "split", "surrender"):
        with pytest.raises(IllegalAction):
            game.act(action)


@pytest.mark.parametrize(("stake", "insurance"), [(2, 1), (3, 1), (10, 5), (11, 5), (2000, 1000)])
def test_insurance_costs_half_the_stake_rounded_down_and_pays_2_to_1(stake: int, insurance: int) -> None:
    game = deal("10 9", "A K", stake=stake)
    assert game.extra_stake("insurance") == insurance
    game.act("insurance")
    assert_settled(game, "lost", stake=stake + insurance, payout=3 * insurance)
    assert game.public_view()["insurance"] == {"stake": insurance, "payout": 3 * insurance}


def test_declined_insurance_costs_nothing_and_a_dealers_natural_takes_the_stake() -> None:
    game = deal("10 9", "A K")
    assert game.extra_stake("decline_insurance") == 0
    game.act("decline_insurance")
    assert_settled(game, "lost", stake=10, payout=0)
    assert game.public_view()["insurance"] is None


def test_lost_insurance_is_gone_and_the_hand_is_played_on() -> None:
    game = play(deal("10 9", "A 7"), "insurance")
    assert game.legal_actions() == ("hit", "stand", "double", "surrender")
    assert game.public_view()["insurance"] == {"stake": 5, "payout": 0}
    game.act("stand")
    assert_settled(game, "won", stake=15, payout=20)


def test_insurance_is_asked_once_and_only_under_an_ace() -> None:
    assert "insurance" not in deal("10 9", "K 9").legal_actions()
    game = play(deal("10 9", "A 7"), "decline_insurance")
    for action in ("insurance", "decline_insurance"):
        with pytest.raises(IllegalAction):
            game.act(action)


def test_surrender_is_still_possible_after_lost_insurance() -> None:
    game = play(deal("10 6", "A 7", stake=11), "insurance", "surrender")
    assert_settled(game, "surrendered", stake=11 + 5, payout=5)


# Hit, stand, bust ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("player", "dealer", "then", "result", "payout"),
    [
        ("10 9", "10 8", "", "won", 20),
        ("10 8", "10 8", "", "push", 10),
        ("10 7", "10 8", "", "lost", 0),
        ("10 2", "10 6", "K", "won", 20),  # the dealer busts
        ("10 7", "6 A", "", "push", 10),  # the dealer stands on a soft 17
        ("10 8", "2 2", "A A A A", "won", 20),  # soft 15, 16, 17: the dealer stands
        ("10 9", "5 A", "J 2", "won", 20),  # soft 16 becomes hard 16, then 18
    ],
)
def test_standing(player: str, dealer: str, then: str, result: str, payout: int) -> None:
    assert_settled(play(deal(player, dealer, then), "stand"), result, stake=10, payout=payout)


def test_a_bust_hand_loses_at_once_and_the_dealer_draws_nothing() -> None:
    game = play(deal("10 6", "10 6", "K 5"), "hit")
    assert_settled(game, "bust", stake=10, payout=0)
    assert game.dealer == ["10S", "6H"]


def test_a_bust_hand_loses_also_when_the_dealer_would_have_bust() -> None:
    assert_settled(play(deal("10 6", "10 6", "K K"), "hit"), "bust", stake=10, payout=0)


def test_a_hand_on_21_stands_by_itself() -> None:
    game = play(deal("10 6", "10 7", "5"), "hit")
    assert_settled(game, "won", stake=10, payout=20)


def test_a_hand_of_21_in_three_cards_is_no_natural() -> None:
    assert_settled(play(deal("7 7", "10 9", "7"), "hit"), "won", stake=10, payout=20)


def test_21_against_a_dealers_21_in_three_cards_is_a_push() -> None:
    assert_settled(play(deal("7 7", "10 6", "7 5"), "hit"), "push", stake=10, payout=10)


def test_after_a_hit_only_hit_and_stand_are_left() -> None:
    game = play(deal("2 2", "9 7", "2"), "hit")
    assert game.legal_actions() == ("hit", "stand")


def test_nothing_can_be_done_in_a_settled_round() -> None:
    game = play(deal("10 9", "10 8"), "stand")
    for action in ACTIONS:
        with pytest.raises(IllegalAction):
            game.act(action)
    assert (game.stake, game.payout) == (10, 20)


@pytest.mark.parametrize("action", ["", "HIT", "fold", "double_down", "insurance"])
def test_unknown_or_untimely_actions_are_refused_and_change_nothing(action: str) -> None:
    game = deal("10 6", "10 7", "5")
    before = game.public_view()
    with pytest.raises(IllegalAction):
        game.act(action)
    assert game.public_view() == before


# Double --------------------------------------------------------------------------------------------------------------


def test_a_double_takes_one_card_and_twice_the_stake() -> None:
    game = deal("6 5", "10 7", "9")
    assert game.extra_stake("double") == 10
    game.act("double")
    assert_settled(game, "won", stake=20, payout=40)
    assert game.public_view()["hands"][0]["stake"] == 20


@pytest.mark.parametrize("player", ["2 3", "10 9", "A 8", "10 6", "K Q"])
def test_any_first_two_cards_may_be_doubled(player: str) -> None:
    assert "double" in deal(player, "9 8").legal_actions()


def test_a_double_that_busts_loses_both_stakes() -> None:
    assert_settled(play(deal("10 6", "10 7", "K"), "double"), "bust", stake=20, payout=0)


def test_a_double_that_pushes_returns_both_stakes() -> None:
    assert_settled(play(deal("6 5", "10 8", "7"), "double"), "push", stake=20, payout=20)


def test_a_low_double_stands_by_itself() -> None:
    assert_settled(play(deal("6 5", "10 7", "2"), "double"), "lost", stake=20, payout=0)


# Split ---------------------------------------------------------------------------------------------------------------


def test_a_split_gives_both_hands_a_card_at_once_the_old_one_first() -> None:
    game = deal("8 8", "6 10", "3 2 10 10 10")
    assert game.extra_stake("split") == 10
    game.act("split")
    assert [hand.cards for hand in game.hands] == [["8S", "3S"], ["8H", "2H"]]
    view = game.public_view()
    assert [hand["status"] for hand in view["hands"]] == ["playing", "waiting"]
    assert view["active_hand"] == 0
    play(game, "stand")
    assert game.public_view()["active_hand"] == 1
    play(game, "stand")
    assert_settled(game, "won", "won", stake=20, payout=40)


@pytest.mark.parametrize("player", ["10 K", "J Q", "K K", "2 2", "A A"])
def test_equal_values_may_be_split(player: str) -> None:
    assert "split" in deal(player, "9 8").legal_actions()


@pytest.mark.parametrize("player", ["10 9", "A 10", "A 2", "5 6"])
def test_unequal_values_may_not(player: str) -> None:
    assert "split" not in deal(player, "9 8").legal_actions()


def test_a_hand_may_be_doubled_after_a_split_but_not_surrendered() -> None:
    game = play(deal("8 8", "6 10", "3 10 10 10"), "split")
    assert game.legal_actions() == ("hit", "stand", "double")
    play(game, "double", "stand")
    assert_settled(game, "won", "won", stake=30, payout=60)
    assert [hand.stake for hand in game.hands] == [20, 10]


def test_up_to_four_hands_and_each_new_one_stands_directly_after_the_one_it_came_from() -> None:
    game = deal("8 8", "7 10", "8 9 8 10 2 3")
    play(game, "split")  # 8 8 | 8 9
    play(game, "split")  # 8 8 | 8 10 | 8 9
    assert [[card[:-1] for card in hand.cards] for hand in game.hands] == [["8", "8"], ["8", "10"], ["8", "9"]]
    play(game, "split")  # 8 2 | 8 3 | 8 10 | 8 9
    assert [[card[:-1] for card in hand.cards] for hand in game.hands] == [
        ["8", "2"],
        ["8", "3"],
        ["8", "10"],
        ["8", "9"],
    ]
    play(game, "stand", "stand", "stand", "stand")
    assert_settled(game, "lost", "lost", "won", "push", stake=40, payout=30)


def test_a_fifth_hand_is_refused() -> None:
    game = play(deal("8 8", "7 10", "8 8 8 8 8 8"), "split", "split", "split")
    assert len(game.hands) == 4
    assert game.hands[0].is_pair
    assert game.legal_actions() == ("hit", "stand", "double")
    with pytest.raises(IllegalAction):
        game.act("split")


def test_a_later_hand_may_be_split_too() -> None:
    game = play(deal("8 8", "7 10", "10 8 9 10"), "split", "stand")
    assert game.table.turn == Turn(0, 1)
    play(game, "split", "stand", "stand")
    assert_settled(game, "won", "push", "won", stake=30, payout=50)


def test_split_aces_get_one_card_each() -> None:
    game = play(deal("A A", "9 9", "5 8"), "split")
    assert_settled(game, "lost", "won", stake=20, payout=20)


def test_split_aces_are_not_split_again() -> None:
    game = play(deal("A A", "9 8", "A A"), "split")
    assert_settled(game, "lost", "lost", stake=20, payout=0)
    assert len(game.hands) == 2


@pytest.mark.parametrize("pair", ["A A", "10 10"])
def test_21_on_a_split_hand_is_no_natural(pair: str) -> None:
    filler = "K" if pair == "A A" else "A"
    game = play(deal(pair, "9 8", f"{filler} {filler}"), "split")
    assert_settled(game, "won", "won", stake=20, payout=40)


def test_a_split_21_pushes_against_a_dealers_21() -> None:
    game = play(deal("A A", "9 5", "K K 7"), "split")
    assert_settled(game, "push", "push", stake=20, payout=20)


def test_a_split_hand_on_21_is_passed_over() -> None:
    game = play(deal("10 10", "9 8", "A 5"), "split")
    view = game.public_view()
    assert [hand["status"] for hand in view["hands"]] == ["stood", "playing"]
    assert view["active_hand"] == 1


def test_the_dealer_draws_while_one_split_hand_is_still_in_play() -> None:
    game = play(deal("8 8", "6 10", "10 10 10 10"), "split", "hit", "stand")
    assert_settled(game, "bust", "won", stake=20, payout=20)
    assert len(game.dealer) == 3


def test_the_dealer_draws_nothing_when_all_split_hands_are_bust() -> None:
    game = play(deal("8 8", "6 10", "10 10 10 10"), "split", "hit")
    assert game.public_view()["hands"][0]["status"] == "bust"
    game.act("hit")
    assert_settled(game, "bust", "bust", stake=20, payout=0)
    assert len(game.dealer) == 2


# Surrender -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("stake", "payout"), [(2, 1), (3, 1), (10, 5), (25, 12)])
def test_surrender_returns_half_rounded_down(stake: int, payout: int) -> None:
    game = play(deal("10 6", "10 6", "5", stake=stake), "surrender")
    assert_settled(game, "surrendered", stake=stake, payout=payout)
    assert game.dealer == ["10S", "6H"]


def test_surrender_is_late_a_dealers_natural_comes_first() -> None:
    assert_settled(play(deal("10 6", "A K"), "decline_insurance"), "lost", stake=10, payout=0)


def test_no_surrender_after_a_hit() -> None:
    with pytest.raises(IllegalAction):
        play(deal("10 2", "10 6", "2"), "hit", "surrender")


# Money and limits ----------------------------------------------------------------------------------------------------


def test_actions_that_can_not_be_paid_are_not_offered() -> None:
    game = deal("8 8", "9 8")
    assert game.public_view(balance=9)["legal_actions"] == ["hit", "stand", "surrender"]
    assert game.public_view(balance=10)["legal_actions"] == ["hit", "stand", "double", "split", "surrender"]
    assert game.legal_actions() == ("hit", "stand", "double", "split", "surrender")
    assert deal("8 8", "A 8").public_view(balance=4)["legal_actions"] == ["decline_insurance"]


@pytest.mark.parametrize("stake", [MIN_STAKE - 1, MAX_STAKE + 1, 0, -2])
def test_stakes_outside_the_limits_are_refused(stake: int) -> None:
    with pytest.raises(ValueError):
        deal("8 8", "9 8", stake=stake)


def test_the_default_action_declines_and_then_stands() -> None:
    game = deal("10 9", "A 7")
    taken = [game.default_action]
    game.act(game.default_action)
    taken.append(game.default_action)
    game.act(game.default_action)
    assert taken == ["decline_insurance", "stand"]
    assert_settled(game, "won", stake=10, payout=20)


def test_a_void_round_may_be_shown_in_full() -> None:
    game = deal("10 6", "9 7")
    assert game.public_view()["dealer"] == {"cards": ["9S"], "total": 9}
    assert game.public_view(reveal=True)["dealer"] == {"cards": ["9S", "7H"], "total": 16}


# Tables --------------------------------------------------------------------------------------------------------------


def test_a_table_deals_in_seat_order_and_the_dealer_last() -> None:
    table = Table(cards("2 3 4 5 6 7 8 9"), [10, 20, 30])
    assert [[card[:-1] for card in seat.hands[0].cards] for seat in table.seats] == [["2", "6"], ["3", "7"], ["4", "8"]]
    assert [card[:-1] for card in table.dealer] == ["5", "9"]
    assert table.turn == Turn(0, 0)
    assert [seat.stake for seat in table.seats] == [10, 20, 30]


def test_turns_go_round_in_seat_order() -> None:
    table = Table(cards("10 10 9 6 7 8 10"), [10, 20])
    assert table.legal_actions(1) == ()
    with pytest.raises(NotYourTurn):
        table.act(1, "stand")
    assert [table.seat_view(seat)["hands"][0]["status"] for seat in (0, 1)] == ["playing", "waiting"]
    table.act(0, "stand")
    assert table.turn == Turn(1, 0)
    table.act(1, "hit")
    assert table.settled
    assert [seat.payout for seat in table.seats] == [0, 0]
    assert [seat.hands[0].result for seat in table.seats] == ["lost", "bust"]


def test_insurance_is_asked_of_each_seat_in_order_before_anybody_plays() -> None:
    table = Table(cards("10 A 10 A 9 K 8 7"), [10, 20, 30])
    assert table.turn == Turn(0, 0)
    table.act(0, "insurance")
    assert table.turn == Turn(2, 0)  # seat 1 has a natural and is not asked
    # Whether it was paid or pushed would tell the others the hole card.
    assert table.seat_view(1)["hands"][0]["status"] == "stood"
    assert table.seats[1].payout == 0
    assert table.dealer_view() == {"cards": ["AC"], "total": 11}
    table.act(2, "decline_insurance")
    assert table.turn == Turn(0, 0)
    assert table.seat_view(1)["hands"][0]["status"] == "natural"
    table.act(0, "stand")
    table.act(2, "stand")
    assert table.settled
    assert [(seat.stake, seat.payout) for seat in table.seats] == [(15, 20), (20, 50), (30, 30)]


def test_a_dealers_natural_ends_the_round_for_all_seats_after_the_question() -> None:
    table = Table(cards("10 A 10 A 9 K 8 K"), [10, 20, 30])
    table.act(0, "insurance")
    table.act(2, "decline_insurance")
    assert table.settled
    assert [(seat.stake, seat.payout) for seat in table.seats] == [(15, 15), (20, 20), (30, 0)]


def test_a_table_of_naturals_is_settled_at_once() -> None:
    table = Table(cards("A A A K K 5"), [10, 20])
    assert table.settled
    assert [seat.payout for seat in table.seats] == [25, 50]


def test_a_surrendered_seat_is_out_while_the_others_play() -> None:
    table = Table(cards("10 10 9 6 7 8"), [10, 20])
    table.act(0, "surrender")
    assert table.seat_view(0)["hands"][0]["status"] == "surrendered"
    table.act(1, "stand")
    assert [seat.payout for seat in table.seats] == [5, 20]


def test_splits_of_one_seat_are_played_before_the_next_seat() -> None:
    table = Table(cards("8 10 6 8 9 10 10 9 10"), [10, 20])
    turns = []
    for action in ("split", "stand", "stand", "stand"):
        assert table.turn is not None
        turns.append(table.turn)
        table.act(table.turn.seat, action)
    assert turns == [(0, 0), (0, 0), (0, 1), (1, 0)]
    assert [(seat.stake, seat.payout) for seat in table.seats] == [(20, 40), (20, 40)]


@pytest.mark.parametrize("stakes", [[], [10] * 8, [10, 1]])
def test_impossible_tables_are_refused(stakes: list[int]) -> None:
    with pytest.raises(ValueError):
        Table(UNSHUFFLED, stakes)


# Any round at all ----------------------------------------------------------------------------------------------------

CARD = st.builds(str.__add__, st.sampled_from(RANKS), st.sampled_from(SUITS))
# A few cards over and over make pairs, splits and naturals likely.
SHOE = st.lists(CARD, min_size=1, max_size=40).map(lambda few: list(islice(cycle(few), 312)))
STAKE = st.integers(MIN_STAKE, MAX_STAKE)
CHOICES = st.lists(st.integers(0, 1000), max_size=60)


def play_out(table: Table, choices: list[int]) -> list[tuple[int, str]]:
    """Play by the choices, then by default, and note every action; check the stake of each on the way."""
    taken: list[tuple[int, str]] = []
    coming = iter(choices)
    while table.turn is not None:
        seat = table.turn.seat
        legal = table.legal_actions(seat)
        assert len(set(legal)) == len(legal) >= 2
        assert table.default_action in legal
        choice = next(coming, None)
        action = table.default_action if choice is None else legal[choice % len(legal)]
        expected = table.seats[seat].stake + table.extra_stake(seat, action)
        table.act(seat, action)
        assert table.seats[seat].stake == expected
        taken.append((seat, action))
    return taken


def everything(table: Table) -> list[Any]:
    return [table.settled, table.turn, table.dealer_view(), *(table.seat_view(i) for i in range(len(table.seats)))]


@given(shoe=SHOE, stakes=st.lists(STAKE, min_size=1, max_size=7), choices=CHOICES)
def test_every_round_ends_with_all_cards_and_coins_accounted_for(
    shoe: list[str], stakes: list[int], choices: list[int]
) -> None:
    table = Table(shoe, stakes)
    play_out(table, choices)
    assert table.settled
    shown = [card for seat in table.seats for hand in seat.hands for card in hand.cards] + table.dealer
    assert Counter(shown) == Counter(shoe[: len(shown)])
    for seat, initial in zip(table.seats, stakes, strict=True):
        assert seat.initial_stake == initial
        assert 1 <= len(seat.hands) <= 4
        for hand in seat.hands:
            assert hand.result in get_args(Result)
            assert hand.stake in (initial, 2 * initial)
            returns = {"won": 2 * hand.stake, "natural": 5 * hand.stake // 2, "push": hand.stake}
            assert hand.payout == returns.get(str(hand.result), hand.stake // 2 if hand.result == "surrendered" else 0)
            assert (hand.value.total > 21) == (hand.result == "bust")
        insured = 3 * seat.insurance.stake if seat.insurance and hand_value(table.dealer[:2]).total == 21 else 0
        assert seat.payout == sum(hand.payout for hand in seat.hands) + insured
    in_play = any(hand.result in ("won", "lost", "push") for seat in table.seats for hand in seat.hands)
    assert not (in_play and dealer_draws(table.dealer))
    assert in_play or len(table.dealer) == 2


@given(shoe=SHOE, stake=STAKE, choices=CHOICES)
def test_replaying_the_actions_gives_every_state_again(shoe: list[str], stake: int, choices: list[int]) -> None:
    taken = [action for _, action in play_out(Table(shoe, [stake]), choices)]
    game = start(shoe, stake)
    for count, action in enumerate(taken):
        assert replay(shoe, stake, taken[:count]).public_view() == game.public_view()
        game.act(action)
    assert replay(shoe, stake, taken).public_view() == game.public_view()


@given(shoe=SHOE, stakes=st.lists(STAKE, min_size=1, max_size=7), choices=CHOICES)
def test_a_table_can_be_replayed(shoe: list[str], stakes: list[int], choices: list[int]) -> None:
    table = Table(shoe, stakes)
    taken = play_out(table, choices)
    assert everything(replay_table(shoe, stakes, taken)) == everything(table)


@given(shoe=SHOE, other=SHOE, stakes=st.lists(STAKE, min_size=1, max_size=7), choices=CHOICES, count=st.integers(0, 10))
def test_nothing_shown_of_an_open_round_depends_on_a_hidden_card(
    shoe: list[str], other: list[str], stakes: list[int], choices: list[int], count: int
) -> None:
    """With another hole card and another rest of the shoe, the same actions must look the same.

    Only that the dealer has no natural may be known, once the dealer has looked.
    """
    taken = play_out(Table(shoe, stakes), choices)[:count]
    table = replay_table(shoe, stakes, taken)
    if table.settled:
        return
    hole = 2 * len(stakes) + 1
    visible = sum(len(hand.cards) for seat in table.seats for hand in seat.hands) + 1
    changed = [*shoe[:hole], other[hole], *shoe[hole + 1 : visible + 1], *other[visible + 1 :]]
    asking = table.default_action == "decline_insurance"
    if not asking and hand_value([table.dealer[0], other[hole]]).total == 21:
        return
    assert json.dumps(everything(replay_table(changed, stakes, taken))) == json.dumps(everything(table))
