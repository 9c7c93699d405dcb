"""Every page, for everybody: axe, headings, titles, narrow screens; the games by keyboard and by ear."""

import asyncio
import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, Response, expect
from quart import Quart

from imperio.accounts.access import Auth, Policy
from imperio.app import create_app
from imperio.core.settings import load_settings
from tests.e2e.conftest import Arrive
from tests.e2e.guests import Guest
from tests.support.axe import DESK, PHONE, find_faults
from tests.support.players import PASSWORD
from tests.support.server import Server

pytestmark = pytest.mark.browser

# Answers to GET that are no pages: programs read them.
# `/players/<name>` leads to `/profiles/<name>`.
NO_PAGES: Final = ("/api/", "/players/", "/static/", "/events", "/ws/", "/health", "/metrics", "/openapi.json")
AT_ONCE: Final = 3
BOXES: Final = "all => all.map((one) => one.getBoundingClientRect().toJSON())"


def rules_of_pages(app: Quart) -> Iterator[tuple[str, Auth]]:
    """Every address a person can open, with `<parameters>`, and who may."""
    for rule in app.url_map.iter_rules():
        policy = getattr(app.view_functions[rule.endpoint], "policy", None)
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(NO_PAGES):
            assert isinstance(policy, Policy), rule.rule
            yield rule.rule, policy.auth


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Auth]]:
    app = create_app(load_settings(data_dir=tmp_path_factory.mktemp("map")))
    return sorted(rules_of_pages(app), key=lambda one: one[0])


