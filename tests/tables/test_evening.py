"""Three people in three browsers with all motion, on two workers of which one is killed, at each kind of table."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.browser import watch
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.multi, pytest.mark.slow, pytest.mark.timeout(240)]
PASSWORD = "a palace at night"
SLOW = 30_000


@pytest.fixture
def two_workers(server: Callable[..., Server], postgres_url: str, redis_url: str) -> Server:
    return server(IMPERIO_DATABASE_URL=postgres_url, IMPERIO_REDIS_URL=redis_url, IMPERIO_WORKERS="2")


@pytest.fixture
async def people(browser: Browser, two_workers: Server) -> AsyncIterator[list[Page]]:
    """Anna (large screen), Bert (phone), Cleo (large screen), each logged in."""
    pages, problems = [], []
    for name, width in (("anna", 1280), ("bert", 390), ("cleo", 1280)):
        async with httpx.AsyncClient(base_url=two_workers.base_url, trust_env=False) as client:
            body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
            assert (await client.post("/api/v1/auth/signup", json=body)).status_code == 201
        context = await browser.new_context(base_url=two_workers.base_url, viewport={"width": width, "height": 860})
        page = await context.new_page()
        watch(page, problems)
        await page.goto("/login")
        await page.get_by_label("Username").fill(name)
        await page.locator("#main input[type=password]").fill(PASSWORD)
        await page.locator("#main form button:not([type=button])").first.click()
        await page.wait_for_url(re.compile("^(?!.*login)"))
        pages.append(page)
    yield pages
    for page in pages:
        await page.context.close()
    # A killed worker's connections break off; the browser says so and comes back.
    serious = [problem for problem in problems if "WebSocket" not in problem and "ERR_" not in problem]
    assert not serious, "\n".join(serious)


async def stake(page: Page, game: str) -> None:
    if game == "roulette":
        await page.locator("[data-spot=red]").click()
        await expect(page.locator("[data-total]")).to_have_text("5")
        await page.locator("[data-done]").click()
    else:
        await page.locator("[data-stake] button:not([type=button])").click()


async def decide(pages: list[Page]) -> None:
    """Stands for whoever's turn it is until the round is over."""
    while await pages[0].locator(".table[data-phase=acting]").count():
        for page in pages:
            for action in ("decline_insurance", "stand"):
                button = page.locator(f"[data-action={action}]:visible:enabled")
                if await button.count():
                    await button.click()
        await asyncio.sleep(0.1)


@pytest.mark.parametrize("game", ["roulette", "blackjack", "slots"])
async def test_an_evening_at_a_table(people: list[Page], two_workers: Server, game: str) -> None:
    anna, bert, cleo = people
    await anna.goto("/tables")
    await anna.locator(f"[name=game_type][value={game}]").check(force=True)
    await anna.get_by_label("Seconds to bet").fill("30")
    await anna.get_by_role("button", name="Open the table").click()
    await anna.wait_for_url("**/tables/*")
    for page in (bert, cleo):
        await page.goto("/tables")
        await page.locator(".troom").first.click()
        await page.locator("[data-do=sit]").click()
    await expect(anna.locator(".people__one")).to_have_count(3)
    await anna.locator("[data-do=start]").click()
    for page in people:
        await expect(page.locator(".table")).to_have_attribute("data-phase", "betting")
        await stake(page, game)
    if game == "blackjack":
        await expect(bert.locator(".table")).to_have_attribute("data-phase", re.compile("acting|result"))
        # Somebody's page is loaded again in the middle of the hand and shows the same cards.
        before = await cleo.locator(".tbj__seat .card").count()
        await cleo.reload()
        await expect(cleo.locator(".tbj__seat .card")).to_have_count(before)
        await decide(people)
    for page in people:
        await expect(page.locator(".table")).to_have_attribute("data-phase", "result", timeout=60_000)
    told = bert.locator("[data-result]" if game == "roulette" else "[data-says]")
    await expect(told).to_contain_text(re.compile("comes? back|coins|came back|You win"), timeout=SLOW)
    assert await bert.evaluate("document.documentElement.scrollWidth") <= 390

    for page in people:
        await expect(page.locator(".table")).to_have_attribute("data-phase", "betting", timeout=SLOW)
    os.kill(two_workers.worker_pids()[0], signal.SIGKILL)
    await asyncio.sleep(1)
    for page in people:
        await expect(page.locator(".table")).to_have_attribute("data-connection", "open", timeout=SLOW)
        await expect(page.locator(".people__one")).to_have_count(3, timeout=SLOW)
    await anna.locator("[data-do=leave]").click()
    await anna.wait_for_url("**/tables")
    await expect(bert.locator(".people__one")).to_have_count(2)
    await expect(bert.locator("[data-host]")).to_contain_text("bert")
