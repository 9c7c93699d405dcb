"""Live tables as people meet them: three browsers on two servers over one PostgreSQL and one Redis."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, closing, suppress
from itertools import count
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Locator, Page, TimeoutError, WebSocketRoute, expect

from imperio.accounts.cookies import Cookies
from tests.e2e.guests import LISTEN
from tests.live.house import Guest, House, shared
from tests.support.browser import watch
from tests.support.postgres import Postgres
from tests.support.redis import RedisProcess
from tests.support.server import Server

from .client import player_at

pytestmark = [pytest.mark.browser, pytest.mark.multi]
Start = Callable[..., Server]
SOON = 10_000
RESULT = 25_000
RACE = 60_000
ACT = "[data-action=decline_insurance]:visible, [data-action=stand]:visible"
_names = count(1)


class Patron:
    """Somebody at a table, in front of a page of their own."""

    def __init__(self, guest: Guest, server: Server, context: BrowserContext, page: Page) -> None:
        self.guest, self.server, self.context, self.page = guest, server, context, page

    @property
    def name(self) -> str:
        return self.guest.name

    def part(self, name: str) -> Locator:
        return self.page.locator(f"[data-{name}]")

    def button(self, do: str) -> Locator:
        return self.page.locator(f"[data-do={do}]")

    def person(self, name: str) -> Locator:
        """Somebody's line in the list of people."""
        return self.page.locator(".people__one").filter(has_text=name)

    async def at(self, path: str) -> None:
        await self.page.goto(self.server.base_url + path)

    async def open_table(self, game: str, **fields: Any) -> str:
        """Opens a table by the form and answers its path."""
        await self.at("/tables")
        await self.page.locator(f"[name=game_type][value={game}]").check(force=True)
        for name, value in fields.items():
            box = self.page.locator(f"main [name={name}]")
            await (box.check() if value is True else box.fill(str(value)))
        await self.page.get_by_role("button", name="Open the table").click()
        await self.page.wait_for_url("**/tables/*")
        await self.sits()
        return "/tables/" + self.page.url.rpartition("/")[2]

    async def sit(self, path: str) -> None:
        await self.at(path)
        await self.button("sit").click()
        await self.sits()

    async def sits(self) -> None:
        await expect(self.button("leave")).to_be_visible(timeout=SOON)

    async def phase(self, *phases: str, within: float = RESULT) -> None:
        which = ", ".join(f".table[data-phase={phase}]" for phase in phases)
        await self.page.locator(which).wait_for(timeout=within)

    async def stake(self, game: str) -> None:
        await self.phase("betting")
        if game == "roulette":
            await self.page.locator("[data-spot=red]").click(position={"x": 20, "y": 12})
            await expect(self.part("total")).to_have_text("5")
        else:
            await self.page.locator("[data-stake] button:not([type=button])").click()
            await expect(self.page.locator("[data-stake] button:not([type=button])")).to_contain_text("staked")

    async def done(self) -> None:
        await self.page.locator("[data-done]").click()

    async def stand(self) -> None:
        """Stands whenever it is this player's turn, until the round is over."""
        while await self.page.locator(".table[data-phase=acting]").count():
            button = self.page.locator(ACT)
            if await button.count():
                with suppress(TimeoutError):  # the turn has gone on meanwhile
                    await button.first.click(timeout=1_000)
            await asyncio.sleep(0.1)

    async def heard(self, about: str) -> list[str]:
        said: list[str] = await self.page.evaluate("window.heard")
        return [text for text in said if about in text]

    async def result(self) -> list[str]:
        """What was read out of the results of all rounds so far, at least one."""
        of_a_round = r"/(comes?|came) back|coins is (lost|back)|coins back|You win/.test(text)"
        await self.page.wait_for_function(f"() => window.heard.some((text) => {of_a_round})", timeout=SOON)
        said: list[str] = await self.page.evaluate(f"window.heard.filter((text) => {of_a_round})")
        return said

    async def on_stage(self) -> bool:
        """Whether balance and news wait for what is shown."""
        return bool(await self.page.evaluate("import('imperio/core/stage.js').then((stage) => stage.busy())"))

    async def balance_agrees(self) -> int:
        """The page comes to rest on what the house says."""
        coins = int((await self.guest.get("/wallet"))["balance"])
        await expect(self.page.locator("[data-balance-text]").first).to_have_text(f"{coins:,}", timeout=SOON)
        return coins


