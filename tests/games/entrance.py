"""How the games' browser tests come in: signed up through the page, like anybody."""

from typing import Any, Final

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from tests.support.players import PASSWORD
from tests.support.server import Server

LIVE: Final = ".reels--live, .layout__spots--live, [data-again]:not([hidden])"


async def enter(page: Page, server: Server, path: str, username: str = "alice") -> None:
    """Signs up and lands on `path`."""
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


async def faults(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is."""
    found: Any = await Axe().run(page)
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:160]}" for fault in found.response["violations"]]


async def weight(page: Page, url: str) -> int:
    """Bytes of all answers' bodies for a first visit, as they came over the wire."""
    requests: list[Any] = []
    page.on("requestfinished", lambda request: requests.append(request))
    await page.goto(url)
    await settled(page)
    await page.wait_for_timeout(500)
    streams = ("/events", "/api/", "/ws/")
    loaded = [request for request in requests if not any(part in request.url for part in streams)]
    return sum([(await request.sizes())["responseBodySize"] for request in loaded])
