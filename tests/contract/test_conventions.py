"""Contract, "Conventions": problem details, strict bodies and queries, paging, idempotency keys."""

import base64
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from .guest import Guest, is_problem

SPIN = "/games/slots/spins"


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b'{"stake": NaN}', "application/json", 400),
        (b'{"stake": "\xff"}', "application/json", 400),
        (b'{"stake": 5}', "text/plain", 415),
        (b"stake=5", "application/x-www-form-urlencoded", 415),
        (b'{"stake": 5, "odds": 9}', "application/json", 422),
        (b'{"stake": 5.0}', "application/json", 422),
        (b'{"stake": "5"}', "application/json", 422),
        (b'{"stake": true}', "application/json", 422),
        (b'{"stake": null}', "application/json", 422),
        (b'{"stake": 0}', "application/json", 422),
        (b'{"stake": -5}', "application/json", 422),
        (b'{"stake": 501}', "application/json", 422),
        (b'{"stake": 9223372036854775808}', "application/json", 422),
        (b"{}", "application/json", 422),
        (b"[5]", "application/json", 422),
        (b" " * (64 * 1024 + 1), "application/json", 413),
    ],
)
def test_a_body_that_is_no_stake_moves_nothing(anna: Guest, content: bytes, kind: str, status: int) -> None:
    problem = is_problem(anna.ask("POST", SPIN, content=content, headers={"Content-Type": kind}), status)
    assert bool(problem.get("errors")) == (status == 422)
    assert anna.balance == 1000 and anna.get("/fairness")["nonce"] == 0


def test_json_with_a_charset_is_json(anna: Guest) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert anna.ask("POST", SPIN, content=b'{"stake": 5}', headers=headers).status_code == 201


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=5.0", "limit=x", "limit=", "cursor=forged", "cursor=", "type=gift", "game=poker"]
    + ["from=yesterday", "to=5", "unknown=1"],
)
def test_a_query_that_makes_no_sense(anna: Guest, query: str) -> None:
    problem = is_problem(anna.ask("GET", f"/transactions?{query}"), 422)
    assert problem["errors"][0]["field"] == query.partition("=")[0]


@pytest.mark.parametrize(
    "path",
    ["/me", "/wallet", "/transactions", "/transactions.csv", "/rounds", "/fairness", "/fairness/seeds", "/statistics"]
    + ["/achievements/mine", "/achievements/progress", "/leaderboard/me", "/notifications", "/profile", "/limits"],
)
def test_private_things_need_a_login(house: str, path: str) -> None:
    answer = httpx.get(f"{house}/api/v1{path}", verify=False)
    is_problem(answer, 401, "not_authenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/v1/games/", "/api/v1//me", "/api/nothing", "/api/v1/rounds/%00"]
)
def test_what_is_not_there(anna: Guest, path: str) -> None:
    is_problem(anna.http.get(path, headers=anna.headers | {"Accept": "text/html"}), 404)


def test_methods(house: str) -> None:
    with httpx.Client(base_url=house, verify=False) as http:
        wrong = http.get("/api/v1/games/slots/spins")
        is_problem(wrong, 405)
        assert set(wrong.headers["allow"].split(", ")) == {"OPTIONS", "POST"}
        head, get = http.head("/api/v1/games"), http.get("/api/v1/games")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == get.headers["content-length"]
        foreign = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
        options = http.options("/api/v1/games/slots/spins", headers=foreign)
        assert options.status_code in (200, 204) and "POST" in options.headers["allow"]
        assert not [name for name in options.headers if name.startswith("access-control")]


def test_lists_are_paged_by_cursor_newest_first(anna: Guest) -> None:
    for _ in range(5):
        anna.spin()
    for path, name in (("/transactions", "transactions"), ("/rounds", "rounds")):
        whole = anna.get(path)
        assert whole["next_cursor"] is None
        assert anna.pages(path, name, limit=2) == whole[name]
        assert [item["created_at"] for item in whole[name]] == sorted(
            (item["created_at"] for item in whole[name]), reverse=True
        )
        assert anna.get(path, limit=len(whole[name]))["next_cursor"] is None


LISTS = ("transactions", "rounds", "notifications", "seeds")


def _path(name: str) -> str:
    return "/fairness/seeds" if name == "seeds" else f"/{name}"


@pytest.mark.parametrize("position", ["\0", "x", "", "-1", "9" * 30, "ä", "' OR 1=1", "g" * 32])
def test_forged_cursors(anna: Guest, position: str) -> None:
    for name in LISTS:
        cursor = base64.urlsafe_b64encode(f"v1:{name}:{position}".encode()).decode().rstrip("=")
        is_problem(anna.ask("GET", _path(name), params={"cursor": cursor}), 422)