Arrive = Callable[..., Awaitable[Patron]]


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as opened:
        yield opened


@pytest.fixture
def problems() -> list[str]:
    return []


@pytest.fixture
def arrive(browser: Browser, stack: AsyncExitStack, problems: list[str]) -> Arrive:
    """`await arrive(house, server)`: somebody new (or `guest`) in a fresh profile, logged in unless `login=False`."""

    async def make(
        house: House, server: Server, *, guest: Guest | None = None, login: bool = True, **options: Any
    ) -> Patron:
        options = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **options}
        context = await browser.new_context(**options)
        stack.push_async_callback(context.close)
        context.set_default_timeout(15_000)
        guest = guest or await house.sign_up(f"patron-{next(_names)}")
        if login:
            cookie = Cookies.named(secure=False).access
            await context.add_cookies([{"name": cookie, "value": guest.token, "url": server.base_url}])
        page = await context.new_page()
        watch(page, problems)
        await page.add_init_script(f"({LISTEN})()")
        return Patron(guest, server, context, page)

    return make


@pytest.fixture(scope="module")
def two_servers(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: Postgres, redis_server: RedisProcess
) -> Iterator[House]:
    """A casino with two entrances for the whole module; each test brings patrons of its own."""
    redis_server.start()
    redis_server.flush()
    with ExitStack() as opened:
        url = postgres_server.create_database()
        opened.callback(postgres_server.drop_database, url)
        servers = []
        for name in ("front", "back"):
            folder = str(tmp_path_factory.mktemp(name))
            env = {"IMPERIO_PORT": "0", "IMPERIO_DATA_DIR": folder, "IMPERIO_RATE_LIMITS": "off"}
            servers.append(opened.enter_context(closing(Server({**env, **shared(url, redis_server.url)}))))
        for one in servers:
            one.wait_ready()
        yield House(servers, url)


async def reconcile(house: House) -> None:
    async with house.office() as casino:
        report = await casino.reconciler.run()
    assert not report.findings, "\n".join(report.findings)


async def told_alike(patrons: list[Patron]) -> None:
    """Every page shows the same round, with what came of it."""
    shown = []
    for one in patrons:
        record = one.page.locator("[data-last] a").first
        await expect(record).to_be_visible(timeout=SOON)
        shown.append((await record.inner_text(), await record.get_attribute("href")))
    assert len(set(shown)) == 1, shown


@pytest.mark.parametrize("game", ["roulette", "blackjack", pytest.param("slots", marks=pytest.mark.slow)])
async def test_three_play_on_two_servers_and_come_and_go(
    two_servers: House, arrive: Arrive, problems: list[str], game: str
) -> None:
    house = two_servers
    front, back = house.front, house.back
    anna, bert, cleo = [await arrive(house, server) for server in (front, back, back)]
    await bert.at("/tables")
    path = await anna.open_table(game, betting_seconds=60)
    # The list on the other server moves by itself, and leads there.
    row = bert.page.locator(f"[href='{path}']")
    await expect(row).to_contain_text(anna.name, timeout=SOON)
    await row.click()
    await bert.button("sit").click()
    await bert.sits()
    await cleo.sit(path)
    await expect(anna.page.locator(".people__one")).to_have_count(3, timeout=SOON)
    await expect(bert.button("start")).to_be_hidden()
    await anna.button("start").click()
    patrons = [anna, bert, cleo]
    for one in patrons:
        await one.stake(game)
    if game == "roulette":
        await expect(bert.page.locator("[data-spot=red] .seatchip")).to_have_text(["5", "5"], timeout=SOON)
        await anna.done()
        assert not await anna.on_stage()
        await bert.done()
        await expect(anna.person(bert.name)).to_contain_text("done", timeout=SOON)
        assert await anna.on_stage(), "cleo's word closes the bets: nothing may tell the result before the wheel does"
        await cleo.done()
    if game == "blackjack":
        await anna.phase("acting", "result")
        await asyncio.gather(*(one.stand() for one in patrons))
    if game == "slots":
        cleo = await _drops_and_returns_in_the_race(house, anna, cleo, path, arrive)
        patrons = [anna, bert, cleo]
    await asyncio.gather(*(one.phase("result", within=RACE) for one in patrons))
    await told_alike(patrons)
    for one in patrons:
        assert len(await one.result()) == 1, "a result is said once"
        await one.balance_agrees()
    if game != "slots":
        cleo = await _drops_and_returns_with_a_stake(house, game, anna, cleo, path, arrive)
    await _host_leaves_and_the_next_one_kicks(anna, bert, cleo)
    await reconcile(house)
    assert not problems


