"""The lobby lives while one looks at it."""

import asyncio

import httpx
import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Visit
from tests.support.players import PASSWORD
from tests.support.server import Server

pytestmark = pytest.mark.browser


async def test_the_game_cards_follow_the_play(house: Server, visit: Visit) -> None:
    page = await visit()
    await page.clock.install()
    await page.goto("/")
    roulette = page.locator("[data-game=roulette]")
    await expect(roulette).to_contain_text("Nobody has played yet tonight.")
    await expect(roulette.locator(".game__now")).to_be_hidden()
    await page.wait_for_function("() => document.querySelector('[data-live-dot]').dataset.state === 'open'")

    login = {"username": "Livia", "email": "livia@example.com", "password": PASSWORD}
    async with httpx.AsyncClient(base_url=house.base_url) as client:
        token = (await client.post("/api/v1/auth/signup", json=login)).json()["access_token"]
        bet = {"bets": [{"type": "red", "numbers": [], "amount": 1}]}
        answer = await client.post(
            "/api/v1/games/roulette/spins", json=bet, headers={"Authorization": f"Bearer {token}"}
        )
    assert answer.status_code == 201
    pocket = answer.json()["round"]["outcome"]["pocket"]
    for _ in range(100):  # the house itself looks at most once in two seconds
        await page.clock.run_for(30_000)
        if await roulette.locator(".pocket").count():
            break
        await asyncio.sleep(0.2)
    await expect(roulette.locator(".pocket")).to_have_text(str(pocket))
    await expect(roulette.locator(".game__now")).to_have_text("1 playing")
