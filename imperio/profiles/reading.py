"""Achievements and rank of a player, straight from the tables."""

from typing import Any

from ..core.clock import rfc3339
from ..core.db import Database
from .service import Honours, Rank


def honours_of(db: Database) -> Honours:
    async def honours(player_id: int) -> list[dict[str, Any]]:
        rows = await db.fetch(
            "SELECT type, unlocked_at FROM unlocked_achievements WHERE player_id = :player_id"
            " ORDER BY unlocked_at DESC, id DESC",
            player_id=player_id,
        )
        return [{"type": row["type"], "unlocked_at": rfc3339(row["unlocked_at"])} for row in rows]

    return honours


def rank_of(db: Database) -> Rank:
    async def rank(player_id: int) -> dict[str, Any] | None:
        row = await db.fetch_one(
            "SELECT (SELECT count(*) FROM books o WHERE o.rounds > 0 AND (o.profit > b.profit OR (o.profit = b.profit"
            " AND (o.profit_at < b.profit_at OR (o.profit_at = b.profit_at AND o.player_id < b.player_id))))) AS ahead,"
            " (SELECT count(*) FROM books o WHERE o.rounds > 0) AS total_players"
            " FROM books b WHERE b.player_id = :player_id AND b.rounds > 0",
            player_id=player_id,
        )
        return None if row is None else {"rank": row["ahead"] + 1, "total_players": row["total_players"]}

    return rank
