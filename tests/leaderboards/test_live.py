"""Boards that move: told when their visible rows change, never too often, always to the latest state."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from imperio.app import Casino
from imperio.core.jsonio import loads
from imperio.leaderboards.boards import BOARDS, Place, get_board
from imperio.leaderboards.clock import SteadyClock
from imperio.leaderboards.live import PAUSE_SECONDS, LiveBoards, Table
from imperio.leaderboards.service import Leaderboards
from imperio.realtime.shared import MemoryLease
from tests.support.players import Player
from tests.support.rounds import settle
from tests.support.waiting import eventually

MakePlayer = Callable[..., Awaitable[Player]]
Frames = list[tuple[float, dict[str, Any]]]
START = datetime(2026, 11, 23, tzinfo=UTC)


def follow(casino: Casino, topic: str) -> Frames:
    """What subscribers of a topic get from now on, and when."""
    frames: Frames = []
    casino.live.hub.listen(topic, lambda event: frames.append((time.monotonic(), loads(event.data))))
    return frames


def values(frame: dict[str, Any]) -> list[tuple[str, int]]:
    return [(row["username"], row["value"]) for row in frame["leaderboard"]]


async def test_a_round_moves_the_boards_it_touches(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    await asyncio.sleep(0.3)
    profit = follow(casino, "leaderboard:net_profit:daily:10")
    wins = follow(casino, "leaderboard:total_wins:weekly:100")
    await settle(casino, someone.id, "slots", 10, 30)
    await eventually(lambda: profit and wins)
    assert values(profit[-1][1]) == [(someone.username, 20)] and values(wins[-1][1]) == [(someone.username, 1)]
    assert set(profit[-1][1]) == {"metric", "timeframe", "updated_at", "leaderboard"}
    # A lost round changes no win: that board has nothing to say.
    await settle(casino, someone.id, "slots", 10, 0)
    await eventually(lambda: len(profit) == 2)
    await asyncio.sleep(0.15)
    assert len(wins) == 1


async def test_a_storm_is_at_most_twenty_frames_a_second_and_ends_with_the_latest(
    casino: Casino, player: MakePlayer
) -> None:
    people = [await player() for _ in range(4)]
    await asyncio.sleep(0.3)
    chosen = random.Random(5011)
    followed = {rows: follow(casino, f"leaderboard:coins:all_time:{rows}") for rows in (10, 25, 100)}
    begun = time.monotonic()

    async def play(someone: Player) -> None:
        while time.monotonic() < begun + 1.5:
            await settle(casino, someone.id, "roulette", 1, chosen.choice((0, 2, 3)))

    await asyncio.gather(*(play(someone) for someone in people))
    await asyncio.sleep(0.4)
    latest = await casino.leaderboards.get_board("coins", "all_time")
    for rows, frames in followed.items():
        assert frames and values(frames[-1][1]) == values(latest)[:rows]
        assert len(frames) <= (1.5 + 0.4) / PAUSE_SECONDS + 1
        assert all(values(one[1]) != values(two[1]) for one, two in zip(frames, frames[1:], strict=False))


async def test_every_board_ends_with_the_latest(casino: Casino, player: MakePlayer) -> None:
    people = [await player() for _ in range(3)]
    await asyncio.sleep(0.3)
    followed = {board: follow(casino, f"leaderboard:{board.key}:25") for board in BOARDS}
    chosen = random.Random(3)
    for _ in range(30):
        await settle(casino, chosen.choice(people).id, "slots", 2, chosen.choice((0, 2, 4, 20)))
    await asyncio.sleep(0.5)
    for board, frames in followed.items():
        shown = await casino.leaderboards.get_board(board.metric, board.timeframe)
        assert values(frames[-1][1]) == values(shown), board


async def test_the_snapshot_is_the_board(casino: Casino, player: MakePlayer) -> None:
    people = [await player() for _ in range(12)]
    for index, someone in enumerate(people):
        await settle(casino, someone.id, "slots", 1, index)
    name, data = await casino.live.hub.snapshots["leaderboard"](("net_profit", "daily", "10"), None)
    assert name == "leaderboard_update"
    assert (
        dict(data)["leaderboard"]
        == (  # type: ignore[arg-type]
            await casino.leaderboards.get_board("net_profit", "daily", 10)
        )["leaderboard"]
    )


async def test_midnight_empties_the_daily_boards(casino: Casino, player: MakePlayer) -> None:
    await casino.live_boards.stop()  # ours has another clock
    someone = await player()
    await settle(casino, someone.id, "slots", 1, 5)
    shift = timedelta()

    async def clock() -> datetime:
        return await casino.db.now() + shift

    boards = Leaderboards(casino.db, casino.cache, now=clock)
    live = LiveBoards(casino.db, boards, casino.bus, casino.live.hub, MemoryLease(), alone=True)
    daily, ever = follow(casino, "leaderboard:coins:daily:10"), follow(casino, "leaderboard:coins:all_time:10")
    await live.start()
    try:
        await asyncio.sleep(0.4)
        shift = timedelta(days=1)
        boards.clock = SteadyClock(clock)  # asks at once, not in half a minute
        await eventually(lambda: daily)
        assert daily[-1][1]["leaderboard"] == [] and ever == []
    finally:
        await live.stop()


async def test_what_was_lost_with_the_log_is_read_anew(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    await settle(casino, someone.id, "slots", 1, 2)
    await asyncio.sleep(0.3)
    frames = follow(casino, "leaderboard:coins:all_time:10")
    # A change nobody told of, as when the log is lost.
    await casino.db.execute("UPDATE books SET balance = 777 WHERE player_id = :id", id=someone.id)
    for forget in casino.live.hub._gap_listeners:
        forget()
    await eventually(lambda: frames)
    assert values(frames[-1][1]) == [(someone.username, 777)]


@pytest.mark.parametrize("seed", range(5))
def test_the_table_in_memory_is_the_sorted_truth(seed: int) -> None:
    chosen = random.Random(seed)
    board = get_board("coins", "all_time")
    places: dict[int, Place] = {}

    def rows() -> list[dict[str, Any]]:
        ordered = sorted(places.values())[:101]
        return [
            {"player_id": it.player_id, "username": f"p{it.player_id}", "value": it.value, "reached_at": it.at}
            for it in ordered
        ]

    def truth(count: int) -> list[tuple[str, int]]:
        return [(f"p{it.player_id}", it.value) for it in sorted(places.values())[:count]]

    table = Table(board, None, rows())
    reloads = 0
    for step in range(3000):
        player_id = chosen.randint(1, 130)
        place: Place | None = Place(-chosen.randint(0, 50), START + timedelta(seconds=step), player_id)
        if chosen.random() < 0.03:
            place = None
        if place is None:
            places.pop(player_id, None)
        else:
            places[player_id] = place
        if not table.move(player_id, f"p{player_id}", place):
            reloads += 1
            table = Table(board, None, rows())
        assert table.visible(100) == truth(100)
        assert table.visible(10) == truth(10)
    assert 0 < reloads < 1500
