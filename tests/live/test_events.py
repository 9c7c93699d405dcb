"""`GET /events` as the contract says, on one worker, on two workers and on two servers that share a house."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from httpx import AsyncClient

from tests.realtime.support import Seen
from tests.support.server import ROOT
from tests.support.waiting import eventually

from .house import METRICS, TIMEFRAMES, House, Listener, all_topics, listen

RETRY = "retry: "
# What no other worker has a part in.
alone = pytest.mark.parametrize("house", ["one worker"], indirect=True)


async def test_a_stream_begins_with_everything_there_is_to_know(house: House) -> None:
    guest = await house.sign_up()
    await guest.spin_for(25, 20)
    topics = [*all_topics(), "notifications", "wallet"]
    stream = await guest.listen(*topics)
    await stream.until(lambda: len(stream.seen) >= len(topics), 15)
    del stream.seen[len(topics) :]  # boards of other tests' players may still move
    seen = stream.seen
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert stream.headers["cache-control"] == "no-store, no-transform"
    assert stream.headers["x-accel-buffering"] == "no"
    assert stream.blocks[0].startswith(RETRY) and len(stream.retries) == 1
    stream.assert_ids_rise()
    boards = stream.heard("leaderboard_update")
    assert {(board["metric"], board["timeframe"]) for board in boards} == {(m, t) for m in METRICS for t in TIMEFRAMES}
    assert len(boards) == 27
    for board in boards:
        assert set(board) == {"metric", "timeframe", "updated_at", "leaderboard"}
        assert guest.name in [row["username"] for row in board["leaderboard"]]
        assert set(board["leaderboard"][0]) == {"rank", "username", "value"}
    wallet = await guest.get("/wallet")
    assert [data["balance"] for data in stream.heard("balance")] == [wallet["balance"]]
    unread = (await guest.get("/notifications"))["unread_count"]
    assert stream.heard("unread_count") == [{"unread_count": unread}]
    wins = stream.heard("big_wins_snapshot")[0]["big_wins"]
    assert wins[0]["username"] == guest.name and wins[0]["amount"] == 500
    assert set(wins[0]) == {"username", "amount", "game", "round_id", "at"}
    assert set(stream.heard("announcements_snapshot")[0]) == {"announcements"}
    assert set(stream.heard("lobby_snapshot")[0]) == {"rooms"}
    assert {one.event for one in seen} == {
        "leaderboard_update",
        "balance",
        "unread_count",
        "big_wins_snapshot",
        "announcements_snapshot",
        "lobby_snapshot",
    }
    stream.close()


async def test_each_commit_tells_the_balance_once(house: House) -> None:
    guest = await house.sign_up()
    here, there = await guest.listen("wallet", at=house.front), await guest.listen("wallet", at=house.back)
    await there.hear("balance")
    answers = [await guest.spin(at=entrance) for entrance in house.entrances * 6]
    answers.append(await guest.post("/bonus/daily"))
    told = [answer["balance"] for answer in answers]
    for stream in (here, there):
        await stream.until(lambda stream=stream: len(stream.heard("balance")) > len(told))
        await stream.settle()
        stream.assert_ids_rise()
        first, *others = stream.heard("balance")
        assert first["balance"] == 1000
        assert sorted(data["balance"] for data in others) == sorted(told)
        assert [first, *sorted(others, key=lambda data: data["transaction_id"])] == await guest.commits()
        stream.close()


async def test_boards_move_in_every_form_and_end_with_the_latest_state(house: House) -> None:
    guest = await house.sign_up()
    boards = [topic for topic in all_topics() if topic.startswith("leaderboard")]
    stream = await listen(house.back, *boards)
    await stream.until(lambda: len(stream.seen) >= len(boards), 15)
    for _ in range(4):
        answer = await guest.spin(5)
    await guest.spin_for(10, 20, at=house.back)
    answer = await guest.spin_for(4, 30)
    expected = {"coins": answer["balance"], "net_profit": None, "total_wins": None}
    for metric in METRICS:
        for timeframe in TIMEFRAMES:
            board = await guest.get(f"/leaderboard?metric={metric}&timeframe={timeframe}&limit=100")
            rows = board["leaderboard"]
            mine = next(row for row in rows if row["username"] == guest.name)
            if timeframe == "all_time" and expected[metric] is not None:
                assert mine["value"] == expected[metric]
            for size in (10, 25, 100):
                wanted = (metric, timeframe, rows[:size])
                await stream.hear(
                    "leaderboard_update",
                    lambda data, wanted=wanted: (data["metric"], data["timeframe"], data["leaderboard"]) == wanted,
                )
    await stream.settle()
    stream.assert_ids_rise()
    stream.close()


async def test_a_notification_is_followed_by_the_count(house: House) -> None:
    guest = await house.sign_up()
    stream = await guest.listen("notifications")
    assert await stream.hear("unread_count", lambda data: data == {"unread_count": 0})
    answer = await guest.spin()
    types = [unlocked["type"] for unlocked in answer["unlocked"]]
    assert "first_spin" in types
    await stream.hear("unread_count", lambda data: data["unread_count"] == len(types))
    names = [one.event for one in await stream.settle()]
    assert names == ["unread_count", *["new_notification", "unread_count"] * len(types)]
    listed = (await guest.get("/notifications"))["notifications"]
    assert sorted(stream.heard("new_notification"), key=lambda one: one["id"]) == listed[::-1]
    await guest.post(f"/notifications/{listed[0]['id']}/read")
    await stream.hear("unread_count", lambda data: data["unread_count"] == len(types) - 1)
    await guest.post("/notifications/read-all")
    await stream.until(lambda: stream.heard("unread_count")[-1] == {"unread_count": 0}, 10)
    stream.close()


async def test_a_big_win_is_told_to_everybody_and_celebrated_with_its_winner(house: House) -> None:
    winner, other = await house.sign_up(), await house.sign_up()
    mine = await winner.listen("notifications", "big_wins")
    theirs = await other.listen("notifications", "big_wins", at=house.front)
    anybody = await listen(house.back, "big_wins")
    await anybody.hear("big_wins_snapshot")
    await winner.spin_for(4, 100)  # 400 coins are no big win
    answer = await winner.spin_for(10, 50)
    round_id = answer["round"]["id"]
    expected = {"username": winner.name, "amount": 500, "game": "slots", "round_id": round_id}
    for stream in (mine, theirs, anybody):
        told = await stream.hear("big_win_announcement", lambda data: data["username"] == winner.name)
        assert told.pop("at").endswith("Z") and told == expected
    assert await mine.hear("your_big_win") == {"amount": 500, "game": "slots", "round_id": round_id}
    await mine.hear("new_notification", lambda data: data["type"] == "big_win")
    await mine.settle()
    assert [note["type"] for note in mine.heard("new_notification")].count("big_win") == 1
    await theirs.settle()
    for stream in (mine, theirs, anybody):
        assert [data["username"] for data in stream.heard("big_win_announcement")].count(winner.name) == 1
        stream.assert_ids_rise()
        stream.close()
    assert theirs.heard("your_big_win") == theirs.heard("new_notification") == []
    async with AsyncClient(base_url=house.back.base_url) as http:
        assert (await http.get(f"/rounds/{round_id}", headers={"Accept": "text/html"})).status_code == 200


@alone
async def test_a_large_payout_below_its_stake_is_no_big_win(house: House) -> None:
    guest = await house.sign_up()
    stream = await guest.listen("notifications", "big_wins")
    # 36 × 18 = 648 coins come back on the one number that fell, 666 were staked on all of them.
    async with house.office() as casino:
        await casino.ledgers.post(guest.id, lambda posting: posting.credit("adjustment", 5000, "For the test") or {})
    for _ in range(2):
        bets = [{"type": "straight", "numbers": [pocket], "amount": 18} for pocket in range(37)]
        answer = await guest.post("/games/roulette/spins", {"bets": bets})
        assert (answer["round"]["stake"], answer["round"]["payout"]) == (666, 648)
    await stream.settle()
    assert stream.heard("your_big_win") == []
    assert [win for win in stream.heard("big_win_announcement") if win["username"] == guest.name] == []
    stream.close()


async def test_an_announcement_reaches_everybody_and_waits_for_those_who_are_away(house: House) -> None:
    guest = await house.sign_up()
    mine = await guest.listen("announcements", "notifications")
    anybody = await listen(house.front, "announcements")
    await anybody.hear("announcements_snapshot")
    title = f"Good evening, {guest.name}"
    arguments = [sys.executable, "-m", "imperio", "announce", title, "The palace is open.", "--level", "warning"]
    process = await asyncio.create_subprocess_exec(
        *arguments, cwd=ROOT, env={**house.front.env, "IMPERIO_DATABASE_URL": house.database_url}
    )
    assert await asyncio.wait_for(process.wait(), 30) == 0
    for stream in (mine, anybody):
        told = await stream.hear("announcement", lambda data: data["title"] == title)
        assert set(told) == {"id", "title", "message", "level", "at"} and told["level"] == "warning"
    assert await mine.hear("new_notification", lambda note: note["title"] == title and note["type"] == "system_message")
    later = await listen(house.back, "announcements")
    assert (await later.hear("announcements_snapshot"))["announcements"][0]["title"] == title
    for stream in (mine, anybody, later):
        assert [data["title"] for data in stream.heard("announcement")].count(title) == (stream is not later)
        stream.close()


async def test_whoever_was_away_gets_each_event_once_in_order_and_no_snapshot(house: House) -> None:
    guest = await house.sign_up()
    topics = ("wallet", "notifications", "big_wins", "leaderboard:total_wins:all_time:100")
    always, away = await guest.listen(*topics, at=house.front), await guest.listen(*topics, at=house.back)
    await guest.spin()
    await away.hear("unread_count", lambda data: data["unread_count"] >= 1)
    away.close()
    await guest.spin_for(15, 34)
    for _ in range(3):
        await guest.spin(at=house.back)
    # Through the other entrance than before: the log is everybody's.
    back = await guest.listen(*topics, at=house.front, last=away.last_id)
    # Everything that the one who never left has heard meanwhile, a big win and four commits among it.
    await _same(lambda: _after(always, away.last_id), lambda: back.seen, least=8)
    assert back.blocks[0].startswith(RETRY)
    await guest.spin()
    await _same(lambda: _after(always, away.last_id), lambda: back.seen, least=9)
    last = back.last_id
    again = await guest.listen(*topics, at=house.back, last=last)
    await again.settle()
    # Nothing was missed, so nothing is told, apart from what happens (a board moves) only now.
    await _same(lambda: _after(always, last), lambda: again.seen)
    for stream in (always, back, again):
        stream.close()


def _after(stream: Listener, last: str) -> list[Seen]:
    return [one for one in stream.seen if one.id and one.id > last]


async def _same(one: Callable[[], list[Seen]], other: Callable[[], list[Seen]], *, least: int = 0) -> None:
    """Waits until two streams have heard the same, and not less than that."""
    with suppress(AssertionError):
        await eventually(lambda: one() == other() and len(one()) >= least, 15)
    assert one() == other()
    assert len(one()) >= least


@alone
@pytest.mark.parametrize(
    "nonsense",
    ["nonsense", "0", "-1-1", "1-1", "99999999999999-0", "1763870000000-0000.9.3", "'; DROP TABLE users; --", "☃"],
)
async def test_an_impossible_place_is_answered_by_one_resync_and_snapshots(house: House, nonsense: str) -> None:
    guest = await house.sign_up()
    stream = await guest.listen("big_wins", "wallet", "leaderboard:coins:daily", last=nonsense)
    names = [one.event for one in await stream.events(4)]
    assert names == ["resync", "big_wins_snapshot", "balance", "leaderboard_update"]
    assert stream.heard("resync") == [{"topics": ["big_wins", "wallet", "leaderboard:coins:daily"]}]
    stream.assert_ids_rise()
    await guest.spin()
    assert await stream.hear("balance", lambda data: data["balance"] != 1000)
    stream.close()


@alone
@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "unknown_topic"),
        ("?topic=", 400, "unknown_topic"),
        ("?topic=weather", 400, "unknown_topic"),
        ("?topic=big_wins&topic=weather", 400, "unknown_topic"),
        ("?topic=_books", 400, "unknown_topic"),
        ("?topic=wallet:1", 400, "unknown_topic"),
        ("?topic=notifications:1", 400, "unknown_topic"),
        ("?topic=chat:global", 400, "unknown_topic"),
        ("?topic=leaderboard:coins:daily:11", 400, "unknown_topic"),
        ("?topic=leaderboard:luck:daily", 400, "unknown_topic"),
        ("?topic=wallet", 401, "not_authenticated"),
        ("?topic=big_wins&topic=notifications", 401, "not_authenticated"),
    ],
)
async def test_what_may_not_be_heard_is_refused(house: House, query: str, status: int, code: str) -> None:
    async with AsyncClient(base_url=house.front.base_url) as http:
        answer = await http.get(f"/events{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_a_stream_is_ones_own(house: House) -> None:
    one, other = await house.sign_up(), await house.sign_up()
    mine, theirs = await one.listen("wallet", "notifications"), await other.listen("wallet", "notifications")
    await one.spin()
    await mine.hear("new_notification")
    await theirs.settle()
    assert [seen.event for seen in theirs.seen] == ["balance", "unread_count"]
    for stream in (mine, theirs):
        stream.close()


async def _ends(stream: Listener) -> None:
    """Waits until the stream has ended, cleanly. The contract's five seconds are for a machine with nothing to do."""
    await stream.ended(20)
    assert stream.clean_end


