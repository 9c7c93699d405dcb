"""The roulette table in a real browser: what lies on the felt is what is bet; the ball ends where the house says."""

import time
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from imperio.games.roulette import engine
from tests.games.entrance import enter, settled
from tests.support.axe import find_faults
from tests.support.server import Server

pytestmark = pytest.mark.browser

SPINS = "**/api/v1/games/roulette/spins"
# The number on the rotor that the ball is nearest to, as the eye sees it.
UNDER_THE_BALL = """() => {
  const middle = (node) => {
    const box = node.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  const [x, y] = middle(document.querySelector('[data-ball]'));
  const away = (node) => { const [a, b] = middle(node.querySelector('text')); return Math.hypot(a - x, b - y); };
  const numbers = [...document.querySelectorAll('[data-rotor] [data-number]')];
  return Number(numbers.sort((a, b) => away(a) - away(b))[0].dataset.number);
}"""
# Which spot a finger in the middle of each spot's own ground would touch.
TOUCHED = """() => Object.fromEntries([...document.querySelectorAll('[data-spot]')].map((spot) => {
  spot.scrollIntoView({ block: 'center', behavior: 'instant' });
  const box = spot.getBoundingClientRect();
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return [spot.dataset.spot, [hit?.closest('[data-spot]')?.dataset.spot, Math.min(box.width, box.height)]];
}))"""
MIDDLE = """(key) => {
  const spot = document.querySelector(`[data-spot="${key}"]`);
  spot.scrollIntoView({ block: 'center', behavior: 'instant' });
  const box = spot.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}"""
# A spin that only shows what would have been bet.
REFUSED = '{"code":"insufficient_funds","title":"Not enough coins","status":409,"detail":"Too much."}'


def spot(page: Page, label: str) -> Any:
    return page.get_by_role("button", name=label, exact=True)


async def spin(page: Page) -> dict[str, Any]:
    """Spins and waits for the end of the show; the API's answer."""
    async with page.expect_response(SPINS) as caught:
        await spot(page, "Spin").click()
    answer: dict[str, Any] = await (await caught.value).json()
    await finished(page, answer)
    return answer


async def finished(page: Page, answer: dict[str, Any]) -> None:
    await expect(page.locator("[data-result] a")).to_have_attribute(
        "href", f"/rounds/{answer['round']['id']}", timeout=30_000
    )
    if answer["round"]["payout"] >= 500 and answer["round"]["net"] > 0:
        await page.locator("dialog.moment").click()
    await expect(page.locator(".roulette--spinning")).to_have_count(0)


def named(bets: list[dict[str, Any]]) -> dict[tuple[str, tuple[int, ...]], int]:
    return {(bet["type"], tuple(bet["numbers"])): bet["amount"] for bet in bets}


async def test_the_ball_ends_in_the_pocket(house: Server, page: Page) -> None:
    await enter(page, house, "/roulette")
    await settled(page)
    for _ in range(2):
        await spot(page, "Split 17 and 20").click()
        await spot(page, "Red").click()
        began = time.monotonic()
        answer = await spin(page)
        assert time.monotonic() - began >= 2.5
        outcome = answer["round"]["outcome"]
        assert await page.evaluate(UNDER_THE_BALL) == outcome["pocket"]
        await expect(page.locator(".spot--hit")).to_have_attribute("data-spot", f"straight-{outcome['pocket']}")
        await expect(page.locator("[data-result]")).to_contain_text(f"{outcome['pocket']} {outcome['colour']}.")
        await expect(page.locator("[data-balance-text]").first).to_have_text(f"{answer['balance']:,}")
    await expect(page.locator("[data-past] li")).to_have_count(2)


