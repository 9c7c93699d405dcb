"""Seed pairs over the API, on both engines."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from quart.typing import TestClientProtocol

from imperio.app import Casino
from imperio.fairness.stream import commitment
from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]
PAIR = {"server_seed_hash", "client_seed", "nonce", "next_server_seed_hash"}


@pytest.fixture
async def alice(player: MakePlayer) -> Player:
    return await player("alice")


async def current(client: TestClientProtocol, who: Player) -> dict[str, Any]:
    response = await client.get("/api/v1/fairness", headers=who.headers)
    assert response.status_code == 200
    answer: dict[str, Any] = await response.get_json()
    return answer


async def rotate(client: TestClientProtocol, who: Player, body: Any = None, **headers: str) -> Any:
    return await client.post("/api/v1/fairness/rotate", json=body or {}, headers={**who.headers, **headers})


async def spin(client: TestClientProtocol, who: Player) -> dict[str, Any]:
    response = await client.post("/api/v1/games/slots/spins", json={"stake": 1}, headers=who.headers)
    assert response.status_code == 201
    round_: dict[str, Any] = (await response.get_json())["round"]
    return round_


async def test_the_nonce_is_the_next_to_be_used(client: TestClientProtocol, alice: Player) -> None:
    pair = await current(client, alice)
    assert set(pair) == PAIR and pair["nonce"] == 0
    assert pair["server_seed_hash"] != pair["next_server_seed_hash"]
    for nonce in range(3):
        assert (await current(client, alice))["nonce"] == nonce
        fairness = (await spin(client, alice))["fairness"]
        assert fairness["nonce"] == nonce and fairness["server_seed"] is None
        assert fairness["server_seed_hash"] == pair["server_seed_hash"]
    assert (await current(client, alice))["nonce"] == 3


async def test_a_refused_bet_uses_no_nonce(client: TestClientProtocol, alice: Player) -> None:
    for stake in (501, 0):
        response = await client.post("/api/v1/games/slots/spins", json={"stake": stake}, headers=alice.headers)
        assert response.status_code == 422
    assert (await current(client, alice))["nonce"] == 0


async def test_rotation_reveals_and_begins_anew(client: TestClientProtocol, alice: Player) -> None:
    before = await current(client, alice)
    rounds = [await spin(client, alice) for _ in range(2)]
    response = await rotate(client, alice, {"client_seed": "my own words, ☃"})
    assert response.status_code == 200
    body = await response.get_json()
    revealed, after = body["revealed"], body["current"]
    assert set(revealed) == {"server_seed", "server_seed_hash", "client_seed", "last_nonce"} and set(after) == PAIR
    assert commitment(revealed["server_seed"]) == revealed["server_seed_hash"] == before["server_seed_hash"]
    assert (revealed["client_seed"], revealed["last_nonce"]) == (before["client_seed"], 1)
    assert after["server_seed_hash"] == before["next_server_seed_hash"]
    assert (after["client_seed"], after["nonce"]) == ("my own words, ☃", 0)
    assert await current(client, alice) == after
    # The rounds played before now name their server seed, and lead to the same stops again.
    for played in rounds:
        answer = await client.get(f"/api/v1/rounds/{played['id']}", headers=alice.headers)
        fairness = (await answer.get_json())["round"]["fairness"]
        assert fairness["server_seed"] == revealed["server_seed"]
        asked = {name: fairness[name] for name in ("server_seed", "client_seed", "nonce")}
        verified = await client.post("/api/v1/fairness/verify", json={"game": "slots", **asked})
        assert (await verified.get_json())["outcome"] == played["outcome"]
    assert (await spin(client, alice))["fairness"]["server_seed_hash"] == after["server_seed_hash"]


async def test_without_a_client_seed_the_present_one_goes_on(client: TestClientProtocol, alice: Player) -> None:
    before = await current(client, alice)
    body = await (await rotate(client, alice)).get_json()
    assert body["current"]["client_seed"] == before["client_seed"]
    assert body["revealed"]["last_nonce"] is None
    bare = await client.post("/api/v1/fairness/rotate", headers=alice.headers)
    assert bare.status_code == 200


@pytest.mark.parametrize("seed", ["", "x" * 65, "tab\there", "line\nbreak", "nul\0", "\u2028", "\x7f", 5, ["a"]])
async def test_client_seeds_that_are_refused(client: TestClientProtocol, alice: Player, seed: object) -> None:
    before = await current(client, alice)
    response = await rotate(client, alice, {"client_seed": seed})
    assert response.status_code == 422
    assert (await response.get_json())["errors"][0]["field"] == "client_seed"
    assert await current(client, alice) == before


@pytest.mark.parametrize("seed", ["x", "x" * 64, "a:b:c", "\U0001f352" * 64, " ", "Ünïcode"])
async def test_client_seeds_that_are_taken(client: TestClientProtocol, alice: Player, seed: str) -> None:
    response = await rotate(client, alice, {"client_seed": seed})
    assert response.status_code == 200
    assert (await current(client, alice))["client_seed"] == seed
    assert (await spin(client, alice))["fairness"]["client_seed"] == seed


async def test_unknown_fields_are_refused(client: TestClientProtocol, alice: Player) -> None:
    response = await rotate(client, alice, {"server_seed": "0" * 64})
    assert response.status_code == 422


async def test_the_same_key_rotates_once(casino: Casino, client: TestClientProtocol, alice: Player) -> None:
    key = {"Idempotency-Key": "turn the page"}
    responses = await asyncio.gather(*(rotate(client, alice, {"client_seed": "new"}, **key) for _ in range(10)))
    assert {response.status_code for response in responses} == {200}
    assert len({await response.get_data() for response in responses}) == 1
    replayed = Counter(response.headers.get("Idempotency-Replayed") for response in responses)
    assert replayed == {None: 1, "true": 9}
    other = await rotate(client, alice, {"client_seed": "other"}, **key)
    assert (other.status_code, (await other.get_json())["code"]) == (422, "idempotency_conflict")
    revealed = await casino.db.fetch_one("SELECT count(*) AS n FROM seed_pairs WHERE revealed_at IS NOT NULL")
    assert revealed == {"n": 1}


async def test_ten_rotations_at_once_reveal_ten_pairs(client: TestClientProtocol, alice: Player) -> None:
    first = await current(client, alice)
    responses = await asyncio.gather(*(rotate(client, alice) for _ in range(10)))
    assert [response.status_code for response in responses] == [200] * 10
    bodies = [await response.get_json() for response in responses]
    hashes = {body["revealed"]["server_seed_hash"] for body in bodies}
    assert len(hashes) == 10 and first["server_seed_hash"] in hashes


async def test_revealed_pairs_newest_first_and_paged(client: TestClientProtocol, alice: Player) -> None:
    revealed = [(await (await rotate(client, alice)).get_json())["revealed"] for _ in range(5)]
    listed: list[dict[str, Any]] = []
    cursor = ""
    while True:
        path = f"/api/v1/fairness/seeds?limit=2{cursor}"
        page = await (await client.get(path, headers=alice.headers)).get_json()
        listed += page["seeds"]
        if page["next_cursor"] is None:
            break
        assert len(page["seeds"]) == 2
        cursor = f"&cursor={page['next_cursor']}"
    assert [{name: pair[name] for name in revealed[0]} for pair in listed] == revealed[::-1]
    times = [pair["revealed_at"] for pair in listed]
    assert times == sorted(times, reverse=True) and all(moment.endswith("Z") for moment in times)
    whole = await (await client.get("/api/v1/fairness/seeds", headers=alice.headers)).get_json()
    assert whole == {"seeds": listed, "next_cursor": None}


async def test_pairs_are_private(client: TestClientProtocol, alice: Player, player: MakePlayer) -> None:
    await rotate(client, alice)
    bob = await player("bob")
    assert (await current(client, bob))["server_seed_hash"] != (await current(client, alice))["server_seed_hash"]
    seeds = await (await client.get("/api/v1/fairness/seeds", headers=bob.headers)).get_json()
    assert seeds["seeds"] == []


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "fairness"), ("POST", "fairness/rotate"), ("GET", "fairness/seeds")]
)
async def test_only_for_players(client: TestClientProtocol, method: str, path: str) -> None:
    response = await client.open(f"/api/v1/{path}", method=method)
    assert (response.status_code, (await response.get_json())["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "cursor=abc", "page=2"])
async def test_nonsense_queries(client: TestClientProtocol, alice: Player, query: str) -> None:
    response = await client.get(f"/api/v1/fairness/seeds?{query}", headers=alice.headers)
    assert response.status_code == 422
