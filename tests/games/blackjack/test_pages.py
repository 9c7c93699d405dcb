"""The blackjack page without JavaScript: forms in, the table as it stands out."""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from quart.typing import TestClientProtocol

from imperio.app import Casino
from tests.games.blackjack.crafted import find, plant, set_balance
from tests.support.pages import Visitor
from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]


@pytest.fixture
async def alice(client: TestClientProtocol, player: MakePlayer) -> Visitor:
    return Visitor(client, await player("alice"))


async def planted(casino: Casino, visitor: Visitor, wanted: Callable[[Any], bool], *after: str) -> None:
    assert visitor.player is not None
    await plant(casino, visitor.player, find(wanted, after=after))


def shown_actions(text: str) -> dict[str, str]:
    """The actions that have a visible button, and where each posts to."""
    buttons = re.findall(r'data-action="(\w+)" aria-keyshortcuts="\w" formaction="([^"]+)"', text)
    return dict(buttons)


def shown_cards(text: str) -> list[str]:
    return re.findall(r'cards\.svg[^"]*#(back|10[SHDC]|[A2-9JQK][SHDC])"', text)


def form_key(text: str) -> str:
    found = re.search(r'name="key" value="(\w+)"', text)
    assert found is not None
    return found[1]


async def test_a_visitor_sees_the_table_and_the_door(client: TestClientProtocol) -> None:
    text = await Visitor(client).read("/blackjack")
    assert "/signup?next=/blackjack" in text and 'name="stake"' not in text


async def test_a_whole_round_by_forms(casino: Casino, alice: Visitor) -> None:
    await planted(casino, alice, lambda game: game.settled, "hit", "stand")
    response = await alice.post("/blackjack", stake="20")
    assert (response.status_code, response.headers["Location"]) == (303, "/blackjack")
    text = await alice.read("/blackjack")
    current = (await alice.api("GET", "/games/blackjack/rounds/current"))["round"]
    outcome = current["outcome"]
    assert set(shown_actions(text)) == set(outcome["legal_actions"])
    assert shown_cards(text) == [*outcome["dealer"]["cards"], "back", *outcome["hands"][0]["cards"]]
    assert shown_actions(text)["hit"] == f"/blackjack/{current['id']}/hit"
    assert (await alice.post(shown_actions(text)["hit"])).headers["Location"] == "/blackjack"
    text = await alice.read("/blackjack")
    response = await alice.post(shown_actions(text)["stand"])
    assert response.headers["Location"] == f"/blackjack?round={current['id']}"
    text = await alice.read(response.headers["Location"])
    settled = (await alice.api("GET", f"/rounds/{current['id']}"))["round"]
    outcome = settled["outcome"]
    assert shown_cards(text) == [*outcome["dealer"]["cards"], *outcome["hands"][0]["cards"]]
    assert f'href="/rounds/{current["id"]}"' in text and shown_actions(text) == {}
    # The next stake is the last one, and a fresh visit shows a clean felt.
    assert 'name="stake" value="20"' in text
    assert shown_cards(await alice.read("/blackjack")) == []


async def test_words_of_a_loss_are_sober_and_of_a_gain_golden(casino: Casino, alice: Visitor) -> None:
    await planted(casino, alice, lambda game: game.settled and game.hands[0].result == "natural")
    response = await alice.post("/blackjack", stake="10")
    text = await alice.read(response.headers["Location"])
    assert '<p class="gold"><strong>You win 15 coins.</strong>' in text and "Blackjack</span>" in text


async def test_insurance_is_asked_alone(casino: Casino, alice: Visitor) -> None:
    await planted(casino, alice, lambda game: "insurance" in game.legal_actions())
    await alice.post("/blackjack", stake="20")
    text = await alice.read("/blackjack")
    assert set(shown_actions(text)) == {"insurance", "decline_insurance"}
    assert "The dealer shows an ace. Insurance?" in text and "+10</span>" in text
    assert "Basic strategy:" in text and "No insurance</strong>" in text


@pytest.mark.parametrize("stake", ["1", "2001", "", "ten", "-5", "5.5", "9" * 30])
async def test_stakes_that_are_not_taken(casino: Casino, alice: Visitor, stake: str) -> None:
    response = await alice.post("/blackjack", stake=stake)
    text = await response.get_data(as_text=True)
    assert response.status_code == 422 and "A stake is 2 to 2,000 coins." in text
    assert await casino.db.fetch_one("SELECT count(*) AS n FROM rounds") == {"n": 0}


