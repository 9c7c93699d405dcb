"""Blackjack rounds over the API, on both engines: rules, coins, and what must never leave the house."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from quart.typing import TestClientProtocol

from imperio.app import Casino, create_app
from imperio.core.settings import Settings
from imperio.fairness.stream import commitment
from imperio.games.blackjack import engine
from imperio.games.blackjack.strategy import advise
from tests.games.blackjack.crafted import (
    CLIENT_SEED,
    act,
    ask,
    assert_books_hold,
    deal,
    find,
    ledger,
    plant,
    server_seed,
    set_balance,
    shoe,
    up,
)
from tests.support.players import Player, sign_up

GRANT = 1000
MakePlayer = Callable[..., Awaitable[Player]]


@pytest.fixture
async def alice(player: MakePlayer) -> Player:
    return await player("alice")


async def get(client: TestClientProtocol, player: Player, path: str) -> tuple[int, dict[str, Any]]:
    response = await client.get(path, headers=player.headers)
    return response.status_code, await response.get_json()


def rewards(answer: dict[str, Any]) -> int:
    """The coins of the achievements that a round unlocked."""
    return sum(unlocked["reward_coins"] for unlocked in answer["unlocked"])


def open_and_not_asked(game: engine.Game) -> bool:
    return not game.settled and "hit" in game.legal_actions()


# Every way a round can go --------------------------------------------------------------------------------------------


async def test_a_natural_pays_three_to_two_at_once(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    await plant(casino, alice, find(lambda game: game.settled and game.hands[0].result == "natural"))
    answer = await deal(client, alice, 15)
    round_ = answer["round"]
    assert (round_["status"], round_["stake"], round_["payout"], round_["net"]) == ("settled", 15, 37, 22)
    assert round_["outcome"]["hands"][0]["status"] == "natural"
    assert round_["outcome"]["legal_actions"] == [] and round_["outcome"]["active_hand"] is None
    assert await ledger(casino, alice, round_["id"]) == [("bet", -15), ("win", 37)]
    assert answer["balance"] == await assert_books_hold(casino, alice)


async def test_a_dealers_natural_under_a_ten_ends_the_round(
    casino: Casino, client: TestClientProtocol, alice: Player
) -> None:
    await plant(casino, alice, find(lambda game: game.settled and up(game) == 10 and game.payout == 0))
    round_ = (await deal(client, alice))["round"]
    assert (round_["status"], round_["net"]) == ("settled", -20)
    assert len(round_["outcome"]["dealer"]["cards"]) == 2 and round_["outcome"]["dealer"]["total"] == 21
    assert await ledger(casino, alice, round_["id"]) == [("bet", -20)]


async def test_insurance_pays_two_to_one(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    await plant(casino, alice, find(lambda game: game.settled and game.payout == 30, after=["insurance"]))
    dealt = (await deal(client, alice))["round"]
    assert dealt["outcome"]["legal_actions"] == ["insurance", "decline_insurance"]
    answer = await act(client, alice, dealt["id"], ["insurance"])
    round_ = answer["round"]
    assert (round_["stake"], round_["payout"], round_["net"]) == (30, 30, 0)
    assert round_["outcome"]["insurance"] == {"stake": 10, "payout": 30}
    assert round_["outcome"]["hands"][0]["status"] == "lost"
    assert await ledger(casino, alice, round_["id"]) == [("bet", -20), ("bet", -10), ("win", 30)]
    assert answer["balance"] == await assert_books_hold(casino, alice) == GRANT + rewards(answer)


async def test_insurance_lost_and_the_round_goes_on(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    await plant(casino, alice, find(lambda game: game.settled and game.payout == 40, after=["insurance", "stand"]))
    round_id = (await deal(client, alice))["round"]["id"]
    asked = (await act(client, alice, round_id, ["insurance"]))["round"]
    assert asked["status"] == "open" and asked["stake"] == 30
    assert asked["outcome"]["insurance"] == {"stake": 10, "payout": 0}
    round_ = (await act(client, alice, round_id, ["stand"]))["round"]
    assert (round_["stake"], round_["payout"], round_["net"]) == (30, 40, 10)


async def test_declining_insurance_costs_nothing(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    await plant(casino, alice, find(open_and_not_asked, after=["decline_insurance"]))
    round_id = (await deal(client, alice))["round"]["id"]
    round_ = (await act(client, alice, round_id, ["decline_insurance"]))["round"]
    assert round_["stake"] == 20 and round_["outcome"]["insurance"] is None
    assert await ledger(casino, alice, round_id) == [("bet", -20)]


async def test_doubling_charges_the_stake_again(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    await plant(casino, alice, find(lambda game: game.settled and game.payout == 80, after=["double"]))
    round_id = (await deal(client, alice))["round"]["id"]
    answer = await act(client, alice, round_id, ["double"])
    round_ = answer["round"]
    assert (round_["status"], round_["stake"], round_["payout"]) == ("settled", 40, 80)
    assert len(round_["outcome"]["hands"][0]["cards"]) == 3 and round_["outcome"]["hands"][0]["stake"] == 40
    assert await ledger(casino, alice, round_id) == [("bet", -20), ("bet", -20), ("win", 80)]
    assert answer["balance"] == await assert_books_hold(casino, alice)


async def test_four_hands_by_splitting(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    splits = ["split"] * 3

    def still_open(game: engine.Game) -> bool:
        return not game.settled and len(game.hands) == 4

    await plant(casino, alice, find(still_open, after=splits))
    round_id = (await deal(client, alice))["round"]["id"]
    round_ = (await act(client, alice, round_id, splits))["round"]
    hands = round_["outcome"]["hands"]
    assert round_["stake"] == 80 and [hand["stake"] for hand in hands] == [20] * 4
    assert all(len(hand["cards"]) == 2 for hand in hands)
    assert "split" not in round_["outcome"]["legal_actions"] and "surrender" not in round_["outcome"]["legal_actions"]
    assert await ledger(casino, alice, round_id) == [("bet", -20)] * 4
    while round_["status"] == "open":
        answer = await act(client, alice, round_id, ["stand"])
        round_ = answer["round"]
    assert round_["payout"] == sum(hand["payout"] for hand in round_["outcome"]["hands"])
    assert {hand["status"] for hand in round_["outcome"]["hands"]} <= {"won", "lost", "push", "bust"}
    assert await assert_books_hold(casino, alice) == GRANT + round_["net"] + rewards(answer)


async def test_surrender_returns_half(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    await plant(casino, alice, find(open_and_not_asked, stake=15))
    round_id = (await deal(client, alice, 15))["round"]["id"]
    round_ = (await act(client, alice, round_id, ["surrender"]))["round"]
    assert (round_["stake"], round_["payout"], round_["outcome"]["hands"][0]["status"]) == (15, 7, "surrendered")
    assert await ledger(casino, alice, round_id) == [("bet", -15), ("win", 7)]


async def test_the_round_can_be_replayed_from_what_is_published(
    casino: Casino, client: TestClientProtocol, alice: Player
) -> None:
    """After the rotation everybody can deal the round again, card for card."""
    seed = await plant(casino, alice, find(lambda game: game.settled, after=["hit", "stand"]))
    round_id = (await deal(client, alice))["round"]["id"]
    await act(client, alice, round_id, ["hit", "stand"])
    rotated = await client.post("/api/v1/fairness/rotate", json={}, headers=alice.headers)
    assert (await rotated.get_json())["revealed"]["server_seed"] == seed
    _, body = await get(client, alice, f"/api/v1/rounds/{round_id}")
    fairness, decisions = body["round"]["fairness"], body["round"]["decisions"]
    assert fairness["server_seed"] == seed and commitment(seed) == fairness["server_seed_hash"]
    asked = {name: fairness[name] for name in ("server_seed", "client_seed", "nonce")}
    verified = await client.post("/api/v1/fairness/verify", json={"game": "blackjack", **asked})
    dealt = (await verified.get_json())["outcome"]["shoe"]
    assert [decision["by"] for decision in decisions] == ["player"] * 3
    game = engine.replay(dealt, decisions[0]["stake"], [decision["action"] for decision in decisions[1:]])
    assert game.public_view() == body["round"]["outcome"]


# Refusals: nothing moves ---------------------------------------------------------------------------------------------


async def snapshot(casino: Casino) -> list[Any]:
    tables = ("ledger", "books", "rounds", "seed_pairs", "game_figures")
    return [await casino.db.fetch(f"SELECT * FROM {table} ORDER BY 1") for table in tables]


@pytest.mark.parametrize(
    ("wanted", "after", "action"),
    [
        (open_and_not_asked, [], "double"),
        (lambda game: "split" in game.legal_actions(), [], "split"),
        (lambda game: "insurance" in game.legal_actions(), [], "insurance"),
    ],
    ids=["double", "split", "insurance"],
)
async def test_only_coins_are_missing(
    casino: Casino,
    client: TestClientProtocol,
    alice: Player,
    wanted: Callable[[engine.Game], bool],
    after: list[str],
    action: str,
) -> None:
    await plant(casino, alice, find(wanted))
    await set_balance(casino, alice, 29)  # 20 for the stake, 9 left: one coin short of an insurance
    round_ = (await deal(client, alice))["round"]
    assert action not in round_["outcome"]["legal_actions"]
    before = await snapshot(casino)
    response = await ask(client, alice, round_["id"], action)
    assert response.status_code == 409
    assert (await response.get_json())["code"] == "insufficient_funds"
    assert await snapshot(casino) == before
    # With the coins it may be done, without another deal: what is legal follows the balance of the moment.
    await set_balance(casino, alice, 100)
    _, body = await get(client, alice, "/api/v1/games/blackjack/rounds/current")
    assert action in body["round"]["outcome"]["legal_actions"]


async def test_illegal_actions_change_nothing(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    def no_pair(game: engine.Game) -> bool:
        return open_and_not_asked(game) and not game.hands[0].is_pair

    await plant(casino, alice, find(no_pair))
    round_ = (await deal(client, alice))["round"]
    assert set(round_["outcome"]["legal_actions"]) == {"hit", "stand", "double", "surrender"}
    before = await snapshot(casino)
    for action in ("split", "insurance", "decline_insurance"):
        response = await ask(client, alice, round_["id"], action)
        assert (response.status_code, (await response.get_json())["code"]) == (409, "illegal_action")
    response = await ask(client, alice, round_["id"], "cheat")
    assert response.status_code == 422
    assert await snapshot(casino) == before
    await act(client, alice, round_["id"], ["stand"])
    after = await snapshot(casino)
    response = await ask(client, alice, round_["id"], "hit")
    assert response.status_code in (404, 409)
    assert await snapshot(casino) == after


@pytest.mark.parametrize("stake", [1, 0, -5, 2001, 5.0, "5", True, None, 2**63])
async def test_stakes_that_are_not_taken(
    casino: Casino, client: TestClientProtocol, alice: Player, stake: object
) -> None:
    before = await snapshot(casino)
    response = await client.post("/api/v1/games/blackjack/rounds", json={"stake": stake}, headers=alice.headers)
    assert response.status_code == 422
    assert await snapshot(casino) == before


async def test_a_stake_above_the_balance(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    before = await snapshot(casino)
    response = await client.post("/api/v1/games/blackjack/rounds", json={"stake": 1001}, headers=alice.headers)
    assert (response.status_code, (await response.get_json())["code"]) == (409, "insufficient_funds")
    assert await snapshot(casino) == before


async def test_other_peoples_rounds_are_not_there(
    casino: Casino, client: TestClientProtocol, alice: Player, player: MakePlayer
) -> None:
    mallory = await player("mallory")
    await plant(casino, alice, find(open_and_not_asked))
    round_id = (await deal(client, alice))["round"]["id"]
    before = await snapshot(casino)
    response = await ask(client, mallory, round_id, "stand")
    assert (response.status_code, (await response.get_json())["code"]) == (404, "round_not_found")
    for path in ("games/blackjack/rounds/current", "games/blackjack/rounds/current/advice", f"rounds/{round_id}"):
        status, body = await get(client, mallory, f"/api/v1/{path}")
        assert (status, body["code"]) == (404, "round_not_found")
    assert await snapshot(casino) == before


async def test_rotation_waits_for_the_end(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    await plant(casino, alice, find(open_and_not_asked))
    round_id = (await deal(client, alice))["round"]["id"]
    before = await snapshot(casino)
    response = await client.post("/api/v1/fairness/rotate", json={}, headers=alice.headers)
    assert (response.status_code, (await response.get_json())["code"]) == (409, "round_open")
    assert await snapshot(casino) == before
    await act(client, alice, round_id, ["stand"])
    response = await client.post("/api/v1/fairness/rotate", json={}, headers=alice.headers)
    assert response.status_code == 200


# At the same moment --------------------------------------------------------------------------------------------------


async def test_one_of_twenty_deals_is_taken(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    await plant(casino, alice, find(open_and_not_asked))
    path, body = "/api/v1/games/blackjack/rounds", {"stake": 20}
    responses = await asyncio.gather(*(client.post(path, json=body, headers=alice.headers) for _ in range(20)))
    assert Counter(response.status_code for response in responses) == {201: 1, 409: 19}
    codes = {(await response.get_json())["code"] for response in responses if response.status_code == 409}
    assert codes == {"round_open"}
    assert await ledger(casino, alice) == [("bonus", GRANT), ("bet", -20)]
    assert await casino.db.fetch_one("SELECT count(*) AS n FROM rounds") == {"n": 1}


async def test_twenty_hits_at_once_take_one_card_each(
    casino: Casino, client: TestClientProtocol, alice: Player
) -> None:
    """As many as the hand bears are taken; each of them drew exactly one card, in order."""
    number = find(lambda game: game.settled and len(game.hands[0].cards) >= 5, after=["hit"] * 4)
    await plant(casino, alice, number)
    round_id = (await deal(client, alice))["round"]["id"]
    expected = engine.start(shoe(number), 20)
    hits = 0
    while not expected.settled:
        expected.act("hit")
        hits += 1
    responses = await asyncio.gather(*(ask(client, alice, round_id, "hit") for _ in range(20)))
    assert Counter(response.status_code for response in responses)[200] == hits >= 3
    assert {response.status_code for response in responses} <= {200, 404, 409}
    _, body = await get(client, alice, f"/api/v1/rounds/{round_id}")
    assert body["round"]["outcome"] == expected.public_view()
    assert [decision["action"] for decision in body["round"]["decisions"]] == ["deal", *["hit"] * hits]
    await assert_books_hold(casino, alice)


async def test_a_double_click_counts_once(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    await plant(casino, alice, find(lambda game: not game.settled, after=["hit"]))
    round_id = (await deal(client, alice))["round"]["id"]
    key = {"Idempotency-Key": "one click"}
    responses = await asyncio.gather(*(ask(client, alice, round_id, "hit", **key) for _ in range(10)))
    bodies = {await response.get_data() for response in responses}
    assert {response.status_code for response in responses} == {200} and len(bodies) == 1
    replayed = [response.headers.get("Idempotency-Replayed") for response in responses]
    assert Counter(replayed) == {"true": 9, None: 1}
    _, body = await get(client, alice, "/api/v1/games/blackjack/rounds/current")
    assert len(body["round"]["outcome"]["hands"][0]["cards"]) == 3
    response = await ask(client, alice, round_id, "stand", **key)
    assert (response.status_code, (await response.get_json())["code"]) == (422, "idempotency_conflict")


# Over restarts -------------------------------------------------------------------------------------------------------


async def test_a_round_survives_a_restart(settings: Settings) -> None:
    number = find(lambda game: not game.settled, after=["hit"])
    first = create_app(settings)
    async with first.test_app():
        alice = await sign_up(first.casino, "alice")
        await plant(first.casino, alice, number)
        round_id = (await deal(first.test_client(), alice))["round"]["id"]
        before = (await act(first.test_client(), alice, round_id, ["hit"]))["round"]
    second = create_app(settings)
    async with second.test_app():
        client = second.test_client()
        _, body = await get(client, alice, "/api/v1/games/blackjack/rounds/current")
        assert body["round"] == before
        settled = (await act(client, alice, round_id, ["stand"]))["round"]
        expected = engine.replay(shoe(number), 20, ["hit", "stand"])
        assert settled["outcome"] == expected.public_view()
        await assert_books_hold(second.casino, alice)


# What adds up --------------------------------------------------------------------------------------------------------


async def test_stakes_and_payouts_add_up(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    """Sixty rounds of any legal play: ledger, rounds and statistics tell the same story."""
    await set_balance(casino, alice, 100_000)
    chance = random.Random(7)
    seen: Counter[str] = Counter()
    for _ in range(60):
        round_ = (await deal(client, alice, chance.randint(2, 60)))["round"]
        while round_["status"] == "open":
            legal = round_["outcome"]["legal_actions"]
            # Doubles, splits and insurance wherever they may be: those are what has to be counted.
            action = next((a for a in ("split", "insurance", "double") if a in legal), chance.choice(legal))
            seen[action] += 1
            round_ = (await act(client, alice, round_["id"], [action]))["round"]
    assert seen["double"] >= 5 and seen["split"] >= 1
    _, history = await get(client, alice, "/api/v1/rounds?game=blackjack&limit=200")
    rounds = history["rounds"]
    assert len(rounds) == 60 and all(row["status"] == "settled" for row in rounds)
    for row in rounds:
        lines = await ledger(casino, alice, row["id"])
        assert -sum(amount for kind, amount in lines if kind == "bet") == row["stake"]
        assert sum(amount for kind, amount in lines if kind == "win") == row["payout"]
        side = row["outcome"]["insurance"]
        assert row["stake"] == sum(h["stake"] for h in row["outcome"]["hands"]) + (side["stake"] if side else 0)
    _, figures = await get(client, alice, "/api/v1/statistics/games/blackjack")
    staked, returned = sum(row["stake"] for row in rounds), sum(row["payout"] for row in rounds)
    assert (figures["bets_count"], figures["bets_amount"], figures["wins_amount"]) == (60, staked, returned)
    assert figures["net_profit"] == returned - staked
    assert figures["wins_count"] == sum(row["net"] > 0 for row in rounds)
    assert figures["best_win"] == max(0, *(row["net"] for row in rounds))
    await assert_books_hold(casino, alice)
    books = await casino.db.fetch_one("SELECT at_stake, nonce FROM books WHERE player_id = :id", id=alice.id)
    assert books == {"at_stake": 0, "nonce": 60}
    assert sorted(row["fairness"]["nonce"] for row in rounds) == list(range(60))


# What stays in the house ---------------------------------------------------------------------------------------------


def mentions(text: str, code: str) -> bool:
    """Whether a card is named in some text (and not just two letters within a token)."""
    return re.search(rf"(?<![A-Za-z0-9_.-]){code}(?![A-Za-z0-9_.-])", text) is not None


async def test_nothing_shows_the_hole_card(
    casino: Casino, client: TestClientProtocol, alice: Player, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither the hole card nor the cards to come nor the seed are in any answer, page, event or log line."""

    def telling(game: engine.Game) -> bool:
        visible = {*game.hands[0].cards, game.dealer[0]}
        return not game.settled and len(game.hands[0].cards) == 3 and game.dealer[1] not in visible

    number = find(telling, after=["hit"])
    seed = await plant(casino, alice, number)
    texts = []

    async def keep(response: Any) -> None:
        texts.append(await response.get_data(as_text=True) + str(response.headers))

    dealt = await client.post("/api/v1/games/blackjack/rounds", json={"stake": 20}, headers=alice.headers)
    await keep(dealt)
    round_id = (await dealt.get_json())["round"]["id"]
    await keep(await ask(client, alice, round_id, "hit"))
    await keep(await ask(client, alice, round_id, "split"))
    for path in (
        "/blackjack",
        "/history",
        f"/rounds/{round_id}",
        "/fairness",
        "/api/v1/games/blackjack/rounds/current",
        "/api/v1/games/blackjack/rounds/current/advice",
        "/api/v1/rounds",
        f"/api/v1/rounds/{round_id}",
        "/api/v1/fairness",
        "/api/v1/fairness/seeds",
        "/api/v1/transactions",
    ):
        await keep(await client.get(path, headers={**alice.headers, "Accept": "text/html"}))
    told = await casino.db.fetch("SELECT * FROM outbox")
    stored = await casino.db.fetch("SELECT outcome, decisions FROM rounds")
    game = engine.replay(shoe(number), 20, ["hit"])
    hole = game.dealer[1]
    ahead = [card for card in shoe(number)[5:15] if card not in {*game.hands[0].cards, game.dealer[0]}]
    for text in [*texts, str(told), str(stored), "".join(capfd.readouterr())]:
        assert not mentions(text, hole) and not any(mentions(text, card) for card in ahead)
        assert seed not in text and server_seed(number) not in text
    # The search itself works: once settled, the hole card is named.
    await keep(await ask(client, alice, round_id, "stand"))
    assert mentions(texts[-1], hole)
    assert CLIENT_SEED in texts[0]


