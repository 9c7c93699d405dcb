"""Two people in two browsers on two servers, and a page whose server goes away and comes back."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from imperio.accounts.cookies import Cookies
from tests.support.browser import watch
from tests.support.server import Server

from .house import SECRET, Guest, House, shared

pytestmark = [pytest.mark.browser, pytest.mark.multi]
Start = Callable[..., Server]
SOON = 5_000
BACK = 30_000  # a page's own patience grows to half a minute while its server is away


@asynccontextmanager
async def at_home(browser: Browser, guest: Guest, server: Server) -> AsyncIterator[BrowserContext]:
    """A browser profile of a player who is logged in at a server."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    cookie = Cookies.named(secure=False).access
    await context.add_cookies([{"name": cookie, "value": guest.token, "url": server.base_url}])
    try:
        yield context
    finally:
        await context.close()


async def visit(context: BrowserContext, server: Server, path: str = "/", problems: list[str] | None = None) -> Page:
    """A tab whose stream is open."""
    page = await context.new_page()
    if problems is not None:
        watch(page, problems)
    await page.goto(server.base_url + path)
    await expect(dot(page)).to_have_attribute("data-state", "open", timeout=15_000)
    return page


def dot(page: Page) -> Locator:
    return page.locator("[data-live-dot]")


def badge(page: Page) -> Locator:
    return page.locator(".top .bell [data-unread]")


def feed(page: Page, name: str) -> Locator:
    return page.locator(".feed li").filter(has_text=name)


def board(page: Page, name: str) -> Locator:
    return page.locator(f".board [data-key='{name}']")


def chat_line(page: Page, text: str) -> Locator:
    return page.locator("[data-chat-log] li").filter(has_text=text)


async def open_streams(context: BrowserContext, address: str) -> float:
    metrics = await (await context.request.get(f"{address}/metrics")).text()
    return sum(float(line.split()[-1]) for line in metrics.splitlines() if line.startswith("imperio_streams_open"))


async def say(page: Page, text: str) -> None:
    await page.locator("#chat-text").fill(text)
    await page.locator("#chat-text").press("Enter")


async def test_two_browsers_on_two_servers_see_each_other_at_once(
    postgres_url: str, redis_url: str, server: Start, browser: Browser
) -> None:
    env = shared(postgres_url, redis_url)
    house = House([server(**env), server(**env)], postgres_url)
    alice, bob = await house.sign_up("alice"), await house.sign_up("bob")
    problems: list[str] = []
    async with at_home(browser, alice, house.front) as hers, at_home(browser, bob, house.back) as his:
        her_page, his_page = await visit(hers, house.front, "/", problems), await visit(his, house.back, "/", problems)
        await expect(her_page.locator("[data-chat-members]")).to_have_text("2 here", timeout=SOON)
        for page in (her_page, his_page):
            await expect(page.locator("#chat-text")).to_be_enabled(timeout=SOON)
            await expect(badge(page)).to_be_hidden()

        answer = await alice.spin_for(10, 60)
        for page in (her_page, his_page):
            await expect(feed(page, "alice")).to_contain_text("600", timeout=SOON)
            await expect(board(page, "alice")).to_contain_text("540", timeout=SOON)
        await expect(her_page.locator("[data-balance-text]").first).to_have_text(f"{answer['balance']:,}", timeout=SOON)
        await expect(badge(her_page)).to_have_text(str(len(answer["unlocked"]) + 1), timeout=SOON)
        await expect(her_page.locator(".toast").first).to_be_visible()
        await expect(badge(his_page)).to_be_hidden()
        await expect(his_page.locator("[data-balance-text]").first).to_have_text("1,000")

        # He overtakes her: on her board, too, he stands first and she second.
        await bob.spin_for(25, 40, at=house.back)
        for page in (her_page, his_page):
            await expect(feed(page, "bob")).to_contain_text("1,000", timeout=SOON)
            await expect(page.locator(".board li").first).to_have_attribute("data-key", "bob", timeout=SOON)
            await expect(page.locator(".board li").nth(1)).to_have_attribute("data-key", "alice")

        # What a server that died had not told yet is told late, after newer news: the page shows what is true.
        count = await badge(her_page).text_content()
        win = {"username": "carol", "amount": 777, "game": "slots", "round_id": "0" * 32, "at": "2026-01-01T00:00:00Z"}
        late = [
            [f"wallet:{alice.id}", "balance", {"balance": 5, "transaction_id": "0" * 32}],
            [f"notifications:{alice.id}", "unread_count", {"unread_count": 77}],
            ["big_wins", "big_win_announcement", win],
        ]
        await house.sql(
            "INSERT INTO outbox (id, events, created_at) VALUES ($1, $2, now() - interval '1 minute')",
            "0" * 32,
            json.dumps(late),
        )
        await expect(feed(her_page, "carol")).to_contain_text("777", timeout=BACK)
        await expect(her_page.locator("[data-balance-text]").first).to_have_text(f"{answer['balance']:,}", timeout=SOON)
        await expect(badge(her_page)).to_have_text(str(count), timeout=SOON)

        await say(her_page, "Is <b>anybody</b> over there?")
        await expect(chat_line(his_page, "Is <b>anybody</b> over there?")).to_be_visible(timeout=SOON)
        await say(his_page, "Just me.")
        await expect(chat_line(her_page, "Just me.")).to_be_visible(timeout=SOON)
        await expect(chat_line(her_page, "Just me.")).to_have_count(1)
    assert problems == []


