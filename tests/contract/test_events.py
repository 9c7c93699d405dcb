"""Contract, "SSE"."""

import asyncio
import time
from collections.abc import Callable

import httpx
import pytest

from .guest import RFC3339, SAFE, Guest, is_problem
from .listener import Stream, listening, socket

PUBLIC = ("leaderboard:net_profit:daily", "leaderboard:coins:all_time:10", "big_wins", "announcements", "lobby")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "unknown_topic"),
        ("?topic=", 400, "unknown_topic"),
        ("?topic=weather", 400, "unknown_topic"),
        ("?topic=leaderboard:coins", 400, "unknown_topic"),
        ("?topic=leaderboard:coins:daily:7", 400, "unknown_topic"),
        ("?topic=leaderboard:luck:daily", 400, "unknown_topic"),
        ("?topic=wallet:1", 400, "unknown_topic"),
        ("?topic=chat:global", 400, "unknown_topic"),
        ("?topic=_books", 400, "unknown_topic"),
        ("?topic=lobby&topic=weather", 400, "unknown_topic"),
        ("?topic=wallet", 401, "not_authenticated"),
        ("?topic=lobby&topic=notifications", 401, "not_authenticated"),
    ],
)
def test_topics_that_are_not_for_this_listener(house: str, query: str, status: int, code: str) -> None:
    is_problem(httpx.get(f"{house}/events{query}", verify=False), status, code)


def _check_ids(stream: Stream) -> None:
    ids = [event.id for event in stream.events]
    assert len(set(ids)) == len(ids) and all(ids)


async def test_a_stream_begins_with_snapshots(house: str, anna: Guest) -> None:
    async with listening(house, *PUBLIC, "notifications", "wallet", token=anna.token) as stream:
        await stream.until(lambda: len(stream.events) >= 7)
        assert len(stream.retries) == 1 and stream.retries[0] > 0
        daily, rich, big, news, lobby, unread, balance = stream.events
        assert [event.name for event in (daily, rich)] == ["leaderboard_update"] * 2
        assert set(daily.data) == {"metric", "timeframe", "updated_at", "leaderboard"}
        assert (rich.data["metric"], rich.data["timeframe"]) == ("coins", "all_time")
        assert len(rich.data["leaderboard"]) <= 10
        assert (big.name, set(big.data)) == ("big_wins_snapshot", {"big_wins"}) and len(big.data["big_wins"]) <= 10
        assert (news.name, set(news.data)) == ("announcements_snapshot", {"announcements"})
        assert (lobby.name, set(lobby.data)) == ("lobby_snapshot", {"rooms"})
        assert (unread.name, unread.data) == ("unread_count", {"unread_count": 0})
        assert balance.name == "balance" and balance.data["balance"] == 1000
        _check_ids(stream)


async def test_what_a_player_does_is_told(house: str, guest: Callable[[], Guest]) -> None:
    anna, other = await asyncio.to_thread(guest), await asyncio.to_thread(guest)
    board = "leaderboard:net_profit:all_time:100"
    async with (
        listening(house, board, "notifications", "wallet", token=anna.token) as own,
        listening(house, "notifications", "wallet", token=other.token) as foreign,
    ):
        await own.until(lambda: len(own.events) >= 3)
        await foreign.until(lambda: len(foreign.events) >= 2)
        spun = await asyncio.to_thread(anna.spin, 5)
        await own.until(lambda: own.named("new_notification") and len(own.named("unread_count")) >= 2)
        await own.until(lambda: len(own.named("balance")) >= 2)
        told = own.named("balance")[1:]
        assert [event.data["balance"] for event in told] == [spun["balance"]]  # one commit, one event
        ledger = (await asyncio.to_thread(anna.get, "/transactions"))["transactions"]
        assert told[0].data["transaction_id"] == ledger[0]["id"]
        notes = [event.data for event in own.named("new_notification")]
        assert notes == (await asyncio.to_thread(anna.get, "/notifications"))["notifications"][::-1]
        assert own.named("unread_count")[-1].data == {"unread_count": len(notes)}
        await own.until(
            lambda: any(
                row["username"] == anna.name
                for event in own.named("leaderboard_update")
                for row in event.data["leaderboard"]
            )
        )
        await asyncio.to_thread(anna.post, "/notifications/read-all")
        await own.until(lambda: own.named("unread_count")[-1].data == {"unread_count": 0})
        await asyncio.sleep(0.2)
        assert len(foreign.events) == 2
        _check_ids(own)


