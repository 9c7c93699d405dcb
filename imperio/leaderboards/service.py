"""Boards as players read them: the first hundred from the cache, one's own place at a flat cost."""

import asyncio
from datetime import date, datetime
from typing import Any, Final

import structlog

from ..core.cache import Cache
from ..core.clock import rfc3339
from ..core.db import Database, Row
from ..core.errors import AppError, NotFound
from ..core.tasks import end_tasks
from .bands import BandKeeper, Bands
from .boards import BOARDS, MAX_ROWS, SCORE_COLUMNS, Board, Metric, Place, Timeframe, get_board, percentile, ranked
from .clock import Now, SteadyClock

log = structlog.get_logger(__name__)

CACHE_SECONDS: Final = 60.0
TAG: Final = "boards"
# Up to this many listed players everything is simply counted.
COUNTED_EXACTLY: Final = 5000
_NEIGHBOURS: Final = 2


class Leaderboards:
    """The boards of the house. `now` is the clock that windows follow: the database's."""

    def __init__(self, db: Database, cache: Cache, now: Now | None = None) -> None:
        self._db = db
        self._cache = cache
        self._bands = BandKeeper(db, cache)
        self._warming: asyncio.Task[None] | None = None
        self.clock = SteadyClock(now or db.now)

    def start(self) -> None:
        """Reads every board once, in the background, so that nobody waits for the first of them."""
        self._warming = asyncio.create_task(self._warm_up())

    async def close(self) -> None:
        """Ends what still reads."""
        if self._warming is not None:
            await end_tasks(self._warming)
        await self._bands.close()

    async def _warm_up(self) -> None:
        try:
            for board in BOARDS:
                await self.get_board(board.metric, board.timeframe)
                await self._survey(board, board.window(await self.clock.now()))
        except AppError as error:
            log.warning("boards_not_warm", reason=error.code)

    def changed(self) -> None:
        """Some score has changed, by a commit of this process or another's: what is cached is stale."""
        self._cache.renew(TAG)

    async def get_board(self, metric: Metric, timeframe: Timeframe, limit: int = MAX_ROWS) -> dict[str, Any]:
        """The contract's `{metric, timeframe, updated_at, leaderboard}`, at most `limit` (1 to 100) rows."""
        board = get_board(metric, timeframe)
        window = board.window(await self.clock.now())

        async def compute() -> dict[str, Any]:
            return await self.read_board(board, window)

        kept = await self._cache.get("leaderboard", f"board:{board.key}:{window}", CACHE_SECONDS, compute, tag=TAG)
        return {**kept, "leaderboard": kept["leaderboard"][:limit]}

    async def read_board(self, board: Board, window: date | None, limit: int = MAX_ROWS) -> dict[str, Any]:
        """The same from the books themselves."""
        now = await self.clock.now()
        return board_view(board, now, ranked(await list_top(self._db, board, window, limit)))

    async def get_own(self, player_id: int, metric: Metric, timeframe: Timeframe) -> dict[str, Any]:
        """The contract's `{rank, value, total_players, percentile, neighbours}`.

        Without a settled round in the window `rank` and `percentile` are None and there are no neighbours.
        """
        board = get_board(metric, timeframe)
        now = await self.clock.now()
        window = board.window(now)
        row = await self._db.fetch_one(
            f"SELECT b.player_id, u.username, {', '.join(f'b.{name}' for name in SCORE_COLUMNS)}"
            " FROM books b JOIN users u ON u.id = b.player_id WHERE b.player_id = :player_id",
            player_id=player_id,
        )
        if row is None:
            raise NotFound
        place = board.place_in(row, now)
        if place is None:
            current = board.window_column is None or row[board.window_column] == window
            total, _ = await self._survey(board, window)
            value = row[board.value_column] if current else 0
            return {"rank": None, "value": value, "total_players": total, "percentile": None, "neighbours": []}
        rank, total = await self._rank(board, window, place)
        above, below = await self._neighbours(board, window, place)
        above = above[max(0, len(above) - rank + 1) :]  # somebody may have come past since the rank was read
        mine = {"username": row["username"], "value": place.value}
        return {
            "rank": rank,
            "value": place.value,
            "total_players": total,
            "percentile": percentile(rank, total),
            "neighbours": ranked([*above, mine, *below], rank - len(above)),
        }

    async def get_rank(self, player_id: int) -> dict[str, Any] | None:
        """`{rank, total_players}` by all-time net profit; None without a settled round."""
        own = await self.get_own(player_id, "net_profit", "all_time")
        return None if own["rank"] is None else {"rank": own["rank"], "total_players": own["total_players"]}

    async def _survey(self, board: Board, window: date | None) -> tuple[int, Bands | None]:
        """How many are listed, and the bands of a board that is too large to be counted each time."""
        known = self._bands.find(board, window)
        if known is None or known.total < 2 * COUNTED_EXACTLY:
            listed = await self._count_few(board, window)
            if listed <= COUNTED_EXACTLY:
                return listed, None
        bands = await self._bands.get(board, window)
        return bands.total, bands

    async def _rank(self, board: Board, window: date | None, place: Place) -> tuple[int, int]:
        """The place's rank and how many are listed."""
        total, bands = await self._survey(board, window)
        start, ahead = bands.below(place) if bands is not None else (None, 0)
        rank = 1 + ahead + await count_between(self._db, board, window, start, place)
        return rank, max(total, rank)

    async def _count_few(self, board: Board, window: date | None) -> int:
        """How many are listed, counted no further than one beyond `COUNTED_EXACTLY`."""
        row = await self._db.fetch_one(
            f"SELECT count(*) AS listed FROM (SELECT 1 AS one FROM books b WHERE {board.listed} LIMIT :most) AS few",
            window=window,
            most=COUNTED_EXACTLY + 1,
        )
        assert row is not None
        return int(row["listed"])

    async def _neighbours(self, board: Board, window: date | None, place: Place) -> tuple[list[Row], list[Row]]:
        """Up to two next above and two next below, in the board's order.

        Equals come from one range of the index and the others from another, so that neither walks over the rest.
        """
        tie = f"(b.{board.at_column}, b.player_id)"
        value = f"b.{board.value_column}"
        above = await self._pair(board, window, place, f"{tie} < (:at, :id)", f"{value} > :value", board.reverse_order)
        below = await self._pair(board, window, place, f"{tie} > (:at, :id)", f"{value} < :value", board.order)
        return above[-_NEIGHBOURS:], below[:_NEIGHBOURS]

    async def _pair(
        self, board: Board, window: date | None, place: Place, equals: str, others: str, order: str
    ) -> list[Row]:
        def part(condition: str) -> str:
            return (
                f"SELECT * FROM (SELECT u.username, {board.columns} FROM books b JOIN users u ON u.id = b.player_id"
                f" WHERE {board.listed} AND {condition} ORDER BY {order} LIMIT {_NEIGHBOURS}) AS part"
            )

        rows = await self._db.fetch(
            f"{part(f'b.{board.value_column} = :value AND {equals}')} UNION ALL {part(others)}",
            window=window,
            value=place.value,
            at=place.at,
            id=place.player_id,
        )
        return sorted(rows, key=place_of)