async def test_reading_in_one_tab_clears_the_badge_in_the_other(
    postgres_url: str, redis_url: str, server: Start, browser: Browser
) -> None:
    house = House([server(**shared(postgres_url, redis_url))], postgres_url)
    alice = await house.sign_up("alice")
    async with at_home(browser, alice, house.front) as context:
        paths = ("/notifications", "/achievements", "/wallet", "/")
        pages = [await visit(context, house.front, path) for path in paths]
        first = pages[0]
        answer = await alice.spin_for(4, 1)
        count = len(answer["unlocked"])
        assert count >= 2
        for page in pages:
            await expect(badge(page)).to_have_text(str(count), timeout=SOON)
        honours = pages[1].locator(".honour")
        await expect(honours.and_(pages[1].locator("[data-unlocked]"))).to_have_count(count, timeout=SOON)
        await expect(pages[1].locator("[data-done]")).to_have_text(f"{count} of 16 are yours.")
        await expect(pages[1].locator("[data-key=total_spins_10] .num").last).to_have_text("1 / 10")
        await expect(first.locator(".note[data-new]")).to_have_count(count, timeout=SOON)
        await first.locator(".note[data-new] button").first.click()
        for page in pages:
            await expect(badge(page)).to_have_text(str(count - 1), timeout=SOON)
        await expect(first.locator("[data-unread-words]")).to_contain_text(f"{count - 1} ", timeout=SOON)
        other = await visit(context, house.front, "/notifications")
        await other.get_by_role("button", name="Mark all as read").click()
        for page in (*pages, other):
            await expect(badge(page)).to_be_hidden(timeout=SOON)
        await expect(first.locator(".note[data-new]")).to_have_count(0, timeout=SOON)
        await expect(first.get_by_role("button", name="Mark all as read")).to_be_hidden()
        # One stream serves all four tabs.
        for _ in range(50):  # one that makes way for a wider one is closed a little later
            if (count_open := await open_streams(context, house.front.base_url)) <= 1:
                break
            await asyncio.sleep(0.2)
        assert count_open <= 1


