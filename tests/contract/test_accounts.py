"""Contract, "Accounts", and what is visible of cookies, CSRF and headers."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.server import Server

from .guest import PASSWORD, RFC3339, Guest, is_problem

USER_KEYS = {"id", "username", "email", "coins", "role", "status", "created_at"}
LOGIN_KEYS = {"user", "access_token", "refresh_token", "token_type", "expires_in"}


def _signup(http: httpx.Client, **changed: Any) -> httpx.Response:
    name = f"n-{uuid4().hex[:12]}"
    body = {"username": name, "email": f"{name}@example.org", "password": PASSWORD, **changed}
    return http.post("/api/v1/auth/signup", json=body)


def test_signing_up(anna: Guest) -> None:
    assert set(anna.login) == LOGIN_KEYS and set(anna.login["user"]) == USER_KEYS
    assert (anna.login["token_type"], anna.login["expires_in"]) == ("Bearer", 900)
    user = anna.get("/me")["user"]
    assert user == anna.login["user"] and isinstance(user["id"], str)
    assert (user["coins"], user["role"], user["status"]) == (1000, "player", "active")
    assert RFC3339.fullmatch(user["created_at"])
    (grant,) = anna.get("/transactions")["transactions"]
    assert (grant["type"], grant["amount"], grant["balance_before"], grant["balance_after"]) == ("bonus", 1000, 0, 1000)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "ab"),
        ("username", "a" * 33),
        ("username", "has space"),
        ("username", "\u0430lice"),  # a Cyrillic letter that looks like an a
        ("username", "line\n"),
        ("username", 5),
        ("email", "nowhere"),
        ("password", "ninechars"),
        ("password", "x" * 129),
        ("password", "password123"),
        ("password", "qwertyuiop"),
        ("role", "admin"),
        ("coins", 5000),
    ],
)
def test_refused_at_the_door(anna: Guest, field: str, value: Any) -> None:
    problem = is_problem(_signup(anna.http, **{field: value}), 422)
    assert problem["errors"][0]["field"] == field


def test_edges_are_taken(anna: Guest) -> None:
    for changed in ({"username": uuid4().hex}, {"password": "p:" + "x" * 126}, {"password": "ten chars!"}):
        assert _signup(anna.http, **changed).status_code == 201


def test_names_and_addresses_are_taken_once_whatever_their_case(anna: Guest) -> None:
    is_problem(_signup(anna.http, username=anna.name.upper()), 409, "username_taken")
    is_problem(_signup(anna.http, email=f"{anna.name}@EXAMPLE.org"), 409, "email_taken")


def test_logging_in(anna: Guest) -> None:
    body = {"username": anna.name.upper(), "password": PASSWORD}
    answer = anna.http.post("/api/v1/auth/login", json=body)
    assert answer.status_code == 200 and set(answer.json()) == LOGIN_KEYS and "set-cookie" not in answer.headers
    wrong = anna.http.post("/api/v1/auth/login", json={**body, "password": "not the palace"})
    nobody = anna.http.post("/api/v1/auth/login", json={**body, "username": "nobody-at-all"})
    assert is_problem(wrong, 401) == is_problem(nobody, 401)


def test_a_refresh_token_is_good_once(anna: Guest) -> None:
    def refresh(token: str) -> httpx.Response:
        return anna.http.post("/api/v1/auth/refresh", json={"refresh_token": token})

    def status(token: str) -> int:
        return anna.http.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code

    second = refresh(anna.login["refresh_token"])
    assert second.status_code == 200 and set(second.json()) == LOGIN_KEYS
    assert (status(anna.token), status(second.json()["access_token"])) == (200, 200)
    is_problem(refresh(anna.login["refresh_token"]), 401)
    # Somebody else may have it: the whole family has ended, its access tokens included.
    is_problem(refresh(second.json()["refresh_token"]), 401)
    assert (status(anna.token), status(second.json()["access_token"])) == (401, 401)
    is_problem(refresh("never issued"), 401)


def test_after_logging_out(anna: Guest) -> None:
    other = anna.http.post("/api/v1/auth/login", json={"username": anna.name, "password": PASSWORD}).json()
    gone = anna.ask("POST", "/auth/logout")
    assert (gone.status_code, gone.content) == (204, b"") and "content-type" not in gone.headers
    is_problem(anna.ask("GET", "/me"), 401, "not_authenticated")
    is_problem(anna.ask("POST", "/games/slots/spins", json={"stake": 1}), 401, "not_authenticated")
    refresh = {"refresh_token": anna.login["refresh_token"]}
    is_problem(anna.http.post("/api/v1/auth/refresh", json=refresh), 401)
    anna.token = other["access_token"]
    assert anna.balance == 1000


def test_tokens_that_are_none(anna: Guest) -> None:
    head, body, signature = anna.token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert {"iss", "aud", "sub", "jti", "iat", "exp", "typ"} <= set(claims) and claims["exp"] - claims["iat"] == 900
    assert "kid" in json.loads(base64.urlsafe_b64decode(head + "=="))
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    richer = base64.urlsafe_b64encode(json.dumps(claims | {"role": "admin"}).encode()).decode().rstrip("=")
    for token in (f"{unsigned}.{body}.", f"{head}.{richer}.{signature}", anna.login["refresh_token"], "x"):
        is_problem(anna.http.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}), 401, "not_authenticated")
    is_problem(anna.http.get("/api/v1/me", params={"access_token": anna.token}), 401)


# Pages and cookies


def _csrf(page: httpx.Response) -> str:
    found = re.search(r'<meta name="csrf-token" content="([^"]+)"', page.text)
    assert found, page.text[:500]
    return found[1]


@pytest.fixture
def browser(house: str) -> Iterator[httpx.Client]:
    """Somebody who signed up on the page."""
    with httpx.Client(base_url=house, timeout=30, verify=False) as http:
        name = f"b-{uuid4().hex[:12]}"
        fields = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
        is_problem(http.post("/signup", data=fields), 403, "csrf_failed")
        answer = http.post("/signup", data={**fields, "csrf_token": _csrf(http.get("/signup"))})
        assert answer.status_code == 303
        cookies = answer.headers.get_list("set-cookie")
        assert len(cookies) >= 2
        for cookie in cookies:
            assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        yield http


def test_cookies_need_the_pages_token(browser: httpx.Client) -> None:
    assert browser.get("/api/v1/me").status_code == 200
    token = _csrf(browser.get("/slots"))

    def spin(**headers: str) -> httpx.Response:
        return browser.post("/api/v1/games/slots/spins", json={"stake": 1}, headers=headers)

    is_problem(spin(), 403, "csrf_failed")
    is_problem(spin(**{"X-CSRF-Token": "forged"}), 403, "csrf_failed")
    is_problem(spin(**{"X-CSRF-Token": token, "Origin": "https://elsewhere.example"}), 403, "csrf_failed")
    is_problem(spin(**{"X-CSRF-Token": token, "Sec-Fetch-Site": "cross-site"}), 403, "csrf_failed")
    assert spin(**{"X-CSRF-Token": token}).status_code == 201
    assert browser.post("/slots", data={"stake": "1", "csrf_token": token}).status_code == 303
    assert len(browser.get("/api/v1/rounds").json()["rounds"]) == 2
    is_problem(browser.put("/api/v1/limits", json={}), 403, "csrf_failed")


def test_refreshing_and_leaving_by_cookie(browser: httpx.Client) -> None:
    token = _csrf(browser.get("/"))
    is_problem(browser.post("/api/v1/auth/refresh"), 403, "csrf_failed")
    assert browser.post("/api/v1/auth/refresh", headers={"X-CSRF-Token": token}).status_code == 200
    kept = dict(browser.cookies)
    is_problem(browser.post("/logout"), 403, "csrf_failed")
    assert browser.post("/logout", data={"csrf_token": token}).status_code == 303
    is_problem(browser.get("/api/v1/me"), 401)
    browser.cookies.update(kept)
    is_problem(browser.get("/api/v1/me"), 401)


def test_nobody_is_sent_elsewhere_after_logging_in(browser: httpx.Client) -> None:
    for wanted in ("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example"):
        answer = browser.get("/login", params={"next": wanted})
        assert answer.status_code == 303 and answer.headers["location"] == "/"


def test_a_player_may_be_met_by_pages_only_through_the_login(house: str) -> None:
    for path in ("/wallet", "/history", "/statistics", "/notifications", "/limits", "/profile"):
        answer = httpx.get(house + path, headers={"Accept": "text/html"}, verify=False)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next=%2F{path[1:]}")


def test_headers_of_every_answer(house: str) -> None:
    for path in ("/", "/login", "/nothing-here", "/api/v1/games", "/api/v1/me", "/health"):
        headers = httpx.get(house + path, headers={"Accept": "text/html"}, verify=False).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy and "unsafe-inline" not in policy and "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert {"referrer-policy", "permissions-policy", "cross-origin-opener-policy"} <= set(headers)
        assert "access-control-allow-origin" not in headers


# With limits on


def test_guessing_is_slowed_down_for_real_and_unknown_names_alike(limited: Server) -> None:
    known = Guest(limited.base_url)
    with httpx.Client(base_url=limited.base_url, verify=False) as http:
        for name in (known.name, "nobody-here"):
            body = {"username": name, "password": "not the palace"}
            answers = [http.post("/api/v1/auth/login", json=body) for _ in range(8)]
            statuses = [answer.status_code for answer in answers]
            assert statuses == sorted(statuses) and set(statuses) == {401, 429}
            is_problem(answers[-1], 429, "rate_limited")
            assert int(answers[-1].headers["retry-after"]) > 0
        right = {"username": known.name, "password": PASSWORD}
        is_problem(http.post("/api/v1/auth/login", json=right), 429)
    assert known.balance == 1000
    known.close()


def test_a_flood_is_told_to_wait_whatever_it_says_of_its_address(limited: Server) -> None:
    with httpx.Client(base_url=limited.base_url, verify=False) as http:
        answers = [
            http.get("/api/v1/leaderboard", headers={"X-Forwarded-For": f"10.0.0.{number}"}) for number in range(250)
        ]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and {answer.status_code for answer in answers} == {200, 429}
    is_problem(refused[0], 429, "rate_limited")
    assert int(refused[0].headers["retry-after"]) >= 1


def test_the_log_knows_no_secrets(limited: Server) -> None:
    somebody = Guest(limited.base_url)
    somebody.http.post("/api/v1/auth/login", json={"username": "x\nforged: line", "password": "hunter2 hunter2"})
    somebody.http.post("/api/v1/auth/refresh", json={"refresh_token": somebody.login["refresh_token"]})
    somebody.http.post("/api/v1/auth/refresh", json={"refresh_token": somebody.login["refresh_token"]})
    somebody.close()
    for secret in (PASSWORD, somebody.token, somebody.login["refresh_token"], "hunter2", "\nforged"):
        assert secret not in limited.log
