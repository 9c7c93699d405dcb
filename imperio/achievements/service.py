"""Achievements: unlocked inside the posting of the round that earns them, listed and marked as seen."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..core.clock import rfc3339
from ..core.db import Database, Row
from ..core.errors import NotFound
from ..games.rounds import RoundSettled, Unlocked
from ..notifications.service import notify
from ..wallet.books import BookState, from_row
from ..wallet.posting import Posting
from .catalogue import ACHIEVEMENTS, BY_TYPE, Achievement, Standing, newly_unlocked


class AchievementNotFound(NotFound):
    code = "achievement_not_found"
    title = "That achievement is not unlocked, or there is none of that name"


# The list is the same for everybody until the casino itself is another.
PUBLIC: Final[Mapping[str, Any]] = {"achievements": [achievement.public() for achievement in ACHIEVEMENTS]}


def standing_of(books: BookState, game_wins: Mapping[str, int]) -> Standing:
    """What the books say; their windows must have been rolled to now."""
    return Standing(
        rounds=books.rounds,
        wins=books.wins,
        streak=books.streak,
        profit=books.profit,
        day_wins=books.day_wins,
        best_payout=books.best_payout,
        best_stake=books.best_stake,
        game_wins=game_wins,
    )


class AchievementListener:
    """Rewards what a settled round has earned, in the same posting.

    Exactly once, also among concurrent rounds: the mask of what is unlocked is part of the books, which the posting
    guards, and the table refuses a second row.
    """

    def on_round_settled(self, settled: RoundSettled, posting: Posting) -> Sequence[Unlocked]:
        books = posting.books
        earned = newly_unlocked(standing_of(books, {settled.game: settled.game_wins}), books.achievements)
        for achievement in earned:
            _unlock(achievement, settled, posting)
        return [Unlocked(it.type, it.name, it.reward_coins) for it in earned]


def _unlock(achievement: Achievement, settled: RoundSettled, posting: Posting) -> None:
    reward = achievement.reward_coins
    posting.books.achievements |= 1 << achievement.bit
    posting.credit("bonus", reward, f"Achievement: {achievement.name}", details={"achievement": achievement.type})
    posting.insert(
        "unlocked_achievements",
        {
            "player_id": posting.player_id,
            "type": achievement.type,
            "round_id": settled.round_id,
            "unlocked_at": posting.now,
            "seen_at": None,
        },
    )
    notify(
        posting,
        "achievement_unlocked",
        achievement.name,
        f"{achievement.description} Done: {reward:,} coins are yours.",
        icon=achievement.icon,
        details={"achievement": achievement.type, "reward_coins": reward, "round_id": settled.round_id},
    )


class Achievements:
    """A player's achievements."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def list_unlocked(self, player_id: int) -> list[dict[str, Any]]:
        """The player's own, with `unlocked_at` and `seen`, newest first."""
        rows = await self._unlocked(player_id)
        return [_mine(BY_TYPE[row["type"]], row) for row in rows if row["type"] in BY_TYPE]

    async def list_progress(self, player_id: int) -> list[dict[str, Any]]:
        """The contract's progress towards each achievement, in the table's order."""
        rows = await self._db.fetch(
            f"SELECT b.*, {self._db.now_sql} AS now_at, f.game AS game, f.wins AS game_wins FROM books b"
            " LEFT JOIN game_figures f ON f.player_id = b.player_id WHERE b.player_id = :player_id",
            player_id=player_id,
        )
        if not rows:
            raise NotFound
        books = from_row(rows[0])
        books.roll_windows(rows[0]["now_at"])
        standing = standing_of(books, {row["game"]: row["game_wins"] for row in rows if row["game"] is not None})
        return [achievement.progress(standing, books.achievements) for achievement in ACHIEVEMENTS]

    async def list_with_progress(self, player_id: int) -> list[dict[str, Any]]:
        """All, with `unlocked_at` (None while locked), `seen` and the progress, in the table's order."""
        progress = await self.list_progress(player_id)
        rows = {row["type"]: row for row in await self._unlocked(player_id)}
        mine = (_mine(achievement, rows.get(achievement.type)) for achievement in ACHIEVEMENTS)
        return [{**one, **other} for one, other in zip(mine, progress, strict=True)]

    async def mark_seen(self, player_id: int, type: str) -> None:
        """Notes that the player has seen an unlocked achievement. Raises `AchievementNotFound`."""
        if type not in BY_TYPE:
            raise AchievementNotFound
        touched = await self._db.execute(
            "UPDATE unlocked_achievements SET seen_at = coalesce(seen_at, :now)"
            " WHERE player_id = :player_id AND type = :type",
            now=await self._db.now(),
            player_id=player_id,
            type=type,
        )
        if not touched:
            raise AchievementNotFound

    async def _unlocked(self, player_id: int) -> list[Row]:
        return await self._db.fetch(
            "SELECT type, unlocked_at, seen_at FROM unlocked_achievements WHERE player_id = :player_id"
            " ORDER BY unlocked_at DESC, id DESC",
            player_id=player_id,
        )


def _mine(achievement: Achievement, row: Row | None) -> dict[str, Any]:
    return {
        **achievement.public(),
        "unlocked_at": None if row is None else rfc3339(row["unlocked_at"]),
        "seen": row is not None and row["seen_at"] is not None,
    }
