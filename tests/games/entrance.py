"""How the games' browser tests come in: signed up through the page, like anybody."""

from itertools import count
from typing import Final

from playwright.async_api import Page

from tests.support.players import PASSWORD
from tests.support.server import Server

LIVE: Final = ".reels--live, .layout__spots--live, [data-again]:not([hidden])"

_visitors = count(1)


async def enter(page: Page, server: Server, path: str, username: str = "") -> None:
    """Signs up, as somebody new unless named, and lands on `path`."""
    username = username or f"visitor-{next(_visitors)}"
    await page.goto(f"{server.base_url}/signup?next={path}")
    await page.fill("[name=username]", username)
    await page.fill("[name=email]", f"{username}@example.com")
    await page.fill("main [name=password]", PASSWORD)
    await page.locator("main form .btn--gold").click()
    await page.wait_for_url(f"**{path}")


async def settled(page: Page) -> None:
    """Returns when the page's modules run and its fonts and frames have come to rest."""
    await page.wait_for_load_state("load")
    await page.wait_for_function(f"() => document.querySelector({LIVE!r})")
