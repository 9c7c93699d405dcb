"""Sockets, over real connections, on the direct path and on the queue path."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field
from quart import Quart
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from imperio.core.errors import AppError
from imperio.realtime import hypercorn_patches, outbound, ws
from imperio.realtime.bus import MemoryBus, Message
from imperio.realtime.live import NO_LIMITS, Live
from imperio.realtime.redis_bus import RedisBus
from imperio.realtime.ws import Channel, Connection, channel_blueprint
from tests.support.redis import RedisProcess

from .support import Server, eventually, serving

hypercorn_patches.apply()


class JoinRoom(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    room: str = Field(min_length=1, max_length=20)


class Refused(AppError):
    code = "room_full"


def add_channels(app: Quart, live: Live) -> None:
    chat = Channel("/ws/chat")
    tables = Channel("/ws/tables", anonymous=True)
    left: list[tuple[str, ...]] = []
    app.config["left"] = left
    app.config["finished"] = []

    @chat.on("join", JoinRoom, invalid="invalid_room")
    async def join(connection: Connection, data: JoinRoom) -> tuple[str, Any]:
        following = connection.follow(f"chat:{data.room}")
        # Between following and reading the state, the state changes; the second message is in both.
        live.bus.offer(*(Message(f"chat:{data.room}", "chat_message", {"id": i}) for i in ("early", "both", "late")))
        await asyncio.sleep(0.02)
        following.skip({"early", "both"})
        return "joined", {"room": data.room, "recent": ["early", "both"]}

    @chat.on("listen", JoinRoom)
    async def listen(connection: Connection, data: JoinRoom) -> None:
        connection.follow(f"chat:{data.room}")

    @chat.on("leave", JoinRoom)
    async def leave(connection: Connection, data: JoinRoom) -> None:
        connection.unfollow(f"chat:{data.room}")

    @chat.on("say", JoinRoom)
    async def say(connection: Connection, data: JoinRoom) -> None:
        assert connection.identity is not None
        live.bus.offer(Message(f"chat:{data.room}", "chat_message", {"id": "x", "by": connection.identity.username}))

    @chat.on("refuse")
    async def refuse(connection: Connection, data: Any) -> None:
        raise Refused("The room is full.")

    @chat.on("break")
    async def break_(connection: Connection, data: Any) -> None:
        raise RuntimeError("secret detail")

    @chat.on("slow")
    async def slow(connection: Connection, data: Any) -> None:
        await asyncio.sleep(0.3)
        app.config["finished"].append("slow")

    @chat.on_closed
    async def closed(connection: Connection) -> None:
        left.append((connection.identity.username if connection.identity else "", *app.config["finished"]))

    @tables.on("list", login=False)
    async def list_rooms(connection: Connection, data: Any) -> tuple[str, Any]:
        return "rooms", {"rooms": [], "data": data}

    @tables.on("create")
    async def create(connection: Connection, data: Any) -> None:
        return None

    @tables.on("watch", JoinRoom, login=False)
    async def watch(connection: Connection, data: JoinRoom) -> None:
        connection.follow(f"table:{data.room}")

    @tables.on_gap
    async def tell_anew(connection: Connection) -> None:
        connection.send("table_state", {"topics": connection.topics})

    app.register_blueprint(channel_blueprint(live, chat))
    app.register_blueprint(channel_blueprint(live, tables))


@pytest.fixture(params=[True, False], ids=["direct", "queue"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    async with serving(MemoryBus(), direct=request.param, set_up=add_channels) as made:
        yield made


class Socket:
    """A client of a channel."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, event: str, data: Any = None, **more: Any) -> None:
        frame = {"event": event, **more} if data is None else {"event": event, "data": data, **more}
        await self.connection.send(json.dumps(frame))

    async def receive(self, seconds: float = 3) -> dict[str, Any]:
        found = json.loads(await asyncio.wait_for(self.connection.recv(), seconds))
        assert isinstance(found, dict)
        return found

    async def ask(self, event: str, data: Any = None, **more: Any) -> dict[str, Any]:
        await self.send(event, data, **more)
        return await self.receive()

    async def code(self, event: str, data: Any = None, **more: Any) -> str:
        answer = await self.ask(event, data, **more)
        assert answer["event"] == "error", answer
        assert isinstance(answer["data"]["message"], str)
        return str(answer["data"]["code"])

    async def closed(self, seconds: float = 5) -> int:
        async with asyncio.timeout(seconds):
            while True:
                try:
                    await self.connection.recv()
                except ConnectionClosed as error:
                    assert error.rcvd is not None
                    return error.rcvd.code

    async def silent(self, seconds: float = 0.1) -> bool:
        try:
            await self.receive(seconds)
        except TimeoutError:
            return True
        return False


