"""The roulette page as a server renders it."""

import re
from collections.abc import Awaitable, Callable, Sequence
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from quart.typing import TestClientProtocol

from imperio.app import Casino
from imperio.games.roulette import engine
from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]
Rows = Sequence[tuple[str, str, str]]


async def spin(client: TestClientProtocol, player: Player, rows: Rows, key: str = "") -> Any:
    fields = [("key", key)]
    for kind, numbers, amount in rows:
        fields += [("type", kind), ("numbers", numbers), ("amount", amount)]
    headers = {**player.headers, "Content-Type": "application/x-www-form-urlencoded"}
    return await client.post("/roulette", data=urlencode(fields), headers=headers)


async def played_net(client: TestClientProtocol, player: Player) -> int:
    """What play alone has done to the balance; an unlocked achievement's reward is no part of it."""
    answer = await client.get("/api/v1/transactions", headers=player.headers)
    rows = (await answer.get_json())["transactions"]
    return sum(row["amount"] for row in rows if row["type"] in ("bet", "win"))


async def text(response: Any) -> str:
    return unescape(await response.get_data(as_text=True)).replace("\N{NARROW NO-BREAK SPACE}", " ")


async def test_the_felt_names_all_157_spots(client: TestClientProtocol) -> None:
    response = await client.get("/roulette")
    page = await text(response)
    assert response.status_code == 200
    buttons = re.findall(r'data-spot="([^"]+)" aria-label="([^"]+)"', page)
    assert dict(buttons) == {spot.key: spot.label for spot in engine.SPOTS}
    assert len(buttons) == 157
    assert "97.297 % returned" in page
    assert "Up to 1,000 a bet, 5,000 and 50 bets a spin" in page


async def test_the_page_offers_the_call_bets_of_the_rules(client: TestClientProtocol) -> None:
    page = await text(await client.get("/roulette"))
    offered = re.findall(r'data-call="([^"]+)"', page)
    expected = [" ".join(f"{p.spot.key}:{p.chips}" for p in parts) for parts in engine.CALL_BETS.values()]
    assert sorted(offered) == sorted(expected)


async def test_the_list_of_bets_spins_and_shows_the_result(
    client: TestClientProtocol, casino: Casino, player: MakePlayer
) -> None:
    alice = await player()
    rows = [("split", "20 17", "5"), ("red", "", "10"), ("corner", "1,2,4,5", "3"), ("straight", "", "")]
    response = await spin(client, alice, rows)
    assert response.status_code == 303
    (played,), _ = await casino.rounds.list_rounds(alice.id, limit=5, cursor=None)
    assert response.headers["Location"] == f"/roulette?round={played['id']}"
    assert [(bet["type"], bet["numbers"], bet["amount"]) for bet in played["outcome"]["bets"]] == [
        ("split", [17, 20], 5),
        ("red", [], 10),
        ("corner", [1, 2, 4, 5], 3),
    ]

    page = await text(await client.get(response.headers["Location"], headers=alice.headers))
    outcome = played["outcome"]
    assert f'data-pocket="{outcome["pocket"]}"' in page
    told = f"{outcome['pocket']} {outcome['colour']}. "
    if played["payout"]:
        net = f"{played['net']:+d}".replace("-", "\N{MINUS SIGN}").replace("+0", "0")
        told += f"You get {played['payout']} coins back for 18 staked: net {net}."
    else:
        told += "Nothing comes back for 18 staked."
    assert told in page
    assert "Split 17 and 20" in page
    assert await played_net(client, alice) == played["net"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "Place at least one bet."),
        ([("split", "1 9", "5")], "The layout has no such bet on these numbers."),
        ([("split", "x y", "5")], "The layout has no such bet on these numbers."),
        ([("straight", "7", "0")], "A bet is 1 to 1,000 coins."),
        ([("straight", "7", "2.5")], "A bet is 1 to 1,000 coins."),
        ([("straight", "7", "1001")], "A bet is 1 to 1,000 coins."),
        ([("martingale", "", "5")], "There is no such bet."),
        ([("red", "", "1000")] * 6, "At most 5,000 coins can be staked on one spin."),
        ([("red", "", "1")] * 60, "At most 50 bets can be placed on one spin."),
    ],
)
async def test_bets_that_are_not_taken_are_refused_in_place(
    client: TestClientProtocol, casino: Casino, player: MakePlayer, rows: Rows, message: str
) -> None:
    alice = await player()
    response = await spin(client, alice, rows)
    page = await text(response)
    assert response.status_code == 422
    assert message in page
    for _kind, numbers, amount in rows[:1]:
        assert f'value="{amount}"' in page and f'value="{numbers}"' in page
    assert await casino.wallet.get_balance(alice.id) == 1000


async def test_more_than_the_balance_is_refused_in_place(
    client: TestClientProtocol, casino: Casino, player: MakePlayer
) -> None:
    alice = await player()
    response = await spin(client, alice, [("red", "", "1000"), ("black", "", "1")])
    assert response.status_code == 409
    assert "Not enough coins" in await text(response)
    assert await casino.wallet.get_balance(alice.id) == 1000


async def test_a_form_sent_twice_spins_once(client: TestClientProtocol, casino: Casino, player: MakePlayer) -> None:
    alice = await player()
    first = await spin(client, alice, [("red", "", "10")], key="once")
    second = await spin(client, alice, [("red", "", "10")], key="once")
    assert first.headers["Location"] == second.headers["Location"]
    rounds, _ = await casino.rounds.list_rounds(alice.id, limit=5, cursor=None)
    assert len(rounds) == 1


async def test_the_replay_shows_wheel_and_bets(client: TestClientProtocol, player: MakePlayer) -> None:
    alice = await player()
    address = (await spin(client, alice, [("first_four", "0 1 2 3", "4")])).headers["Location"]
    round_id = address.partition("round=")[2]
    played = (await (await client.get(f"/api/v1/rounds/{round_id}", headers=alice.headers)).get_json())["round"]
    page = await text(await client.get(f"/rounds/{round_id}", headers=alice.headers))
    assert "Replay" in page
    assert f'data-pocket="{played["outcome"]["pocket"]}"' in page
    assert "First four 0, 1, 2 and 3" in page
