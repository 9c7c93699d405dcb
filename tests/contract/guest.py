"""A player who knows the casino from outside only, and what such a player may compute alone."""

import hashlib
import hmac
import re
from collections.abc import Iterator
from itertools import count
from typing import Any, Final
from uuid import uuid4

import httpx

PASSWORD: Final = "a palace by the sea"
RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
SAFE: Final = [{"type": "straight", "numbers": [number], "amount": 1} for number in range(1, 36)]
"""Bets on 35 of the 37 pockets: a win of one coin nearly every time."""


class Guest:
    """Somebody with an account of 1,000 coins, by Bearer token."""

    def __init__(self, base_url: str, name: str | None = None) -> None:
        self.name = name or f"g-{uuid4().hex[:12]}"
        self.http = httpx.Client(base_url=base_url, timeout=30, verify=False)  # no certificates to load: plain HTTP
        body = {"username": self.name, "email": f"{self.name}@example.org", "password": PASSWORD}
        answer = self.http.post("/api/v1/auth/signup", json=body)
        assert answer.status_code == 201, answer.text
        self.login: dict[str, Any] = answer.json()
        self.token: str = self.login["access_token"]

    def close(self) -> None:
        self.http.close()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def ask(self, method: str, path: str, key: str | None = None, **more: Any) -> httpx.Response:
        headers = self.headers | ({"Idempotency-Key": key} if key else {}) | more.pop("headers", {})
        return self.http.request(method, f"/api/v1{path}", headers=headers, **more)

    def get(self, path: str, **params: Any) -> Any:
        """The JSON of a call that works."""
        answer = self.ask("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None, key: str | None = None) -> Any:
        """The JSON of a call that works."""
        answer = self.ask("POST", path, key, **({} if body is None else {"json": body}))
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def spin(self, stake: int = 1) -> Any:
        return self.post("/games/slots/spins", {"stake": stake})

    def roulette(self, *bets: dict[str, Any]) -> Any:
        return self.post("/games/roulette/spins", {"bets": list(bets)})

    def deal(self, stake: int = 10) -> Any:
        """The answer to a deal that leaves the hand open."""
        for _ in range(50):
            answer = self.post("/games/blackjack/rounds", {"stake": stake})
            if answer["round"]["status"] == "open":
                return answer
        raise AssertionError("fifty rounds in a row settled at once")

    def act(self, round_id: str, action: str) -> httpx.Response:
        return self.ask("POST", f"/games/blackjack/rounds/{round_id}/actions", json={"action": action})

    def finish(self, answer: Any) -> Any:
        """Stands until the hand is over; the last answer."""
        while answer["round"]["status"] == "open":
            legal = answer["round"]["outcome"]["legal_actions"]
            action = "decline_insurance" if "decline_insurance" in legal else "stand"
            answer = self.act(answer["round"]["id"], action).json()
        return answer

    @property
    def balance(self) -> int:
        return int(self.get("/wallet")["balance"])

    def pages(self, path: str, name: str, **params: Any) -> list[Any]:
        """A whole list, page by page."""
        items: list[Any] = []
        for _ in range(500):
            page = self.get(path, **params)
            items += page[name]
            if page["next_cursor"] is None:
                return items
            params["cursor"] = page["next_cursor"]
        raise AssertionError("the list has no end")


def is_problem(answer: httpx.Response, status: int, code: str | None = None) -> dict[str, Any]:
    """Checks that an answer is problem details of RFC 9457; its JSON."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text}"
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "code"} <= set(problem)
    assert problem["status"] == status and re.fullmatch(r"[a-z]+(_[a-z]+)*", problem["code"])
    assert code is None or problem["code"] == code, problem
    for error in problem.get("errors", []):
        assert set(error) == {"field", "message"} and all(isinstance(text, str) for text in error.values())
    assert "Traceback" not in answer.text and "SELECT" not in answer.text
    return problem


# `imperio-fair/1`, written from the published rules


def numbers(server_seed: str, client_seed: str, nonce: int) -> Iterator[int]:
    """The stream's unsigned 32-bit numbers."""
    for block in count():
        message = f"{client_seed}:{nonce}:{block}".encode()
        data = hmac.new(server_seed.encode(), message, hashlib.sha256).digest()
        yield from (int.from_bytes(data[at : at + 4], "big") for at in range(0, 32, 4))


def below(n: int, stream: Iterator[int]) -> int:
    limit = n * (2**32 // n)
    return next(number for number in stream if number < limit) % n


STRIPS: Final = (
    "LBLBLLBLBLALBCABLLBLALBLACBLBLLB",
    "BLALBLBALBLLBCALBLBALLBLBLBALCLL",
    "LBLBLLLCLBLALLLLLLALBLALCLBLALLB",
)
WORDS: Final = {"C": "cherry", "A": "apple", "B": "banana", "L": "lemon"}
THREE: Final = {"C": 500, "A": 25, "B": 10, "L": 2}
TWO: Final = {"C": 15, "A": 4, "B": 2}
RED: Final = {1, 3, 5, 7, 9, 12, 14, 16, 18, 19, 21, 23, 25, 27, 30, 32, 34, 36}


def slots_outcome(server_seed: str, client_seed: str, nonce: int) -> dict[str, Any]:
    stream = numbers(server_seed, client_seed, nonce)
    stops = [below(32, stream) for _ in range(3)]
    line = "".join(strip[stop] for strip, stop in zip(STRIPS, stops, strict=True))
    multiplier = THREE[line[0]] if len(set(line)) == 1 else TWO.get(line[0], 0) if line[0] == line[1] else 0
    return {"stops": stops, "symbols": [WORDS[letter] for letter in line], "multiplier": multiplier}


def pocket(server_seed: str, client_seed: str, nonce: int) -> int:
    return below(37, numbers(server_seed, client_seed, nonce))


def shoe(server_seed: str, client_seed: str, nonce: int) -> list[str]:
    stream = numbers(server_seed, client_seed, nonce)
    ranks = ["A", *map(str, range(2, 11)), "J", "Q", "K"]
    cards = [rank + suit for _ in range(6) for suit in "SHDC" for rank in ranks]
    for i in range(311, 0, -1):
        j = below(i + 1, stream)
        cards[i], cards[j] = cards[j], cards[i]
    return cards