class Regular:
    """A player with a history, through the API."""

    def __init__(self, house: Server) -> None:
        self.client = httpx.Client(base_url=house.base_url)
        login = {"username": "Regular_1", "email": "regular@example.com", "password": PASSWORD}
        self.token: str = self.post("/api/v1/auth/signup", login)["access_token"]
        self.client.headers["Authorization"] = f"Bearer {self.token}"
        self.post("/api/v1/bonus/daily", {})
        bets = [{"type": "red", "numbers": [], "amount": 5}, {"type": "split", "numbers": [17, 20], "amount": 5}]
        self.rounds = [self.post("/api/v1/games/slots/spins", {"stake": 5}) for _ in range(3)]
        self.rounds.append(self.post("/api/v1/games/roulette/spins", {"bets": bets}))
        self.post("/api/v1/fairness/rotate", {})
        self.rounds.append(self.played_hand())
        self.examples = {
            "round_id": [one["round"]["id"] for one in self.rounds[2:]],
            "username": ["Regular_1"],
            "room_id": [],
        }

    def played_hand(self) -> Any:
        told = self.post("/api/v1/games/blackjack/rounds", {"stake": 10})
        while told["round"]["status"] == "open":
            action = next(a for a in ("decline_insurance", "stand") if a in told["round"]["outcome"]["legal_actions"])
            told = self.post(f"/api/v1/games/blackjack/rounds/{told['round']['id']}/actions", {"action": action})
        return told

    def post(self, path: str, body: dict[str, Any]) -> Any:
        answer = self.client.post(path, json=body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def paths(self, rule: str) -> list[str]:
        """The rule's addresses, with examples for its parameter."""
        found = re.search(r"<(?:\w+:)?(\w+)>", rule)
        if found is None:
            return [rule]
        if rule.startswith("/tables/"):
            return []  # tests/tables/test_browser.py looks at tables while they are played
        return [rule.replace(found[0], example) for example in self.examples[found[1]]]


@pytest.fixture(scope="module")
def regular(house: Server) -> Iterator[Regular]:
    made = Regular(house)
    yield made
    made.client.close()


async def look_at(page: Page, path: str) -> list[str]:
    """Everything wrong with one page, at both sizes and in both themes."""
    wrong: list[str] = []
    await page.set_viewport_size(PHONE)
    await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    answer = await page.goto(path)
    assert isinstance(answer, Response)
    await page.wait_for_load_state("load")
    if answer.status != (404 if path == "/nowhere" else 200):
        wrong.append(f"answers {answer.status}")
    if await page.locator("h1").count() != 1:
        wrong.append(f"{await page.locator('h1').count()} h1")
    title = await page.title()
    if not re.fullmatch(r"\S.* · ImperioCasino", title):
        wrong.append(f"title {title!r}")
    wrong += await find_faults(page)
    return [f"{path}: {one}" for one in wrong]


async def look_at_all(context: BrowserContext, paths: list[str]) -> list[str]:
    """A few tabs at once walk the pages."""
    left, wrong = list(paths), []

    async def walk() -> None:
        page = await context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        while left:
            wrong.extend(await look_at(page, left.pop()))

    await asyncio.gather(*(walk() for _ in range(AT_ONCE)))
    return wrong


@pytest.mark.timeout(240)  # seconds on an idle machine, but a slow one is not at fault
async def test_every_page_as_a_visitor(
    browser: Browser, house: Server, regular: Regular, rules: list[tuple[str, Auth]]
) -> None:
    context = await browser.new_context(base_url=house.base_url)
    public = [path for rule, auth in rules if auth in (Auth.OPTIONAL, Auth.PUBLIC) for path in regular.paths(rule)]
    # Other people's rounds are nobody's business.
    paths = [path for path in public if not path.startswith("/rounds/")]
    assert {"/", "/signup", "/login", "/slots", "/roulette", "/blackjack", "/rules", "/fairness/verify"} <= set(paths)
    assert await look_at_all(context, [*paths, "/nowhere"]) == []
    await context.close()


@pytest.mark.timeout(240)
async def test_every_page_as_a_player(
    browser: Browser, house: Server, regular: Regular, rules: list[tuple[str, Auth]]
) -> None:
    context = await browser.new_context(base_url=house.base_url)
    await context.add_cookies([{"name": "imperio_access", "value": regular.token, "url": house.base_url}])
    open_to = (Auth.OPTIONAL, Auth.PUBLIC, Auth.PLAYER, Auth.CLAIMED)
    paths = [path for rule, auth in rules if auth in open_to for path in regular.paths(rule)]
    # The gates send a player on; the last three are the same for everybody.
    paths = [path for path in paths if path not in ("/signup", "/login", "/docs", "/rules", "/fairness/verify")]
    assert {"/wallet", "/history", "/profile", "/limits", "/statistics", "/notifications"} <= set(paths)
    assert await look_at_all(context, [*paths, "/nowhere"]) == []
    await context.close()


async def test_the_racetrack_can_be_touched(arrive: Arrive) -> None:
    guest = await arrive("/roulette", viewport=PHONE)
    page = guest.page
    await page.wait_for_selector(".layout__spots--live")
    boxes = await page.locator("[data-neighbours]").evaluate_all(BOXES)
    middles = [(box["left"] + box["width"] / 2, box["top"] + box["height"] / 2) for box in boxes]
    assert len(boxes) == 37 and min(round(box["width"], 2) for box in boxes) >= 24
    apart = min(math.dist(one, two) for index, one in enumerate(middles) for two in middles[:index])
    assert apart >= max(box["width"] for box in boxes), "circles of 24 px that do not touch (WCAG 2.5.8)"


# By keyboard and by ear -----------------------------------------------------------------------------------------------


async def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Presses Tab until the element has the focus, and sees where the focus is on the way."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        if await page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


async def told_once(guest: Guest, about: str) -> None:
    """The result came once to the ear, and nothing follows that says it again."""
    await guest.page.wait_for_timeout(400)
    heard = await guest.heard(about)
    assert len(heard) == 1, json.dumps(await guest.heard("."))


async def test_slots_by_keyboard(arrive: Arrive) -> None:
    guest = await arrive("/slots", reduced_motion="reduce")
    page = guest.page
    await page.wait_for_selector(".reels--live")
    await tab_to(page, "[data-chip='25']")
    await page.keyboard.press("Enter")
    await tab_to(page, "[data-spin]")
    async with page.expect_response("**/api/v1/games/slots/spins") as caught:
        await page.keyboard.press("Enter")
    answer = await (await caught.value).json()
    assert answer["round"]["stake"] == 25
    await expect(page.locator("[data-result] a")).to_be_visible()
    await guest.past_the_moment()
    await told_once(guest, "staked")
    assert await page.evaluate("document.activeElement.matches('[data-spin]')"), "the next spin is under the finger"


async def test_roulette_by_keyboard(arrive: Arrive) -> None:
    guest = await arrive("/roulette", reduced_motion="reduce")
    page = guest.page
    await page.wait_for_selector(".layout__spots--live")
    await tab_to(page, "[data-spot]")
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-total]")).to_have_text("10")
    await expect(page.locator("[data-note]")).to_have_text(re.compile(r": 5 coins\.$"))
    await tab_to(page, "[data-spin]")
    async with page.expect_response("**/api/v1/games/roulette/spins") as caught:
        await page.keyboard.press("Enter")
    answer = await (await caught.value).json()
    assert answer["round"]["stake"] == 10 and len(answer["round"]["outcome"]["bets"]) == 2
    await expect(page.locator("[data-result] a")).to_be_visible()
    await guest.past_the_moment()
    await told_once(guest, "staked")


async def test_blackjack_by_keyboard(arrive: Arrive) -> None:
    guest = await arrive("/blackjack", reduced_motion="reduce")
    page = guest.page
    await page.wait_for_selector("[data-chips]:not([hidden])")
    await tab_to(page, "[data-deal]")
    await page.keyboard.press("Enter")
    while (actions := (await guest.table())["actions"]) and await page.locator("[data-acts]").is_visible():
        assert await page.evaluate("document.activeElement.closest('[data-acts]') !== null"), "the focus came along"
        wanted = "stand" if "stand" in actions else "decline_insurance"
        await tab_to(page, f"[data-action={wanted}]")
        await page.keyboard.press("Enter")
    await expect(page.locator("[data-says] a")).to_be_visible()
    await guest.past_the_moment()
    await told_once(guest, r"^(You win|A push|The stake|\d+ of|You: )")
    assert await page.evaluate("document.activeElement.matches('[data-deal]')")


async def test_the_skip_link_and_the_menu_by_keyboard(arrive: Arrive) -> None:
    guest = await arrive("/", viewport=DESK)
    page = guest.page
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_in_viewport()
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"
    await page.get_by_role("button", name="Menu").focus()
    await page.keyboard.press("Enter")
    await tab_to(page, "#me-menu a[href='/profile']", most=3)
    await page.keyboard.press("Escape")
    await expect(page.locator("#me-menu")).to_be_hidden()
