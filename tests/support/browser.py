"""The browser that looks at the pages."""

import shutil
from typing import Final

from playwright.async_api import ConsoleMessage, Error, Page

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Path of a Chromium or Chrome on PATH."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def watch(page: Page, problems: list[str]) -> None:
    """Collects what a page complains about: console errors and exceptions nobody caught."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def on_error(error: Error) -> None:
        problems.append(f"exception: {error}")

    page.on("console", on_console)
    page.on("pageerror", on_error)