async def test_private_streams_end_with_the_login(house: House) -> None:
    """Logout, freeze and expiry, side by side; a public stream beside them goes on."""
    leaving, frozen, late = await house.sign_up(), await house.sign_up(), await house.sign_up()
    streams = [await guest.listen("wallet", at=at) for guest in (leaving, frozen) for at in house.entrances]
    expiring = await listen(house.back, "wallet", "big_wins", token=late.brief_token(6))
    staying, public = await late.listen("wallet"), await listen(house.back, "big_wins")
    for stream in (*streams, expiring, staying):
        await stream.hear("balance")
    async with house.office() as casino:
        await casino.accounts.freeze(frozen.id)
    await leaving.post("/auth/logout")
    await asyncio.gather(*(_ends(stream) for stream in (*streams, expiring)))
    assert staying.clean_end is None and public.clean_end is None
    refused = await leaving.listen("wallet")
    assert refused.status == 401
    await late.spin()
    assert await staying.hear("balance", lambda data: data["balance"] != 1000)
    for stream in (staying, public):
        stream.close()


@alone
async def test_a_silent_stream_shows_that_it_lives(house: House) -> None:
    streams: list[Any] = [await listen(entrance, "announcements") for entrance in house.entrances]
    for stream in streams:
        await stream.until(lambda stream=stream: stream.comments, 15)
        stream.close()
