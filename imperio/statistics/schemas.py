"""The shapes of the statistics' answers, for the API's description."""

from pydantic import BaseModel


class FiguresView(BaseModel):
    """`bets_count` settled rounds, `bets_amount` their stakes, `wins_count` rounds with net > 0, `wins_amount` all
    payouts, `net_profit = wins_amount - bets_amount`, `win_rate` a fraction, `best_win` the largest net."""

    bets_count: int
    bets_amount: int
    wins_count: int
    wins_amount: int
    net_profit: int
    win_rate: float
    best_win: int


class GameFigures(FiguresView):
    game: str


class StatisticsView(FiguresView):
    """`favourite_game` is the one with the most rounds; null without any."""

    favourite_game: str | None
    by_game: list[GameFigures]
    balance: int


class DayView(BaseModel):
    """`balance` at the day's end (today: now)."""

    date: str
    balance: int
    net_profit: int
    rounds: int


class History(BaseModel):
    days: list[DayView]
