"""What a player's rounds add up to, read from the figures that every posting keeps.

There is no cache here on purpose. The kept figures are exact the moment a round is settled and take one statement
by primary key; a cached copy could only be exact if something as expensive (reading `books.version`) told whether
it still holds, and with Redis it would cost another round trip. What is worth caching is what other people's pages
put together from several slices (see `profiles.service`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from ..core.db import Connection, Database
from ..core.errors import NotFound
from ..games.rounds import GAMES

MAX_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Figures:
    """What some settled rounds add up to, in coins. `best_win` is the largest net, 0 when none was positive."""

    rounds: int = 0
    wins: int = 0
    staked: int = 0
    returned: int = 0
    best_win: int = 0

    def public(self) -> dict[str, Any]:
        """The contract's figures."""
        return {
            "bets_count": self.rounds,
            "bets_amount": self.staked,
            "wins_count": self.wins,
            "wins_amount": self.returned,
            "net_profit": self.returned - self.staked,
            "win_rate": self.wins / self.rounds if self.rounds else 0.0,
            "best_win": self.best_win,
        }


@dataclass(frozen=True, slots=True)
class Day:
    """A UTC day: settled rounds, net profit from games, and the balance at its end."""

    day: date
    rounds: int
    net_profit: int
    balance: int

    def public(self) -> dict[str, Any]:
        return {
            "date": self.day.isoformat(),
            "balance": self.balance,
            "net_profit": self.net_profit,
            "rounds": self.rounds,
        }


def summed(figures: Iterable[Figures]) -> Figures:
    """Several games' figures as one."""
    parts = list(figures)
    return Figures(
        rounds=sum(part.rounds for part in parts),
        wins=sum(part.wins for part in parts),
        staked=sum(part.staked for part in parts),
        returned=sum(part.returned for part in parts),
        best_win=max((part.best_win for part in parts), default=0),
    )


def statistics_view(by_game: Mapping[str, Figures], balance: int) -> dict[str, Any]:
    """The contract's statistics; games without a round are left out of `by_game`."""
    played = {game: by_game[game] for game in GAMES if game in by_game and by_game[game].rounds}
    return {
        **summed(played.values()).public(),
        "favourite_game": max(played, key=lambda game: played[game].rounds, default=None),
        "by_game": [{"game": game, **figures.public()} for game, figures in played.items()],
        "balance": balance,
    }


def carried(rows: Iterable[Mapping[str, Any]], first: date, last: date) -> list[Day]:
    """One `Day` for each date from `first` to `last`; a day without a row has the balance of the day before.

    `rows` of `daily_figures` in the order of their days; the last one before `first` gives the balance to begin with.
    """
    known = {row["day"]: Day(row["day"], row["rounds"], row["net_profit"], row["balance"]) for row in rows}
    balance = next((kept.balance for day, kept in reversed(known.items()) if day < first), 0)
    days = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        found = known.get(day) or Day(day, 0, 0, balance)
        balance = found.balance
        days.append(found)
    return days


class Statistics:
    """A player's figures."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get_statistics(self, player_id: int) -> dict[str, Any]:
        """The contract's statistics over all games, up to the round just settled."""
        by_game, balance = await self._kept(player_id)
        return statistics_view(by_game, balance)

    async def get_game_statistics(self, player_id: int, game: str) -> dict[str, Any]:
        """The same for one game. Raises `NotFound` for one that is not ours."""
        if game not in GAMES:
            raise NotFound("There is no such game.")
        by_game, balance = await self._kept(player_id)
        return statistics_view({game: by_game.get(game, Figures())}, balance)

    async def get_history(self, player_id: int, days: int) -> list[Day]:
        """The last `days` UTC days, oldest first, today last."""
        today = (await self._db.now()).date()
        first = today - timedelta(days=days - 1)
        rows = await self._db.fetch(
            "SELECT day, rounds, net_profit, balance FROM daily_figures WHERE player_id = :player_id AND day >="
            " coalesce((SELECT max(e.day) FROM daily_figures e"
            " WHERE e.player_id = :player_id AND e.day < :first), :first) ORDER BY day",
            player_id=player_id,
            first=first,
        )
        return carried(rows, first, today)

    async def _kept(self, player_id: int) -> tuple[dict[str, Figures], int]:
        """Figures by game and the balance, as of one moment."""
        rows = await self._db.fetch(
            "SELECT b.balance, f.game, f.rounds, f.wins, f.staked, f.returned, f.best_win"
            " FROM books b LEFT JOIN game_figures f ON f.player_id = b.player_id WHERE b.player_id = :player_id",
            player_id=player_id,
        )
        if not rows:
            raise NotFound
        return {row["game"]: _figures(row) for row in rows if row["game"] is not None}, rows[0]["balance"]


async def recount(connection: Connection, player_id: int) -> dict[str, Figures]:
    """Figures by game counted from the rounds themselves: what the kept ones must be."""
    rows = await connection.fetch(
        "SELECT game, count(*) AS rounds, sum(CASE WHEN payout > stake THEN 1 ELSE 0 END) AS wins,"
        " sum(stake) AS staked, sum(payout) AS returned, max(payout - stake) AS best_win"
        " FROM rounds WHERE player_id = :player_id AND status = 'settled' GROUP BY game",
        player_id=player_id,
    )
    return {row["game"]: _figures(row) for row in rows}


def _figures(row: Mapping[str, Any]) -> Figures:
    return Figures(
        rounds=int(row["rounds"]),
        wins=int(row["wins"]),
        staked=int(row["staked"]),
        returned=int(row["returned"]),
        best_win=max(0, int(row["best_win"])),
    )
