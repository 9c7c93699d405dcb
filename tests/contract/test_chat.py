"""Contract, "WebSocket" and "/ws/chat"."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from .guest import RFC3339, Guest
from .listener import Socket, socket

CHAT = "/ws/chat"


async def _closes_with(line: Socket, code: int, seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await line.connection.recv()
    assert closed.value.rcvd is not None and closed.value.rcvd.code == code


def _code(frame: dict[str, Any]) -> str:
    assert frame["event"] == "error" and set(frame["data"]) == {"code", "message"}, frame
    return str(frame["data"]["code"])


async def test_a_conversation(house: str, guest: Callable[[], Guest]) -> None:
    anna, bert = await asyncio.to_thread(guest), await asyncio.to_thread(guest)
    async with socket(house, CHAT, anna.token) as one, socket(house, CHAT, bert.token) as two:
        joined = await one.ask("join_chat", room="slots")
        assert joined["event"] == "joined_chat"
        assert set(joined["data"]) == {"room", "recent_messages", "members"}
        assert anna.name in joined["data"]["members"]
        joined = await two.ask("join_chat", room="slots")
        assert {anna.name, bert.name} <= set(joined["data"]["members"])
        news = await one.wait(lambda frame: frame["data"].get("username") == bert.name)
        assert news == {"event": "user_joined_chat", "data": {"room": "slots", "username": bert.name}}
        sent = await one.ask("send_chat_message", room="slots", message="  <b>ciao</b>  ")
        assert sent["event"] in ("ok", "chat_message")
        message = await two.told("chat_message")
        assert set(message) == {"id", "room", "username", "message", "at"} and RFC3339.fullmatch(message["at"])
        assert (message["room"], message["username"], message["message"]) == ("slots", anna.name, "<b>ciao</b>")
        assert (await two.ask("leave_chat", room="slots"))["event"] == "left_chat"
        assert (await one.told("user_left_chat")) == {"room": "slots", "username": bert.name}
        assert _code(await two.ask("send_chat_message", room="slots", message="still here?"))
    async with socket(house, CHAT, bert.token) as again:
        recent = (await again.ask("join_chat", room="slots"))["data"]["recent_messages"]
        assert recent[-1] == message and [item["at"] for item in recent] == sorted(item["at"] for item in recent)


async def test_somebody_with_two_tabs_is_one_member(house: str, guest: Callable[[], Guest]) -> None:
    anna, bert = await asyncio.to_thread(guest), await asyncio.to_thread(guest)
    async with socket(house, CHAT, anna.token) as watching:
        await watching.ask("join_chat", room="roulette")
        async with socket(house, CHAT, bert.token) as tab:
            await tab.ask("join_chat", room="roulette")
            async with socket(house, CHAT, bert.token) as other:
                members = (await other.ask("join_chat", room="roulette"))["data"]["members"]
                assert members.count(bert.name) == 1
            await tab.ask("ping")
            await asyncio.sleep(0.3)
            assert bert.name in (await watching.ask("join_chat", room="roulette"))["data"]["members"]
            assert not [frame for frame in watching.kept if frame["event"] == "user_left_chat"]
        left = await watching.told("user_left_chat")
        assert left == {"room": "roulette", "username": bert.name}


async def test_messages_and_rooms_that_are_none(house: str, anna: Guest) -> None:
    async with socket(house, CHAT, anna.token) as line:
        for room in ("cellar", "table:" + "0" * 32, "table:\0", "", 5):
            assert _code(await line.ask("join_chat", room=room)) != "internal_error"
        await line.ask("join_chat", room="blackjack")
        for message in ("", "   ", "x" * 501, "a\0b", 5, None):
            assert _code(await line.ask("send_chat_message", room="blackjack", message=message)) == "invalid_message"
        assert (await line.ask("send_chat_message", room="blackjack", message=f" {'x' * 500} "))["event"] != "error"
        _code(await line.ask("send_chat_message", room="blackjack", message="x", colour="red"))
        _code(await line.ask("sing", room="blackjack"))
        for frame in ("{", "[]", '"x"', "null", b"\x00\xff", '{"event": 5}', '{"data": {}}'):
            await line.connection.send(frame)
            assert _code(await line.wait(lambda answer: answer["event"] == "error"))
        assert (await line.ask("ping"))["event"] == "pong"


async def test_a_frame_that_is_too_large_ends_the_connection(house: str, anna: Guest) -> None:
    async with socket(house, CHAT, anna.token) as line:
        await line.connection.send(json.dumps({"event": "ping", "data": {"x": "y" * 16 * 1024}}))
        await _closes_with(line, 1009)


async def test_who_may_speak(house: str, anna: Guest) -> None:
    async with socket(house, CHAT) as line:
        assert _code(await line.ask("join_chat", room="global")) == "not_authenticated"
        answer = await line.ask("authenticate", token=anna.token)
        assert (answer["event"], answer["data"]) == ("authenticated", {"username": anna.name})
    async with socket(house, CHAT) as line:
        await line.send("authenticate", {"token": "forged"})
        await _closes_with(line, 4401)


@pytest.mark.parametrize("path", ["/ws/chat", "/ws/tables"])
async def test_a_cookie_counts_only_from_our_own_pages(house: str, anna: Guest, path: str) -> None:
    cookie: dict[str, Any] = {"additional_headers": {"Cookie": f"imperio_access={anna.token}"}}
    for origin in (None, "https://elsewhere.example", "null"):
        with pytest.raises(InvalidStatus) as refused:
            async with socket(house, path, **cookie, **({} if origin is None else {"origin": origin})):
                raise AssertionError("the socket opened")
        assert refused.value.response.status_code == 403
    async with socket(house, path, **cookie, origin=house) as line:
        command = "join_chat" if path == CHAT else "get_multiplayer_rooms"
        answer = await line.ask(command, **({"room": "global"} if path == CHAT else {}))
        assert answer["event"] in ("joined_chat", "multiplayer_rooms_list")


@pytest.mark.parametrize(
    ("path", "status"), [("/ws/nothing", 404), ("/ws/chat/", 404), ("/lobby", 404), ("/", 400), ("/events", 400)]
)
async def test_a_socket_where_there_is_none(house: str, path: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with socket(house, path):
            raise AssertionError("the socket opened")
    answer = refused.value.response
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert json.loads(answer.body)["status"] == status


async def test_a_socket_ends_with_the_login(house: str, anna: Guest) -> None:
    async with socket(house, CHAT, anna.token) as line:
        await line.ask("join_chat", room="global")
        await asyncio.to_thread(anna.ask, "POST", "/auth/logout")
        await _closes_with(line, 4401, 6)
