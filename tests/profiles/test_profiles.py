"""Profiles: the whole for the owner, nothing private for others."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from quart.typing import TestClientProtocol

from imperio.app import Casino
from tests.support.play import play
from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]


async def open_hand(casino: Casino, someone: Player) -> dict[str, Any]:
    while True:
        hand = (await casino.blackjack.start(player_id=someone.id, session_id=None, stake=2)).body["round"]
        if hand["status"] == "open":
            return hand  # type: ignore[no-any-return]


async def test_ones_own(client: TestClientProtocol, casino: Casino, player: MakePlayer) -> None:
    someone = await player("Livia")
    await play(casino, someone.id, 10, 40)
    hand = await open_hand(casino, someone)
    response = await client.get("/api/v1/profile", headers=someone.headers)
    profile = await response.get_json()
    assert set(profile) == {"user", "statistics", "achievements", "recent_activity", "rank", "limits"}
    assert profile["limits"] == await (await client.get("/api/v1/limits", headers=someone.headers)).get_json()
    user = profile["user"]
    assert (user["id"], user["username"], user["email"]) == (str(someone.id), "Livia", "Livia@example.com")
    assert user["coins"] == await casino.wallet.get_balance(someone.id) == profile["statistics"]["balance"]
    newest, *_, oldest = profile["recent_activity"]
    assert (newest["id"], newest["status"], newest["settled_at"]) == (hand["id"], "open", None)
    assert (oldest["game"], oldest["net"]) == ("slots", 30)
    assert profile["rank"]["rank"] == 1
    assert (await client.get("/api/v1/profile")).status_code == 401


async def test_as_others_see_it(client: TestClientProtocol, casino: Casino, player: MakePlayer) -> None:
    someone = await player("Livia")
    await casino.limits.set_limits(someone.id, None, daily_loss=777, session_minutes=None, reality_check_minutes=None)
    await play(casino, someone.id, 10, 40)
    hand = await open_hand(casino, someone)
    response = await client.get("/api/v1/profiles/lIVIA")
    text = await response.get_data(as_text=True)
    profile = await response.get_json()
    assert profile["user"]["username"] == "Livia"
    assert set(profile["user"]) == {"username", "created_at"}
    for secret in ("example.com", "777", hand["id"], "email", "role", "status"):
        assert secret not in text
    assert {game["game"] for game in profile["recent_activity"]} <= {"slots", "blackjack"}
    assert all(game["settled_at"] for game in profile["recent_activity"])
    page = await client.get("/profiles/livia")
    html = await page.get_data(as_text=True)
    assert page.status_code == 200 and "Livia" in html and "example.com" not in html and hand["id"] not in html


@pytest.mark.parametrize("name", ["nobody", "%00", "a" * 500, "%F0%9F%8D%92", "..%2Fadmin"])
async def test_strangers_are_not_found(client: TestClientProtocol, name: str) -> None:
    response = await client.get(f"/api/v1/profiles/{name}")
    assert response.status_code == 404
    assert (await client.get(f"/profiles/{name}")).status_code == 404


async def test_the_order_of_players(client: TestClientProtocol, casino: Casino, player: MakePlayer) -> None:
    first, second, idle = await player(), await player(), await player()
    await play(casino, second.id, 10, 20)
    await play(casino, first.id, 10, 30)
    ranks = [
        (await (await client.get(f"/api/v1/profiles/{someone.username}")).get_json())["rank"]
        for someone in (first, second, idle)
    ]
    assert [rank and rank["rank"] for rank in ranks] == [1, 2, None]


async def test_pages(client: TestClientProtocol, player: MakePlayer) -> None:
    someone = await player("Livia")
    own = await client.get("/profile", headers=someone.headers)
    html = await own.get_data(as_text=True)
    assert own.status_code == 200 and "Livia@example.com" in html and "this one" in html
    visitor = await client.get("/profile")
    assert (visitor.status_code, visitor.headers["Location"]) == (303, "/login?next=%2Fprofile")
    elsewhere = await client.get("/players/Livia")
    assert (elsewhere.status_code, elsewhere.headers["Location"]) == (308, "/profiles/Livia")
