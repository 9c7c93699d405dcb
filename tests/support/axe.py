"""What axe finds on a page, at both sizes and in both themes; and whether the page fits screens of any width."""

from functools import cache
from pathlib import Path
from typing import Final, Literal

import axe_playwright_python  # type: ignore[import-untyped]
from playwright.async_api import Page, ViewportSize

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESK: Final[ViewportSize] = {"width": 1440, "height": 900}
_SOURCE: Final = Path(axe_playwright_python.__file__).parent / "axe.min.js"
# axe measures the square around a round number of the racetrack; tests/e2e/test_accessibility.py measures the circles.
_RUN: Final = """async (rules) => {
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: { type: 'rule', values: rules } }) };
  const { violations } = await axe.run(document, options);
  const round = ({ id }, { html }) => id === 'target-size' && html.includes('track__number');
  for (const fault of violations) fault.nodes = fault.nodes.filter((node) => !round(fault, node));
  const shown = (nodes) => nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ');
  return violations.filter(({ nodes }) => nodes.length).map(({ id, nodes }) => `${id}: ${shown(nodes)}`);
}"""
# What depends on colours and widths alone; the rest is the same in the other theme.
_LOOKS: Final = ["color-contrast", "link-in-text-block", "target-size"]
# A theme is judged as it stays, not in the moment of its change.
_AT_REST: Final = """() => {
  if (window.atRest) return;
  window.atRest = new CSSStyleSheet();
  window.atRest.replaceSync('*, *::before, *::after { transition: none !important; }');
  document.adoptedStyleSheets.push(window.atRest);
}"""
_VIEWS: Final[tuple[tuple[ViewportSize, Literal["dark", "light"], list[str] | None], ...]] = (
    (PHONE, "dark", None),
    (PHONE, "light", _LOOKS),
    (DESK, "light", None),
    (DESK, "dark", _LOOKS),
)
_BREADTHS: Final = (320, 390, 768, 1024, 1440)
# Scripts lay some things out anew when the size has changed: in the frame after.
_WIDTH: Final = """async () => {
  for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
  return document.documentElement.scrollWidth;
}"""


@cache
def _axe() -> str:
    return _SOURCE.read_text()


async def find_faults(page: Page) -> list[str]:
    """Everything wrong with the page as it is, by night and by day, on a phone, a desk and what lies between."""
    wrong: list[str] = []
    await page.evaluate(_AT_REST)
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_axe())
    for size, theme, rules in _VIEWS:
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme=theme)
        wrong += [f"{size['width']} {theme}: {fault}" for fault in await page.evaluate(_RUN, rules)]
    for breadth in _BREADTHS:
        await page.set_viewport_size({"width": breadth, "height": 900})
        width = await page.evaluate(_WIDTH)
        if width > breadth:
            wrong.append(f"{width} px wide on {breadth}")
    return wrong