async def test_the_coach_names_the_strategys_play(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    status, body = await get(client, alice, "/api/v1/games/blackjack/rounds/current/advice")
    assert (status, body["code"]) == (404, "round_not_found")
    await plant(casino, alice, find(lambda game: "insurance" in game.legal_actions()))
    round_ = (await deal(client, alice))["round"]
    assert await get(client, alice, "/api/v1/games/blackjack/rounds/current/advice") == (
        200,
        {"action": "decline_insurance"},
    )
    round_ = (await act(client, alice, round_["id"], ["decline_insurance"]))["round"]
    if round_["status"] == "open":
        outcome = round_["outcome"]
        expected = advise(outcome["hands"][0]["cards"], outcome["dealer"]["cards"][0], outcome["legal_actions"])
        _, body = await get(client, alice, "/api/v1/games/blackjack/rounds/current/advice")
        assert body == {"action": expected}


# What may be done is told as of now -----------------------------------------------------------------------------------


async def told(client: TestClientProtocol, player: Player, round_id: str) -> list[set[str]]:
    """The legal actions of the open round wherever it is told."""
    answers = [
        (await get(client, player, "/api/v1/games/blackjack/rounds/current"))[1]["round"],
        (await get(client, player, f"/api/v1/rounds/{round_id}"))[1]["round"],
        *(await get(client, player, "/api/v1/rounds?limit=1"))[1]["rounds"],
    ]
    assert answers[0] == answers[1] == answers[2]
    return [set(answer["outcome"]["legal_actions"]) for answer in answers]


async def test_coins_spent_elsewhere_are_not_offered(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    await plant(casino, alice, find(open_and_not_asked))
    round_id = (await deal(client, alice))["round"]["id"]
    assert all("double" in legal for legal in await told(client, alice, round_id))
    await set_balance(casino, alice, 19)
    assert not any("double" in legal for legal in await told(client, alice, round_id))
    refused = await ask(client, alice, round_id, "double")
    assert (await refused.get_json())["code"] == "insufficient_funds"


@pytest.mark.parametrize("limit", ["break", "loss", "session", "frozen"])
async def test_what_the_players_own_limits_forbid_is_not_offered(
    casino: Casino, client: TestClientProtocol, alice: Player, limit: str
) -> None:
    await plant(casino, alice, find(open_and_not_asked))
    round_id = (await deal(client, alice))["round"]["id"]
    code = await _limit(casino, client, alice, limit)
    if limit == "frozen":
        login = await casino.accounts.login(alice.username, alice.password)
        alice = replace(alice, access_token=login.access_token)
    offered = await told(client, alice, round_id)
    assert not any(legal & {"double", "split"} for legal in offered)
    assert all({"hit", "stand", "surrender"} <= legal for legal in offered)
    refused = await ask(client, alice, round_id, "double")
    assert (await refused.get_json())["code"] == code
    acted = await act(client, alice, round_id, ["surrender"])
    assert acted["round"]["status"] == "settled" and acted["round"]["payout"] == 10


async def _limit(casino: Casino, client: TestClientProtocol, player: Player, limit: str) -> str:
    """Forbids the player 20 coins more in one of the ways there are; the code of the refusal."""
    if limit == "break":
        await client.post("/api/v1/limits/time-out", json={"hours": 1}, headers=player.headers)
        return "time_out_active"
    if limit == "loss":
        await client.put("/api/v1/limits", json={"daily_loss": 39}, headers=player.headers)
        return "loss_limit_reached"
    if limit == "session":
        await client.put("/api/v1/limits", json={"session_minutes": 1}, headers=player.headers)
        await casino.db.execute(
            "UPDATE sessions SET created_at = :then", then=await casino.db.now() - timedelta(hours=1)
        )
        return "session_limit_reached"
    await casino.accounts.freeze(player.id)
    return "account_frozen"
