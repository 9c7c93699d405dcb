"""Big wins: told to everybody, celebrated with the winner, kept for the feed."""

from collections.abc import Sequence
from typing import Any, Final

from ..core.clock import rfc3339
from ..core.db import Database, Row
from ..games.rounds import TITLES, RoundSettled, Unlocked
from ..notifications.service import notify, topic_of
from ..wallet.posting import Posting

TOPIC: Final = "big_wins"
BIG_PAYOUT: Final = 500
SHOWN: Final = 10


def is_big(stake: int, payout: int) -> bool:
    """500 coins or more, and more than was staked: a return at or below the stake is nothing to celebrate."""
    return payout >= BIG_PAYOUT and payout > stake


class BigWinListener:
    """Announces a big win with the posting that pays it."""

    def on_round_settled(self, settled: RoundSettled, posting: Posting) -> Sequence[Unlocked]:
        if not is_big(settled.stake, settled.payout):
            return ()
        row = {
            "round_id": settled.round_id,
            "player_id": settled.player_id,
            "username": settled.username,
            "game": settled.game,
            "amount": settled.payout,
            "won_at": settled.settled_at,
        }
        posting.insert("big_wins", row)
        posting.tell(TOPIC, "big_win_announcement", big_win_view(row))
        won = {"amount": settled.payout, "game": settled.game, "round_id": settled.round_id}
        posting.tell(topic_of(settled.player_id), "your_big_win", won)
        message = f"{settled.payout:,} coins from one round of {TITLES[settled.game]}."
        notify(posting, "big_win", "A big win", message, details=won)
        return ()


class BigWins:
    """The latest big wins of the house."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def list_recent(self, limit: int = SHOWN) -> list[dict[str, Any]]:
        """`[{username, amount, game, round_id, at}]`, newest first."""
        rows = await self._db.fetch(
            "SELECT round_id, username, game, amount, won_at FROM big_wins ORDER BY won_at DESC, round_id DESC"
            " LIMIT :limit",
            limit=limit,
        )
        return [big_win_view(row) for row in rows]


def big_win_view(row: Row) -> dict[str, Any]:
    """The contract's announcement of a big win."""
    return {
        "username": row["username"],
        "amount": row["amount"],
        "game": row["game"],
        "round_id": row["round_id"],
        "at": rfc3339(row["won_at"]),
    }