async def open_socket(
    server: Server,
    path: str = "/ws/chat",
    *,
    token: str | None = None,
    headers: dict[str, str] | None = None,
    **more: Any,
) -> Socket:
    url = f"ws://127.0.0.1:{server.port}{path}"
    socket = Socket(await connect(url, additional_headers=headers or {}, **more))
    if token is not None:
        answer = await socket.ask("authenticate", {"token": token})
        assert answer["event"] == "authenticated"
    return socket


async def test_authenticating_and_answers_with_their_ref(server: Server) -> None:
    socket = await open_socket(server)
    assert await socket.ask("ping", ref=7) == {"event": "pong", "data": {}, "ref": 7}
    assert await socket.code("listen", {"room": "a"}) == "not_authenticated"
    token = server.accounts.login("ada")
    answer = await socket.ask("authenticate", {"token": token}, ref="a")
    assert answer == {"event": "authenticated", "data": {"username": "ada"}, "ref": "a"}
    assert await socket.ask("listen", {"room": "a"}, ref=None) == {"event": "ok", "data": {}, "ref": None}
    assert await socket.ask("listen", {"room": "a"}) == {"event": "ok", "data": {}}
    await socket.connection.close()
    await eventually(lambda: server.live.stats.sockets_open == 0)


async def test_the_direct_path_is_taken_only_where_it_is_wanted(server: Server) -> None:
    socket = await open_socket(server)
    await socket.ask("ping")
    (connection,) = server.live.guests
    assert isinstance(connection, Connection)
    assert (connection._outbound._direct is not None) is server.direct
    assert socket.connection.protocol.extensions == []
    await socket.connection.close()


async def test_deflate_is_refused_although_it_is_offered(server: Server) -> None:
    socket = await open_socket(server, compression="deflate")
    assert "Sec-WebSocket-Extensions" not in socket.connection.response.headers  # type: ignore[union-attr]
    assert (await socket.ask("ping"))["event"] == "pong"
    await socket.connection.close()


async def test_a_bad_token_closes_with_4401(server: Server) -> None:
    socket = await open_socket(server)
    assert await socket.code("authenticate", {"token": "forged"}) == "not_authenticated"
    assert await socket.closed() == 4401
    for data in (None, [], {"token": 5}, {"token": None}, {}):
        socket = await open_socket(server)
        assert await socket.code("authenticate", data) == "not_authenticated"
        assert await socket.closed() == 4401


async def test_nobody_authenticates_in_time(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ws, "AUTHENTICATE_SECONDS", 0.2)
    socket = await open_socket(server)
    reader = await open_socket(server, "/ws/tables")
    assert await socket.closed() == 4401
    assert (await reader.ask("list"))["event"] == "rooms"
    await reader.connection.close()


async def test_without_login_one_may_only_what_needs_none(server: Server) -> None:
    socket = await open_socket(server, "/ws/tables")
    assert (await socket.ask("list", {"any": 1}))["data"] == {"rooms": [], "data": {}}
    assert await socket.code("create") == "not_authenticated"
    assert await socket.code("authenticate", {"token": "forged"}) == "not_authenticated"
    assert (await socket.ask("list"))["event"] == "rooms"
    await socket.connection.close()


async def test_cookies_count_only_on_our_own_pages(server: Server) -> None:
    cookie = {"Cookie": f"access={server.accounts.login('ada')}"}
    own = f"http://127.0.0.1:{server.port}"
    socket = await open_socket(server, headers=cookie, origin=own)  # type: ignore[arg-type]
    assert (await socket.ask("listen", {"room": "a"}))["event"] == "ok"
    await socket.connection.close()
    for origin in ("http://evil.example", own + ".evil.example", "https" + own[4:], "null", None):
        with pytest.raises(InvalidStatus) as refused:
            await open_socket(server, headers=cookie, origin=origin)  # type: ignore[arg-type]
        assert refused.value.response.status_code == 403
        assert b"foreign_origin" in refused.value.response.body
    stranger = await open_socket(server, headers={"Cookie": "theme=dark"}, origin="http://evil.example")
    assert await stranger.code("listen", {"room": "a"}) == "not_authenticated"
    await stranger.connection.close()


