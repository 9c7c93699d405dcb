"""What a first visit costs on a slow line, and that nobody else hears of it."""

import re
from functools import partial
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Request

from tests.e2e.conftest import Arrive, Visit

pytestmark = pytest.mark.browser

BUDGET = 100_000  # bytes of bodies as they come over the wire
GAMES = ("/slots", "/roulette", "/blackjack")
# Streams and answers to play are no part of loading a page.
LATER = re.compile(r"/events|/api/|/ws/")


def hear(requests: list[Request], request: Request) -> None:
    requests.append(request)


async def sizes(requests: list[Request]) -> dict[str, int]:
    loaded = [request for request in requests if not LATER.search(request.url)]
    return {request.url: (await request.sizes())["responseBodySize"] for request in loaded}


@pytest.mark.parametrize("path", GAMES)
async def test_a_first_visit_is_light(visit: Visit, path: str) -> None:
    page = await visit()
    requests: list[Request] = []
    page.on("requestfinished", partial(hear, requests))
    await page.goto(path)
    await page.wait_for_load_state("networkidle")
    told = await sizes(requests)
    assert any(url.endswith(".js") or ".js?" in url for url in told) and any(".css" in url for url in told)
    assert sum(told.values()) <= BUDGET, told


async def test_a_player_loads_as_little_and_nothing_from_elsewhere(arrive: Arrive) -> None:
    guest = await arrive("/wallet")
    page = guest.page
    asked: list[Request] = []
    page.on("request", partial(hear, asked))
    for path in ("/", *GAMES, "/rules", "/fairness/verify", "/leaderboard", "/docs", "/profile"):
        finished: list[Request] = []
        page.on("requestfinished", partial(hear, finished))
        await page.goto(path)
        await page.wait_for_load_state("load")
        await page.wait_for_timeout(200)
        told = await sizes(finished)
        assert sum(told.values()) <= BUDGET, (path, told)
    own = urlsplit(page.url).netloc
    assert {urlsplit(request.url).netloc for request in asked if request.url.startswith(("http", "ws"))} == {own}
