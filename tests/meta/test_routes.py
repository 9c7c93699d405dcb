"""Walks the whole application: what holds for every route holds for the next one, too."""

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from imperio.accounts.access import Auth, Policy
from imperio.app import CasinoApp
from imperio.core.paths import STATIC, TEMPLATES

# Routes that are not declared through `Access`, each with its reason.
OUTSIDE = {
    "static": "files for everybody, nothing but bytes",
    "openapi": "quart-schema's own description of the API",
    "events.events": "the stream checks its topics itself (imperio/realtime/sse.py)",
    "ws_chat.serve": "sockets authenticate and limit by frame (imperio/realtime/ws.py)",
    "ws_tables.serve": "sockets authenticate and limit by frame (imperio/realtime/ws.py)",
}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Routes do not depend on the engine."""
    return sqlite_url


def test_every_route_has_an_auth_and_a_rate_policy(app: CasinoApp) -> None:
    missing = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in OUTSIDE
        and not isinstance(getattr(app.view_functions[rule.endpoint], "policy", None), Policy)
    ]
    assert missing == []
    assert sum(1 for _ in app.url_map.iter_rules()) > 60


def test_admin_routes_ask_for_a_role(app: CasinoApp) -> None:
    lax = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "/admin" in rule.rule and app.view_functions[rule.endpoint].policy.auth not in (Auth.ADMIN, Auth.MODERATOR)  # type: ignore[attr-defined]
    ]
    assert lax == []


async def test_the_description_is_openapi_3_1_and_complete(app: CasinoApp) -> None:
    response = await app.test_client().get("/openapi.json")
    description = await response.get_json()
    assert description["openapi"].startswith("3.1")
    described = {
        (method.upper(), re.sub(r"{(\w+)}", r"<\1>", path))
        for path, operations in description["paths"].items()
        for method in operations
    }
    expected = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert expected <= described
    assert len(expected) > 40
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary") or operation.get("description"), f"{method} {path} says nothing"
            assert any(str(status)[0] in "12" for status in operation["responses"]), f"{method} {path}"


async def test_every_body_has_an_example_that_its_schema_allows(app: CasinoApp) -> None:
    description = await (await app.test_client().get("/openapi.json")).get_json()
    without, checked = [], 0
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            parts = {"request": operation.get("requestBody", {}), **operation["responses"]}
            for name, part in parts.items():
                content = part.get("content", {}).get("application/json")
                if content is None:
                    continue
                schema = {**content["schema"], "components": description["components"]}
                Draft202012Validator.check_schema(schema)
                problems = [error.message for error in Draft202012Validator(schema).iter_errors(content["example"])]
                assert problems == [], f"{method} {path} {name}"
                checked += 1
                if "text" in str(content["example"]).split("'"):
                    without.append(f"{method} {path} {name}")
    assert without == [], "a name that accounts/examples.py does not know"
    assert checked > 60


async def test_the_description_says_what_is_sent_and_answered(app: CasinoApp) -> None:
    paths = (await (await app.test_client().get("/openapi.json")).get_json())["paths"]
    spin = paths["/api/v1/games/slots/spins"]["post"]
    assert spin["requestBody"]["required"] is True
    assert paths["/api/v1/fairness/rotate"]["post"]["requestBody"]["required"] is False
    takes_a_key = {
        path
        for path, operations in paths.items()
        for operation in operations.values()
        if "Idempotency-Key" in [parameter["name"] for parameter in operation.get("parameters", [])]
    }
    assert takes_a_key == {
        "/api/v1/games/slots/spins",
        "/api/v1/games/roulette/spins",
        "/api/v1/games/blackjack/rounds",
        "/api/v1/games/blackjack/rounds/{round_id}/actions",
        "/api/v1/bonus/daily",
        "/api/v1/bonus/refill",
        "/api/v1/fairness/rotate",
    }
    assert "Idempotency-Replayed" in spin["responses"]["201"]["headers"]
    assert set(paths["/api/v1/transactions.csv"]["get"]["responses"]["200"]["content"]) == {"text/csv"}
    assert set(paths["/metrics"]["get"]["responses"]["200"]["content"]) == {"text/plain"}
    for path in ("/health", "/health/ready"):
        responses = paths[path]["get"]["responses"]
        assert responses["200"]["content"]["application/json"]["schema"]["title"] == "HealthView"
        assert {"application/json", "application/problem+json"} == set(responses["503"]["content"])
    (limit,) = (found for found in paths["/api/v1/rounds"]["get"]["parameters"] if found["name"] == "limit")
    assert (limit["schema"]["minimum"], limit["schema"]["maximum"]) == (1, 200)


async def test_errors_link_to_their_words(app: CasinoApp) -> None:
    """Each problem's `type` leads to an anchor of /docs."""
    client = app.test_client()
    problem = await (await client.get("/api/v1/wallet")).get_json()
    page = await (await client.get("/docs", headers={"Accept": "text/html"})).get_data(as_text=True)
    assert f'id="{problem["type"].partition("#")[2]}"' in page


def test_no_page_needs_a_foreign_host_or_inline_code() -> None:
    offences = []
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text()
        if re.search(r"""(?:src|href|action)=["']https?://""", text):
            offences.append(f"{template.name}: foreign address")
        if re.search(r"""\sstyle=["']""", text) or re.search(r"""\son\w+=["']""", text):
            offences.append(f"{template.name}: inline style or handler")
        offences += [
            f"{template.name}: script without a nonce"
            for tag in re.findall(r"<script[^>]*>", text)
            if "src=" not in tag and "nonce=" not in tag and "application/json" not in tag
        ]
    for script in STATIC.rglob("*.js"):
        if re.search(
            r"""(?:import|fetch|WebSocket|EventSource)\s*\(?\s*["'`](?:https?:|wss?:)?//""", script.read_text()
        ):
            offences.append(f"{script.name}: foreign host")
    assert offences == []


def test_every_template_is_used(app: CasinoApp) -> None:
    sources = "\n".join(
        path.read_text()
        for folder in ("imperio", "templates")
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix in (".py", ".html")
    )
    unused = [
        str(template.relative_to(TEMPLATES))
        for template in TEMPLATES.rglob("*.html")
        if str(template.relative_to(TEMPLATES)) not in sources and "_replay" not in template.name
    ]
    assert unused == []


# The contract's events, and where they have to come from.
EVENTS = [
    "leaderboard_update",
    "new_notification",
    "unread_count",
    "big_win_announcement",
    "your_big_win",
    "balance",
    "announcement",
    "big_wins_snapshot",
    "announcements_snapshot",
    "lobby_snapshot",
    "resync",
    "joined_chat",
    "chat_message",
    "user_joined_chat",
    "user_left_chat",
    "message_removed",
    "left_chat",
    "authenticated",
    "pong",
    "error",
    "ok",
]


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_of_the_contract_is_told_somewhere(event: str) -> None:
    assert any(f'"{event}"' in path.read_text() for path in (ROOT / "imperio").rglob("*.py"))
