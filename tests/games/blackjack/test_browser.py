"""The blackjack table in a real browser: what lies on the felt is what the house dealt, and nothing more."""

import re
import sqlite3
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Page, Route, expect

from imperio.fairness.stream import commitment
from imperio.games.blackjack import engine
from tests.games.blackjack.crafted import CLIENT_SEED, find, server_seed, shoe
from tests.games.entrance import enter
from tests.support.axe import find_faults
from tests.support.server import Server

pytestmark = pytest.mark.browser

ACTIONS: Final = "**/api/v1/games/blackjack/rounds/*/actions"
Table = Callable[..., Awaitable[None]]
_guests = count(1)
# Code of every card on the felt: the dealer's, then each hand's.
ON_THE_FELT: Final = """() => {
  const codes = (root) => [...root.querySelectorAll('.card use')].map((use) => use.getAttribute('href').split('#')[1]);
  return [codes(document.querySelector('.dealer')), ...[...document.querySelectorAll('.hand')].map(codes)];
}"""


def plant(house: Server, username: str, number: int) -> None:
    """Makes the next round of a player of the running house the one of this seed."""
    seed = server_seed(number)
    with sqlite3.connect(Path(house.env["IMPERIO_DATA_DIR"]) / "imperio.sqlite3", timeout=5) as connection:
        changed = connection.execute(
            "UPDATE seed_pairs SET server_seed = ?, server_seed_hash = ?, client_seed = ? WHERE id ="
            " (SELECT seed_pair_id FROM books JOIN users ON users.id = player_id WHERE username = ? AND nonce = 0)",
            (seed, commitment(seed), CLIENT_SEED, username),
        )
    connection.close()
    assert changed.rowcount == 1


@pytest.fixture
async def table(page: Page, house: Server) -> Table:
    """`await table(number)`: somebody new at the table, the next round planted, motion reduced."""

    async def sit_down(number: int, *, motion: bool = False) -> None:
        if not motion:
            await page.emulate_media(reduced_motion="reduce")
        username = f"guest-{next(_guests)}"
        await enter(page, house, "/blackjack", username)
        plant(house, username, number)
        await ready(page)

    return sit_down


async def ready(page: Page) -> None:
    """Returns when the page plays by script and shows nothing any more."""
    await page.wait_for_selector("[data-chips]:not([hidden])", state="attached")
    await page.wait_for_function("() => !document.querySelector('.bj__desk [aria-disabled]')")


async def press(page: Page, key: str) -> None:
    await page.keyboard.press(key)
    await ready(page)


async def legal(page: Page) -> list[str]:
    """The actions that are offered."""
    found: list[str] = await page.locator("[data-action]:visible").evaluate_all("all => all.map(b => b.dataset.action)")
    return found


def expected_felt(game: engine.Game) -> list[list[str]]:
    dealer = game.dealer if game.settled else [game.dealer[0], "back"]
    return [list(dealer), *(list(hand.cards) for hand in game.hands)]


def lasting(game: engine.Game) -> bool:
    return not game.settled and "insurance" not in game.legal_actions()


# Playing --------------------------------------------------------------------------------------------------------------


async def test_a_hand_by_keys_is_shown_as_it_is_dealt(page: Page, table: Table) -> None:
    def wanted(game: engine.Game) -> bool:
        return game.settled and game.hands[0].result == "won" and len(game.dealer) > 2

    number = find(wanted, after=["hit", "stand"])
    await table(number, motion=True)
    await page.locator("main").focus()
    await press(page, "Space")
    game = engine.start(shoe(number), 10)
    assert await page.evaluate(ON_THE_FELT) == expected_felt(game)
    assert set(await legal(page)) == set(game.legal_actions())
    await expect(page.locator("[data-announce]")).to_contain_text("Dealer shows")
    await expect(page.locator("[data-balance-text]").first).to_have_text("990")
    await press(page, "h")
    game.act("hit")
    assert await page.evaluate(ON_THE_FELT) == expected_felt(game)
    await press(page, "S")
    game.act("stand")
    assert await page.evaluate(ON_THE_FELT) == expected_felt(game)
    await expect(page.locator("[data-says]")).to_contain_text("You win 10 coins.")
    await expect(page.locator("[data-announce]")).to_have_text(re.compile(r"^You: .* won\. You win 10 coins\.$"))
    await expect(page.locator("[data-balance]").first).to_have_attribute("data-balance", re.compile(r"^1,?0\d\d$"))
    await expect(page.locator(".hand__verdict")).to_have_text("Won")
    await expect(page.locator("[data-recent] a").first).to_have_text("+10")
    await expect(page.locator(".moment, .burst")).to_have_count(0)


