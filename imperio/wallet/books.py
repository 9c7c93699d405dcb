"""A player's books as plain values, and how a round changes them. Pure: no I/O."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from ..core.clock import week_start


@dataclass(slots=True)
class BookState:
    """The columns of `books`, in their order. Coins are integers; times aware, in UTC."""

    player_id: int
    version: int
    balance: int
    at_stake: int
    ledger_seq: int
    ledger_head: str

    seed_pair_id: str
    next_seed_pair_id: str
    nonce: int

    rounds: int
    wins: int
    staked: int
    returned: int
    profit: int
    best_win: int
    best_payout: int
    best_stake: int
    streak: int
    achievements: int
    notifications_unread: int
    coins_at: datetime
    profit_at: datetime
    wins_at: datetime

    day: date
    day_rounds: int
    day_wins: int
    day_profit: int
    day_coins: int
    day_coins_at: datetime
    day_profit_at: datetime
    day_wins_at: datetime

    week: date
    week_rounds: int
    week_wins: int
    week_profit: int
    week_coins: int
    week_coins_at: datetime
    week_profit_at: datetime
    week_wins_at: datetime

    bonus_day: date | None
    bonus_streak: int
    refill_at: datetime | None

    def roll_windows(self, now: datetime) -> None:
        """Starts the day's and the week's counters anew when `now` lies in another window than they do."""
        today = now.date()
        if self.day != today:
            self.day = today
            self.day_rounds = self.day_wins = self.day_profit = self.day_coins = 0
            self.day_coins_at = self.day_profit_at = self.day_wins_at = now
        monday = week_start(today)
        if self.week != monday:
            self.week = monday
            self.week_rounds = self.week_wins = self.week_profit = self.week_coins = 0
            self.week_coins_at = self.week_profit_at = self.week_wins_at = now

    def move(self, amount: int) -> None:
        """Coins in (positive) or out. The ledger line is the posting's business."""
        self.balance += amount
        self.day_coins += amount
        self.week_coins += amount

    def settle(self, stake: int, payout: int) -> None:
        """Counts one settled round. A push (net 0) leaves the streak as it is."""
        net = payout - stake
        self.rounds += 1
        self.day_rounds += 1
        self.week_rounds += 1
        self.staked += stake
        self.returned += payout
        self.best_payout = max(self.best_payout, payout)
        self.best_stake = max(self.best_stake, stake)
        self.profit += net
        self.day_profit += net
        self.week_profit += net
        if net > 0:
            self.wins += 1
            self.day_wins += 1
            self.week_wins += 1
            self.streak += 1
            # The figure is the largest net, and nobody's best is a loss.
            self.best_win = max(self.best_win, net)
        elif net < 0:
            self.streak = 0

    def stamp(self, before: "BookState", now: datetime) -> None:
        """Notes the instant at which each score reached its value: it decides between equals.

        That is when it changed, or when the first round of its window put the player on the board with it: nobody who
        comes later stands above those who are there with the same value.
        """
        for window, prefix in _WINDOWS:
            rounds = f"{prefix}rounds"
            same = window is None or getattr(self, window) == getattr(before, window)
            was_listed = same and getattr(before, rounds) > 0
            comes = getattr(self, rounds) > 0 and not was_listed
            for score, stamp in _STAMPS[prefix]:
                if comes or getattr(self, score) != getattr(before, score):
                    setattr(self, stamp, now)


# By the column that says which window the counters belong to (None: all time): what their names begin with.
_WINDOWS: Final = ((None, ""), ("day", "day_"), ("week", "week_"))
_STAMPS: Final = {
    prefix: tuple(
        (f"{prefix}{score}", f"{prefix}{stamp}_at")
        for score, stamp in (("coins" if prefix else "balance", "coins"), ("profit", "profit"), ("wins", "wins"))
    )
    for _, prefix in _WINDOWS
}

COLUMNS: Final = tuple(field.name for field in fields(BookState))
# What a posting writes back: everything but the key.
WRITTEN: Final = tuple(name for name in COLUMNS if name != "player_id")


def from_row(row: dict[str, Any]) -> BookState:
    """The state from a row that holds (at least) the columns of `books`."""
    return BookState(*[row[name] for name in COLUMNS])


def opened(player_id: int, seed_pair_id: str, next_seed_pair_id: str, now: datetime) -> BookState:
    """Empty books for a new player."""
    today = now.date()
    return BookState(
        player_id=player_id,
        version=0,
        balance=0,
        at_stake=0,
        ledger_seq=0,
        ledger_head="",
        seed_pair_id=seed_pair_id,
        next_seed_pair_id=next_seed_pair_id,
        nonce=0,
        rounds=0,
        wins=0,
        staked=0,
        returned=0,
        profit=0,
        best_win=0,
        best_payout=0,
        best_stake=0,
        streak=0,
        achievements=0,
        notifications_unread=0,
        coins_at=now,
        profit_at=now,
        wins_at=now,
        day=today,
        day_rounds=0,
        day_wins=0,
        day_profit=0,
        day_coins=0,
        day_coins_at=now,
        day_profit_at=now,
        day_wins_at=now,
        week=week_start(today),
        week_rounds=0,
        week_wins=0,
        week_profit=0,
        week_coins=0,
        week_coins_at=now,
        week_profit_at=now,
        week_wins_at=now,
        bonus_day=None,
        bonus_streak=0,
        refill_at=None,
    )