async def _drops_and_returns_in_the_race(house: House, anna: Patron, cleo: Patron, path: str, arrive: Arrive) -> Patron:
    await anna.phase("acting")
    await cleo.context.close()
    await expect(anna.person(cleo.name)).to_contain_text("connection lost", timeout=SOON)
    again = await arrive(house, house.front, guest=cleo.guest)
    await again.at(path)
    await again.sits()
    await expect(anna.person(cleo.name)).to_contain_text("in play", timeout=SOON)
    await expect(again.part("says")).to_have_text(await anna.part("says").inner_text(), timeout=SOON)
    return again


async def _drops_and_returns_with_a_stake(
    house: House, game: str, anna: Patron, cleo: Patron, path: str, arrive: Arrive
) -> Patron:
    """Who drops after staking finds seat and stake again, on the other server, and plays on."""
    await cleo.stake(game)
    await expect(anna.person(cleo.name).locator(".coins")).to_be_visible(timeout=SOON)  # the house has it
    before = await anna.person(cleo.name).inner_text()
    await cleo.context.close()
    await expect(anna.person(cleo.name)).to_contain_text("connection lost", timeout=SOON)
    again = await arrive(house, house.front, guest=cleo.guest)
    await again.at(path)
    await again.sits()
    if game == "roulette":
        await expect(again.part("total")).to_have_text("5", timeout=SOON)
    else:
        await expect(again.page.locator("[data-stake] button:not([type=button])")).to_contain_text("staked")
    await expect(anna.person(cleo.name)).not_to_contain_text("connection lost", timeout=SOON)
    assert (await anna.person(cleo.name).inner_text()).split()[:3] == before.split()[:3]
    return again


async def _host_leaves_and_the_next_one_kicks(anna: Patron, bert: Patron, cleo: Patron) -> None:
    await expect(anna.person(anna.name)).to_contain_text("Host")
    await anna.button("leave").click()
    await anna.page.wait_for_url("**/tables", timeout=SOON)
    await expect(cleo.person(bert.name)).to_contain_text("Host", timeout=SOON)
    assert await bert.heard("You are the host now.")
    await bert.page.get_by_role("button", name=f"Ask {cleo.name} to leave").click()
    await bert.page.locator("dialog").get_by_role("button", name="Ask to leave").click()
    await expect(cleo.part("notice")).to_contain_text("The host asked you to leave.", timeout=SOON)
    await expect(cleo.button("leave")).to_be_hidden()


@pytest.mark.slow
@pytest.mark.parametrize("game", ["blackjack", "slots"])
async def test_a_worker_dies_in_the_middle_of_a_round(
    postgres_url: str, redis_url: str, server: Start, arrive: Arrive, game: str
) -> None:
    started = server(**shared(postgres_url, redis_url), IMPERIO_WORKERS="2")
    house = House([started], postgres_url)
    patrons = [await arrive(house, started) for _ in range(3)]
    path = await patrons[0].open_table(game, betting_seconds=20)
    for one in patrons[1:]:
        await one.sit(path)
    await patrons[0].button("start").click()
    for one in patrons:
        await one.stake(game)
    await patrons[0].phase("acting", "result")
    os.kill(started.worker_pids()[0], signal.SIGKILL)
    if game == "blackjack":
        for one in patrons:
            await one.page.locator(".table[data-connection=open]").wait_for(timeout=RESULT)
        await asyncio.gather(*(one.stand() for one in patrons))
    for one in patrons:
        await one.phase("result", "betting", within=RACE)
        await one.page.locator(".table[data-connection=open]").wait_for(timeout=RESULT)
        await one.balance_agrees()
    assert not await house.sql("SELECT id FROM table_rounds WHERE status = 'open'")
    await reconcile(house)


