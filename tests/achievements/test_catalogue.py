"""The table of the rules, line by line."""

from dataclasses import replace

import pytest

from imperio.achievements.catalogue import ACHIEVEMENTS, BY_TYPE, Standing, newly_unlocked

NOBODY = Standing(0, 0, 0, 0, 0, 0, 0, {})
RULES = {
    "first_spin": ("First Spin", 10),
    "first_win": ("First Win", 25),
    "total_spins_10": ("Getting Started", 50),
    "total_spins_100": ("Dedicated Player", 200),
    "total_spins_1000": ("Casino Legend", 1000),
    "big_win_100": ("Big Winner", 100),
    "big_win_500": ("Jackpot", 500),
    "winning_streak_3": ("Hot Streak", 150),
    "winning_streak_5": ("Unstoppable", 300),
    "net_profit_1000": ("Profitable Gambler", 250),
    "net_profit_5000": ("Whale", 1000),
    "blackjack_master_10": ("Blackjack Master", 200),
    "roulette_master_10": ("Roulette Master", 200),
    "slots_master_10": ("Slots Master", 200),
    "lucky_day": ("Lucky Day", 300),
    "high_roller": ("High Roller", 500),
}


def test_the_table_is_that_of_the_rules() -> None:
    assert {it.type: (it.name, it.reward_coins) for it in ACHIEVEMENTS} == RULES
    assert [it.type for it in ACHIEVEMENTS] == list(RULES)
    assert sum(it.reward_coins for it in ACHIEVEMENTS) == 4985
    assert sorted(it.bit for it in ACHIEVEMENTS) == list(range(16))


@pytest.mark.parametrize(
    ("type", "short", "enough"),
    [
        ("first_spin", {"rounds": 0}, {"rounds": 1}),
        ("first_win", {"wins": 0}, {"wins": 1}),
        ("total_spins_10", {"rounds": 9}, {"rounds": 10}),
        ("total_spins_100", {"rounds": 99}, {"rounds": 100}),
        ("total_spins_1000", {"rounds": 999}, {"rounds": 1000}),
        ("big_win_100", {"best_payout": 99}, {"best_payout": 100}),
        ("big_win_500", {"best_payout": 499}, {"best_payout": 500}),
        ("winning_streak_3", {"streak": 2}, {"streak": 3}),
        ("winning_streak_5", {"streak": 4}, {"streak": 5}),
        ("net_profit_1000", {"profit": 999}, {"profit": 1000}),
        ("net_profit_5000", {"profit": 4999}, {"profit": 5000}),
        ("blackjack_master_10", {"game_wins": {"blackjack": 9, "slots": 99}}, {"game_wins": {"blackjack": 10}}),
        ("roulette_master_10", {"game_wins": {"roulette": 9, "slots": 99}}, {"game_wins": {"roulette": 10}}),
        ("slots_master_10", {"game_wins": {"slots": 9, "roulette": 99}}, {"game_wins": {"slots": 10}}),
        ("lucky_day", {"day_wins": 9, "wins": 99}, {"day_wins": 10}),
        ("high_roller", {"best_stake": 999}, {"best_stake": 1000}),
    ],
)
def test_each_has_its_threshold(type: str, short: dict[str, object], enough: dict[str, object]) -> None:
    assert type not in {it.type for it in newly_unlocked(replace(NOBODY, **short), 0)}
    assert type in {it.type for it in newly_unlocked(replace(NOBODY, **enough), 0)}


def test_what_is_unlocked_is_not_unlocked_again() -> None:
    standing = replace(NOBODY, rounds=10, wins=1)
    first = newly_unlocked(standing, 0)
    assert [it.type for it in first] == ["first_spin", "first_win", "total_spins_10"]
    mask = sum(1 << it.bit for it in first)
    assert newly_unlocked(standing, mask) == []


def test_progress_grows_to_a_hundred_and_stays() -> None:
    spins = BY_TYPE["total_spins_10"]
    assert spins.progress(replace(NOBODY, rounds=4), 0) == {
        "type": "total_spins_10",
        "current_value": 4,
        "target_value": 10,
        "progress_percentage": 40.0,
        "unlocked": False,
    }
    streak = BY_TYPE["winning_streak_3"]
    assert streak.progress(NOBODY, 1 << streak.bit)["progress_percentage"] == 100.0
    assert BY_TYPE["net_profit_1000"].progress(replace(NOBODY, profit=-300), 0)["current_value"] == 0
