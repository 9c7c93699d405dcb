"""What players see without doing anything: rows that move, the badge, the toast of an achievement."""

from collections.abc import Callable

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.support.server import Server


@pytest.mark.browser
async def test_boards_badge_and_toast_are_live(server: Callable[..., Server], page: Page) -> None:
    casino = server()
    await page.goto(f"{casino.base_url}/signup")
    await page.get_by_label("Username").fill("watcher")
    await page.get_by_label("Email").fill("watcher@example.com")
    await page.get_by_label("Password", exact=True).fill("a palace at night")
    await page.locator("form").filter(has=page.get_by_label("Username")).get_by_role("button").last.click()
    await page.wait_for_url(lambda url: not url.endswith("/signup"))
    await page.goto(f"{casino.base_url}/leaderboard?metric=total_wins&timeframe=daily")
    await expect(page.get_by_text("Nobody yet")).to_be_visible()
    await expect(page.locator("[data-live-dot]")).to_have_attribute("data-state", "open")
    async with httpx.AsyncClient(base_url=casino.base_url, timeout=10) as client:
        for name in ("watcher", "rival"):
            if name == "watcher":
                body = {"username": name, "password": "a palace at night"}
                login = (await client.post("/api/v1/auth/login", json=body)).json()
            else:
                body = {"username": name, "email": f"{name}@example.com", "password": "a palace at night"}
                login = (await client.post("/api/v1/auth/signup", json=body)).json()
            bets = [{"type": kind, "amount": 1} for kind in ("red", "black")]
            headers = {"Authorization": f"Bearer {login['access_token']}"}
            spun = await client.post("/api/v1/games/roulette/spins", json={"bets": bets}, headers=headers)
            assert spun.status_code == 201
    await expect(page.locator("tbody tr")).to_have_count(2)
    await expect(page.locator("tbody")).to_contain_text("watcher")
    await expect(page.locator("tbody")).to_contain_text("rival")
    await expect(page.locator("[data-unread]").first).to_have_text("1")
    await expect(page.locator("[data-toasts]")).to_contain_text("First Spin")
