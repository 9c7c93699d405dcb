"""History, replays and rules as pages."""

import re
from collections.abc import Awaitable, Callable

import pytest
from quart.typing import TestClientProtocol

from imperio.app import Casino
from imperio.games import catalogue
from tests.games.blackjack.crafted import act, deal, find, plant
from tests.support.pages import Visitor
from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]


@pytest.fixture
async def alice(client: TestClientProtocol, player: MakePlayer) -> Visitor:
    return Visitor(client, await player("alice"))


async def replayable(text: str) -> list[str]:
    return re.findall(r'href="/rounds/([0-9a-f]{32})"', text)


async def settled_natural(casino: Casino, visitor: Visitor, stake: int) -> str:
    """The id of a round that ended with a natural."""
    assert visitor.player is not None
    await plant(casino, visitor.player, find(lambda game: game.settled and game.hands[0].result == "natural"))
    answer = await deal(visitor.client, visitor.player, stake)
    round_id: str = answer["round"]["id"]
    return round_id


async def test_an_empty_history_says_where_to_play(alice: Visitor) -> None:
    assert "No rounds yet" in await alice.read("/history")


async def test_history_by_game_newest_first(alice: Visitor) -> None:
    slots = [(await alice.api("POST", "/games/slots/spins", {"stake": 1}))["round"]["id"] for _ in range(3)]
    bets = {"bets": [{"type": "red", "amount": 1}]}
    roulette = (await alice.api("POST", "/games/roulette/spins", bets))["round"]["id"]
    assert await replayable(await alice.read("/history")) == [roulette, *slots[::-1]]
    assert await replayable(await alice.read("/history?game=slots")) == slots[::-1]
    assert await replayable(await alice.read("/history?game=roulette")) == [roulette]
    assert await replayable(await alice.read("/history?game=poker")) == [roulette, *slots[::-1]]


async def test_history_in_pages(casino: Casino, alice: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imperio.games.pages.PAGE_SIZE", 2)
    ids = [(await alice.api("POST", "/games/slots/spins", {"stake": 1}))["round"]["id"] for _ in range(5)]
    seen, path = [], "/history?game=slots"
    while path:
        text = await alice.read(path)
        seen += await replayable(text)
        older = re.search(r'rel="next" href="(\?[^"]+)"', text)
        path = f"/history{older[1].replace('&amp;', '&')}" if older else ""
    assert seen == ids[::-1]


async def test_a_cursor_of_ones_own_making(alice: Visitor) -> None:
    await alice.read("/history?cursor=nonsense", status=422)


async def test_history_needs_a_login(client: TestClientProtocol) -> None:
    response = await Visitor(client).get("/history")
    assert (response.status_code, response.headers["Location"]) == (303, "/login?next=%2Fhistory")


async def test_the_replay_of_a_hand(casino: Casino, client: TestClientProtocol, alice: Visitor) -> None:
    assert alice.player is not None
    seed = find(lambda game: game.settled and len(game.hands) == 2, after=["split", "stand", "stand"])
    await plant(casino, alice.player, seed)
    round_id = (await deal(client, alice.player))["round"]["id"]
    round_ = (await act(client, alice.player, round_id, ["split", "stand", "stand"]))["round"]
    text = await alice.read(f"/rounds/{round_id}")
    shown = re.findall(r'cards\.svg[^"]*#(10[SHDC]|[A2-9JQK][SHDC])"', text)
    outcome = round_["outcome"]
    assert shown == [*outcome["dealer"]["cards"], *(card for hand in outcome["hands"] for card in hand["cards"])]
    assert "Replay" in text and "This is a record" in text
    decisions = re.search(r'<ol class="decisions">(.*?)</ol>', text, re.DOTALL)
    assert decisions is not None
    assert re.findall(r"<li><span>(\w+)", decisions[1]) == ["Deal", "Split", "Stand", "Stand"]
    assert "decided by the house" not in text


async def test_a_decision_of_the_house_is_marked(casino: Casino, client: TestClientProtocol, alice: Visitor) -> None:
    round_id = await settled_natural(casino, alice, 10)
    decisions = '[{"action":"deal","by":"player","stake":10},{"action":"stand","by":"system"}]'
    await casino.db.execute("UPDATE rounds SET decisions = :decisions", decisions=decisions)
    text = await alice.read(f"/rounds/{round_id}")
    assert text.count("decided by the house") == 1


async def test_an_open_hand_is_played_on_not_replayed(
    casino: Casino, client: TestClientProtocol, alice: Visitor
) -> None:
    assert alice.player is not None
    await plant(casino, alice.player, find(lambda game: not game.settled))
    round_id = (await deal(client, alice.player))["round"]["id"]
    response = await alice.get(f"/rounds/{round_id}")
    assert (response.status_code, response.headers["Location"]) == (303, "/blackjack")


async def test_big_wins_may_be_looked_at_by_everybody(
    app_clients: Callable[[], TestClientProtocol], casino: Casino, player: MakePlayer
) -> None:
    alice = Visitor(app_clients(), await player("alice"))
    round_id = await settled_natural(casino, alice, 200)  # pays 500
    for looker in (Visitor(app_clients()), Visitor(app_clients(), await player("bob"))):
        text = await looker.read(f"/rounds/{round_id}")
        assert "Played by alice" in text and "500" in text
        assert "1,300" not in text, "nobody else's balance"
        assert 'href="/history"' not in text.partition("<main")[2].partition("</main>")[0]
    # The API keeps to one's own rounds.
    bob = await player("carol")
    response = await app_clients().get(f"/api/v1/rounds/{round_id}", headers=bob.headers)
    assert response.status_code == 404


async def test_all_other_rounds_are_private(
    app_clients: Callable[[], TestClientProtocol], casino: Casino, player: MakePlayer
) -> None:
    alice, bob = Visitor(app_clients(), await player("alice")), Visitor(app_clients(), await player("bob"))
    visitor = Visitor(app_clients())
    small = await settled_natural(casino, alice, 198)  # pays 495
    lost = await settled_natural(casino, bob, 10)
    await casino.db.execute("UPDATE rounds SET stake = 600, payout = 600 WHERE id = :id", id=lost)  # a push of 600
    for looker, round_id in ((bob, small), (visitor, small), (alice, lost), (visitor, "0" * 32), (alice, "nonsense")):
        await looker.read(f"/rounds/{round_id}", status=404)
    assert "Replay" in await alice.read(f"/rounds/{small}")


async def test_rules_show_the_live_odds(client: TestClientProtocol) -> None:
    text = await Visitor(client).read("/rules")
    games = {game["id"]: game for game in catalogue.games()}
    for row in games["slots"]["paytable"]:
        assert f'<td class="num">{row["multiplier"]}</td><td class="num">{row["ways"]:,}</td>' in text
    assert "31,360 / 32,768 = 95.703125" in text and "8,788" in text and "8.10279" in text
    assert "36 / 37 = 97.297" in text and "0.330" in text
    for odds, spots in ((35, 37), (17, 60), (11, 12), (8, 22), (5, 11), (2, 6), (1, 6)):
        assert f'<td class="num">{odds}:1</td><td class="num">{spots}</td>' in text
