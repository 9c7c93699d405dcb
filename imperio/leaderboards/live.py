"""Boards that move: one worker of all keeps the visible rows and tells when they change.

It hears of every changed player on the bus (`_books`), reads the books of those players, works out in memory whose
place that touches, and goes back to the database for a board only when somebody unseen may have moved up.
"""

import asyncio
import time
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import structlog

from ..core.db import Database, Row
from ..core.errors import Unavailable
from ..core.jsonio import loads
from ..core.tasks import end_tasks
from ..realtime.bus import Bus, BusUnavailable, Event, Message
from ..realtime.hub import Hub, Snapshot
from ..realtime.sessions import Identity
from ..realtime.shared import LEASE_SECONDS, Lease
from .boards import BOARDS, MAX_ROWS, SCORE_COLUMNS, Board, Place, get_board
from .service import Leaderboards, board_view, list_top, place_of

log = structlog.get_logger(__name__)

ROWS: Final = (10, 25, 100)
EVENT: Final = "leaderboard_update"
# A little more than 1/20 s: never more than twenty frames of a topic in any second.
PAUSE_SECONDS: Final = 0.051
# How often the leader looks at the clock: a window's end shows at most so much later.
TICK_SECONDS: Final = 0.2
RETRY_SECONDS: Final = 0.5
# More changed players than this at once: reading the boards anew is cheaper than sorting them in.
_MANY: Final = 400

Visible = list[tuple[str, int]]
"""Names and values in order: what a subscriber sees of a board."""


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """A visible row."""

    place: Place
    username: str = field(compare=False)


class Table:
    """The first hundred of one board, kept in order."""

    def __init__(self, board: Board, window: date | None, rows: Sequence[Row]) -> None:
        """`rows` in the board's order, one more than are visible if there are so many."""
        self.board = board
        self.window = window
        self._rows = [Standing(place_of(row), row["username"]) for row in rows[:MAX_ROWS]]
        self._places = {standing.place.player_id: standing.place for standing in self._rows}
        self._more = len(rows) > MAX_ROWS

    def move(self, player_id: int, username: str, place: Place | None) -> bool:
        """Puts a player where they stand now (None: nowhere). False when the board has to be read anew: one of the
        hundred fell so far that somebody unseen may stand higher."""
        before = self._places.get(player_id)
        if before == place:
            return True
        if before is not None:
            del self._rows[bisect_left(self._rows, before, key=_place)]
            del self._places[player_id]
        if place is not None and (not self._more or (self._rows and place < self._rows[-1].place)):
            insort(self._rows, Standing(place, username))
            self._places[player_id] = place
            self._drop_surplus()
            return True
        return before is None

    def visible(self, rows: int) -> Visible:
        return [(standing.username, standing.place.value) for standing in self._rows[:rows]]

    def _drop_surplus(self) -> None:
        if len(self._rows) > MAX_ROWS:
            del self._places[self._rows.pop().place.player_id]
            self._more = True


def _place(standing: Standing) -> Place:
    return standing.place


def topic_of(board: Board, rows: int) -> str:
    return f"leaderboard:{board.key}:{rows}"