async def test_coming_back_brings_what_was_missed_once(house: str, anna: Guest) -> None:
    async with listening(house, "wallet", token=anna.token) as stream:
        await stream.until(lambda: stream.events)
        first = (await asyncio.to_thread(anna.spin))["balance"]
        await stream.until(lambda: len(stream.events) == 2)
    missed = [(await asyncio.to_thread(anna.spin))["balance"] for _ in range(4)]
    for seen, expected in zip(stream.events, ([first, *missed], missed), strict=True):
        async with listening(house, "wallet", token=anna.token, last_event_id=seen.id) as again:
            await again.until(lambda: again.events and again.events[-1].data["balance"] == missed[-1])  # noqa: B023
            await asyncio.sleep(0.1)
            assert [event.data["balance"] for event in again.events] == expected
            _check_ids(again)


@pytest.mark.parametrize("nonsense", ["nonsense", "99999999999999-0", "-1", "1-1"])
async def test_an_id_that_cannot_be_resumed(house: str, anna: Guest, nonsense: str) -> None:
    async with listening(house, "wallet", "lobby", token=anna.token, last_event_id=nonsense) as stream:
        await stream.until(lambda: len(stream.events) >= 3)
        assert [event.name for event in stream.events] == ["resync", "balance", "lobby_snapshot"]
        assert stream.events[0].data == {"topics": ["wallet", "lobby"]}


async def test_big_wins_are_everybodys_news(house: str, guest: Callable[[], Guest]) -> None:
    big = [bet | {"amount": 15} for bet in SAFE]
    async with listening(house, "big_wins") as everybody:
        await everybody.until(lambda: everybody.events)
        for _ in range(8):
            anna = await asyncio.to_thread(guest)
            async with listening(house, "notifications", token=anna.token) as own:
                await own.until(lambda: own.events)  # noqa: B023  # awaited within this turn
                # 600 coins come back, but nothing is won: no news.
                even = [{"type": "red", "amount": 300}, {"type": "black", "amount": 300}]
                if (await asyncio.to_thread(anna.roulette, *even))["round"]["payout"] == 0:
                    continue
                round_ = (await asyncio.to_thread(anna.roulette, *big))["round"]
                if round_["payout"] == 0:
                    continue
                await own.until(lambda: own.named("your_big_win"))  # noqa: B023
                mine = {"amount": 540, "game": "roulette", "round_id": round_["id"]}
                assert [event.data for event in own.named("your_big_win")] == [mine]
                await everybody.until(lambda: everybody.named("big_win_announcement"))
                (news,) = everybody.named("big_win_announcement")
                assert RFC3339.fullmatch(news.data.pop("at")) and news.data == {**mine, "username": anna.name}
                assert "big_win" in {event.data["type"] for event in own.named("new_notification")}
                return
        raise AssertionError("eight times out of luck at 35 of 37")


async def test_private_streams_end_with_the_login(house: str, anna: Guest) -> None:
    async with listening(house, "wallet", "lobby", token=anna.token) as stream:
        await stream.until(lambda: stream.events)
        await asyncio.to_thread(anna.ask, "POST", "/auth/logout")
        left = time.monotonic()
        await stream.until(lambda: stream.ended, 6)
        assert time.monotonic() - left < 5.5
    answer = await asyncio.to_thread(anna.http.get, "/events?topic=wallet", headers=anna.headers)
    is_problem(answer, 401)


async def test_rooms_of_the_lobby(house: str, anna: Guest) -> None:
    """A room that opens is told on `lobby`; what a table is like inside is checked elsewhere."""
    async with listening(house, "lobby") as stream, socket(house, "/ws/tables", anna.token) as table:
        await stream.until(lambda: stream.events)
        made = await table.ask("create_multiplayer_room", game_type="roulette", max_players=4, private=False)
        assert made["event"] == "room_created", made
        room_id = made["data"]["room"]["id"]
        await stream.until(lambda: room_id in {event.data["id"] for event in stream.named("room_opened")})
        await table.ask("leave_multiplayer_room", room_id=room_id)
        await stream.until(lambda: stream.named("room_closed"))
