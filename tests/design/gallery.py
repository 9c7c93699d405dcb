"""Renders every page with made-up data and looks at it: screenshots in both themes and widths, and axe.

``python tests/design/gallery.py OUT [name …]`` writes OUT/<page>-<width>-<theme>.png and prints what axe finds.
"""

from __future__ import annotations

import functools
import gettext
import http.server
import json
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT)]
from samples import PAGES, PLAYER, visitor_shell  # noqa: E402

CHROMIUM = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
SIZES = {"390": (390, 844), "1440": (1440, 900)}


def ago(value: str) -> Markup:
    seconds = (datetime.now(UTC) - datetime.fromisoformat(value)).total_seconds()
    text = f"{int(seconds // 60)} min ago" if seconds >= 0 else f"in {int(-seconds // 3600)} h"
    return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(value, text)


def environment() -> Environment:
    env = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True, extensions=["jinja2.ext.i18n"])
    scripts = [path.relative_to(ROOT / "static/js").as_posix() for path in (ROOT / "static/js").rglob("*.js")]
    imports = json.dumps({"imports": {f"imperio/{name}": f"/static/js/{name}" for name in scripts}})

    env.install_gettext_translations(gettext.NullTranslations(), newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(asset=lambda path: f"/static/{path}", import_map=lambda: imports, csp_nonce=lambda: "gallery")
    env.filters.update(
        coins=lambda n: f"{n:,}".replace("-", "−"),
        signed=lambda n: f"+{n:,}" if n > 0 else f"{n:,}".replace("-", "−"),
        pct=lambda f, digits=1: f"{f * 100:.{digits}f} %",
        ago=ago,
    )
    return env


class Handler(http.server.SimpleHTTPRequestHandler):
    pages: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, directory=str(ROOT), **kwargs)

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            super().do_GET()
            return
        body = self.pages.get(self.path.partition("?")[0])
        self.send_response(204 if body is None else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        policy = (
            "default-src 'self'; script-src 'self' 'nonce-gallery'; style-src 'self' 'nonce-gallery';"
            " img-src 'self' data:; connect-src 'self'"
        )
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        if body:
            self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


def render() -> dict[str, str]:
    env = environment()
    rendered = {}
    for name, (template, context, signed_in) in PAGES.items():
        shell = dict(visitor_shell(), **(PLAYER if signed_in else {}))
        shell["path"] = context.get("_path", f"/{name.partition('-')[0]}")
        rendered[f"/page/{name}"] = env.get_template(template).render(shell=shell, **context)
    return rendered


def main(out: Path, names: list[str]) -> int:
    out.mkdir(parents=True, exist_ok=True)
    Handler.pages = render()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    found = 0
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM.split())
        for size, (width, height) in SIZES.items():
            for theme in ("dark", "light"):
                page = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme).new_page()
                page.on("console", lambda message: message.type == "error" and print("console", message.text[:110]))
                page.on("pageerror", lambda error: print("error", error))
                for name in names or list(PAGES):
                    page.goto(f"{base}/page/{name}")
                    page.wait_for_timeout(250)
                    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                        print(f"{name} {size}: wider than the screen")
                    page.screenshot(path=out / f"{name}-{size}-{theme}.png", full_page=True)
                    for violation in Axe().run(page).response["violations"]:
                        found += 1
                        targets = [
                            str(node["target"]) + " " + (node["failureSummary"] or "")[:160].replace("\n", " ")
                            for node in violation["nodes"][:3]
                        ]
                        print(f"{name} {size} {theme}: {violation['id']}", *targets, sep="\n   ")
        browser.close()
    server.shutdown()
    return found


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1]), sys.argv[2:]) else 0)