@pytest.mark.parametrize("width", [390, 1440])
async def test_every_spot_can_be_touched_and_bets_what_it_says(
    house: Server, page: Page, page_problems: list[str], width: int
) -> None:
    await page.set_viewport_size({"width": width, "height": 844})
    await enter(page, house, "/roulette")
    await settled(page)
    touched = await page.evaluate(TOUCHED)
    assert {key: hit for key, (hit, _) in touched.items()} == {spot.key: spot.key for spot in engine.SPOTS}
    assert min(size for _, size in touched.values()) > 23.9, "a target smaller than WCAG 2.5.8 asks for"

    sent: list[dict[str, Any]] = []

    async def refuse(route: Route) -> None:
        sent.append(route.request.post_data_json)
        await route.fulfill(status=409, content_type="application/problem+json", body=REFUSED)

    await page.route(SPINS, refuse)
    await spot(page, "1 coin chip").click()
    for start in range(0, len(engine.SPOTS), engine.MAX_BETS):
        some = engine.SPOTS[start : start + engine.MAX_BETS]
        for one in some:
            # By its real place on the felt, not by dispatching an event.
            await page.mouse.click(*await page.evaluate(MIDDLE, one.key))
        sent.clear()
        await spot(page, "Spin").click()
        await expect(page.locator("[data-result]")).to_contain_text("Not enough coins", timeout=10_000)
        await expect(page.locator(".roulette--spinning")).to_have_count(0)
        assert named(sent[0]["bets"]) == {(one.type, one.numbers): 1 for one in some}
        await spot(page, "Clear").click()
        await page.evaluate("document.querySelector('[data-result]').replaceChildren()")
    page_problems[:] = [problem for problem in page_problems if "409" not in problem]


async def test_chips_stack_and_every_step_can_be_undone(house: Server, page: Page) -> None:
    await enter(page, house, "/roulette")
    await settled(page)
    total = page.locator("[data-total]")
    await spot(page, "25 coin chip").click()
    await spot(page, "Straight 17").click()
    await spot(page, "Straight 17").click()
    await expect(page.locator('[data-spot="straight-17"] .pile')).to_have_text("50")
    await spot(page, "Double").click()
    await expect(total).to_have_text("100")
    await spot(page, "Straight 17").click(button="right")
    await expect(total).to_have_text("75")
    await spot(page, "Undo").click()
    await expect(total).to_have_text("100")
    await page.locator("[data-chip='10']").drag_to(page.locator('[data-spot="split-8-11"]'))
    await expect(page.locator('[data-spot="split-8-11"] .pile')).to_have_text("10")
    await page.locator('[data-spot="split-8-11"]').drag_to(page.locator('[data-spot="corner-1-2-4-5"]'))
    await expect(page.locator('[data-spot="corner-1-2-4-5"] .pile')).to_have_text("10")
    await spot(page, "Remove chips").click()
    await spot(page, "Corner 1, 2, 4 and 5").click()
    await expect(total).to_have_text("100")
    await spot(page, "500 coin chip").click()
    await spot(page, "Straight 17").click()
    await spot(page, "Straight 17").click()
    await expect(page.locator("[data-note]")).to_have_text("At most 1,000 coins on one spot.")
    await spot(page, "Clear").click()
    await expect(total).to_have_text("0")
    await spot(page, "1 coin chip").click()
    await spot(page, "Red").click()
    await spin(page)
    await expect(total).to_have_text("0")
    await spot(page, "Rebet").click()
    await expect(total).to_have_text("1")


async def test_a_long_press_takes_a_chip_away(browser: Browser, house: Server) -> None:
    context = await browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = await context.new_page()
    await enter(page, house, "/roulette")
    await settled(page)
    field = page.locator('[data-spot="straight-5"]')
    await field.scroll_into_view_if_needed()
    await field.tap()
    await field.tap()
    await expect(page.locator("[data-total]")).to_have_text("10")
    box = await field.bounding_box()
    assert box is not None
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    devtools = await context.new_cdp_session(page)
    await devtools.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    await page.wait_for_timeout(700)
    await devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await expect(page.locator("[data-total]")).to_have_text("5")
    await context.close()