async def test_a_configured_origin_counts_as_ours(server: Server) -> None:
    server.live.own_origins = frozenset({"https://casino.example"})
    cookie = {"Cookie": f"access={server.accounts.login('ada')}"}
    socket = await open_socket(server, headers=cookie, origin="https://casino.example")
    assert (await socket.ask("listen", {"room": "a"}))["event"] == "ok"
    await socket.connection.close()


BAD = ["", "no json", "[]", "5", "null", '{"data":{}}', '{"event":5}', "{" * 5000, '{"event":NaN}', '{"event":"a"']
# Deeper than an answer could repeat it, or than Python likes to follow.
BAD += [f'{{"event":"ping","{at}":{"[" * deep}{"]" * deep}}}' for at in ("ref", "data") for deep in (300, 1020, 8000)]


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
async def test_bad_frames_are_told_and_the_connection_lives(server: Server, text: str) -> None:
    socket = await open_socket(server)
    await socket.connection.send(text)
    answer = await socket.receive()
    assert answer["event"] == "error" and answer["data"]["code"] == "bad_frame"
    assert (await socket.ask("ping"))["event"] == "pong"
    await socket.connection.close()


async def test_bad_data_unknown_events_and_refusals(server: Server) -> None:
    socket = await open_socket(server, token=server.accounts.login("ada"))
    await socket.connection.send(b"\xff\xfe")
    assert (await socket.receive())["data"]["code"] == "bad_frame"
    assert await socket.code("nonsense") == "unknown_event"
    for data in (None, 5, [], {"room": 5}, {"room": "a", "more": 1}, {"room": "x" * 21}, {"room": None}):
        assert await socket.code("join", data) == "invalid_room"
    assert await socket.code("listen", {}) == "invalid_data"
    answer = await socket.ask("refuse", ref=[1])
    assert answer == {"event": "error", "data": {"code": "room_full", "message": "The room is full."}, "ref": [1]}
    deep = [[{"a": [None, 1.5, {"b": "c"}]}]]
    assert (await socket.ask("ping", ref=deep))["ref"] == deep
    answer = await socket.ask("break", ref=2)
    assert answer["data"]["code"] == "internal_error" and "secret" not in answer["data"]["message"]
    assert (await socket.ask("ping"))["event"] == "pong"
    await socket.connection.close()


@pytest.mark.parametrize(("text", "closes"), [("x" * 16_384, False), ("x" * 16_385, True), ("ä" * 8_193, True)])
async def test_an_oversized_frame_closes_with_1009(server: Server, text: str, closes: bool) -> None:
    socket = await open_socket(server)
    other = await open_socket(server)
    await socket.connection.send(text)
    if closes:
        assert await socket.closed() == 1009
    else:
        assert (await socket.receive())["data"]["code"] == "bad_frame"
        await socket.connection.close()
    assert (await other.ask("ping"))["event"] == "pong"
    await other.connection.close()
    await eventually(lambda: server.live.stats.sockets_open == 0)


async def test_a_huge_message_closes_with_1009_and_leaves_nothing(server: Server) -> None:
    socket = await open_socket(server)

    async def fragments() -> AsyncIterator[str]:
        for _ in range(1000):
            yield "x" * 1000

    with contextlib.suppress(ConnectionClosed):
        await socket.connection.send(fragments())
    assert await socket.closed() == 1009
    await eventually(lambda: server.live.stats.sockets_open == 0)


async def test_the_rate_limit_is_told_and_the_connection_lives(server: Server) -> None:
    socket = await open_socket(server)
    other = await open_socket(server)
    for i in range(100):
        await socket.send("ping", ref=i)
    answers = [await socket.receive() for _ in range(100)]
    assert {answer["ref"] for answer in answers} == set(range(100))
    refused = [answer for answer in answers if answer["event"] == "error"]
    assert {answer["data"]["code"] for answer in refused} == {"rate_limited"}
    assert 60 <= len(refused) <= 71
    assert (await other.ask("ping"))["event"] == "pong"
    await asyncio.sleep(0.3)
    assert (await socket.ask("ping"))["event"] == "pong"
    await socket.connection.close()
    await other.connection.close()