async def test_a_stake_above_the_balance_is_told_in_place(alice: Visitor) -> None:
    response = await alice.post("/blackjack", stake="1500")
    text = await response.get_data(as_text=True)
    assert response.status_code == 409 and "the balance is 1000" in text and 'href="/wallet"' in text


async def test_a_double_that_cannot_be_paid_is_told_in_place(casino: Casino, alice: Visitor) -> None:
    assert alice.player is not None
    await planted(casino, alice, lambda game: "double" in game.legal_actions())
    await set_balance(casino, alice.player, 25)
    await alice.post("/blackjack", stake="20")
    text = await alice.read("/blackjack")
    assert "double" not in shown_actions(text)
    round_id = (await alice.api("GET", "/games/blackjack/rounds/current"))["round"]["id"]
    response = await alice.post(f"/blackjack/{round_id}/double")
    assert response.status_code == 409 and "double takes 20 more coins" in await response.get_data(as_text=True)


async def test_a_second_deal_shows_the_hand_in_play(casino: Casino, alice: Visitor) -> None:
    await planted(casino, alice, lambda game: not game.settled)
    await alice.post("/blackjack", stake="20")
    response = await alice.post("/blackjack", stake="20")
    assert (response.status_code, response.headers["Location"]) == (303, "/blackjack")
    assert "You have a hand in play already" in await alice.read("/blackjack")
    assert await casino.db.fetch_one("SELECT count(*) AS n FROM rounds") == {"n": 1}


async def test_a_form_sent_twice_counts_once(casino: Casino, alice: Visitor) -> None:
    await planted(casino, alice, lambda game: not game.settled, "hit", "hit")
    await alice.post("/blackjack", stake="20")
    text = await alice.read("/blackjack")
    key, target, token = form_key(text), shown_actions(text)["hit"], await alice.csrf_token()
    sent = [alice.post(target, key=key, csrf_token=token) for _ in range(5)]
    responses = await asyncio.gather(*sent)
    assert Counter(response.status_code for response in responses) == {303: 5}
    current = (await alice.api("GET", "/games/blackjack/rounds/current"))["round"]
    assert len(current["outcome"]["hands"][0]["cards"]) == 3
    # Going back and choosing something else on the used page decides nothing.
    response = await alice.post(f"/blackjack/{current['id']}/stand", key=key)
    assert response.status_code == 303
    assert "That was decided already" in await alice.read("/blackjack")
    assert (await alice.api("GET", "/games/blackjack/rounds/current"))["round"]["decisions"] == current["decisions"]


@pytest.mark.parametrize("path", ["/blackjack/{}/stand", "/blackjack/{}/split", "/blackjack/" + "0" * 32 + "/hit"])
async def test_what_is_over_stays_over(casino: Casino, alice: Visitor, path: str) -> None:
    await planted(casino, alice, lambda game: game.settled)
    dealt = await alice.post("/blackjack", stake="20")
    round_id = dealt.headers["Location"].partition("round=")[2]
    before = await alice.read(f"/rounds/{round_id}")
    response = await alice.post(path.format(round_id))
    assert (response.status_code, response.headers["Location"]) == (303, "/blackjack")
    decisions = re.compile(r'<ol class="decisions">.*?</ol>', re.DOTALL)
    assert decisions.findall(await alice.read(f"/rounds/{round_id}")) == decisions.findall(before)


async def test_forms_need_their_token_and_a_login(client: TestClientProtocol, alice: Visitor) -> None:
    response = await alice.post("/blackjack", stake="20", csrf_token="forged")
    assert response.status_code == 403
    client.cookie_jar.clear()  # type: ignore[union-attr]
    response = await Visitor(client).post("/blackjack", stake="20")
    assert response.status_code in (303, 403)
    assert "/login" in response.headers.get("Location", "/login")


async def test_somebody_elses_round_is_not_shown(
    app_clients: Callable[[], TestClientProtocol], casino: Casino, player: MakePlayer
) -> None:
    alice, bob = Visitor(app_clients(), await player("alice")), Visitor(app_clients(), await player("bob"))
    await planted(casino, alice, lambda game: game.settled)
    response = await alice.post("/blackjack", stake="20")
    assert shown_cards(await alice.read(response.headers["Location"])) != []
    assert shown_cards(await bob.read(response.headers["Location"])) == []
