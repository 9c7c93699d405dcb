"""A first evening at the house, in a real browser against `imperio serve` as it comes."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from imperio.games.blackjack import engine
from tests.e2e.conftest import Arrive
from tests.e2e.guests import Guest, plant
from tests.games.blackjack.crafted import find, shoe
from tests.support.server import Server

pytestmark = pytest.mark.browser

SEED = re.compile(r"^[0-9a-f]{64}$")


def button(page: Page, name: str) -> Any:
    return page.get_by_role("main").get_by_role("button", name=name, exact=True)


async def spin(guest: Guest, game: str) -> dict[str, Any]:
    """Spins by the button; the API's answer, after the show and with the balance in the top bar right."""
    page = guest.page
    async with page.expect_response(f"**/api/v1/games/{game}/spins") as caught:
        await button(page, "Spin").click()
    answer: dict[str, Any] = await (await caught.value).json()
    await expect(page.locator("[data-result] a")).to_have_attribute(
        "href", f"/rounds/{answer['round']['id']}", timeout=30_000
    )
    await guest.past_the_moment()
    assert await guest.sees_the_balance() == answer["balance"]
    return answer


async def decide_until_settled(guest: Guest) -> None:
    """Stands on everything; insurance is declined."""
    page = guest.page
    while (actions := (await guest.table())["actions"]) and await page.locator("[data-acts]").is_visible():
        await page.locator(f"[data-action={'stand' if 'stand' in actions else 'decline_insurance'}]").click()
    await guest.past_the_moment()


async def verify_in_the_browser(page: Page, round_: dict[str, Any]) -> None:
    """From the replay by its "Verify" to the verdict of the browser's own computation."""
    await page.goto(f"/rounds/{round_['id']}")
    await expect(page.get_by_text("Replay", exact=True).first).to_be_visible()
    await page.get_by_role("main").get_by_role("link", name="Verify").last.click()
    result = page.locator("[data-verify-result]")
    await expect(result).to_contain_text("The seed is the one that was sealed.")
    outcome = round_["outcome"]
    if round_["game"] == "slots":
        fruits = await result.locator("[role=img]").evaluate_all("all => all.map((one) => one.ariaLabel)")
        assert fruits == outcome["symbols"]
        await expect(result).to_contain_text(f"Stops {', '.join(map(str, outcome['stops']))}")
    elif round_["game"] == "roulette":
        await expect(result.locator(".verdict")).to_have_text(f"{outcome['pocket']} {outcome['colour']}")
    else:
        await result.get_by_text("All 312 cards").click()
        dealt = (await result.locator("details .mono").inner_text()).split()
        assert len(dealt) == 312
        assert [dealt[1], dealt[3]] == outcome["dealer"]["cards"][:2]
        assert [dealt[0], dealt[2]] == outcome["hands"][0]["cards"][:2]
    await page.get_by_text("Every step").click()
    assert await page.locator("[data-verify-steps] tr").count() >= 1