async def test_a_flood_is_closed_with_1008(server: Server) -> None:
    socket = await open_socket(server)
    other = await open_socket(server)

    async def flood() -> None:
        for _ in range(5_000):
            await socket.send("ping")

    flooding = asyncio.create_task(flood())
    assert await socket.closed() in (1008, 1006)
    await asyncio.gather(flooding, return_exceptions=True)
    assert (await other.ask("ping"))["event"] == "pong"
    await other.connection.close()
    await eventually(lambda: server.live.stats.sockets_open == 0)


async def test_without_limits_everything_is_answered() -> None:
    async with serving(MemoryBus(), limits=NO_LIMITS, set_up=add_channels) as server:
        socket = await open_socket(server)

        async def ask() -> None:
            for i in range(2_000):
                await socket.send("ping", ref=i)

        asking = asyncio.create_task(ask())
        assert [(await socket.receive())["ref"] for _ in range(2_000)] == list(range(2_000))
        await asking
        await socket.connection.close()


async def test_joining_misses_nothing_and_tells_nothing_twice(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ws, "SEEN_SECONDS", 0.3)
    socket = await open_socket(server, token=server.accounts.login("ada"))
    answer = await socket.ask("join", {"room": "a"}, ref=1)
    assert answer == {"event": "joined", "data": {"room": "a", "recent": ["early", "both"]}, "ref": 1}
    assert await socket.receive() == {"event": "chat_message", "data": {"id": "late"}}
    # One that was committed before the state was read may arrive later than the answer.
    await server.bus.publish([Message("chat:a", "chat_message", {"id": "both"})])
    await server.bus.publish([Message("chat:a", "chat_message", {"id": "next"})])
    assert (await socket.receive())["data"] == {"id": "next"}
    await asyncio.sleep(0.5)
    (connection,) = server.live.guests
    assert isinstance(connection, Connection)
    assert connection._following == {"chat:a": connection._outbound}
    await socket.connection.close()


async def test_everybody_in_a_room_gets_the_same_until_they_leave(server: Server) -> None:
    sockets = [await open_socket(server, token=server.accounts.login(name)) for name in ("ada", "bob", "eve")]
    for socket in sockets[:2]:
        await socket.ask("listen", {"room": "a"})
    await sockets[2].ask("listen", {"room": "b"})
    assert (await sockets[0].ask("say", {"room": "a"}, ref=1)) == {"event": "ok", "data": {}, "ref": 1}
    said = {"event": "chat_message", "data": {"id": "x", "by": "ada"}}
    assert await sockets[0].receive() == said
    assert await sockets[1].receive() == said
    assert await sockets[2].silent()
    await sockets[1].ask("leave", {"room": "a"})
    await server.bus.publish([Message("chat:a", "chat_message", {"id": "y"})])
    assert (await sockets[0].receive())["data"] == {"id": "y"}
    assert await sockets[1].silent()
    for socket in sockets:
        await socket.connection.close()
    await eventually(lambda: not server.live.hub.has_audience("chat:a"))


