"""Word to everybody: live for who is there, a notification for all."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from imperio.announcements import service
from imperio.app import Casino
from imperio.core.ids import is_id
from imperio.core.jsonio import loads
from tests.support.players import Player
from tests.support.waiting import eventually

MakePlayer = Callable[..., Awaitable[Player]]


async def test_every_player_gets_a_notification_and_listeners_hear_it(
    casino: Casino, player: MakePlayer, monkeypatch: Any
) -> None:
    monkeypatch.setattr(service, "_AT_ONCE", 2)  # three transactions for five players
    people = [await player() for _ in range(5)]
    heard: list[tuple[str, Any]] = []
    for topic in ("announcements", f"notifications:{people[3].id}"):
        casino.live.hub.listen(topic, lambda event: heard.append((event.name, loads(event.data))))
    told = await casino.announcements.broadcast("promo", "A party", "Tonight at eight.", level="warning")
    assert told["players"] == 5
    await eventually(lambda: len(heard) >= 3)
    events = dict(heard)
    assert events["announcement"] == {key: told[key] for key in ("id", "title", "message", "level", "at")}
    assert events["unread_count"] == {"unread_count": 1}
    for someone in people:
        listed = await casino.notifications.list_notifications(someone.id, limit=5)
        (notice,) = listed["notifications"]
        assert (notice["type"], notice["title"], notice["message"]) == ("promo", "A party", "Tonight at eight.")
        assert listed["unread_count"] == 1
    theirs = (await casino.notifications.list_notifications(people[3].id, limit=5))["notifications"][0]
    assert events["new_notification"] == theirs
    await casino.notifications.mark_read(people[0].id, (await _first(casino, people[0]))["id"])
    assert await casino.notifications.get_unread_count(people[0].id) == 0


async def test_play_goes_on_while_it_is_told(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    told, _, bonus = await asyncio.gather(
        casino.announcements.broadcast("system_message", "One", "Hello."),
        casino.announcements.broadcast("system_message", "Two", "Hello."),
        casino.wallet.claim_daily(someone.id, None, None),
    )
    assert bonus.status == 201 and told["players"] == 1
    assert await casino.notifications.get_unread_count(someone.id) == 3


async def test_two_in_one_millisecond_both_reach_everybody(
    casino: Casino, player: MakePlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = await player()
    ids = iter([f"{'0' * 31}{number}" for number in range(10)])
    monkeypatch.setattr(service, "new_id", lambda: next(ids))
    for title in ("One", "Two"):
        assert (await casino.announcements.broadcast("promo", title, "Hello."))["players"] == 1
    listed = (await casino.notifications.list_notifications(someone.id, limit=5))["notifications"]
    assert {it["title"] for it in listed} == {"One", "Two"}
    assert all(is_id(it["id"]) for it in listed)


async def test_the_snapshot_is_newest_first(casino: Casino) -> None:
    for title in ("one", "two"):
        await casino.announcements.broadcast("system_message", title, "Hello.")
    name, data = await casino.live.hub.snapshots["announcements"]((), None)
    assert name == "announcements_snapshot"
    assert [it["title"] for it in dict(data)["announcements"]] == ["two", "one"]  # type: ignore[arg-type]


async def _first(casino: Casino, someone: Player) -> dict[str, Any]:
    found: dict[str, Any] = (await casino.notifications.list_notifications(someone.id, limit=1))["notifications"][0]
    return found
