"""`/ws/chat` on real servers: one with limits, and two that share PostgreSQL and Redis."""

from collections.abc import Callable

import pytest

from tests.support.server import Server

from .talk import Talker, sign_up

Start = Callable[..., Server]


async def test_talking_on_one_worker(server: Start) -> None:
    house = server()
    alice = await Talker.enter(house, await sign_up(house, "alice"))
    bob = await Talker.enter(house, await sign_up(house, "bob"))
    joined = await alice.ask("join_chat", room="global")
    assert joined["event"] == "joined_chat"
    assert joined["data"] == {"room": "global", "recent_messages": [], "members": ["alice"]}
    assert (await bob.ask("join_chat", room="global"))["data"]["members"] == ["alice", "bob"]
    await alice.hear("user_joined_chat", username="bob")
    assert (await bob.ask("send_chat_message", room="global", message=" <b>hello</b> "))["event"] == "ok"
    said = await alice.hear("chat_message", username="bob")
    assert said["data"]["message"] == "<b>hello</b>"
    again = await bob.ask("join_chat", room="global")
    assert [message["id"] for message in again["data"]["recent_messages"]] == [said["data"]["id"]]
    assert (await bob.ask("leave_chat", room="global"))["event"] == "left_chat"
    await alice.hear("user_left_chat", username="bob")
    refused = await bob.ask("send_chat_message", room="global", message="still here?")
    assert refused["data"]["code"] == "not_joined"
    await alice.close()
    await bob.close()


@pytest.mark.parametrize(
    ("room", "message", "code"),
    [
        ("global", "", "invalid_message"),
        ("global", " " * 20, "invalid_message"),
        ("global", "x" * 501, "invalid_message"),
        ("global", 5, "invalid_message"),
    ],
)
async def test_bad_messages_get_an_error_and_the_connection_lives(
    server: Start, room: str, message: object, code: str
) -> None:
    house = server()
    alice = await Talker.enter(house, await sign_up(house, "alice"))
    await alice.ask("join_chat", room=room)
    answer = await alice.ask("send_chat_message", room=room, message=message)
    assert (answer["event"], answer["data"]["code"]) == ("error", code)
    assert (await alice.ask("ping"))["event"] == "pong"
    await alice.close()


async def test_a_flood_is_refused_but_a_burst_of_five_passes(server: Start) -> None:
    house = server(IMPERIO_RATE_LIMITS="on")
    alice = await Talker.enter(house, await sign_up(house, "alice"))
    await alice.ask("join_chat", room="global")
    answers = [await alice.ask("send_chat_message", room="global", message=f"{n}") for n in range(8)]
    assert [answer["event"] for answer in answers[:5]] == ["ok"] * 5
    assert {answer["data"].get("code") for answer in answers[6:]} == {"rate_limited"}
    await alice.close()


@pytest.mark.multi
async def test_two_servers_hear_each_other_and_count_a_user_once(
    server: Start, postgres_url: str, redis_url: str
) -> None:
    shared = {"IMPERIO_DATABASE_URL": postgres_url, "IMPERIO_REDIS_URL": redis_url, "IMPERIO_SECRET_KEY": "s" * 40}
    first, second = server(**shared), server(**shared)
    login = await sign_up(first, "alice")
    alice, tab = await Talker.enter(first, login), await Talker.enter(second, login)
    bob = await Talker.enter(second, await sign_up(second, "bob"))
    await bob.ask("join_chat", room="global")
    await alice.ask("join_chat", room="global")
    assert (await tab.ask("join_chat", room="global"))["data"]["members"] == ["alice", "bob"]
    await bob.hear("user_joined_chat", username="alice")
    await alice.ask("send_chat_message", room="global", message="over there?")
    said = await bob.hear("chat_message", username="alice")
    assert (await tab.hear("chat_message", username="alice"))["data"] == said["data"]
    await tab.close()
    await bob.ask("send_chat_message", room="global", message="yes")
    await alice.hear("chat_message", username="bob")
    assert not [frame for frame in bob.heard if frame["event"] == "user_left_chat"]
    await alice.close()
    await bob.hear("user_left_chat", username="alice")
    joins = [frame for frame in bob.heard if frame["event"] == "user_joined_chat"]
    assert [frame["data"]["username"] for frame in joins].count("alice") == 1
    await bob.close()