@pytest.mark.slow
async def test_a_page_outlives_its_access_token(sqlite_url: str, server: Start, browser: Browser) -> None:
    """After a quarter of an hour the stream ends and the socket closes; the page renews its login and goes on."""
    house = House([server(IMPERIO_DATABASE_URL=sqlite_url, IMPERIO_SECRET_KEY=SECRET)], sqlite_url)
    alice = await house.sign_up("alice")
    async with at_home(browser, alice, house.front) as context:
        names = Cookies.named(secure=False)
        values = {names.access: alice.brief_token(8), names.refresh: alice.refresh_token}
        await context.add_cookies(
            [{"name": name, "value": value, "url": house.front.base_url} for name, value in values.items()]
        )
        page = await visit(context, house.front)
        await expect(page.locator("#chat-text")).to_be_enabled(timeout=SOON)
        async with page.expect_response("**/api/v1/auth/refresh", timeout=BACK) as renewed:
            pass
        assert (await renewed.value).status == 200
        await expect(dot(page)).to_have_attribute("data-state", "open", timeout=BACK)
        answer = await alice.spin_for(2, 10)
        await expect(page.locator("[data-balance-text]").first).to_have_text(f"{answer['balance']:,}", timeout=SOON)
        await expect(page.locator("#chat-text")).to_be_enabled(timeout=BACK)
        await say(page, "Still here.")
        await expect(chat_line(page, "Still here.")).to_be_visible(timeout=SOON)


@pytest.mark.parametrize("log", ["in the process", pytest.param("in Redis", marks=pytest.mark.slow)])
async def test_a_page_whose_server_is_restarted_recovers_and_shows_what_it_missed(
    request: pytest.FixtureRequest, free_port: int, server: Start, browser: Browser, log: str
) -> None:
    """With the log in Redis it gets each missed event; with a log that ended with the server it is told anew."""
    if log == "in Redis":
        url: str = request.getfixturevalue("postgres_url")
        env = dict(shared(url, request.getfixturevalue("redis_url")))
        house = House([server(**env), server(IMPERIO_PORT=str(free_port), **env)], url)
    else:
        url = request.getfixturevalue("sqlite_url")
        env = {"IMPERIO_DATABASE_URL": url, "IMPERIO_SECRET_KEY": SECRET}
        house = House([server(IMPERIO_PORT=str(free_port), **env)], url)
    alice, bob = await house.sign_up("alice"), await house.sign_up("bob")
    async with at_home(browser, bob, house.back) as context:
        page = await visit(context, house.back)
        notes = await visit(context, house.back, "/notifications")
        await expect(page.locator("#chat-text")).to_be_enabled(timeout=SOON)
        house.back.terminate()
        await expect(dot(page)).to_have_attribute("data-state", "away", timeout=BACK)
        await expect(dot(page)).to_contain_text("Not live")
        await expect(page.locator("[data-chat-state]")).to_contain_text("comes back by itself", timeout=BACK)
        await context.set_offline(True)  # so that all of it happens while the page is away
        house.entrances[-1] = server(IMPERIO_PORT=str(free_port), **env)
        await alice.spin_for(10, 60)
        mine = await bob.spin_for(2, 5, at=house.front)
        await context.set_offline(False)
        await expect(dot(page)).to_have_attribute("data-state", "open", timeout=BACK)
        await expect(feed(page, "alice")).to_contain_text("600", timeout=SOON)
        await expect(feed(page, "alice")).to_have_count(1)
        await expect(board(page, "alice")).to_contain_text("540", timeout=SOON)
        await expect(page.locator("[data-balance-text]").first).to_have_text(f"{mine['balance']:,}", timeout=SOON)
        await expect(badge(page)).to_have_text(str(len(mine["unlocked"])), timeout=SOON)
        await expect(notes.locator(".note[data-new]")).to_have_count(len(mine["unlocked"]), timeout=SOON)
        await expect(page.locator("#chat-text")).to_be_enabled(timeout=BACK)
        await say(page, "What did I miss?")
        await expect(chat_line(page, "What did I miss?")).to_be_visible(timeout=SOON)
