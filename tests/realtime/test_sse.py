"""`GET /events`, over real connections, on the direct path and on the queue path."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from imperio.realtime import outbound, sessions, sse
from imperio.realtime.bus import MemoryBus, Message
from imperio.realtime.live import LiveLimits
from imperio.realtime.redis_bus import RedisBus
from imperio.realtime.ring import Ring
from tests.support.redis import RedisProcess

from .support import Server, StreamClient, eventually, key_of, serving


def win(number: int) -> Message:
    return Message("big_wins", "big_win_announcement", {"number": number})


def board(number: int, size: int = 0) -> Message:
    return Message("leaderboard:coins:daily:100", "leaderboard_update", {"number": number, "rows": "x" * size})


def add_snapshots(server: Server, calls: list[str] | None = None) -> None:
    async def boards(args: tuple[str, ...], _: object) -> tuple[str, dict[str, Any]]:
        if calls is not None:
            calls.append("leaderboard")
        await asyncio.sleep(0.005)
        return "leaderboard_update", {"metric": args[0], "timeframe": args[1], "rows": args[2]}

    async def wins(_: tuple[str, ...], __: object) -> tuple[str, bytes]:
        return "big_wins_snapshot", b'{"big_wins":[]}'

    async def wallet(args: tuple[str, ...], identity: Any) -> tuple[str, dict[str, Any]]:
        assert identity.player_id == args[0]
        return "balance", {"balance": 1000, "transaction_id": None}

    server.live.hub.snapshots.update(leaderboard=boards, big_wins=wins, wallet=wallet)


@pytest.fixture(params=[True, False], ids=["direct", "queue"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    async with serving(MemoryBus(), direct=request.param) as made:
        add_snapshots(made)
        yield made


async def test_headers_snapshots_and_then_events(server: Server) -> None:
    client = await StreamClient(server.port, "big_wins", "leaderboard:coins:daily", "lobby").connect()
    assert client.status == 200
    assert client.headers["content-type"].startswith("text/event-stream")
    assert client.headers["cache-control"] == "no-store, no-transform"
    assert client.headers["x-accel-buffering"] == "no"
    assert client.headers["access-control-allow-origin"] == "*"
    await client.events(2)
    assert [seen.event for seen in client.seen] == ["big_wins_snapshot", "leaderboard_update"]
    assert client.seen[1].data == {"metric": "coins", "timeframe": "daily", "rows": "100"}
    assert len(client.retries) == 1 and 1000 <= client.retries[0] <= 3000
    await server.bus.publish([win(1), Message("announcements", "announcement", {}), board(2)])
    server.bus.offer(Message("lobby", "room_opened", {"id": "ä\n"}))
    await client.events(5)
    assert [seen.event for seen in client.seen[2:]] == ["big_win_announcement", "leaderboard_update", "room_opened"]
    assert client.seen[4].data == {"id": "ä\n"}
    client.assert_ids_rise()
    client.close()
    await eventually(lambda: server.live.stats.streams_open == 0)


async def test_the_direct_path_is_taken_only_where_it_is_wanted(server: Server) -> None:
    client = await StreamClient(server.port, "big_wins").connect()
    await client.events(1)
    (stream,) = server.live.guests
    assert isinstance(stream, sse.EventStream)
    assert stream._outbound is not None
    assert (stream._outbound._direct is not None) is server.direct
    client.close()


@pytest.mark.parametrize(
    ("topics", "status", "code"),
    [
        ([], 400, "unknown_topic"),
        (["nonsense"], 400, "unknown_topic"),
        (["big_wins", "leaderboard:coins"], 400, "unknown_topic"),
        (["leaderboard:coins:hourly"], 400, "unknown_topic"),
        (["leaderboard:coins:daily:7"], 400, "unknown_topic"),
        (["wallet:id-ada"], 400, "unknown_topic"),
        (["_sessions"], 400, "unknown_topic"),
        (["chat:global"], 400, "unknown_topic"),
        (["wallet"], 401, "not_authenticated"),
        (["big_wins", "notifications"], 401, "not_authenticated"),
    ],
)
async def test_refusals(server: Server, topics: list[str], status: int, code: str) -> None:
    client = await StreamClient(server.port, *topics).connect()
    assert client.status == status
    assert client.headers["content-type"] == "application/problem+json"
    assert f'"code":"{code}"'.encode() in client.body
    client.close()


async def test_head_and_other_methods(server: Server) -> None:
    client = await StreamClient(server.port, "big_wins").connect("HEAD")
    assert client.status == 200
    assert client.headers["content-type"].startswith("text/event-stream")
    assert server.live.stats.streams_open == 0
    assert (await StreamClient(server.port, "big_wins").connect("DELETE")).status == 405


async def test_private_topics_are_ones_own(server: Server) -> None:
    ada, bob = server.accounts.login("ada"), server.accounts.login("bob")
    one = await StreamClient(server.port, "wallet", "notifications", token=ada).connect()
    two = await StreamClient(server.port, "wallet", token=bob).connect()
    assert "access-control-allow-origin" not in one.headers
    await one.events(1)
    await two.events(1)
    await server.bus.publish([Message("wallet:id-ada", "balance", {"balance": 5, "transaction_id": "t"})])
    await server.bus.publish([Message("notifications:id-ada", "unread_count", {"unread_count": 1})])
    await one.events(3)
    await two.events(1)
    one.close()
    two.close()


async def test_the_same_topic_twice_is_heard_once(server: Server) -> None:
    client = await StreamClient(server.port, "leaderboard:coins:daily", "leaderboard:coins:daily:100").connect()
    await client.events(1)
    await server.bus.publish([board(1)])
    await client.events(2)
    client.close()


async def test_what_was_missed_comes_in_order_without_snapshots(server: Server) -> None:
    client = await StreamClient(server.port, "big_wins", "leaderboard:coins:daily").connect()
    await client.events(2)
    await server.bus.publish([win(0)])
    await client.events(3)
    client.close()
    for i in range(1, 300, 3):
        await server.bus.publish([win(i), Message("lobby", "room_closed", {}), board(i + 1, 900), win(i + 2)])
    back = await StreamClient(server.port, "big_wins", "leaderboard:coins:daily", last=client.last_id).connect()
    await back.until(lambda: len(back.seen) == 300)
    await server.bus.publish([win(301)])
    await back.events(301)
    assert [seen.data["number"] for seen in back.seen] == [*range(1, 302)]
    back.assert_ids_rise()
    assert key_of(back.seen[0].id or "") > key_of(client.last_id)
    assert len(back.retries) == 1
    assert server.live.stats.replays["ring"] == 1
    back.close()


async def test_a_snapshots_id_can_be_returned_with(server: Server) -> None:
    client = await StreamClient(server.port, "big_wins").connect()
    await client.events(1)
    client.close()
    await server.bus.publish([win(1), win(2)])
    for last in (client.last_id, client.seen[0].id):
        back = await StreamClient(server.port, "big_wins", last=last).connect()
        await back.events(2)
        assert [seen.event for seen in back.seen] == ["big_win_announcement"] * 2
        back.close()


async def test_the_id_of_the_first_of_two_snapshots_brings_the_other_one(server: Server) -> None:
    client = await StreamClient(server.port, "big_wins", "leaderboard:coins:daily").connect()
    await client.events(2)
    client.close()
    await server.bus.publish([win(1), board(2)])
    back = await StreamClient(server.port, "big_wins", "leaderboard:coins:daily", last=client.seen[0].id).connect()
    await back.events(2)
    assert [seen.event for seen in back.seen] == ["big_win_announcement", "leaderboard_update"]
    assert back.seen[1].data["rows"] == "100"
    back.assert_ids_rise()
    back.close()


async def test_the_id_may_stand_in_the_query_and_the_header_wins(server: Server) -> None:
    client = await StreamClient(server.port, "big_wins").connect()
    await client.events(1)
    await server.bus.publish([win(1)])
    await client.events(2)
    client.close()
    back = StreamClient(server.port, "big_wins")
    back.path += f"&last_event_id={client.seen[0].id}"
    await back.connect()
    await back.events(1)
    assert back.seen[0].data == {"number": 1}
    back.close()
    both = StreamClient(server.port, "big_wins", last=client.seen[0].id)
    both.path += "&last_event_id=nonsense"
    await both.connect()
    await both.events(1)
    assert both.seen[0].event == "big_win_announcement"
    both.close()


NONSENSE = ["nonsense", "-1", "0", "1-1", "99999999999999-0", "1e3-0", "٣-٣", "1-0.1.1", "'--", "0-0"]


@pytest.mark.parametrize("last", NONSENSE)
async def test_a_nonsense_id_is_answered_with_resync(server: Server, last: str) -> None:
    client = StreamClient(server.port, "big_wins", "leaderboard:coins:daily")
    client.path += "&last_event_id=" + "".join(f"%{byte:02x}" for byte in last.encode())
    await client.connect()
    await client.events(3)
    assert [seen.event for seen in client.seen] == ["resync", "big_wins_snapshot", "leaderboard_update"]
    assert client.seen[0].data == {"topics": ["big_wins", "leaderboard:coins:daily"]}
    client.assert_ids_rise()
    await server.bus.publish([win(1)])
    await client.events(4)
    client.close()


async def test_an_id_that_is_too_old_is_answered_with_resync() -> None:
    ring = Ring(keep_events=10, keep_seconds=0)
    async with serving(MemoryBus(keep_events=10, keep_seconds=0), ring=ring) as server:
        add_snapshots(server)
        client = await StreamClient(server.port, "big_wins").connect()
        await client.events(1)
        client.close()
        for i in range(30):
            await server.bus.publish([win(i)])
            await asyncio.sleep(0.001)
        back = await StreamClient(server.port, "big_wins", last=client.last_id).connect()
        await back.events(2)
        assert [seen.event for seen in back.seen] == ["resync", "big_wins_snapshot"]
        back.close()


async def test_what_is_no_longer_in_memory_comes_from_the_bus(redis: RedisProcess) -> None:
    async with serving(RedisBus(redis.url), ring=Ring(keep_events=5, keep_seconds=0)) as server:
        add_snapshots(server)
        client = await StreamClient(server.port, "big_wins").connect()
        await client.events(1)
        client.close()
        for i in range(40):
            await server.bus.publish([win(i), board(i)])
        back = await StreamClient(server.port, "big_wins", last=client.last_id).connect()
        await back.events(40)
        assert [seen.data["number"] for seen in back.seen] == [*range(40)]
        assert server.live.stats.replays == {"bus": 1}
        await server.bus.publish([win(40)])
        await back.events(41)
        back.close()


async def test_a_new_worker_knows_the_last_minutes(redis: RedisProcess) -> None:
    async with serving(RedisBus(redis.url)) as server:
        add_snapshots(server)
        client = await StreamClient(server.port, "big_wins").connect()
        await client.events(1)
        client.close()
        await server.bus.publish([win(i) for i in range(20)])
    async with serving(RedisBus(redis.url)) as server:
        back = await StreamClient(server.port, "big_wins", last=client.last_id).connect()
        await back.events(20)
        assert server.live.stats.replays == {"ring": 1}
        back.close()


async def test_two_workers_tell_the_same_with_the_same_ids(redis: RedisProcess) -> None:
    async with serving(RedisBus(redis.url)) as one, serving(RedisBus(redis.url)) as two:
        clients = [await StreamClient(server.port, "big_wins").connect() for server in (one, two)]
        await eventually(lambda: one.live.stats.streams_open == two.live.stats.streams_open == 1)
        await asyncio.sleep(0.05)
        await asyncio.gather(*(server.bus.publish([win(i)]) for i in range(50) for server in (one, two)))
        for client in clients:
            await client.events(100)
            client.assert_ids_rise()
        assert clients[0].seen == clients[1].seen
        # What one worker has told is missed at the other.
        clients[0].close()
        back = await StreamClient(two.port, "big_wins", last=clients[0].seen[30].id).connect()
        await back.events(69)
        assert back.seen == clients[1].seen[31:]
        for client in (back, clients[1]):
            client.close()


@pytest.mark.parametrize("how", ["flush", "kill"])
async def test_a_lost_log_is_said(redis: RedisProcess, how: str) -> None:
    async with serving(RedisBus(redis.url)) as server:
        add_snapshots(server)
        client = await StreamClient(server.port, "big_wins").connect()
        away = await StreamClient(server.port, "big_wins").connect()
        await client.events(1)
        await away.events(1)
        away.close()
        await server.bus.publish([win(1)])
        await client.events(2)
        if how == "flush":
            redis.command("FLUSHALL")
        else:
            redis.kill()
            server.bus.offer(win(2))
            await asyncio.sleep(0.2)
            redis.start()
        await client.until(lambda: len(client.seen) >= 4)
        assert [seen.event for seen in client.seen[2:4]] == ["resync", "big_wins_snapshot"]
        assert client.seen[2].data == {"topics": ["big_wins"]}
        await server.bus.publish([win(3)])
        await client.until(lambda: client.seen[-1].data == {"number": 3})
        numbers = [seen.data["number"] for seen in client.seen if seen.event == "big_win_announcement"]
        # What came between the gap and the snapshot is in the snapshot, or follows it; never twice.
        assert numbers == [1, 3] or (how == "kill" and numbers == [1, 2, 3])
        client.assert_ids_rise()
        back = await StreamClient(server.port, "big_wins", last=away.last_id).connect()
        await back.until(lambda: len(back.seen) >= 2)
        assert [seen.event for seen in back.seen[:2]] == ["resync", "big_wins_snapshot"]
        client.close()
        back.close()


async def test_a_stream_that_connects_while_redis_is_away_is_told_to_come_back(
    redis: RedisProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "LOG_SECONDS", 0.1)
    async with serving(RedisBus(redis.url)) as server:
        server.live.hub._ready.clear()
        client = await StreamClient(server.port, "big_wins").connect()
        await client.ended()
        assert client.clean_end and len(client.retries) == 1


async def test_many_who_return_at_once_cost_one_snapshot_and_no_query(server: Server) -> None:
    calls: list[str] = []
    add_snapshots(server, calls)
    clients = [StreamClient(server.port, "leaderboard:coins:daily") for _ in range(100)]
    await asyncio.gather(*(client.connect() for client in clients))
    await asyncio.gather(*(client.until(lambda c=client: c.seen) for client in clients))
    assert len(calls) < 20
    await server.bus.publish([board(i) for i in range(10)])
    for client in clients:
        await client.until(lambda c=client: len(c.seen) >= 11)
    for client in clients:
        assert len(client.seen) == 11
        client.assert_ids_rise()
        client.close()
    calls.clear()
    returned = [StreamClient(server.port, "leaderboard:coins:daily", last=client.seen[5].id) for client in clients]
    await asyncio.gather(*(client.connect() for client in returned))
    for client in returned:
        await client.until(lambda c=client: len(c.seen) >= 5)
    await asyncio.sleep(0.1)
    for client in returned:
        assert len(client.seen) == 5
        client.close()
    assert calls == []


async def test_events_while_a_snapshot_is_read_follow_it(server: Server) -> None:
    reading, go = asyncio.Event(), asyncio.Event()

    async def slow(_: tuple[str, ...], __: object) -> tuple[str, dict[str, int]]:
        reading.set()
        await go.wait()
        return "big_wins_snapshot", {"number": -1}

    server.live.hub.snapshots["big_wins"] = slow
    client = await StreamClient(server.port, "big_wins").connect()
    await reading.wait()
    await server.bus.publish([win(1), win(2)])
    await asyncio.sleep(0.05)
    late = await StreamClient(server.port, "big_wins").connect()
    go.set()
    for each in (client, late):
        await each.events(3)
        assert [seen.data["number"] for seen in each.seen] == [-1, 1, 2]
        each.assert_ids_rise()
        each.close()


async def test_a_snapshot_that_fails_ends_the_stream_for_a_moment(server: Server) -> None:
    async def broken(_: tuple[str, ...], __: object) -> tuple[str, dict[str, int]]:
        raise RuntimeError("the database is away")

    server.live.hub.snapshots["big_wins"] = broken
    client = await StreamClient(server.port, "big_wins").connect()
    await client.ended()
    assert client.clean_end and client.seen == [] and client.retries
    add_snapshots(server)
    again = await StreamClient(server.port, "big_wins").connect()
    await again.events(1)
    again.close()


async def test_a_heartbeat_comes_in_time(server: Server) -> None:
    client = await StreamClient(server.port, "big_wins").connect()
    await client.until(lambda: client.comments, 12)
    await client.events(1)
    client.close()


@pytest.mark.parametrize("how", ["logout", "expiry", "revoke"])
async def test_private_streams_end_with_the_session(server: Server, how: str) -> None:
    token = server.accounts.login("ada", seconds=1 if how == "expiry" else 900)
    client = await StreamClient(server.port, "wallet", "big_wins", token=token).connect()
    public = await StreamClient(server.port, "big_wins", token=token).connect()
    await client.events(2)
    if how == "logout":
        server.accounts.logout(token)
    elif how == "revoke":
        server.live.revoke(server.accounts.players[token].session_id)
    await client.ended(0.5 if how == "revoke" else 4.5)
    assert client.clean_end and len(client.retries) == 2
    assert server.live.stats.dropped["session_ended"] == 1
    assert public.clean_end is None
    public.close()


async def test_a_database_that_is_away_ends_nobodys_stream(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_: object) -> set[str]:
        raise ConnectionError("the database is away")

    monkeypatch.setattr(server.live.streams, "_still_valid", broken)
    monkeypatch.setattr(sessions, "CHECK_SECONDS", 0.05)
    client = await StreamClient(server.port, "wallet", token=server.accounts.login("ada")).connect()
    await asyncio.sleep(2.3)
    assert client.clean_end is None
    client.close()


async def test_the_sixth_stream_of_a_player_ends_the_oldest(server: Server) -> None:
    token = server.accounts.login("ada")
    clients = [await StreamClient(server.port, "wallet", token=token).connect() for _ in range(5)]
    for client in clients:
        await client.events(1)
    other = await StreamClient(server.port, "wallet", token=server.accounts.login("bob")).connect()
    sixth = await StreamClient(server.port, "wallet", token=token).connect()
    await clients[0].ended()
    assert clients[0].clean_end and clients[0].retries[-1] >= 60_000
    await sixth.events(1)
    await other.events(1)
    assert all(client.clean_end is None for client in [*clients[1:], sixth, other])
    for client in [*clients, sixth, other]:
        client.close()


async def test_without_limits_there_is_no_such_end() -> None:
    async with serving(MemoryBus(), limits=LiveLimits(per_player=None)) as server:
        token = server.accounts.login("ada")
        clients = [await StreamClient(server.port, "wallet", token=token).connect() for _ in range(8)]
        await eventually(lambda: server.live.stats.streams_open == 8)
        assert all(client.clean_end is None for client in clients)
        for client in clients:
            client.close()


async def test_shutdown_ends_streams_cleanly_and_nothing_is_lost(server: Server) -> None:
    clients = [await StreamClient(server.port, "big_wins").connect() for _ in range(50)]
    for client in clients:
        await client.events(1)
    await server.bus.publish([win(1)])
    await asyncio.sleep(0)
    begun = asyncio.get_running_loop().time()
    await server.live.end_guests()
    assert asyncio.get_running_loop().time() - begun < 2
    for client in clients:
        await client.ended()
        assert client.clean_end
    assert len({client.retries[-1] for client in clients}) > 10
    late = await StreamClient(server.port, "big_wins", last=clients[0].last_id).connect()
    await late.ended()
    assert late.clean_end and late.status == 200 and late.retries
    assert all(client.seen[-1].data in ({"number": 1}, {"big_wins": []}) for client in clients)


async def stall(server: Server, *topics: str) -> StreamClient:
    """A client that never reads what comes."""
    return await StreamClient(server.port, *topics).connect(read=False, buffer=4096)


async def test_a_stalled_reader_is_cut_and_disturbs_nobody(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "MAX_SECONDS", 1.0)
    healthy = await StreamClient(server.port, "big_wins").connect()
    await healthy.events(1)
    stalled = [await stall(server, "big_wins") for _ in range(5)]
    await eventually(lambda: server.live.stats.streams_open == 6)
    text = "x" * 30_000
    for i in range(200):
        await server.bus.publish([Message("big_wins", "big_win_announcement", {"number": i, "text": text})])
        await healthy.until(lambda number=i: healthy.seen[-1].data.get("number") == number, 2)
    await eventually(lambda: server.live.stats.streams_open == 1, 8)
    assert sum(server.live.stats.dropped.values()) == 5
    await healthy.events(201)
    healthy.assert_ids_rise()
    for client in [healthy, *stalled]:
        client.close()


async def test_a_slow_reader_loses_superseded_boards_first(server: Server) -> None:
    client = await StreamClient(server.port, "big_wins", "leaderboard:coins:daily").connect(buffer=4096)
    await client.events(2)
    client.task.cancel()
    await asyncio.sleep(0)
    client.writer.transport.pause_reading()  # type: ignore[attr-defined]
    for i in range(300):
        await server.bus.publish([board(i, 6000)])
        if i % 20 == 0:
            await server.bus.publish([win(i)])
        await asyncio.sleep(0.002)
    assert server.live.stats.frames_coalesced > 0
    assert server.live.stats.streams_open == 1
    client.writer.transport.resume_reading()  # type: ignore[attr-defined]
    client.task = asyncio.create_task(client._read())
    await client.until(lambda: client.seen[-1].data.get("number") == 299)
    numbers = [seen.data["number"] for seen in client.seen if seen.event == "big_win_announcement"]
    assert numbers == [*range(0, 300, 20)]
    boards = [seen.data["number"] for seen in client.seen[2:] if seen.event == "leaderboard_update"]
    assert boards == sorted(boards) and len(boards) < 300
    client.assert_ids_rise()
    client.close()


async def test_aborted_connections_leave_nothing_behind(server: Server) -> None:
    clients = [await StreamClient(server.port, "big_wins").connect() for _ in range(20)]
    await eventually(lambda: server.live.stats.streams_open == 20)
    for client in clients:
        linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        client.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        client.close()
    await server.bus.publish([win(1)])
    await eventually(lambda: server.live.stats.streams_open == 0)
    assert not server.live.hub.has_audience("big_wins")
    assert not list(server.live.guests)


async def test_internal_events_are_heard_by_listeners_only(server: Server) -> None:
    heard: list[bytes] = []

    def listener(event: Any) -> None:
        heard.append(event.data)
        raise RuntimeError("a listener must not stop the others")

    server.live.hub.listen("_sessions", listener)
    await server.bus.publish([Message("_sessions", "ended", {"id": 1}), Message("_sessions", "ended", {"id": 2})])
    await eventually(lambda: len(heard) == 2)
    assert len(server.live.hub.ring) == 0
