"""The sixteen achievements and what each asks for. Pure: no I/O."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Standing:
    """What a player has come to, the round just settled included. Coins, or counts of settled rounds.

    `profit` is the all-time net from games; `game_wins` needs only the games that are asked about.
    """

    rounds: int
    wins: int
    streak: int
    profit: int
    day_wins: int
    best_payout: int
    best_stake: int
    game_wins: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Achievement:
    """`value` reads from a standing what must reach `target`; `bit` is its place in `books.achievements`."""

    type: str
    name: str
    description: str
    icon: str
    reward_coins: int
    category: str
    target: int
    value: Callable[[Standing], int]
    bit: int

    def public(self) -> dict[str, Any]:
        """The contract's achievement."""
        return {
            "type": self.type,
            "name": self.name,
            "description": self.description,
            "icon": self.icon,
            "reward_coins": self.reward_coins,
            "category": self.category,
        }

    def is_in(self, mask: int) -> bool:
        """Whether it is among those unlocked."""
        return bool(mask >> self.bit & 1)

    def progress(self, standing: Standing, mask: int) -> dict[str, Any]:
        """The contract's progress. A streak that broke after the reward takes nothing back."""
        unlocked = self.is_in(mask)
        current = self.target if unlocked else min(max(self.value(standing), 0), self.target)
        return {
            "type": self.type,
            "current_value": current,
            "target_value": self.target,
            "progress_percentage": round(100 * current / self.target, 1),
            "unlocked": unlocked,
        }


_Definition = tuple[str, str, str, str, int, str, int, Callable[[Standing], int]]


def _wins_in(game: str) -> Callable[[Standing], int]:
    return lambda standing: standing.game_wins.get(game, 0)


# Names of icons are those of static/img/icons.svg. The order is the table's of the rules, and the order of rewards
# when one round unlocks several. New ones go to the end: the place is the bit.
_DEFINITIONS: Final[tuple[_Definition, ...]] = (
    ("first_spin", "First Spin", "Play your first round.", "cherries", 10, "rounds", 1, lambda s: s.rounds),
    ("first_win", "First Win", "Win your first round.", "crown", 25, "wins", 1, lambda s: s.wins),
    ("total_spins_10", "Getting Started", "Play 10 rounds.", "laurel", 50, "rounds", 10, lambda s: s.rounds),
    ("total_spins_100", "Dedicated Player", "Play 100 rounds.", "laurel", 200, "rounds", 100, lambda s: s.rounds),
    ("total_spins_1000", "Casino Legend", "Play 1,000 rounds.", "laurel", 1000, "rounds", 1000, lambda s: s.rounds),
    ("big_win_100", "Big Winner", "Get 100 coins or more from one round.", "crown", 100, "big_win", 100,
     lambda s: s.best_payout),
    ("big_win_500", "Jackpot", "Get 500 coins or more from one round.", "crown", 500, "big_win", 500,
     lambda s: s.best_payout),
    ("winning_streak_3", "Hot Streak", "Win 3 rounds in a row.", "flame", 150, "streak", 3, lambda s: s.streak),
    ("winning_streak_5", "Unstoppable", "Win 5 rounds in a row.", "flame", 300, "streak", 5, lambda s: s.streak),
    ("net_profit_1000", "Profitable Gambler", "Be 1,000 coins ahead from games.", "chart", 250, "profit", 1000,
     lambda s: s.profit),
    ("net_profit_5000", "Whale", "Be 5,000 coins ahead from games.", "chart", 1000, "profit", 5000,
     lambda s: s.profit),
    ("blackjack_master_10", "Blackjack Master", "Win 10 rounds of blackjack.", "spade", 200, "mastery", 10,
     _wins_in("blackjack")),
    ("roulette_master_10", "Roulette Master", "Win 10 rounds of roulette.", "wheel", 200, "mastery", 10,
     _wins_in("roulette")),
    ("slots_master_10", "Slots Master", "Win 10 rounds of Cherry Charm.", "cherries", 200, "mastery", 10,
     _wins_in("slots")),
    ("lucky_day", "Lucky Day", "Win 10 rounds in one day (UTC).", "star", 300, "wins", 10, lambda s: s.day_wins),
    ("high_roller", "High Roller", "Stake 1,000 coins or more in one round.", "gift", 500, "stakes", 1000,
     lambda s: s.best_stake),
)  # fmt: skip

ACHIEVEMENTS: Final = tuple(Achievement(*definition, bit) for bit, definition in enumerate(_DEFINITIONS))
BY_TYPE: Final[Mapping[str, Achievement]] = {achievement.type: achievement for achievement in ACHIEVEMENTS}


def newly_unlocked(standing: Standing, mask: int) -> list[Achievement]:
    """What the standing earns beyond what is unlocked already (`mask`), in the table's order."""
    return [it for it in ACHIEVEMENTS if not it.is_in(mask) and it.value(standing) >= it.target]