def test_cursors_of_another_list(anna: Guest) -> None:
    anna.spin()
    anna.spin()
    anna.post("/bonus/daily")
    for _ in range(2):
        anna.post("/fairness/rotate", {})
    cursors = {name: anna.get(_path(name), limit=1)["next_cursor"] for name in LISTS}
    for name in LISTS:
        for other, cursor in cursors.items():
            answer = anna.ask("GET", _path(name), params={"cursor": cursor})
            if name == other:
                assert answer.status_code == 200 and answer.json()[name]
            else:
                is_problem(answer, 422)


def test_a_key_gives_the_first_answer_again(anna: Guest) -> None:
    first = anna.ask("POST", SPIN, "k-1", json={"stake": 5})
    again = anna.ask("POST", SPIN, "k-1", content=b'{ "stake" : 5 }', headers={"Content-Type": "application/json"})
    assert (first.status_code, again.status_code) == (201, 201) and again.content == first.content
    assert "idempotency-replayed" not in first.headers and again.headers["idempotency-replayed"] == "true"
    assert len(anna.get("/rounds")["rounds"]) == 1
    is_problem(anna.ask("POST", SPIN, "k-1", json={"stake": 6}), 422, "idempotency_conflict")
    is_problem(anna.ask("POST", "/bonus/daily", "k-1"), 422, "idempotency_conflict")
    is_problem(anna.ask("POST", "/games/blackjack/rounds", "k-1", json={"stake": 5}), 422, "idempotency_conflict")
    for key in ("x" * 129, "tab\tin it"):
        is_problem(anna.ask("POST", SPIN, key, json={"stake": 5}), 422)
    assert anna.ask("POST", SPIN, "x" * 128, json={"stake": 5}).status_code == 201


def test_a_refused_bet_does_not_spend_its_key(anna: Guest) -> None:
    bets = [{"type": "red", "amount": 1000}, {"type": "black", "amount": 1000}]
    is_problem(anna.ask("POST", "/games/roulette/spins", "k", json={"bets": bets}), 409, "insufficient_funds")
    assert anna.ask("POST", SPIN, "k", json={"stake": 1}).status_code == 201


def test_keys_belong_to_their_player(guest: Callable[[], Guest]) -> None:
    one, other = guest(), guest()
    rounds = {player.post(SPIN, {"stake": 5}, "shared")["round"]["id"] for player in (one, other)}
    assert len(rounds) == 2


def _twelve_at_once(anna: Guest, path: str, body: Any) -> httpx.Response:
    """Sends one request twelve times at the same moment; checks that one of them took effect."""

    def send(_: int) -> httpx.Response:
        return anna.ask("POST", path, f"at once {path}", **({} if body is None else {"json": body}))

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, range(12)))
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1, Counter(a.text for a in answers)
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 11
    return answers[0]


def test_a_key_holds_when_all_arrive_at_once(anna: Guest) -> None:
    assert _twelve_at_once(anna, SPIN, {"stake": 5}).status_code == 201
    bets = {"bets": [{"type": "red", "amount": 5}]}
    assert _twelve_at_once(anna, "/games/roulette/spins", bets).status_code == 201
    hand = _twelve_at_once(anna, "/games/blackjack/rounds", {"stake": 10}).json()
    while hand["round"]["status"] == "open":
        legal = hand["round"]["outcome"]["legal_actions"]
        action = "decline_insurance" if "decline_insurance" in legal else "stand"
        path = f"/games/blackjack/rounds/{hand['round']['id']}/actions"
        hand = _twelve_at_once(anna, path, {"action": action}).json()
    assert _twelve_at_once(anna, "/bonus/daily", None).status_code == 201
    assert _twelve_at_once(anna, "/fairness/rotate", {"client_seed": "mine"}).status_code == 200
    rounds = anna.get("/rounds")["rounds"]
    assert sorted(round_["fairness"]["nonce"] for round_ in rounds) == [0, 1, 2]
    assert len(anna.get("/fairness/seeds")["seeds"]) == 1


def test_funds_for_three_stakes_pay_three(anna: Guest) -> None:
    bet = {"bets": [{"type": "straight", "numbers": [0], "amount": 300}]}

    def send(_: int) -> httpx.Response:
        return anna.ask("POST", "/games/roulette/spins", json=bet)

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, range(12)))
    won = any(answer.json()["round"]["payout"] for answer in answers if answer.status_code == 201)
    if not won:  # the zero came in for nobody: 36 times of 37 each
        assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 9}
    assert all(answer.json()["code"] == "insufficient_funds" for answer in answers if answer.status_code == 409)
    assert anna.balance >= 0
    used = sorted(round_["fairness"]["nonce"] for round_ in anna.get("/rounds")["rounds"])
    assert used == list(range(len(used)))
