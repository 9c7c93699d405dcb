"""Contract, "Fairness", and `imperio-fair/1` written a second time, from the rules."""

import hashlib
from collections.abc import Callable
from typing import Any

import httpx

from .guest import RED, RFC3339, Guest, is_problem, numbers, pocket, shoe, slots_outcome


def test_the_stream_is_the_published_one() -> None:
    stream = numbers("5d43f77f53fec7d115180136105400f0fd2a1f20b681b6b54a289c207923b190", "iyAyNGKPsa", 29)
    shares = [round(next(stream) / 2**32, 12) for _ in range(9)]
    assert (shares[0], shares[1], shares[8]) == (0.418529668823, 0.986164369853, 0.523547452874)


def test_every_round_is_what_its_seeds_say(anna: Guest) -> None:
    pair = anna.get("/fairness")
    assert set(pair) == {"server_seed_hash", "client_seed", "nonce", "next_server_seed_hash"} and pair["nonce"] == 0
    for _ in range(3):
        anna.spin(2)
        anna.roulette({"type": "red", "amount": 1}, {"type": "straight", "numbers": [17], "amount": 1})
        anna.finish(anna.post("/games/blackjack/rounds", {"stake": 10}))
    for round_ in anna.get("/rounds")["rounds"]:
        fair = round_["fairness"]
        assert set(fair) == {"server_seed_hash", "client_seed", "nonce", "server_seed"} and fair["server_seed"] is None
        assert fair["server_seed_hash"] == pair["server_seed_hash"]
    rotated = anna.post("/fairness/rotate", {"client_seed": "my own"})
    revealed, current = rotated["revealed"], rotated["current"]
    assert revealed["server_seed_hash"] == pair["server_seed_hash"]
    assert revealed["server_seed_hash"] == hashlib.sha256(revealed["server_seed"].encode()).hexdigest()
    assert (revealed["client_seed"], revealed["last_nonce"]) == (pair["client_seed"], 8)
    assert current == anna.get("/fairness")
    assert (current["client_seed"], current["nonce"]) == ("my own", 0)
    assert current["server_seed_hash"] == pair["next_server_seed_hash"] != current["next_server_seed_hash"]
    (earlier,) = anna.get("/fairness/seeds")["seeds"]
    assert RFC3339.fullmatch(earlier.pop("revealed_at")) and earlier == revealed
    rounds = anna.get("/rounds")["rounds"]
    assert [round_["fairness"]["nonce"] for round_ in rounds] == list(range(8, -1, -1))
    for round_ in rounds:
        _recompute(anna.http, round_)


def _recompute(http: httpx.Client, round_: dict[str, Any]) -> None:
    fair, outcome = round_["fairness"], round_["outcome"]
    seeds = (fair["server_seed"], fair["client_seed"], fair["nonce"])
    body = dict(zip(("server_seed", "client_seed", "nonce"), seeds, strict=True), game=round_["game"])
    answer = http.post("/api/v1/fairness/verify", json=body)
    assert answer.status_code == 200
    told = answer.json()["outcome"]
    if round_["game"] == "slots":
        assert outcome == told == slots_outcome(*seeds)
    elif round_["game"] == "roulette":
        number = pocket(*seeds)
        colour = "green" if number == 0 else "red" if number in RED else "black"
        assert (told["pocket"], told["colour"]) == (outcome["pocket"], outcome["colour"]) == (number, colour)
    else:
        cards = shoe(*seeds)
        assert told == {"shoe": cards}
        (hand,) = outcome["hands"]
        shown = outcome["dealer"]["cards"]
        assert hand["cards"][:2] == [cards[0], cards[2]] and shown[0] == cards[1]
        assert shown[1:] == [cards[3], *cards[4 : 2 + len(shown)]][: len(shown) - 1]


def test_nothing_is_revealed_while_a_hand_is_open(anna: Guest) -> None:
    nonce = anna.get("/fairness")["nonce"]
    hand = anna.deal()
    is_problem(anna.ask("POST", "/fairness/rotate", json={}), 409, "round_open")
    is_problem(anna.ask("POST", "/games/blackjack/rounds", json={"stake": 10}), 409, "round_open")
    assert anna.get("/fairness")["nonce"] == hand["round"]["fairness"]["nonce"] + 1 > nonce
    assert anna.get("/fairness/seeds")["seeds"] == []
    anna.finish(hand)
    assert anna.ask("POST", "/fairness/rotate").status_code == 200


def test_an_unused_pair_rotates_and_seeds_have_bounds(guest: Callable[[], Guest]) -> None:
    anna = guest()
    kept = anna.get("/fairness")["client_seed"]
    assert anna.post("/fairness/rotate")["current"]["client_seed"] == kept
    for seed in ("", "x" * 65, 5, "a\nb"):
        is_problem(anna.ask("POST", "/fairness/rotate", json={"client_seed": seed}), 422)
    assert anna.post("/fairness/rotate", {"client_seed": "ä" * 64})["current"]["client_seed"] == "ä" * 64
    anna.spin()
    anna.post("/fairness/rotate")
    _recompute(anna.http, anna.get("/rounds")["rounds"][0])


def test_verifying_needs_sense(anna: Guest) -> None:
    good: dict[str, Any] = {"game": "slots", "server_seed": "a" * 64, "client_seed": "x", "nonce": 0}
    assert anna.http.post("/api/v1/fairness/verify", json=good).status_code == 200
    for wrong in ({"game": "poker"}, {"nonce": -1}, {"nonce": "0"}, {"server_seed": "short"}, {"client_seed": ""}):
        is_problem(anna.http.post("/api/v1/fairness/verify", json=good | wrong), 422)