async def test_the_keyboard_alone_is_enough(page: Page, table: Table) -> None:
    await table(find(lambda game: game.settled, after=["hit", "stand"]))
    await page.get_by_role("button", name="Deal").focus()
    await press(page, "Enter")
    assert await page.evaluate("document.activeElement.dataset.action") == "hit"
    await press(page, "Enter")
    assert await page.evaluate("document.activeElement.dataset.action") == "hit"
    await press(page, "Tab")
    assert await page.evaluate("document.activeElement.dataset.action") == "stand"
    await press(page, "Enter")
    await expect(page.locator("[data-deal]")).to_be_focused()


@pytest.mark.parametrize("key", ["n", "Escape"])
async def test_insurance_may_be_declined_by_key(page: Page, table: Table, key: str) -> None:
    await table(find(lasting, after=["decline_insurance"]))
    await press(page, " ")
    assert await legal(page) == ["insurance", "decline_insurance"]
    await expect(page.locator("[data-says]")).to_contain_text("Insurance?")
    await press(page, "d")  # means nothing now
    assert await legal(page) == ["insurance", "decline_insurance"]
    await press(page, key)
    assert "hit" in await legal(page)


async def test_insurance_taken_is_shown(page: Page, table: Table) -> None:
    await table(find(lambda game: game.settled and game.payout == 30, after=["insurance"]))
    await page.fill("[name=stake]", "20")
    await page.get_by_role("button", name="Deal").click()
    await ready(page)
    await press(page, "i")
    await expect(page.locator("[data-insurance]")).to_contain_text("paid 30")
    await expect(page.locator("[data-says]")).to_contain_text("A push: your stake of 30 coins is back.")


async def test_four_hands_fit_a_phone(page: Page, table: Table) -> None:
    number = find(lambda game: not game.settled and len(game.hands) == 4, after=["split"] * 3)
    await page.set_viewport_size({"width": 390, "height": 844})
    await table(number)
    await press(page, "Space")
    for _ in range(3):
        await press(page, "p")
    game = engine.replay(shoe(number), 10, ["split"] * 3)
    assert await page.evaluate(ON_THE_FELT) == expected_felt(game)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = await page.locator(".hand .card").evaluate_all("all => all.map(c => c.getBoundingClientRect().toJSON())")
    assert all(box["left"] >= 0 and box["right"] <= 390 and box["bottom"] <= 844 - 60 for box in boxes)
    where = "all => all.map((hand) => [hand.ariaCurrent, hand.getBoundingClientRect().top])"
    tops = await page.locator(".hand").evaluate_all(where)
    assert min(tops, key=lambda hand: hand[1])[0] == "true", "the active hand is raised"
    assert [hand[0] for hand in tops].count("true") == 1
    assert await find_faults(page) == []


async def test_a_big_win_has_its_moment(page: Page, table: Table) -> None:
    await table(find(lambda game: game.settled and game.hands[0].result == "natural"))
    await page.fill("[name=stake]", "200")
    await page.keyboard.press("Enter")
    moment = page.locator("dialog.moment")
    await expect(moment).to_be_visible()
    await expect(moment).to_contain_text("500")
    await page.keyboard.press("Escape")
    await expect(moment).to_have_count(0)
    await expect(page.locator(".hand__verdict")).to_have_text("Blackjack")


async def test_a_loss_is_told_soberly(page: Page, table: Table) -> None:
    await table(find(lambda game: game.settled and game.payout == 0, after=["stand"]))
    await page.fill("[name=stake]", "600")
    await page.get_by_role("button", name="Deal").click()
    await ready(page)
    await press(page, "s")
    await expect(page.locator("[data-says]")).to_contain_text("The stake of 600 coins is lost.")
    await page.wait_for_timeout(300)
    await expect(page.locator(".moment, .burst, [data-says] .gold")).to_have_count(0)


async def test_stakes_by_chips_and_again(page: Page, table: Table) -> None:
    await table(find(lambda game: game.settled and game.payout == 0))
    stake = page.locator("[name=stake]")
    await page.get_by_role("button", name="Clear").click()
    for chip in ("25", "25", "5"):
        await page.locator(f'[data-chip="{chip}"]').click()
    await expect(stake).to_have_value("55")
    await page.get_by_role("button", name="Deal").click()
    await ready(page)
    await expect(page.locator("[data-says]")).to_contain_text("The stake of 55 coins is lost.")
    await page.fill("[name=stake]", "1")
    await page.get_by_role("button", name="Deal").click()
    await expect(page.locator("[data-notice]")).to_contain_text("A stake is 2 to 2,000 coins.")
    async with page.expect_request("**/api/v1/games/blackjack/rounds") as caught:
        await page.get_by_role("button", name="Rebet 55").click()
    assert (await caught.value).post_data_json == {"stake": 55}


# Coming back ----------------------------------------------------------------------------------------------------------


