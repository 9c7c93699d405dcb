"""Ranks at a flat cost: every thousandth place of a large board is remembered for some seconds.

A player's rank is then the remembered rank of the place before theirs, and an exact count from there on (one short
range of the board's index), whether the board has ten thousand players or a million.
"""

import asyncio
import time
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from ..core.cache import Cache
from ..core.clock import rfc3339
from ..core.db import Database, Row
from ..core.tasks import end_tasks
from .boards import Board, Place

WIDTH: Final = 1000
# How old remembered places may be before they are read again, in the background …
FRESH_SECONDS: Final = 15.0
# … and how old they may get while that has not succeeded.
USABLE_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class Bands:
    """`places[i]` stood at rank `1 + i * WIDTH`; `total` players were listed."""

    total: int
    places: tuple[Place, ...]

    def below(self, place: Place) -> tuple[Place | None, int]:
        """The last remembered place that is not lower than this one, and how many stood ahead of it."""
        index = bisect_right(self.places, place) - 1
        return (self.places[index], index * WIDTH) if index >= 0 else (None, 0)


class BandKeeper:
    """The bands of each board, read at most every `FRESH_SECONDS` by one worker of all."""

    def __init__(self, db: Database, cache: Cache) -> None:
        self._db = db
        self._cache = cache
        self._kept: dict[str, tuple[float, Bands]] = {}
        self._reading: dict[str, asyncio.Task[Bands]] = {}

    def find(self, board: Board, window: date | None) -> Bands | None:
        """The board's bands if they were read before, however long ago."""
        kept = self._kept.get(_key(board, window))
        return None if kept is None else kept[1]

    async def get(self, board: Board, window: date | None) -> Bands:
        """The board's bands; only the first to ask has to wait for them."""
        key = _key(board, window)
        read_at, bands = self._kept.get(key, (0.0, None))
        age = time.monotonic() - read_at
        if bands is not None and age < FRESH_SECONDS:
            return bands
        task = self._reading.get(key)
        if task is None:
            task = self._reading[key] = asyncio.create_task(self._refresh(key, board, window))
        if bands is not None and age < USABLE_SECONDS:
            return bands
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Ends what still reads."""
        await end_tasks(*self._reading.values())

    async def _refresh(self, key: str, board: Board, window: date | None) -> Bands:
        async def compute() -> Any:
            return await read_bands(self._db, board, window)

        try:
            found = await self._cache.get("bands", key, FRESH_SECONDS, compute)
            places = (Place(-value, datetime.fromisoformat(at), player) for value, at, player in found["places"])
            bands = Bands(found["total"], tuple(places))
            # A board of another window is never asked for again.
            self._kept = {k: kept for k, kept in self._kept.items() if not k.startswith(f"bands:{board.key}:")}
            self._kept[key] = (time.monotonic(), bands)
            return bands
        finally:
            del self._reading[key]


def _key(board: Board, window: date | None) -> str:
    return f"bands:{board.key}:{window}"


async def read_bands(db: Database, board: Board, window: date | None) -> dict[str, Any]:
    """`{total, places: [[value, reached_at, player_id]]}` by one walk along the board's index."""
    rows = await db.fetch(
        f"SELECT * FROM (SELECT row_number() OVER (ORDER BY {board.order}) AS rank, {board.columns}"
        f" FROM books b WHERE {board.listed}) AS numbered WHERE (rank - 1) % {WIDTH} = 0 ORDER BY rank",
        window=window,
    )
    places = [[row["value"], rfc3339(row["reached_at"]), row["player_id"]] for row in rows]
    return {"total": await _count_all(db, board, window, rows), "places": places}


async def _count_all(db: Database, board: Board, window: date | None, rows: list[Row]) -> int:
    """How many are listed: those ahead of the last remembered place are known, the others are few."""
    if not rows:
        return 0
    value, tie, last = f"b.{board.value_column}", f"(b.{board.at_column}, b.player_id)", rows[-1]
    counted = await db.fetch_one(
        f"SELECT (SELECT count(*) FROM books b WHERE {board.listed} AND {value} = :value AND {tie} >= (:at, :id))"
        f" + (SELECT count(*) FROM books b WHERE {board.listed} AND {value} < :value) AS rest",
        window=window,
        value=last["value"],
        at=last["reached_at"],
        id=last["player_id"],
    )
    assert counted is not None
    return int(last["rank"]) - 1 + int(counted["rest"])
