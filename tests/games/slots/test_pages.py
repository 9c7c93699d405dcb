"""The page of Cherry Charm as a server renders it."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from quart.typing import TestClientProtocol

from imperio.app import Casino
from imperio.games.slots import engine
from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]


async def spin(client: TestClientProtocol, player: Player, **form: str) -> Any:
    return await client.post("/slots", form=form, headers=player.headers)


async def played_net(client: TestClientProtocol, player: Player) -> int:
    """What play alone has done to the balance; an unlocked achievement's reward is no part of it."""
    answer = await client.get("/api/v1/transactions", headers=player.headers)
    rows = (await answer.get_json())["transactions"]
    return sum(row["amount"] for row in rows if row["type"] in ("bet", "win"))


async def text(response: Any) -> str:
    return (await response.get_data(as_text=True)).replace("\N{NARROW NO-BREAK SPACE}", " ")


async def test_a_visitor_sees_the_paytable_and_cannot_spin(client: TestClientProtocol) -> None:
    response = await client.get("/slots")
    page = await text(response)
    assert response.status_code == 200
    for row in engine.PAYTABLE:
        assert f'data-pay="{row.combination}" data-multiplier="{row.multiplier}"' in page
    assert "95.70 % of all stakes come back" in page
    assert "data-spin-form" not in page
    refused = await client.post("/slots", form={"stake": "10"})
    assert refused.status_code in (303, 403)


async def test_the_form_spins_and_shows_the_result(
    client: TestClientProtocol, casino: Casino, player: MakePlayer
) -> None:
    alice = await player()
    response = await spin(client, alice, stake="10", key="first")
    assert response.status_code == 303
    rounds, _ = await casino.rounds.list_rounds(alice.id, limit=5, cursor=None)
    assert len(rounds) == 1
    played = rounds[0]
    assert response.headers["Location"] == f"/slots?round={played['id']}"

    page = await text(await client.get(response.headers["Location"], headers=alice.headers))
    assert re.findall(r'data-stop="(\d+)"', page) == [str(stop) for stop in played["outcome"]["stops"]]
    shown = re.findall(r'aria-label="Reel \d: (\w+)"', page)
    assert shown == played["outcome"]["symbols"]
    if played["payout"]:
        assert f"You get {played['payout']} coins back for 10 staked: net +{played['net']}." in page
    else:
        assert "Nothing comes back for 10 staked." in page
    assert f'href="/rounds/{played["id"]}"' in page
    assert await played_net(client, alice) == played["net"]


async def test_a_form_sent_twice_spins_once(client: TestClientProtocol, casino: Casino, player: MakePlayer) -> None:
    alice = await player()
    first = await spin(client, alice, stake="10", key="once")
    second = await spin(client, alice, stake="10", key="once")
    assert first.headers["Location"] == second.headers["Location"]
    rounds, _ = await casino.rounds.list_rounds(alice.id, limit=5, cursor=None)
    assert len(rounds) == 1
    conflict = await spin(client, alice, stake="20", key="once")
    assert conflict.status_code == 422


@pytest.mark.parametrize("stake", ["", "0", "501", "-1", "2.5", "ten", "1e2", "9" * 40])
async def test_a_stake_that_makes_no_sense_is_refused_in_place(
    client: TestClientProtocol, casino: Casino, player: MakePlayer, stake: str
) -> None:
    alice = await player()
    response = await spin(client, alice, stake=stake)
    assert response.status_code == 422
    assert "A stake is 1 to 500 coins." in await text(response)
    assert await casino.wallet.get_balance(alice.id) == 1000


async def test_somebody_elses_spin_is_not_shown(client: TestClientProtocol, player: MakePlayer) -> None:
    alice, bob = await player("alice"), await player("bob")
    address = (await spin(client, alice, stake="10")).headers["Location"]
    page = await text(await client.get(address, headers=bob.headers))
    assert "staked" not in page
    assert (await client.get("/slots?round=nonsense", headers=bob.headers)).status_code == 200


async def test_the_replay_shows_the_reels_as_they_stood(client: TestClientProtocol, player: MakePlayer) -> None:
    alice = await player()
    address = (await spin(client, alice, stake="10")).headers["Location"]
    round_id = address.partition("round=")[2]
    played = (await (await client.get(f"/api/v1/rounds/{round_id}", headers=alice.headers)).get_json())["round"]
    page = await text(await client.get(f"/rounds/{round_id}", headers=alice.headers))
    assert "Replay" in page
    assert re.findall(r'aria-label="Reel \d: (\w+)"', page) == played["outcome"]["symbols"]


def test_the_page_speaks_of_every_combination() -> None:
    """A combination that pays has a row on the page to be lit."""
    from imperio.games.slots.pages import combination, window

    for stops in ((13, 13, 7), (0, 0, 0), (31, 31, 31)):
        symbols = engine.outcome_at(stops).symbols
        assert tuple(reel[1] for reel in window(stops)) == symbols
        assert combination(stops) == engine.outcome_at(stops).combination
    assert combination((13, 13, 7)) == "three_cherries"
