"""Guests in front of real browsers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.e2e.guests import Guest, look_for_trouble
from tests.support.server import Server

_numbers = count(1)
Visit = Callable[..., Awaitable[Page]]
Arrive = Callable[..., Awaitable[Guest]]


@pytest.fixture
def trouble() -> list[str]:
    """What went wrong on any page of the test; see `look_for_trouble`."""
    return []


@pytest.fixture
async def visit(browser: Browser, house: Server, trouble: list[str]) -> AsyncIterator[Visit]:
    """`await visit(viewport=…, java_script_enabled=…)` opens a page in a fresh profile of its own.

    The test fails if anything on it went wrong that the test did not take out of `trouble`.
    """
    contexts = []

    async def open_page(**options: Any) -> Page:
        context = await browser.new_context(base_url=house.base_url, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = await context.new_page()
        look_for_trouble(page, trouble)
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert not trouble, "\n".join(trouble)


@pytest.fixture
async def arrive(visit: Visit) -> Arrive:
    """`await arrive("/slots", …)`: somebody new, signed up through the page, who lands there."""

    async def sign_up(path: str = "/", **options: Any) -> Guest:
        guest = Guest(await visit(**options), f"guest-{next(_numbers)}")
        await guest.sign_up(path)
        return guest

    return sign_up
