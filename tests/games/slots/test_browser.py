"""Cherry Charm in a real browser: what the reels show is what the house drew."""

import time
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from imperio.games.slots.pages import combination
from tests.games.entrance import enter, settled
from tests.support.axe import find_faults
from tests.support.server import Server

pytestmark = pytest.mark.browser

SPINS = "**/api/v1/games/slots/spins"
# The symbol whose face really lies in the middle of each reel's window, once what was told has been drawn.
ON_THE_LINE = """async () => {
  for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
  return [...document.querySelectorAll('[data-reel]')].map((reel) => {
    const box = reel.getBoundingClientRect();
    const hit = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return hit.map((node) => node.closest('[data-symbol]')).find(Boolean)?.dataset.symbol;
  });
}"""


async def spin(page: Page) -> dict[str, Any]:
    """Spins by the button and waits for the end of the show; the API's answer."""
    async with page.expect_response(SPINS) as caught:
        await page.get_by_role("button", name="Spin", exact=True).click()
    answer: dict[str, Any] = await (await caught.value).json()
    await finished(page, answer)
    return answer


async def finished(page: Page, answer: dict[str, Any]) -> None:
    await expect(page.locator("[data-result] a")).to_have_attribute(
        "href", f"/rounds/{answer['round']['id']}", timeout=30_000
    )
    # A big win's moment lies over the page until it is closed.
    moment = page.locator("dialog.moment")
    if answer["round"]["payout"] >= 500 and answer["round"]["net"] > 0:
        await moment.click()
    await expect(page.locator(".slots--spinning")).to_have_count(0)


async def test_the_reels_stand_where_the_house_says(house: Server, page: Page) -> None:
    await enter(page, house, "/slots")
    await settled(page)
    for _ in range(3):
        before = await page.locator("[data-balance-text]").first.text_content()
        began = time.monotonic()
        async with page.expect_response(SPINS) as caught:
            await page.get_by_role("button", name="Spin", exact=True).click()
        answer = await (await caught.value).json()
        await page.wait_for_timeout(900)
        assert await page.locator("[data-balance-text]").first.text_content() == before, "told before the show's end"
        await finished(page, answer)
        assert time.monotonic() - began >= 2.5
        outcome = answer["round"]["outcome"]
        assert await page.evaluate(ON_THE_LINE) == outcome["symbols"]
        await expect(page.locator("[data-balance-text]").first).to_have_text(f"{answer['balance']:,}")
        lit = await page.locator(".pays__lit").evaluate_all("rows => rows.map((row) => row.dataset.pay)")
        paid = combination(outcome["stops"])
        assert lit == ([paid] if paid else [])
    await expect(page.locator("[data-recent] li")).to_have_count(3)


async def test_the_space_bar_spins_once_and_a_chip_sets_the_stake(house: Server, page: Page) -> None:
    await enter(page, house, "/slots")
    await settled(page)
    await page.get_by_role("button", name="25 coin chip").click()
    await page.locator("h1").click()
    sent: list[Any] = []
    page.on("request", lambda request: sent.append(request.post_data_json) if request.url.endswith("/spins") else None)
    async with page.expect_response(SPINS) as caught:
        await page.keyboard.press("Space")
    await page.keyboard.press("Space")
    await finished(page, await (await caught.value).json())
    assert sent == [{"stake": 25}]


async def test_a_lost_answer_is_asked_for_again_with_the_same_key(
    house: Server, page: Page, page_problems: list[str]
) -> None:
    await enter(page, house, "/slots")
    await settled(page)
    keys: list[str] = []

    async def lose_first(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        answer = await route.fetch()
        if len(keys) == 1:
            await route.abort()
        else:
            await route.fulfill(response=answer)

    await page.route(SPINS, lose_first)
    await page.get_by_role("button", name="Spin", exact=True).click()
    await expect(page.locator("[data-result] a")).to_be_visible(timeout=10_000)
    assert len(keys) == 2 and keys[0] == keys[1]
    await page.reload()
    await settled(page)
    await expect(page.locator("[data-recent] li")).to_have_count(1)
    page_problems[:] = [problem for problem in page_problems if "ERR_FAILED" not in problem]


async def test_a_refusal_is_told_and_the_reels_go_back(house: Server, page: Page, page_problems: list[str]) -> None:
    await enter(page, house, "/slots")
    await settled(page)
    standing = await page.evaluate(ON_THE_LINE)
    problem = '{"code":"insufficient_funds","title":"Not enough coins","status":409,"detail":"Too much."}'
    kind = "application/problem+json"
    await page.route(SPINS, lambda route: route.fulfill(status=409, content_type=kind, body=problem))
    await page.get_by_role("button", name="Spin", exact=True).click()
    await expect(page.locator("[data-result]")).to_contain_text("Not enough coins")
    assert await page.evaluate(ON_THE_LINE) == standing
    page_problems[:] = [problem for problem in page_problems if "409" not in problem]


async def test_without_a_script_the_form_plays(browser: Browser, house: Server) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await enter(page, house, "/slots")
    await page.fill("#stake", "5")
    await page.get_by_role("button", name="Spin", exact=True).click()
    await page.wait_for_url("**/slots?round=*")
    await expect(page.locator("[data-result]")).to_contain_text("5 staked")
    await context.close()


async def test_reduced_motion_tells_the_same(browser: Browser, house: Server) -> None:
    context = await browser.new_context(reduced_motion="reduce")
    page = await context.new_page()
    await enter(page, house, "/slots")
    await settled(page)
    began = time.monotonic()
    answer = await spin(page)
    assert time.monotonic() - began >= 2.5
    assert await page.evaluate(ON_THE_LINE) == answer["round"]["outcome"]["symbols"]
    await context.close()


async def test_the_replay_turns_the_reels_again(house: Server, page: Page) -> None:
    await enter(page, house, "/slots")
    await settled(page)
    answer = await spin(page)
    await page.goto(f"{page.url.partition('/slots')[0]}/rounds/{answer['round']['id']}")
    await settled(page)
    await page.get_by_role("button", name="Watch the replay").click()
    await expect(page.get_by_role("button", name="Watch the replay")).to_be_enabled(timeout=8_000)
    assert await page.evaluate(ON_THE_LINE) == answer["round"]["outcome"]["symbols"]


async def test_the_page_is_accessible(house: Server, page: Page) -> None:
    await page.emulate_media(reduced_motion="reduce")
    await enter(page, house, "/slots")
    await settled(page)
    await spin(page)
    assert await find_faults(page) == []