def board_view(board: Board, updated_at: datetime, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The contract's board, and the data of `leaderboard_update`."""
    return {
        "metric": board.metric,
        "timeframe": board.timeframe,
        "updated_at": rfc3339(updated_at),
        "leaderboard": rows,
    }


def place_of(row: Row) -> Place:
    """The place of a row that was read with `Board.columns`."""
    return Place(-row["value"], row["reached_at"], row["player_id"])


async def list_top(db: Database, board: Board, window: date | None, limit: int) -> list[Row]:
    """The board's first rows: `username, player_id, value, reached_at`."""
    return await db.fetch(
        f"SELECT u.username, {board.columns} FROM books b JOIN users u ON u.id = b.player_id"
        f" WHERE {board.listed} ORDER BY {board.order} LIMIT :limit",
        window=window,
        limit=limit,
    )


async def count_between(db: Database, board: Board, window: date | None, start: Place | None, end: Place) -> int:
    """How many stand from `start` on (None: from the top) and above `end`."""
    value, tie = f"b.{board.value_column}", f"(b.{board.at_column}, b.player_id)"
    if start is not None and start.value == end.value:
        ranges = [f"{value} = :end_value AND {tie} >= (:start_at, :start_id) AND {tie} < (:end_at, :end_id)"]
    else:
        ranges = [f"{value} = :end_value AND {tie} < (:end_at, :end_id)", f"{value} > :end_value"]
        if start is not None:
            ranges[1] += f" AND {value} < :start_value"
            ranges.append(f"{value} = :start_value AND {tie} >= (:start_at, :start_id)")
    counts = (f"(SELECT count(*) FROM books b WHERE {board.listed} AND {condition})" for condition in ranges)
    row = await db.fetch_one(
        f"SELECT {' + '.join(counts)} AS ahead",
        window=window,
        end_value=end.value,
        end_at=end.at,
        end_id=end.player_id,
        start_value=start.value if start else None,
        start_at=start.at if start else None,
        start_id=start.player_id if start else None,
    )
    assert row is not None
    return int(row["ahead"])
