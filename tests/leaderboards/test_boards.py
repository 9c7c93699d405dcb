"""Boards against a naive recount, and one's own place on them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from quart.typing import TestClientProtocol

from imperio.app import Casino
from imperio.core.clock import week_start
from imperio.leaderboards import bands, service
from imperio.leaderboards.boards import BOARDS, METRICS, TIMEFRAMES, Board, Timeframe, get_board, percentile
from imperio.leaderboards.service import Leaderboards
from tests.leaderboards.conftest import Crowd
from tests.support.players import Player
from tests.support.rounds import set_books, settle

MakePlayer = Callable[..., Awaitable[Player]]
VALUES = {"coins": ("balance", "coins"), "net_profit": ("profit", "profit"), "total_wins": ("wins", "wins")}


def recount(crowd: Crowd, board: Board, now: datetime) -> list[dict[str, Any]]:
    """The whole board as the contract words it, by plain sorting."""
    all_time, score = VALUES[board.metric]
    window = {"daily": "day", "weekly": "week", "all_time": ""}[board.timeframe]
    starts = {"daily": now.date(), "weekly": week_start(now.date())}
    value = f"{window}_{score}" if window else all_time
    at, rounds = (f"{window}_{score}_at", f"{window}_rounds") if window else (f"{score}_at", "rounds")
    listed = [
        (someone, books)
        for someone, books in crowd
        if books[rounds] and (not window or books[window] == starts[board.timeframe])
    ]
    listed.sort(key=lambda it: (-it[1][value], it[1][at], it[0].id))
    return [
        {"rank": rank, "username": someone.username, "value": books[value]}
        for rank, (someone, books) in enumerate(listed, 1)
    ]


@pytest.mark.parametrize("exactly", [service.COUNTED_EXACTLY, 0])
async def test_every_board_and_every_place_is_that_of_a_recount(
    casino: Casino, crowd: Crowd, monkeypatch: pytest.MonkeyPatch, exactly: int
) -> None:
    # Once as small boards are read, and once as boards of a million: by bands, of five players each.
    monkeypatch.setattr(service, "COUNTED_EXACTLY", exactly)
    monkeypatch.setattr(bands, "WIDTH", 5)
    now = await casino.db.now()
    casino.leaderboards.changed()
    for board in BOARDS:
        expected = recount(crowd, board, now)
        assert len(expected) >= 15
        shown = await casino.leaderboards.get_board(board.metric, board.timeframe)
        assert shown["leaderboard"] == expected
        assert (await casino.leaderboards.get_board(board.metric, board.timeframe, 3))["leaderboard"] == expected[:3]
        ranks = {row["username"]: row["rank"] for row in expected}
        for someone, _ in crowd:
            own = await casino.leaderboards.get_own(someone.id, board.metric, board.timeframe)
            rank = ranks.get(someone.username)
            assert own["rank"] == rank and own["total_players"] == len(expected)
            if rank is None:
                assert own["neighbours"] == [] and own["percentile"] is None
                continue
            assert own["neighbours"] == expected[max(0, rank - 3) : rank + 2]
            assert own["value"] == expected[rank - 1]["value"]
            assert own["percentile"] == pytest.approx(100 * (len(expected) - rank) / len(expected))


def test_percentile_is_the_share_one_is_ahead_of() -> None:
    assert percentile(1, 1) == 0
    assert percentile(1, 4) == 75
    assert percentile(4, 4) == 0


@pytest.mark.parametrize(
    ("moment", "day", "week"),
    [
        ("2026-12-31T23:59:59.999", "2026-12-31", "2026-12-28"),  # a year with an ISO week 53 …
        ("2027-01-01T00:00:00", "2027-01-01", "2026-12-28"),  # … which goes on into the next
        ("2027-01-04T00:00:00", "2027-01-04", "2027-01-04"),
        ("2028-02-29T12:00:00", "2028-02-29", "2028-02-28"),  # a leap day
        ("2027-05-01T00:00:00", "2027-05-01", "2027-04-26"),  # a month's end within a week
        ("2027-05-02T23:59:59", "2027-05-02", "2027-04-26"),  # Sunday
    ],
)
async def test_windows_begin_at_midnight_and_on_monday(
    casino: Casino, player: MakePlayer, moment: str, day: str, week: str
) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    window = {"daily": day, "weekly": week}
    today, monday = datetime.fromisoformat(day).date(), datetime.fromisoformat(week).date()

    async def clock() -> datetime:
        return now

    boards = Leaderboards(casino.db, casino.cache, now=clock)
    inside, outside = await player(), await player()
    played = {"rounds": 1, "day_rounds": 1, "week_rounds": 1}
    await set_books(casino, inside.id, day=today, week=monday, **played)
    await set_books(casino, outside.id, day=today - timedelta(days=1), week=monday - timedelta(days=7), **played)
    for timeframe in ("daily", "weekly"):
        assert str(get_board("coins", timeframe).window(now)) == window[timeframe]
        shown = await boards.get_board("coins", timeframe)  # type: ignore[arg-type]
        assert [row["username"] for row in shown["leaderboard"]] == [inside.username]
        assert (await boards.get_own(outside.id, "coins", timeframe))["rank"] is None  # type: ignore[arg-type]


async def test_a_board_is_new_with_every_answer(casino: Casino, client: TestClientProtocol, player: MakePlayer) -> None:
    first, second = await player(), await player()
    names = []
    for someone, payout in ((first, 20), (second, 30), (first, 60)):
        await settle(casino, someone.id, "roulette", 10, payout)
        response = await client.get("/api/v1/leaderboard?metric=net_profit&timeframe=daily")
        body = await response.get_json()
        assert (body["metric"], body["timeframe"]) == ("net_profit", "daily") and body["updated_at"].endswith("Z")
        names.append([row["username"] for row in body["leaderboard"]])
    assert names == [[first.username], [second.username, first.username], [first.username, second.username]]


@pytest.mark.parametrize("timeframe", TIMEFRAMES)
async def test_of_equals_who_came_first_stands_higher(casino: Casino, player: MakePlayer, timeframe: Timeframe) -> None:
    """Also of those without a win, who had nothing to reach but the board."""
    first, second, third = await player(), await player(), await player()
    for someone in (third, first, second):
        await settle(casino, someone.id, "slots", 5, 0)
        await asyncio.sleep(0.002)  # SQLite's clock counts milliseconds
    for metric in METRICS[1:]:
        shown = await casino.leaderboards.get_board(metric, timeframe)
        assert [row["username"] for row in shown["leaderboard"]] == [third.username, first.username, second.username]
    await settle(casino, second.id, "slots", 5, 10)
    await asyncio.sleep(0.002)
    await settle(casino, third.id, "slots", 5, 10)
    shown = await casino.leaderboards.get_board("total_wins", timeframe)
    assert [row["username"] for row in shown["leaderboard"]] == [second.username, third.username, first.username]


async def test_boards_come_from_the_cache_until_something_changes(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    await settle(casino, someone.id, "slots", 1, 2)
    await casino.leaderboards.close()  # no more warming up, which would be counted as well
    misses, hits = casino.cache.misses["leaderboard"], casino.cache.hits["leaderboard"]
    shown = [await casino.leaderboards.get_board("coins", "all_time") for _ in range(5)]
    assert all(board == shown[0] for board in shown)
    assert casino.cache.misses["leaderboard"] == misses + 1
    assert casino.cache.hits["leaderboard"] == hits + 4
    await settle(casino, someone.id, "slots", 1, 0)
    assert (await casino.leaderboards.get_board("coins", "all_time"))["leaderboard"][0]["value"] == (
        shown[0]["leaderboard"][0]["value"] - 1
    )


async def test_bonuses_move_coins_but_no_profit_and_list_nobody(
    casino: Casino, client: TestClientProtocol, player: MakePlayer
) -> None:
    someone = await player()
    await casino.wallet.claim_daily(someone.id, None, None)
    own = await casino.leaderboards.get_own(someone.id, "coins", "daily")
    assert own == {"rank": None, "value": 100, "total_players": 0, "percentile": None, "neighbours": []}
    body = await settle(casino, someone.id, "slots", 10, 0)
    coins = await casino.leaderboards.get_own(someone.id, "coins", "daily")
    assert coins["value"] == body["balance"] - 1000  # the sign-up grant is no change
    assert (await casino.leaderboards.get_own(someone.id, "net_profit", "daily"))["value"] == -10


async def test_the_calls_refuse_nonsense(client: TestClientProtocol, player: MakePlayer) -> None:
    someone = await player()
    for query in ("metric=luck", "timeframe=hourly", "limit=0", "limit=101", "limit=ten", "limit=5.0", "page=2"):
        assert (await client.get(f"/api/v1/leaderboard?{query}")).status_code == 422, query
        own = await client.get(f"/api/v1/leaderboard/me?{query}", headers=someone.headers)
        assert own.status_code == 422, query
    assert (await client.get("/api/v1/leaderboard/me")).status_code == 401
    assert (await client.get("/api/v1/leaderboard")).status_code == 200


async def test_the_page_shows_the_board_and_ones_place(
    casino: Casino, client: TestClientProtocol, player: MakePlayer
) -> None:
    someone = await player("champion")
    visitor = await client.get("/leaderboard", headers={"Accept": "text/html"})
    assert "Nobody yet" in (await visitor.get_data()).decode()
    await settle(casino, someone.id, "slots", 10, 50)
    html = {**someone.headers, "Accept": "text/html"}
    page = await client.get("/leaderboard?metric=total_wins&timeframe=weekly", headers=html)
    text = (await page.get_data()).decode()
    assert page.status_code == 200 and "champion" in text and "Your rank" in text
    assert (await client.get("/leaderboard?metric=luck", headers=html)).status_code == 422
