"""What the lobby shows of the whole house: last results, who plays what, the latest big wins."""

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from ..core.clock import rfc3339
from ..core.db import Database
from ..core.jsonio import loads
from ..games import catalogue
from ..games.rounds import GAMES

# A lobby that is two seconds old is fresh to the eye, and a crowd at the door costs the database nothing.
FRESH_SECONDS: Final = 2.0
# Who staked in the last minutes counts as playing.
_PLAYING: Final = timedelta(minutes=2)
_SHOWN: Final = 8
# Neither query reads more rounds than this, however busy the house is.
_WINDOW: Final = 2000


class Lobby:
    """The public part of the lobby, read at most once in two seconds per process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = asyncio.Lock()
        self._public: dict[str, Any] = {}
        self._read_at = -FRESH_SECONDS
        # A game whose last rounds have left the window keeps the results it had.
        self._last_results: dict[str, list[Any]] = {game: [] for game in GAMES}

    async def get_public(self) -> dict[str, Any]:
        """`{games, big_wins}`: each game as in the catalogue with `last_results` and `players_now`."""
        if time.monotonic() - self._read_at < FRESH_SECONDS:
            return self._public
        async with self._lock:  # the first one reads, the others wait for what it brings
            if time.monotonic() - self._read_at >= FRESH_SECONDS:
                self._public = {"games": await self._games(), "big_wins": await self._big_wins()}
                self._read_at = time.monotonic()
        return self._public

    async def _games(self) -> list[dict[str, Any]]:
        results, playing = await self._results(), await self._playing()
        for game, shown in results.items():
            self._last_results[game] = shown
        return [
            {**game, "last_results": self._last_results[game["id"]], "players_now": playing.get(game["id"], 0)}
            for game in catalogue.games()
        ]

    async def _results(self) -> dict[str, list[Any]]:
        rows = await self._db.fetch(
            "SELECT game, outcome FROM ("
            "SELECT game, outcome, row_number() OVER (PARTITION BY game ORDER BY id DESC) AS n FROM ("
            "SELECT id, game, outcome FROM rounds WHERE status = 'settled' ORDER BY id DESC LIMIT :rows) latest"
            ") numbered WHERE n <= :shown ORDER BY game, n",
            rows=_WINDOW,
            shown=_SHOWN,
        )
        results: dict[str, list[Any]] = {}
        for row in rows:
            result = _result(row["game"], loads(row["outcome"]))
            if result is not None:
                results.setdefault(row["game"], []).append(result)
        return results

    async def _playing(self) -> dict[str, int]:
        since = await self._db.now() - _PLAYING
        rows = await self._db.fetch(
            "SELECT game, count(DISTINCT player_id) AS players FROM ("
            "SELECT game, player_id FROM rounds WHERE id >= :first ORDER BY id DESC LIMIT :rows) latest GROUP BY game",
            # Ids begin with their milliseconds, so that the primary key is an index of time as well.
            first=f"{int(since.timestamp() * 1000):012x}",
            rows=_WINDOW,
        )
        return {row["game"]: row["players"] for row in rows}

    async def _big_wins(self) -> list[dict[str, Any]]:
        rows = await self._db.fetch(
            "SELECT round_id, username, game, amount, won_at FROM big_wins ORDER BY won_at DESC LIMIT 10"
        )
        return [
            {
                "username": row["username"],
                "amount": row["amount"],
                "game": row["game"],
                "round_id": row["round_id"],
                "at": rfc3339(row["won_at"]),
            }
            for row in rows
        ]


def _result(game: str, outcome: Mapping[str, Any]) -> Any:
    """A result at a glance: three fruits, a pocket, how a hand ended. None for an outcome without one."""
    if game == "blackjack":
        hands = outcome.get("hands") or []
        return hands[0].get("status") if hands else None
    return outcome.get("symbols" if game == "slots" else "pocket")