class LiveBoards:
    """Tells `leaderboard_update`. One per process; the holder of the lease does the work.

    A leader who does not know what was told before tells every board once: the one before may have died on the point
    of doing it. `alone` says that there was none, and the log is as new as this process.
    """

    def __init__(
        self, db: Database, leaderboards: Leaderboards, bus: Bus, hub: Hub, lease: Lease, *, alone: bool
    ) -> None:
        self._alone = alone
        self._db = db
        self._leaderboards = leaderboards
        self._bus = bus
        self._lease = lease
        self._leading = False
        self._changed: set[int] = set()
        self._wake = asyncio.Event()
        self._tables: dict[Board, Table] = {}
        self._told: dict[str, Visible] = {}
        self._heard: dict[str, bytes] = {}
        self._not_before: dict[str, float] = {}
        self._tasks: list[asyncio.Task[None]] = []
        hub.listen("_books", self._hear_change)
        hub.on_gap(self._forget)
        for board in BOARDS:
            for rows in ROWS:
                hub.listen(topic_of(board, rows), self._hear_update)

    async def start(self) -> None:
        if self._alone:
            # Nobody is connected yet: whoever comes gets this, or something newer, as their snapshot.
            with suppress(Unavailable):
                await self._load(BOARDS)
                for board, table in self._tables.items():
                    self._told.update({topic_of(board, rows): table.visible(rows) for rows in ROWS})
                self._leading = True
        self._tasks = [asyncio.create_task(self._lead()), asyncio.create_task(self._run())]

    async def stop(self) -> None:
        await end_tasks(*self._tasks)
        self._tasks = []
        await self._lease.release()

    async def snapshot(self, args: tuple[str, ...], identity: Identity | None) -> Snapshot:
        """A board as its topic's first event."""
        metric, timeframe, rows = args
        board = get_board(metric, timeframe)
        window = board.window(await self._leaderboards.clock.now())
        return EVENT, await self._leaderboards.read_board(board, window, int(rows))

    # What is heard

    def _hear_change(self, event: Event) -> None:
        if self._leading:
            self._changed.add(loads(event.data)["player_id"])
            self._wake.set()

    def _hear_update(self, event: Event) -> None:
        """What was told last, by whoever leads: a new leader tells only what differs from it. Read when one leads."""
        if not self._leading:
            self._heard[event.topic] = event.data

    def _forget(self) -> None:
        """Something was lost: begin anew from the database."""
        self._tables.clear()
        self._wake.set()

    # The duty

    async def _lead(self) -> None:
        while True:
            leading = await self._lease.hold()
            if leading and not self._leading:
                self._told.update({topic: _seen(data) for topic, data in self._heard.items()})
                self._heard.clear()
                self._forget()
            self._leading = leading
            if not leading:
                self._changed.clear()
            await asyncio.sleep(LEASE_SECONDS / 4)

    async def _run(self) -> None:
        pause = TICK_SECONDS
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            self._wake.clear()
            pause = TICK_SECONDS
            if not self._leading:
                continue
            try:
                pause = min(TICK_SECONDS, await self._step())
            except (Unavailable, BusUnavailable):
                self._tables.clear()
                await asyncio.sleep(RETRY_SECONDS)
            except Exception:
                log.exception("live_boards_failed")
                self._tables.clear()
                await asyncio.sleep(RETRY_SECONDS)

    async def _step(self) -> float:
        """Brings the tables up to date and tells what may be told; answers in how many seconds there is more."""
        now = await self._leaderboards.clock.now()
        changed, self._changed = self._changed, set()
        if len(changed) > _MANY:
            self._tables.clear()
        await self._load(board for board in BOARDS if self._is_stale(board, now))
        if changed and len(changed) <= _MANY:
            await self._sort_in(changed, now)
        return await self._tell(now)

    def _is_stale(self, board: Board, now: datetime) -> bool:
        table = self._tables.get(board)
        return table is None or table.window != board.window(now)

    async def _load(self, boards: Iterable[Board]) -> None:
        for board in boards:
            window = board.window(await self._leaderboards.clock.now())
            rows = await list_top(self._db, board, window, MAX_ROWS + 1)
            self._tables[board] = Table(board, window, rows)

    async def _sort_in(self, changed: set[int], now: datetime) -> None:
        chosen, parameters = self._db.one_of("b.player_id", list(changed))
        rows = await self._db.fetch(
            f"SELECT b.player_id, u.username, {', '.join(f'b.{name}' for name in SCORE_COLUMNS)}"
            f" FROM books b JOIN users u ON u.id = b.player_id WHERE {chosen}",
            **parameters,
        )
        for board, table in list(self._tables.items()):
            # Every row takes its place first: the last of them may settle what the first left open.
            if not all([table.move(row["player_id"], row["username"], board.place_in(row, now)) for row in rows]):
                await self._load([board])

    async def _tell(self, now: datetime) -> float:
        """Publishes the boards whose visible rows changed, none of them too soon after the last time."""
        at = time.monotonic()
        later = TICK_SECONDS
        messages: list[Message] = []
        shown: dict[str, Visible] = {}
        for board, table in self._tables.items():
            hundred = table.visible(MAX_ROWS)
            ranks: list[dict[str, Any]] = []  # made once for every form of the board
            for rows in ROWS:
                topic, visible = topic_of(board, rows), hundred[:rows]
                if visible == self._told.get(topic):
                    continue
                wait = self._not_before.get(topic, 0.0) - at
                if wait > 0:
                    later = min(later, wait)
                    continue
                shown[topic] = visible
                ranks = ranks or _rows(hundred)
                messages.append(Message(topic, EVENT, board_view(board, now, ranks[:rows])))
        if messages:
            await self._bus.publish(messages)
            self._told.update(shown)
            self._not_before.update(dict.fromkeys(shown, at + PAUSE_SECONDS))
        return later


def _seen(data: bytes) -> Visible:
    """What a subscriber saw of a board that was told."""
    return [(row["username"], row["value"]) for row in loads(data)["leaderboard"]]


def _rows(visible: Visible) -> list[dict[str, Any]]:
    return [{"rank": rank, "username": name, "value": value} for rank, (name, value) in enumerate(visible, 1)]
