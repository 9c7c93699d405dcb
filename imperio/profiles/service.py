"""A player's profile: the whole for its owner, what boards show anyway for everybody else."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from ..accounts.service import Accounts
from ..core.cache import Cache
from ..core.clock import rfc3339, rfc3339_or_none
from ..core.db import Database
from ..core.errors import NotFound
from ..statistics.service import Statistics

RECENT: Final = 10
STATISTICS_SECONDS: Final = 120.0

Honours = Callable[[int], Awaitable[list[dict[str, Any]]]]
"""The achievements a player has unlocked, newest first: `{type, name, description, …, unlocked_at}`."""
Rank = Callable[[int], Awaitable[dict[str, Any] | None]]
"""Where a player stands among all by net profit: `{rank, total_players, …}`, None without a settled round."""
LimitsOf = Callable[[int], Awaitable[dict[str, Any]]]
"""The limits a player has set themselves, as `/api/v1/limits` answers them."""


class Profiles:
    def __init__(
        self,
        db: Database,
        cache: Cache,
        accounts: Accounts,
        statistics: Statistics,
        honours: Honours,
        rank: Rank,
        limits_of: LimitsOf,
    ) -> None:
        self._db = db
        self._cache = cache
        self._accounts = accounts
        self._statistics = statistics
        self._honours = honours
        self._rank = rank
        self._limits_of = limits_of

    async def get_own(self, player_id: int) -> dict[str, Any]:
        """`{user, statistics, achievements, recent_activity, rank, limits}` as their owner sees them."""
        account = await self._accounts.get_account(player_id)
        profile = await self._shared(player_id)
        user = {
            "id": str(account.id),
            "username": account.username,
            "email": account.email,
            "coins": profile["statistics"]["balance"],
            "role": account.role,
            "status": account.status,
            "created_at": rfc3339(account.created_at),
        }
        limits = await self._limits_of(player_id)
        return {"user": user, **profile, "recent_activity": await self._recent(player_id), "limits": limits}

    async def get_public(self, username: str) -> dict[str, Any]:
        """The same as anybody may see it: no e-mail address, role or limits, no round still open or its cards.

        Raises `NotFound`.
        """
        account = await self._accounts.find_account(username)
        if account is None or account.status == "closed":
            raise NotFound("There is no such player.")
        user = {"username": account.username, "created_at": rfc3339(account.created_at)}
        rounds = await self._recent(account.id, settled=True)
        activity = [{name: round_[name] for name in ("game", "net", "settled_at")} for round_ in rounds]
        return {"user": user, **await self._cached(account.id), "recent_activity": activity}

    async def _cached(self, player_id: int) -> dict[str, Any]:
        """What several slices say of a player, for other people's eyes: put together once in two minutes.

        The key names the version of the books, so that the figures are those of the last round; the rank, which
        other players' rounds move, may be two minutes old.
        """
        row = await self._db.fetch_one("SELECT version FROM books WHERE player_id = :id", id=player_id)
        version = row["version"] if row is not None else 0

        async def compute() -> dict[str, Any]:
            return await self._shared(player_id)

        shared: dict[str, Any] = await self._cache.get(
            "statistics", f"{player_id}:{version}", STATISTICS_SECONDS, compute
        )
        return shared

    async def _shared(self, player_id: int) -> dict[str, Any]:
        return {
            "statistics": await self._statistics.get_statistics(player_id),
            "achievements": await self._honours(player_id),
            "rank": await self._rank(player_id),
        }

    async def _recent(self, player_id: int, *, settled: bool = False) -> list[dict[str, Any]]:
        only = " AND status = 'settled'" if settled else ""
        rows = await self._db.fetch(
            "SELECT id, game, status, stake, payout, created_at, settled_at FROM rounds"
            f" WHERE player_id = :player_id{only} ORDER BY id DESC LIMIT :limit",
            player_id=player_id,
            limit=RECENT,
        )
        return [
            {
                **{name: row[name] for name in ("id", "game", "status", "stake", "payout")},
                "net": row["payout"] - row["stake"],
                "created_at": rfc3339(row["created_at"]),
                "settled_at": rfc3339_or_none(row["settled_at"]),
            }
            for row in rows
        ]
