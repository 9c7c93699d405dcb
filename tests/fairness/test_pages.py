"""The pages of fairness, without JavaScript: seeds, changing them, verification."""

import json
import re
from collections.abc import Awaitable, Callable
from html import unescape
from typing import Any

import pytest
from quart.typing import TestClientProtocol

from tests.support.pages import Visitor
from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]
SEED = "5d43f77f53fec7d115180136105400f0fd2a1f20b681b6b54a289c207923b190"


@pytest.fixture
async def alice(client: TestClientProtocol, player: MakePlayer) -> Visitor:
    return Visitor(client, await player("alice"))


async def test_a_visitor_is_told_what_would_be_here(client: TestClientProtocol) -> None:
    text = await Visitor(client).read("/fairness")
    assert "Your seeds are waiting" in text and "/login?next=/fairness" in text


async def test_one_sees_the_seal_and_changes_seeds(alice: Visitor) -> None:
    pair = await alice.api("GET", "/fairness")
    text = await alice.read("/fairness")
    assert pair["server_seed_hash"] in text and pair["next_server_seed_hash"] in text and pair["client_seed"] in text
    response = await alice.post("/fairness/rotate", client_seed=" my seed ")
    assert (response.status_code, response.headers["Location"]) == (303, "/fairness")
    after = await alice.api("GET", "/fairness")
    assert after["client_seed"] == "my seed" and after["server_seed_hash"] == pair["next_server_seed_hash"]
    text = await alice.read("/fairness")
    assert (await alice.api("GET", "/fairness/seeds"))["seeds"][0]["server_seed"] in text


async def test_an_empty_field_makes_a_seed(alice: Visitor) -> None:
    before = await alice.api("GET", "/fairness")
    assert (await alice.post("/fairness/rotate", client_seed="")).status_code == 303
    after = await alice.api("GET", "/fairness")
    assert re.fullmatch("[0-9a-f]{16}", after["client_seed"]) and after["client_seed"] != before["client_seed"]


async def test_a_seed_that_cannot_be_used_is_told_beside_the_field(alice: Visitor) -> None:
    before = await alice.api("GET", "/fairness")
    response = await alice.post("/fairness/rotate", client_seed="x" * 65)
    assert response.status_code == 422
    assert "e-client_seed" in await response.get_data(as_text=True)
    assert await alice.api("GET", "/fairness") == before


async def test_not_while_a_round_is_open(alice: Visitor) -> None:
    while (await alice.api("POST", "/games/blackjack/rounds", {"stake": 2}))["round"]["status"] != "open":
        pass
    response = await alice.post("/fairness/rotate", client_seed="peek")
    text = await response.get_data(as_text=True)
    assert response.status_code == 409 and "Finish the open round first" in text


async def test_a_form_without_its_token_is_refused(client: TestClientProtocol, alice: Visitor) -> None:
    before = await alice.api("GET", "/fairness")
    response = await alice.post("/fairness/rotate", csrf_token="forged", client_seed="evil")
    assert response.status_code == 403
    assert await alice.api("GET", "/fairness") == before


async def shown(visitor: Visitor, query: str) -> Any:
    """The outcome that the page computed on the server."""
    text = await visitor.read(f"/fairness/verify?{query}")
    found = re.search(r'<pre class="mono outcome">(.*?)</pre>', text, re.DOTALL)
    assert found is not None
    return json.loads(unescape(found[1]))


@pytest.mark.parametrize("game", ["slots", "roulette", "blackjack"])
async def test_verification_needs_neither_login_nor_script(client: TestClientProtocol, game: str) -> None:
    asked = {"game": game, "server_seed": SEED, "client_seed": "iyAyNGKPsa", "nonce": 29}
    response = await client.post("/api/v1/fairness/verify", json=asked)
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    assert await shown(Visitor(client), query) == (await response.get_json())["outcome"]


async def test_verification_explains_what_is_missing(client: TestClientProtocol) -> None:
    text = await Visitor(client).read("/fairness/verify?game=slots&server_seed=xyz&client_seed=&nonce=-1")
    for field in ("server_seed", "client_seed", "nonce"):
        assert f"e-{field}" in text
    assert "outcome" not in text
    text = await Visitor(client).read("/fairness/verify?server_seed=%3Cscript%3Ealert(1)")
    assert "<script>alert" not in text


async def test_a_replay_leads_to_its_verification(alice: Visitor) -> None:
    round_ = (await alice.api("POST", "/games/slots/spins", {"stake": 1}))["round"]
    assert "/fairness/verify?game" not in await alice.read(f"/rounds/{round_['id']}")
    await alice.api("POST", "/fairness/rotate", {})
    text = await alice.read(f"/rounds/{round_['id']}")
    found = re.search(r'href="/fairness/verify\?([^"]+)"', text)
    assert found is not None
    assert await shown(alice, unescape(found[1])) == round_["outcome"]
