"""Guests of the house: what a person does in front of a browser, with or without scripts."""

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page, Request, Response, expect

from imperio.fairness.stream import commitment
from tests.games.blackjack.crafted import CLIENT_SEED, server_seed
from tests.support.browser import watch
from tests.support.players import PASSWORD
from tests.support.server import Server

# Texts that appear in the region that is read out, in order.
LISTEN: Final = """() => {
  window.heard = [];
  addEventListener('DOMContentLoaded', () => new MutationObserver(() => {
    const text = document.querySelector('[data-announce]').textContent;
    if (text) window.heard.push(text);
  }).observe(document.querySelector('[data-announce]'), { childList: true, characterData: true, subtree: true }));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    console.error(`CSP: ${violatedDirective} ${blockedURI}`);
  });
}"""
# Cards on the felt: the dealer's, then each hand's; totals and words beside them; what may be done.
TABLE: Final = """() => {
  const codes = (root) => [...root.querySelectorAll('.card use')].map((use) => use.getAttribute('href').split('#')[1]);
  const offered = [...document.querySelectorAll('[data-action]')].filter((button) => !button.hidden);
  return {
    dealer: codes(document.querySelector('.dealer')),
    hands: [...document.querySelectorAll('.hand')].map(codes),
    words: document.querySelector('[data-felt]').innerText,
    actions: offered.map((button) => button.dataset.action),
  };
}"""


def look_for_trouble(page: Page, trouble: list[str]) -> None:
    """Collects console errors, uncaught exceptions, refused content, failed requests and error answers."""
    watch(page, trouble)

    def on_failed(request: Request) -> None:
        # A stream or an answer that is still under way ends when the page is left.
        if request.failure != "net::ERR_ABORTED":
            trouble.append(f"failed: {request.method} {request.url} {request.failure}")

    def on_response(response: Response) -> None:
        if response.status >= 400:
            trouble.append(f"answer: {response.status} {response.url}")

    page.on("requestfailed", on_failed)
    page.on("response", on_response)


def plant(house: Server, username: str, number: int) -> None:
    """Makes the first round of a player of the running house the one of a crafted seed."""
    seed = server_seed(number)
    with sqlite3.connect(Path(house.env["IMPERIO_DATA_DIR"]) / "imperio.sqlite3", timeout=5) as connection:
        changed = connection.execute(
            "UPDATE seed_pairs SET server_seed = ?, server_seed_hash = ?, client_seed = ? WHERE id ="
            " (SELECT seed_pair_id FROM books JOIN users ON users.id = player_id WHERE username = ? AND nonce = 0)",
            (seed, commitment(seed), CLIENT_SEED, username),
        )
    connection.close()
    assert changed.rowcount == 1, "a seed can be planted before the first round"


@dataclass(frozen=True, slots=True)
class Guest:
    """A person and their page."""

    page: Page
    username: str

    async def sign_up(self, path: str = "/") -> None:
        """Signs up through the page and lands on `path`."""
        page = self.page
        await page.add_init_script(f"({LISTEN})()")
        await page.goto(f"/signup?next={path}")
        await page.get_by_label("Username").fill(self.username)
        await page.get_by_label("Email").fill(f"{self.username}@example.com")
        await page.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.get_by_role("button", name="Begin with 1,000 coins").click()
        await page.wait_for_url(f"**{path}")

    async def log_in(self, path: str = "/") -> None:
        page = self.page
        await page.goto(f"/login?next={path}")
        await page.locator("main [name=username]").fill(self.username)
        await page.get_by_label("Password", exact=True).fill(PASSWORD)
        await page.get_by_role("main").get_by_role("button", name="Log in").click()
        await page.wait_for_url(f"**{path}")

    async def log_out(self) -> None:
        """By the menu behind "Me"."""
        await self.page.locator("[popovertarget=me-menu]:visible").click()
        await self.page.get_by_role("button", name="Log out").click()
        await expect(self.page.get_by_role("link", name="Log in").first).to_be_visible()

    async def balance(self) -> int:
        """What the house says."""
        answer = await self.page.request.get("/api/v1/wallet")
        coins: int = (await answer.json())["balance"]
        return coins

    async def sees_the_balance(self) -> int:
        """The top bar comes to rest on what the house says; answers that."""
        coins = await self.balance()
        await expect(self.page.locator("[data-balance-text]").first).to_have_text(f"{coins:,}")
        assert await self.balance() == coins
        return coins

    async def heard(self, about: str) -> list[str]:
        """Everything announced since the page was loaded that matches the pattern `about`."""
        said: list[str] = await self.page.evaluate("window.heard")
        return [text for text in said if re.search(about, text)]

    async def table(self) -> Any:
        """The blackjack table as it lies there, at rest."""
        await self.page.wait_for_function("() => !document.querySelector('.bj__desk [aria-disabled]')")
        return await self.page.evaluate(TABLE)

    async def past_the_moment(self) -> None:
        """Closes the moment of a big win, if there is one."""
        moment = self.page.locator("dialog.moment")
        if await moment.count():
            await self.page.keyboard.press("Escape")
            await expect(moment).to_have_count(0)