@pytest.mark.parametrize("others", [0, 2])
async def test_the_stream_may_be_faster_than_the_table(
    two_servers: House, arrive: Arrive, problems: list[str], others: int
) -> None:
    """Who gives the last word sees no result before the wheel; whatever came first, the balance is right in the end."""
    house = two_servers
    anna = await arrive(house, house.front)
    held: list[str | bytes] = []
    holding = False
    sockets: list[WebSocketRoute] = []

    def let_through() -> None:
        while held:
            sockets[-1].send(held.pop(0))

    def hear(message: str | bytes) -> None:
        held.append(message)
        if not holding:
            let_through()

    def open_socket(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        socket.connect_to_server().on_message(hear)

    await anna.page.route_web_socket("**/ws/tables", open_socket)
    path = await anna.open_table("roulette", betting_seconds=60)
    guests = [await player_at(house.back, f"guest-{next(_names)}") for _ in range(others)]
    for guest in guests:
        await guest.join(path.rpartition("/")[2])
    await anna.button("start").click()
    await anna.stake("roulette")
    await expect(anna.person(anna.name).locator(".coins")).to_be_visible(timeout=SOON)
    await anna.page.evaluate(
        "import('imperio/core/live.js').then(({ live }) => live.on('balance', () => (window.balanceTold = true)))"
    )
    if others:
        await anna.done()
        await expect(anna.person(anna.name)).to_contain_text("done", timeout=SOON)
    holding = True
    for guest in guests:
        await guest.ask("place_bets", room_id=path.rpartition("/")[2], bets=[], done=True)
    if not others:
        await anna.done()
    await anna.page.wait_for_function("() => window.balanceTold", timeout=SOON)
    if not others:
        await expect(anna.page.locator("[data-balance-text]").first).to_have_text("1,000")
    holding = False
    let_through()
    await anna.result()
    await anna.balance_agrees()
    for guest in guests:
        await guest.close()
    assert not problems


async def test_a_private_table_its_link_and_its_chat(two_servers: House, arrive: Arrive, problems: list[str]) -> None:
    house = two_servers
    anna = await arrive(house, house.front, permissions=["clipboard-read", "clipboard-write"])
    bert = await arrive(house, house.back)
    visitor = await arrive(house, house.back, login=False)
    await bert.at("/tables")
    path = await anna.open_table("roulette", private=True)
    await anna.button("invite").click()
    link = str(await anna.page.evaluate("navigator.clipboard.readText()"))
    invited = link.removeprefix(house.front.base_url)
    assert invited.startswith(f"{path}?invite=") and len(invited) >= len(path) + len("?invite=") + 10
    assert await bert.page.locator(f"[href='{path}']").count() == 0, "it is in no list"
    await visitor.at(invited)
    await expect(visitor.part("notice")).to_contain_text("Log in", timeout=SOON)
    await bert.at(path)
    await bert.page.get_by_label("Invite code").fill("WRONGWRONGWR")
    await bert.page.get_by_role("button", name="Enter").click()
    await expect(bert.part("notice")).to_contain_text("does not open this table", timeout=SOON)
    await bert.sit(invited)
    await expect(anna.person(bert.name)).to_be_visible(timeout=SOON)
    for one in (anna, bert):
        await expect(one.page.locator("#chat-text")).to_be_enabled(timeout=SOON)
    await anna.page.locator("#chat-text").fill("Good <b>evening</b>")
    await anna.page.locator("#chat-text").press("Enter")
    await expect(bert.page.locator("[data-chat-log] li")).to_contain_text(["Good <b>evening</b>"], timeout=SOON)
    await bert.page.locator("#chat-text").fill("Hello")
    await bert.page.locator("#chat-text").press("Enter")
    await expect(anna.page.locator("[data-chat-log] li").filter(has_text="Hello")).to_be_visible(timeout=SOON)
    assert not problems


async def test_watching_takes_no_account(two_servers: House, arrive: Arrive, problems: list[str]) -> None:
    house = two_servers
    anna = await arrive(house, house.front)
    visitor = await arrive(house, house.back, login=False)
    await visitor.at("/tables")
    path = await anna.open_table("roulette", betting_seconds=20)
    await visitor.page.locator(f"[href='{path}']").click()
    await expect(anna.part("watching")).to_have_text("1 watches", timeout=SOON)
    await expect(visitor.page.get_by_role("link", name="Log in to play")).to_be_visible()
    await anna.button("start").click()
    await anna.stake("roulette")
    await expect(visitor.page.locator("[data-spot=red] .seatchip")).to_have_text("5", timeout=SOON)
    await anna.done()
    await visitor.phase("result")
    await told_alike([anna, visitor])
    await expect(visitor.part("desk")).to_be_hidden()
    # Everybody leaves: the watcher is told so, and the list forgets the table.
    await anna.button("leave").click()
    await expect(visitor.part("says")).to_have_text("This table is closed.", timeout=SOON)
    await expect(visitor.part("notice")).to_contain_text("Everybody has left.")
    assert not problems


async def test_a_hand_by_keyboard(two_servers: House, arrive: Arrive, problems: list[str]) -> None:
    """From the list to a decision without a pointer, on a small screen that has been moved away from the cards."""
    house = two_servers
    anna = await arrive(house, house.front, viewport={"width": 390, "height": 700})
    page = anna.page
    await anna.at("/tables")
    await page.locator("[name=game_type][value=roulette]").focus()
    await page.keyboard.press("ArrowRight")
    await page.get_by_role("button", name="Open the table").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/tables/*")
    await anna.sits()
    await anna.button("start").focus()
    await page.keyboard.press("Enter")
    for _ in range(8):
        await anna.phase("betting")
        await page.locator("[name=stake]").fill("10")
        await page.keyboard.press("Enter")
        await page.evaluate("scrollTo(0, document.body.scrollHeight)")
        await anna.phase("acting", "result")
        if await page.locator("[data-action=stand]:visible").count():
            await expect(page.locator("[data-action=stand]")).to_be_in_viewport()
            await expect(page.locator("[data-own] .card").first).to_be_in_viewport()
            await page.keyboard.press("s")
            break
        await anna.stand()
    await anna.phase("result", "betting")
    assert (await anna.result())[-1].startswith("The dealer has")
    assert await anna.heard("Your turn: you have")
    await anna.balance_agrees()
    assert not problems


@pytest.mark.parametrize(
    ("width", "theme"),
    [
        (390, "light"),
        (1440, "dark"),
        pytest.param(390, "dark", marks=pytest.mark.slow),
        pytest.param(1440, "light", marks=pytest.mark.slow),
    ],
)
async def test_axe_finds_nothing(two_servers: House, arrive: Arrive, width: int, theme: str) -> None:
    house = two_servers
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": theme}
    anna = await arrive(house, house.front, **options)
    faults: list[str] = []

    async def look(what: str) -> None:
        found: Any = await Axe().run(anna.page)
        faults.extend(f"{what}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"])
        wide = await anna.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{what} is wider than the window"

    for game in ("roulette", "blackjack", "slots"):
        await anna.open_table(game, betting_seconds=60)
        await look(f"{game}, waiting")
        await anna.button("start").click()
        await anna.stake(game)
        await look(f"{game}, betting")
        if game != "slots":
            if game == "roulette":
                await anna.done()
            await anna.phase("acting", "result")
            await look(f"{game}, played")
    await anna.at("/tables")
    await look("the list")
    assert not faults, "\n".join(faults)