async def test_a_first_evening(arrive: Arrive) -> None:
    guest = await arrive("/")
    page = guest.page
    assert await guest.sees_the_balance() == 1000
    await button(page, "Take 100 coins").click()
    await expect(page.locator("[data-bonus-text]")).to_contain_text("100 coins are yours.")
    assert await guest.sees_the_balance() == 1100
    rounds: list[dict[str, Any]] = []

    await page.goto("/slots")
    await page.wait_for_selector(".reels--live")
    await button(page, "10 coin chip").click()
    for _ in range(2):
        rounds.append((await spin(guest, "slots"))["round"])
    assert [one["stake"] for one in rounds] == [10, 10]

    await page.goto("/roulette")
    await page.wait_for_selector(".layout__spots--live")
    spots = ("Straight 17", "Split 17 and 20", "Corner 1, 2, 4 and 5", "Red", "Dozen 1, 1 to 12")
    for name in (*spots, "Voisins 9 chips"):
        await button(page, name).click()
    answer = await spin(guest, "roulette")
    rounds.append(answer["round"])
    kinds = {bet["type"] for bet in answer["round"]["outcome"]["bets"]}
    assert kinds >= {"straight", "split", "corner", "red", "dozen_1", "trio"}
    assert answer["round"]["stake"] == 5 * (5 + 9)

    await page.goto("/blackjack")
    await button(page, "Deal").click()
    await decide_until_settled(guest)
    await expect(page.locator("[data-says] a")).to_be_visible()
    coins = await guest.sees_the_balance()
    played = await (await page.request.get("/api/v1/rounds")).json()
    rounds.append(played["rounds"][0])

    await page.goto("/history")
    rows = page.locator("main tbody tr")
    await expect(rows).to_have_count(4)
    assert await rows.locator("a").evaluate_all("all => all.map((one) => one.getAttribute('href'))") == [
        f"/rounds/{one['id']}" for one in reversed(rounds)
    ]
    await page.goto(f"/rounds/{rounds[0]['id']}")
    await expect(page.get_by_role("main")).to_contain_text("still sealed")
    again = button(page, "Watch the replay")
    await again.click()
    await expect(again).to_be_enabled(timeout=10_000)
    assert await guest.sees_the_balance() == coins, "a replay stakes nothing"

    await page.goto("/fairness")
    sealed = await page.locator(".keys .mono").first.inner_text()
    await page.get_by_label("Your new seed").fill("ad astra")
    await button(page, "Open and change").click()
    await expect(page.locator("main tbody tr")).to_have_count(1)
    await expect(page.locator("main tbody tr")).to_contain_text(sealed)
    await expect(page.locator(".keys")).to_contain_text("ad astra")
    for one in rounds[1:]:
        await verify_in_the_browser(page, one)
    wrong = page.get_by_label("The seal you saw before")
    await wrong.fill("0" * 64)
    await button(page, "Recompute").click()
    await expect(page.locator("[data-verify-result]")).to_contain_text("This is not the seed that was sealed.")

    await page.goto("/wallet")
    assert await guest.sees_the_balance() == coins
    after = await page.locator("table").last.locator("tbody tr td:last-child").first.inner_text()
    assert after == f"{coins:,}"


def lasting(game: engine.Game) -> bool:
    return not game.settled and "insurance" not in game.legal_actions() and len(game.hands[0].cards) == 3


async def test_a_hand_outlives_a_reload_and_a_new_login(arrive: Arrive, house: Server, trouble: list[str]) -> None:
    number = find(lasting, after=["hit"])
    guest = await arrive("/blackjack", reduced_motion="reduce")
    page = guest.page
    plant(house, guest.username, number)
    await page.get_by_role("spinbutton", name="Stake").fill("30")
    await button(page, "Deal").click()
    await expect(page.locator(".hand .card")).to_have_count(2)
    await page.locator("[data-action=hit]").click()
    await expect(page.locator(".hand .card")).to_have_count(3)
    lying = await guest.table()
    game = engine.replay(shoe(number), 30, ["hit"])
    assert lying["dealer"] == [game.dealer[0], "back"]
    assert lying["hands"] == [list(game.hands[0].cards)]
    assert set(lying["actions"]) == set(game.legal_actions())
    assert await guest.sees_the_balance() == 970

    await page.reload()
    assert await guest.table() == lying
    assert await guest.sees_the_balance() == 970

    await page.goto("/fairness")
    await button(page, "Open and change").click()
    await expect(page.get_by_role("main")).to_contain_text("round is open")
    assert trouble, "the refusal is an error answer"
    trouble[:] = [problem for problem in trouble if "409" not in problem]

    await guest.log_out()
    await page.goto("/blackjack")
    await expect(page.locator(".bj__felt .card:not(.bj__shoe *)")).to_have_count(0)
    await guest.log_in("/blackjack")
    assert await guest.table() == lying
    assert await guest.sees_the_balance() == 970

    await page.locator("[data-action=stand]").click()
    await expect(page.locator("[data-says] a")).to_be_visible()
    game.act("stand")
    ended = await guest.table()
    assert [ended["dealer"], *ended["hands"]] == [list(game.dealer), list(game.hands[0].cards)]
    await guest.sees_the_balance()
    rows = await (await page.request.get("/api/v1/transactions?game=blackjack")).json()
    assert 970 + sum(row["amount"] for row in rows["transactions"] if row["type"] == "win") == 970 + game.payout
