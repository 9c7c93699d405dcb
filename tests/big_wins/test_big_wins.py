"""Big wins: 500 and more, and more than was staked; told to all and kept."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from imperio.app import Casino
from imperio.big_wins.service import is_big
from imperio.core.jsonio import loads
from tests.support.players import Player
from tests.support.rounds import set_books, settle
from tests.support.waiting import eventually

MakePlayer = Callable[..., Awaitable[Player]]


@pytest.mark.parametrize(
    ("stake", "payout", "big"),
    [(1, 500, True), (499, 500, True), (10, 499, False), (500, 500, False), (600, 500, False), (600, 600, False)],
)
def test_a_return_at_or_below_the_stake_is_none(stake: int, payout: int, big: bool) -> None:
    assert is_big(stake, payout) is big


async def test_everybody_and_the_winner_hear_of_it(casino: Casino, player: MakePlayer) -> None:
    someone = await player("lucky")
    public: list[tuple[str, Any]] = []
    own: list[tuple[str, Any]] = []
    casino.live.hub.listen("big_wins", lambda event: public.append((event.name, loads(event.data))))
    casino.live.hub.listen(f"notifications:{someone.id}", lambda event: own.append((event.name, loads(event.data))))
    body = await settle(casino, someone.id, "roulette", 20, 720)
    await eventually(lambda: public and any(name == "your_big_win" for name, _ in own))
    [(name, told)] = public
    assert name == "big_win_announcement"
    assert {**told, "at": ""} == {
        "username": "lucky", "amount": 720, "game": "roulette", "round_id": body["round"]["id"], "at": "",
    }  # fmt: skip
    mine = [data for name, data in own if name == "your_big_win"]
    assert mine == [{"amount": 720, "game": "roulette", "round_id": body["round"]["id"]}]
    assert await casino.big_wins.list_recent() == [told]
    listed = (await casino.notifications.list_notifications(someone.id, limit=50))["notifications"]
    assert [it["details"]["amount"] for it in listed if it["type"] == "big_win"] == [720]


async def test_nothing_is_announced_for_less(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    await set_books(casino, someone.id, balance=5000)
    for stake, payout in ((600, 600), (600, 500), (10, 499)):
        await settle(casino, someone.id, "roulette", stake, payout)
    assert await casino.big_wins.list_recent() == []


async def test_the_snapshot_holds_the_last_ten(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    for amount in range(501, 513):
        await settle(casino, someone.id, "slots", 1, amount)
    name, data = await casino.live.hub.snapshots["big_wins"]((), None)
    assert name == "big_wins_snapshot"
    assert [win["amount"] for win in dict(data)["big_wins"]] == list(range(512, 502, -1))  # type: ignore[arg-type]
