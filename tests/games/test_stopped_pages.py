"""Whoever may not play now finds the games' main buttons out of use, and why."""

import re
from collections.abc import Awaitable, Callable

import pytest
from quart.typing import TestClientProtocol

from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]
MAIN = {"/slots": "data-spin", "/roulette": "data-spin", "/blackjack": "data-deal"}


async def is_open(client: TestClientProtocol, path: str, headers: dict[str, str]) -> bool:
    page = await (await client.get(path, headers=headers)).get_data(as_text=True)
    main = re.search(rf"<button[^>]* {MAIN[path]}\b[^>]*>", page)
    assert main is not None
    return " disabled" not in main[0]


@pytest.mark.parametrize("path", MAIN)
async def test_a_break_closes_the_game(client: TestClientProtocol, player: MakePlayer, path: str) -> None:
    alice = await player()
    assert await is_open(client, path, alice.headers)
    answer = await client.post("/api/v1/limits/time-out", json={"hours": 1}, headers=alice.headers)
    assert answer.status_code == 200
    assert not await is_open(client, path, alice.headers)
    refused = await client.post("/api/v1/games/slots/spins", json={"stake": 1}, headers=alice.headers)
    told = (await refused.get_json())["detail"]
    assert re.fullmatch(r"Your break lasts until \d{1,2} \w{3} \d{4}, \d\d:\d\d UTC\.", told)
