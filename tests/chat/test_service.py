"""Chat's rules on both engines."""

from collections.abc import Awaitable, Callable

import pytest

from imperio.app import Casino
from imperio.chat.service import InvalidMessage, Muted, RoomNotFound
from imperio.core.errors import NotFound
from tests.support.players import Player

SignUp = Callable[..., Awaitable[Player]]


async def test_messages_are_kept_in_order_and_the_last_hundred_are_told(casino: Casino, player: SignUp) -> None:
    alice = await player()
    for number in range(103):
        await casino.chat.send("global", alice.id, alice.username, f"  message {number} ")
    recent = await casino.chat.recent("global")
    assert [message["message"] for message in recent] == [f"message {number}" for number in range(3, 103)]
    assert set(recent[0]) == {"id", "room", "username", "message", "at"}


@pytest.mark.parametrize("text", ["", "   ", "x" * 501, "\n\t ", "\u200b", "\x01\u2060 \u202e", f" {'x' * 501} "])
async def test_empty_and_long_messages_are_refused(casino: Casino, player: SignUp, text: str) -> None:
    alice = await player()
    with pytest.raises(InvalidMessage):
        await casino.chat.send("global", alice.id, alice.username, text)
    assert await casino.chat.recent("global") == []


async def test_five_hundred_characters_pass(casino: Casino, player: SignUp) -> None:
    alice = await player()
    told = await casino.chat.send("slots", alice.id, alice.username, f"{' ' * 3000}{'é' * 500}\n")
    assert told is not None and len(told["message"]) == 500


@pytest.mark.parametrize("room", ["", "nowhere", "table:none", "GLOBAL"])
async def test_unknown_rooms_are_refused(casino: Casino, player: SignUp, room: str) -> None:
    alice = await player()
    with pytest.raises(RoomNotFound):
        await casino.chat.send(room, alice.id, alice.username, "hello")


async def test_a_removed_message_is_gone_for_readers_and_closes_its_reports(casino: Casino, player: SignUp) -> None:
    alice, bob, moderator = await player(), await player(), await player()
    told = await casino.chat.send("global", alice.id, alice.username, "something rude")
    assert told is not None
    assert await casino.chat.send("global", bob.id, bob.username, f"/report {alice.username} rude") is None
    await casino.chat.report(told["id"], bob.id, "rude again")
    reports = await casino.chat.list_reports()
    assert [(report["reporter"], report["reason"]) for report in reports] == [(bob.username, "rude")]
    await casino.chat.remove(told["id"], moderator.id)
    assert await casino.chat.recent("global") == []
    assert await casino.chat.list_reports() == []
    with pytest.raises(NotFound):
        await casino.chat.remove(told["id"], moderator.id)


async def test_a_muted_player_reads_but_does_not_write(casino: Casino, player: SignUp) -> None:
    alice, moderator = await player(), await player()
    await casino.chat.mute(alice.username, moderator.id, 10, "shouting")
    with pytest.raises(Muted):
        await casino.chat.send("global", alice.id, alice.username, "hello")
    await casino.chat.mute(alice.username, moderator.id, 0, "calm again")
    assert await casino.chat.send("global", alice.id, alice.username, "hello") is not None


async def test_old_messages_are_forgotten_after_ninety_days(casino: Casino, player: SignUp) -> None:
    alice = await player()
    old = await casino.chat.send("global", alice.id, alice.username, "long ago")
    await casino.chat.send("global", alice.id, alice.username, "today")
    assert old is not None
    from datetime import timedelta

    then = await casino.db.now() - timedelta(days=91)
    await casino.db.execute("UPDATE chat_messages SET sent_at = :then WHERE id = :id", then=then, id=old["id"])
    await casino.chat.prune()
    assert [message["message"] for message in await casino.chat.recent("global")] == ["today"]