async def test_the_racetrack_bets_neighbours_and_sectors(house: Server, page: Page) -> None:
    await enter(page, house, "/roulette")
    await settled(page)
    await spot(page, "1 coin chip").click()

    async def lying() -> dict[str, int]:
        return dict(
            await page.locator("[data-amount]:not([data-amount='0'])").evaluate_all(
                "nodes => nodes.map((node) => [node.dataset.spot, Number(node.dataset.amount)])"
            )
        )

    await spot(page, "Neighbours of 0").click()
    assert await lying() == {part.spot.key: 1 for part in engine.neighbours(0)}
    await spot(page, "Clear").click()
    calls = {"Voisins": "voisins", "Tiers": "tiers", "Orphelins": "orphelins", "Jeu zéro": "jeu_zero"}
    for name, call in calls.items():
        await page.locator(".track__calls").get_by_role("button", name=name).click()
        assert await lying() == {part.spot.key: part.chips for part in engine.CALL_BETS[call]}
        await spot(page, "Clear").click()


@pytest.mark.parametrize("width", [390, 1440])
async def test_the_keyboard_reaches_every_spot(house: Server, page: Page, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 844})
    await enter(page, house, "/roulette")
    await settled(page)
    await page.locator('[data-spot="straight-0"]').focus()
    # Walks the felt with real key events, breadth first.
    reached = await page.evaluate("""() => {
      const known = new Set(['straight-0']), queue = ['straight-0'];
      while (queue.length) {
        const from = queue.shift();
        for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']) {
          document.querySelector(`[data-spot="${from}"]`).focus();
          document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
          const to = document.activeElement.dataset.spot;
          if (!known.has(to)) { known.add(to); queue.push(to); }
        }
      }
      return [...known];
    }""")
    assert set(reached) == {spot.key for spot in engine.SPOTS}

    await page.locator('[data-spot="straight-1"]').focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-total]")).to_have_text("5")
    assert await page.locator("[data-felt] [tabindex='0']").count() == 1
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-total]")).to_have_text("10")
    await page.keyboard.press("Delete")
    await expect(page.locator("[data-total]")).to_have_text("5")


async def test_without_a_script_the_list_plays(browser: Browser, house: Server) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await enter(page, house, "/roulette")
    await expect(page.locator("[data-felt]")).not_to_be_visible()
    await page.select_option("#bet-type-1", "split")
    await page.fill("#bet-numbers-1", "17 20")
    await page.fill("#bet-amount-1", "5")
    await page.select_option("#bet-type-2", "red")
    await page.fill("#bet-amount-2", "10")
    await page.locator("form[action='/roulette'] .btn--gold").click()
    await page.wait_for_url("**/roulette?round=*")
    await expect(page.locator("[data-result]")).to_contain_text("15 staked")
    await expect(page.locator(".betlist")).to_contain_text("Split 17 and 20")
    await context.close()


async def test_reduced_motion_tells_the_same(browser: Browser, house: Server) -> None:
    context = await browser.new_context(reduced_motion="reduce")
    page = await context.new_page()
    await enter(page, house, "/roulette")
    await settled(page)
    await spot(page, "Black").click()
    began = time.monotonic()
    answer = await spin(page)
    assert time.monotonic() - began >= 2.5
    assert await page.evaluate(UNDER_THE_BALL) == answer["round"]["outcome"]["pocket"]
    await context.close()


async def test_the_replay_turns_the_wheel_again(house: Server, page: Page) -> None:
    await enter(page, house, "/roulette")
    await settled(page)
    await spot(page, "Black").click()
    answer = await spin(page)
    await page.goto(f"{page.url.partition('/roulette')[0]}/rounds/{answer['round']['id']}")
    await settled(page)
    assert await page.evaluate(UNDER_THE_BALL) == answer["round"]["outcome"]["pocket"]
    await page.get_by_role("button", name="Watch the replay").click()
    await expect(page.get_by_role("button", name="Watch the replay")).to_be_enabled(timeout=10_000)
    assert await page.evaluate(UNDER_THE_BALL) == answer["round"]["outcome"]["pocket"]


async def test_the_page_is_accessible(house: Server, page: Page) -> None:
    await page.emulate_media(reduced_motion="reduce")
    await enter(page, house, "/roulette")
    await settled(page)
    await spot(page, "Straight 17").click()
    await spin(page)
    await spot(page, "Rebet").click()
    assert await find_faults(page) == []
