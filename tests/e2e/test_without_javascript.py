"""The whole core of the house on a phone whose browser runs no script: links and forms alone."""

import re

import pytest
from playwright.async_api import Page, expect

from imperio.games.blackjack import engine
from tests.e2e.conftest import Arrive, Visit
from tests.e2e.guests import Guest, plant
from tests.games.blackjack.crafted import find, shoe
from tests.support.server import Server

pytestmark = pytest.mark.browser

PHONE = {"java_script_enabled": False, "viewport": {"width": 390, "height": 844}, "has_touch": True}


async def press(page: Page, name: str) -> None:
    await page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


async def fits(page: Page) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390, f"{page.url} scrolls sideways"


async def test_an_evening_without_a_script(arrive: Arrive) -> None:
    guest = await arrive("/", **PHONE)
    page = guest.page
    assert await guest.sees_the_balance() == 1000
    await press(page, "Take 100 coins")
    assert await guest.sees_the_balance() == 1100
    await expect(page.get_by_role("main")).to_contain_text("Taken for today.")

    await page.goto("/slots")
    await page.get_by_label("Stake", exact=True).fill("5")
    await press(page, "Spin")
    await page.wait_for_url("**/slots?round=*")
    await expect(page.locator("[data-result]")).to_contain_text("5 staked")
    await guest.sees_the_balance()
    await fits(page)

    await page.goto("/roulette")
    await page.locator("#bet-type-1").select_option("split")
    await page.locator("#bet-numbers-1").fill("17 20")
    await page.locator("#bet-amount-1").fill("5")
    await page.locator("#bet-type-2").select_option("red")
    await page.locator("#bet-amount-2").fill("10")
    await press(page, "Spin")
    await page.wait_for_url("**/roulette?round=*")
    await expect(page.locator("[data-result]")).to_contain_text("15 staked")
    await guest.sees_the_balance()
    await fits(page)

    await page.goto("/blackjack")
    await page.get_by_role("spinbutton", name="Stake").fill("20")
    await press(page, "Deal")
    for _ in range(6):
        for name in ("No insurance", "Stand"):
            if await page.get_by_role("main").get_by_role("button", name=name, exact=True).is_visible():
                await press(page, name)
    await expect(page.locator("[data-says] a")).to_have_text("Look and verify")
    coins = await guest.sees_the_balance()
    await fits(page)

    await page.goto("/history")
    await expect(page.locator("main tbody tr")).to_have_count(3)
    await page.locator("main tbody tr a").last.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cherry Charm")
    await expect(page.get_by_role("main")).to_contain_text("This is a record: nothing is staked.")
    await fits(page)

    await page.goto("/fairness")
    await press(page, "Open and change")
    await expect(page.locator("main tbody tr")).to_have_count(1)
    await page.go_back()
    spun = (await (await page.request.get("/api/v1/rounds?game=slots")).json())["rounds"][0]
    await page.goto(f"/rounds/{spun['id']}")
    await page.get_by_role("main").get_by_role("link", name="Verify").click()
    await expect(page.locator("[data-verify-result]")).to_contain_text(re.compile(r'"stops":\s*\['))
    told = await page.locator("[data-verify-result]").inner_text()
    stops = re.findall(r"\d+", told.partition('"stops"')[2].partition("]")[0])
    assert [int(stop) for stop in stops] == spun["outcome"]["stops"]

    await guest.log_out()
    await guest.log_in("/wallet")
    assert await guest.sees_the_balance() == coins
    await fits(page)


async def test_a_split_and_double_by_forms(arrive: Arrive, house: Server) -> None:
    def wanted(game: engine.Game) -> bool:
        return game.settled and len(game.hands) == 2

    actions = ["split", "double", "stand"]
    number = find(wanted, after=actions)
    guest = await arrive("/blackjack", **PHONE)
    page = guest.page
    plant(house, guest.username, number)
    await page.get_by_role("spinbutton", name="Stake").fill("20")
    await press(page, "Deal")
    for name in ("Split +20", "Double +20", "Stand"):
        await press(page, name)
    game = engine.replay(shoe(number), 20, actions)
    cards = page.locator(".bj__felt .card use")
    codes = [(await one.get_attribute("href") or "").partition("#")[2] for one in await cards.all()]
    assert codes == [*game.dealer, *game.hands[0].cards, *game.hands[1].cards]
    await guest.sees_the_balance()


async def test_mistakes_are_told_beside_the_field(visit: Visit, trouble: list[str]) -> None:
    page = await visit(**PHONE)
    await Guest(page, "first-of-the-name").sign_up("/")
    await page.context.clear_cookies()
    await page.goto("/signup")
    await page.get_by_label("Username").fill("First-Of-The-Name")
    await page.get_by_label("Email").fill("other@example.com")
    await page.get_by_label("Password", exact=True).fill("password123")
    await page.get_by_role("button", name="Begin with 1,000 coins").click()
    wrong = page.locator("[aria-invalid=true]")
    await expect(wrong).not_to_have_count(0)
    for field in await wrong.all():
        described = (await field.get_attribute("aria-describedby") or "").split()
        assert described
        await expect(page.locator(f"#{described[0]}")).to_be_visible()
    await expect(page.get_by_label("Email")).to_have_value("other@example.com")
    await fits(page)

    await page.goto("/login")
    await page.locator("main [name=username]").fill("nobody-here")
    await page.get_by_label("Password", exact=True).fill("not the password")
    await page.get_by_role("main").get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    trouble[:] = [problem for problem in trouble if not re.search(r"\b(401|409|422)\b", problem)]
