"""The nine boards: which figures of the books each ranks by, and the SQL that reads it. Pure.

The order of a board is always: the larger value first; of equal values, who reached it first; then the player id.
`migrations/` has one partial index per board in exactly this order, so that each query below walks a range of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from ..core.clock import week_start

Metric = Literal["coins", "net_profit", "total_wins"]
Timeframe = Literal["daily", "weekly", "all_time"]
METRICS: Final[tuple[Metric, ...]] = ("coins", "net_profit", "total_wins")
TIMEFRAMES: Final[tuple[Timeframe, ...]] = ("daily", "weekly", "all_time")
MAX_ROWS: Final = 100

_SCORES: Final[Mapping[Metric, str]] = {"coins": "coins", "net_profit": "profit", "total_wins": "wins"}
_WINDOWS: Final[Mapping[Timeframe, str]] = {"daily": "day", "weekly": "week"}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a player stands on a board: smaller is higher."""

    down: int  # the value's negative
    at: datetime
    player_id: int

    @property
    def value(self) -> int:
        return -self.down


@dataclass(frozen=True, slots=True)
class Board:
    """One metric over one time frame."""

    metric: Metric
    timeframe: Timeframe

    @property
    def key(self) -> str:
        return f"{self.metric}:{self.timeframe}"

    @property
    def window_column(self) -> str | None:
        """`day`, `week`, or None for all time."""
        return _WINDOWS.get(self.timeframe)

    @property
    def value_column(self) -> str:
        if self.window_column is None and self.metric == "coins":
            return "balance"
        return self._prefixed(_SCORES[self.metric])

    @property
    def at_column(self) -> str:
        return self._prefixed(f"{_SCORES[self.metric]}_at")

    @property
    def rounds_column(self) -> str:
        return self._prefixed("rounds")

    @property
    def listed(self) -> str:
        """SQL condition on `books b`: who stands on the board. Its parameter is `window`, for all but all time."""
        within = f"b.{self.window_column} = :window AND " if self.window_column else ""
        return f"{within}b.{self.rounds_column} > 0"

    @property
    def columns(self) -> str:
        """SQL: a row's place."""
        return f"b.player_id, b.{self.value_column} AS value, b.{self.at_column} AS reached_at"

    @property
    def order(self) -> str:
        return f"b.{self.value_column} DESC, b.{self.at_column}, b.player_id"

    @property
    def reverse_order(self) -> str:
        return f"b.{self.value_column}, b.{self.at_column} DESC, b.player_id DESC"

    def window(self, now: datetime) -> date | None:
        """The first day of the window that `now` lies in."""
        today = now.date()
        return {"daily": today, "weekly": week_start(today)}.get(self.timeframe)

    def place_in(self, row: Mapping[str, Any], now: datetime) -> Place | None:
        """A player's place by their row of `books`; None if not listed."""
        column = self.window_column
        if (column is not None and row[column] != self.window(now)) or not row[self.rounds_column]:
            return None
        return Place(-row[self.value_column], row[self.at_column], row["player_id"])

    def _prefixed(self, name: str) -> str:
        return f"{self.window_column}_{name}" if self.window_column else name


BOARDS: Final = tuple(Board(metric, timeframe) for metric in METRICS for timeframe in TIMEFRAMES)


def get_board(metric: str, timeframe: str) -> Board:
    """Raises `KeyError` for one there is not."""
    return _BY_KEY[f"{metric}:{timeframe}"]


_BY_KEY: Final = {board.key: board for board in BOARDS}
# What of the books decides every board.
SCORE_COLUMNS: Final = tuple(
    dict.fromkeys(
        name
        for board in BOARDS
        for name in (board.window_column, board.rounds_column, board.value_column, board.at_column)
        if name is not None
    )
)


def ranked(rows: Sequence[Mapping[str, Any]], first: int = 1) -> list[dict[str, Any]]:
    """The contract's rows from rows in order, with `username` and `value`."""
    return [{"rank": rank, "username": row["username"], "value": row["value"]} for rank, row in enumerate(rows, first)]


def percentile(rank: int, total: int) -> float:
    """The share of listed players one is ahead of, 0 to 100."""
    return 100 * (total - rank) / total