async def test_a_reload_in_the_middle_of_a_hand_restores_it(page: Page, table: Table) -> None:
    number = find(lasting, after=["split", "hit"])
    await table(number)
    await press(page, "Space")
    await press(page, "p")
    await press(page, "h")
    words = page.locator("[data-felt]")
    before = await page.evaluate(ON_THE_FELT), await words.inner_text(), await legal(page)
    await page.reload()
    await page.wait_for_load_state("load")
    await ready(page)
    assert (await page.evaluate(ON_THE_FELT), await words.inner_text(), await legal(page)) == before
    assert before[0] == expected_felt(engine.replay(shoe(number), 10, ["split", "hit"]))


async def test_the_hole_card_is_not_in_the_page(page: Page, table: Table) -> None:
    def telling(game: engine.Game) -> bool:
        return lasting(game) and game.dealer[1] not in {*game.hands[0].cards, game.dealer[0]}

    number = find(telling)
    await table(number)
    heard: list[str] = []
    page.on("response", lambda response: heard.append(response.url))
    await press(page, "Space")
    hole = engine.start(shoe(number), 10).dealer[1]
    named = re.compile(rf"(?<![A-Za-z0-9_.-]){hole}(?![A-Za-z0-9_.-])")
    assert not named.search(await page.content())
    await page.reload()
    await ready(page)
    assert not named.search(await page.content())
    await press(page, "s")
    assert named.search(await page.content()), "once settled it is shown"


async def test_a_lost_answer_is_asked_for_again_and_counts_once(
    page: Page, page_problems: list[str], table: Table
) -> None:
    number = find(lasting, after=["hit"])
    await table(number)
    await press(page, "Space")
    keys: list[str] = []

    async def lose_the_first_answer(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            await route.fetch()  # the house hears it, the player does not hear the house
            await route.abort("connectionreset")
        else:
            await route.continue_()

    await page.route(ACTIONS, lose_the_first_answer)
    await press(page, "h")
    await expect(page.locator("[data-notice]")).to_contain_text("Nothing was lost")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator(".hand .card")).to_have_count(3)
    await ready(page)
    assert len(keys) == 2 and keys[0] == keys[1]
    assert await page.evaluate(ON_THE_FELT) == expected_felt(engine.replay(shoe(number), 10, ["hit"]))
    await expect(page.locator("[data-notice]")).to_be_empty()
    page_problems[:] = [problem for problem in page_problems if "CONNECTION_RESET" not in problem]


async def test_a_hand_dealt_elsewhere_is_picked_up(page: Page, page_problems: list[str], table: Table) -> None:
    number = find(lasting)
    await table(number)
    other = await page.context.new_page()
    await other.goto(page.url)
    await ready(other)
    await other.get_by_role("button", name="Deal").click()
    await ready(other)
    await page.bring_to_front()
    await press(page, "Space")  # 409 round_open
    assert await page.evaluate(ON_THE_FELT) == expected_felt(engine.start(shoe(number), 10))
    await other.bring_to_front()
    await press(other, "s")
    await page.bring_to_front()
    if await page.locator("[data-acts]").is_visible():
        await press(page, "h")  # too late: shows how it ended
    await expect(page.locator("[data-says] a")).to_be_visible()
    assert await page.evaluate(ON_THE_FELT) == await other.evaluate(ON_THE_FELT)
    page_problems[:] = [problem for problem in page_problems if "409" not in problem and "404" not in problem]
    await other.close()


# The coach, the eyes and the ears -------------------------------------------------------------------------------------


async def test_the_coach_is_off_until_wanted_and_remembered(page: Page, table: Table) -> None:
    number = find(lambda game: lasting(game) and game.hands[0].value.total == 20 and not game.hands[0].is_pair)
    await table(number)
    await press(page, "Space")
    advice = page.locator("[data-advice]")
    await expect(advice).to_be_hidden()
    await page.locator("[data-coach] summary").click()
    await expect(advice).to_have_text("Basic strategy: Stand")
    await expect(page.locator("[data-advised]")).to_have_attribute("data-action", "stand")
    await page.reload()
    await ready(page)
    await expect(advice).to_have_text("Basic strategy: Stand")


async def test_nothing_for_axe_to_find(page: Page, table: Table) -> None:
    await table(find(lasting, after=["hit"]))
    await press(page, "Space")
    await press(page, "h")
    assert await find_faults(page) == []
    await press(page, "s")
    assert await find_faults(page) == []


async def test_it_plays_without_javascript(browser: Browser, house: Server) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await enter(page, house, "/blackjack", "scriptless")
    number = find(lambda game: game.settled, after=["hit", "stand"])
    plant(house, "scriptless", number)
    await page.fill("[name=stake]", "20")
    await page.get_by_role("button", name="Deal").click()
    await page.get_by_role("button", name="Hit").click()
    await page.get_by_role("button", name="Stand").click()
    await expect(page.locator("[data-says] a")).to_have_text("Look and verify")
    game = engine.replay(shoe(number), 20, ["hit", "stand"])
    codes = [await use.get_attribute("href") or "" for use in await page.locator(".bj__felt .card use").all()]
    assert [code.partition("#")[2] for code in codes] == [*game.dealer, *game.hands[0].cards]
    await context.close()
