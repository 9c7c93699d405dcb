"""Malformed requests to every call of the API, made from its own description: always a 4xx problem, nothing moves."""

import json
import random
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from quart.typing import TestClientProtocol

from imperio.app import Casino
from tests.support.players import Player

SignUp = Callable[..., Awaitable[Player]]

HOSTILE_VALUES: list[Any] = [
    None,
    True,
    -1,
    0.5,
    5.0,
    2**63,
    -(2**63) - 1,
    10**40,
    "",
    "5",
    "x" * 5000,
    "\x00",
    "'; DROP TABLE ledger; --",
    "\u202e\ud7ff",
    [],
    {},
    [[[[[]]]]],
    {"$ref": "#"},
    {"__proto__": {"role": "admin"}},
]
HOSTILE_BODIES = [
    b"",
    b"{",
    b"nonsense",
    b"\xff\xfe\x00",
    b'{"stake": NaN}',
    b'{"stake": Infinity}',
    b"[" * 20_000,
    b'{"a":' * 5_000,
    b'{"stake": 1, "stake": 2, "unknown": 3}',
    b"null",
    b"[]",
    b'"text"',
    b"17",
    b"x" * (64 * 1024 + 1),
]
HOSTILE_TOKENS = ["", "x", "Bearer", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "\u00e9" * 20, "A" * 5000]
HOSTILE_QUERIES = [
    "limit=-1",
    "limit=1e3",
    "limit=99999999999999999999",
    "limit=1&limit=2",
    "cursor=AAAA",
    "cursor=%00",
    "cursor=djE6LTE",
    "cursor=" + "9" * 200,
    "from=never",
    "metric=coins%27--",
    "days=NaN",
    "unknown=1",
    "%ff=%ff",
]
# What the requests below may leave behind without anything having moved: throttling of wrong passwords.
COUNTED = (
    "ledger",
    "rounds",
    "books",
    "users",
    "seed_pairs",
    "outbox",
    "play_limits",
    "notifications",
    "chat_messages",
    "chat_mutes",
    "idempotency_keys",
)


async def figures(casino: Casino) -> dict[str, Any]:
    """How much there is of everything, and every balance and version."""
    counts = {name: (await casino.db.fetch(f"SELECT count(*) AS n FROM {name}"))[0]["n"] for name in COUNTED}
    books = await casino.db.fetch("SELECT player_id, version, balance, nonce FROM books ORDER BY player_id")
    return {**counts, "state": books}


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if path.startswith("/api/"):
                yield method.upper(), path, operation


def fields_of(description: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return list(schema.get("properties", {}))


def filled(path: str, value: str) -> str:
    while "{" in path:
        path = path[: path.index("{")] + value + path[path.index("}") + 1 :]
    return path


def requests_for(description: dict[str, Any], rounds: int, seed: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and client arguments of requests that no sane client sends."""
    chance = random.Random(seed)
    for method, path, operation in operations(description):
        names = fields_of(description, operation)
        for value in ("0", "..%2f..", "%00", "x" * 300, "%ff", "' OR 1=1"):
            if "{" in path:
                yield method, filled(path, value), {"json": {"unknown": 1}} if method in ("POST", "PUT") else {}
        address = filled(path, "nothing")
        if method == "GET":
            for query in HOSTILE_QUERIES:
                yield method, f"{address}?{query}", {}
            continue
        for body in HOSTILE_BODIES:
            yield method, address, {"data": body, "headers": {"Content-Type": "application/json"}}
        yield method, address, {"data": b"stake=1", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
        for _ in range(rounds if names else 0):
            body = {name: chance.choice(HOSTILE_VALUES) for name in chance.sample(names, chance.randint(1, len(names)))}
            # An unknown field makes sure that not even a lucky combination is taken.
            yield method, address, {"json": {**body, "surprise": chance.choice(HOSTILE_VALUES)}}


@pytest.mark.parametrize("rounds", [3, pytest.param(150, marks=pytest.mark.slow)])
async def test_nothing_moves(casino: Casino, client: TestClientProtocol, player: SignUp, rounds: int) -> None:
    alice = await player()
    description = await (await client.get("/openapi.json")).get_json()
    before = await figures(casino)
    sent, wrong = 0, []
    for method, path, arguments in requests_for(description, rounds, seed=5011):
        headers = {**alice.headers, **arguments.pop("headers", {})}
        response = await client.open(path, method=method, headers=headers, **arguments)
        sent += 1
        harmless = method == "GET" and response.status_code in (200, 404)
        # Calls without a body or with one that may be empty are not what is asked about here.
        allowed_empty = response.status_code < 300 and arguments.get("data") == b""
        if not harmless and not allowed_empty and not 400 <= response.status_code < 500:
            wrong.append((method, path, response.status_code, str(arguments)[:120]))
        if 400 <= response.status_code < 500:
            assert response.mimetype == "application/problem+json", (method, path)
    assert wrong == []
    assert sent > 500
    after = await figures(casino)
    changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    assert set(changed) <= EMPTY_BODY_EFFECTS, changed


# An empty body is right for some calls (claim the bonus, rotate the seeds, mark all as read): these may act.
EMPTY_BODY_EFFECTS = {"ledger", "books", "state", "seed_pairs", "outbox", "notifications", "play_limits"}


async def test_forged_tokens_and_cookies_are_nobody(client: TestClientProtocol) -> None:
    for token in HOSTILE_TOKENS:
        for headers in (
            {"Authorization": f"Bearer {token}".encode().decode("latin-1")},
            {"Cookie": f"imperio_access={token}; imperio_refresh={token}".encode().decode("latin-1")},
        ):
            response = await client.get("/api/v1/me", headers=headers)
            assert response.status_code == 401, (token[:20], response.status_code)
            assert (await response.get_json())["code"] == "not_authenticated"


async def test_bodies_that_are_no_objects_have_the_right_status(client: TestClientProtocol, player: SignUp) -> None:
    alice = await player()
    expected = {b"{": 400, b"\xff": 400, b'{"stake": NaN}': 400, b"[]": 422, b"17": 422, b'"text"': 422, b"null": 422}
    for body, status in expected.items():
        headers = {**alice.headers, "Content-Type": "application/json"}
        response = await client.post("/api/v1/games/slots/spins", data=body, headers=headers)
        assert response.status_code == status, body
    for value in HOSTILE_VALUES:
        headers = {**alice.headers, "Content-Type": "application/json"}
        response = await client.post("/api/v1/games/slots/spins", data=json.dumps({"stake": value}), headers=headers)
        assert response.status_code == 422, value


async def test_the_answer_to_thousands_of_wrong_fields_is_short(client: TestClientProtocol, player: SignUp) -> None:
    alice = await player()
    for path, body in (
        ("roulette/spins", {"bets": [{}] * 15_000}),
        ("roulette/spins", {"bets": [{"type": "red", "numbers": ["x"] * 10_000, "amount": 1}]}),
        ("slots/spins", {str(number): 1 for number in range(5_000)}),
    ):
        response = await client.post(f"/api/v1/games/{path}", json=body, headers=alice.headers)
        problem = await response.get_json()
        assert response.status_code == 422 and 1 <= len(problem["errors"]) <= 20