async def test_long_events_arrive_whole(server: Server) -> None:
    socket = await open_socket(server, "/ws/tables")
    await socket.ask("watch", {"room": "a"})
    for size in (1, 90, 125, 126, 200, 65_000, 66_000, 150_000):
        await server.bus.publish([Message("table:a", "table_state", {"text": "ä" * (size // 2)})])
        assert (await socket.receive())["data"] == {"text": "ä" * (size // 2)}
    await socket.connection.close()


async def test_a_command_that_has_begun_is_finished_and_then_the_connection_is_left(server: Server) -> None:
    socket = await open_socket(server, token=server.accounts.login("ada"))
    await socket.send("slow")
    await asyncio.sleep(0.05)
    await socket.connection.close()
    await eventually(lambda: server.app.config["left"])
    assert server.app.config["left"] == [("ada", "slow")]


@pytest.mark.parametrize("how", ["logout", "expiry", "revoke"])
async def test_sockets_close_with_the_session(server: Server, how: str) -> None:
    token = server.accounts.login("ada", seconds=1 if how == "expiry" else 900)
    socket = await open_socket(server, token=token)
    if how == "logout":
        server.accounts.logout(token)
    elif how == "revoke":
        server.live.revoke(server.accounts.players[token].session_id)
    assert await socket.closed(4.5) == 4401


async def test_a_new_token_prolongs_a_socket(server: Server) -> None:
    socket = await open_socket(server, token=server.accounts.login("ada", seconds=1))
    answer = await socket.ask("authenticate", {"token": server.accounts.login("ada")})
    assert answer["event"] == "authenticated"
    assert await socket.code("authenticate", {"token": server.accounts.login("bob")}) == "already_authenticated"
    assert await socket.silent(3.2)
    assert (await socket.ask("ping"))["event"] == "pong"
    await socket.connection.close()


async def test_the_sixth_socket_of_a_player_closes_the_oldest(server: Server) -> None:
    token = server.accounts.login("ada")
    sockets = [await open_socket(server, token=token) for _ in range(6)]
    assert await sockets[0].closed() == 4429
    for socket in sockets[1:]:
        assert (await socket.ask("ping"))["event"] == "pong"
        await socket.connection.close()


async def test_shutdown_closes_with_1012(server: Server) -> None:
    sockets = [await open_socket(server) for _ in range(20)]
    for socket in sockets:
        await socket.ask("ping")
    ending = asyncio.create_task(server.live.end_guests())
    assert [await socket.closed() for socket in sockets] == [1012] * 20
    await asyncio.wait_for(ending, 2)
    late = await open_socket(server)
    assert await late.closed() == 1012


async def test_a_stalled_socket_is_cut_and_disturbs_nobody(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "MAX_SECONDS", 1.0)
    healthy = await open_socket(server, "/ws/tables")
    await healthy.ask("watch", {"room": "a"})
    stalled = [await open_socket(server, "/ws/tables", max_queue=1) for _ in range(3)]
    for socket in stalled:
        await socket.ask("watch", {"room": "a"})
        socket.connection.transport.pause_reading()
    for i in range(200):
        await server.bus.publish([Message("table:a", "table_state", {"number": i, "text": "x" * 30_000})])
        assert (await healthy.receive())["data"]["number"] == i
    await eventually(lambda: server.live.stats.sockets_open == 1, 8)
    assert sum(server.live.stats.dropped.values()) == 3
    await healthy.connection.close()
    for socket in stalled:
        socket.connection.transport.abort()


async def test_a_dead_peer_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(MemoryBus(), set_up=add_channels) as server:
        alive = await open_socket(server, "/ws/tables")
        dead = await open_socket(server, "/ws/tables")
        for socket in (alive, dead):
            await socket.ask("list")
        dead.connection.transport.pause_reading()
        pinged = {connection: False for connection in server.live.guests}
        assert len(pinged) == 2
        monkeypatch.setattr(ws, "DEAD_SECONDS", 11.0)
        await eventually(lambda: server.live.stats.sockets_open == 1, 25)
        assert server.live.stats.dropped["dead"] == 1
        assert (await alive.ask("list"))["event"] == "rooms"
        await alive.connection.close()
        dead.connection.transport.abort()


async def test_sockets_on_two_workers_and_a_lost_log(redis: RedisProcess) -> None:
    async with (
        serving(RedisBus(redis.url), set_up=add_channels) as one,
        serving(RedisBus(redis.url), set_up=add_channels) as two,
    ):
        watchers = [await open_socket(server, "/ws/tables") for server in (one, two)]
        talker = await open_socket(one, token=one.accounts.login("ada"))
        listener = await open_socket(two, token=two.accounts.login("bob"))
        for watcher in watchers:
            await watcher.ask("watch", {"room": "a"})
        await listener.ask("listen", {"room": "a"})
        await talker.ask("say", {"room": "a"})
        assert (await listener.receive())["data"]["by"] == "ada"
        await two.bus.publish([Message("table:a", "table_state", {"number": 1})])
        for watcher in watchers:
            assert (await watcher.receive())["data"] == {"number": 1}
        redis.command("FLUSHALL")
        for watcher in watchers:
            assert await watcher.receive() == {"event": "table_state", "data": {"topics": ["table:a"]}}
            await watcher.connection.close()
        assert await listener.closed() == 1012
        assert (await talker.ask("ping"))["event"] == "pong"
        await talker.connection.close()
