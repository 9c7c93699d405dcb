"""Contract, "Games": shapes, coins, refusals; and of the rules what play shows from outside."""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import httpx
import pytest

from .guest import RED, RFC3339, SAFE, THREE, TWO, WORDS, Guest, is_problem

ROUND_KEYS = {"id", "game", "status", "stake", "payout", "net", "outcome", "fairness", "created_at", "settled_at"}
TENS = ("10", "J", "Q", "K")
ODDS = {
    "straight": 35,
    "split": 17,
    "street": 11,
    "trio": 11,
    "corner": 8,
    "first_four": 8,
    "six_line": 5,
    **dict.fromkeys(("column_1", "column_2", "column_3", "dozen_1", "dozen_2", "dozen_3"), 2),
    **dict.fromkeys(("red", "black", "even", "odd", "low", "high"), 1),
}


def _check_round(answer: Any, before: int) -> dict[str, Any]:
    """What holds for every answer of a game; the round."""
    assert {"round", "balance", "unlocked"} <= set(answer)
    round_: dict[str, Any] = answer["round"]
    assert set(round_) >= ROUND_KEYS and isinstance(round_["id"], str)
    assert round_["net"] == round_["payout"] - round_["stake"]
    rewards = 0
    for gained in answer["unlocked"]:
        assert set(gained) == {"type", "name", "reward_coins"}
        rewards += gained["reward_coins"]
    assert answer["balance"] == before + round_["net"] + rewards
    assert RFC3339.fullmatch(round_["created_at"])
    assert (round_["settled_at"] is None) == (round_["status"] == "open")
    return round_


def test_the_catalogue(house: str) -> None:
    games = {game["id"]: game for game in httpx.get(f"{house}/api/v1/games", verify=False).json()["games"]}
    assert set(games) == {"slots", "roulette", "blackjack"}
    for game in games.values():
        assert {"id", "name", "rtp", "house_edge", "min_stake", "max_stake", "rules_url"} <= set(game)
        assert game["rtp"] + game["house_edge"] == pytest.approx(1)
        page = httpx.get(house + game["rules_url"].partition("#")[0], verify=False)
        assert page.status_code == 200
    slots, roulette, blackjack = games["slots"], games["roulette"], games["blackjack"]
    assert slots["rtp"] == 0.95703125 == 31360 / 32768
    assert (slots["min_stake"], slots["max_stake"]) == (1, 500)
    assert sum(line["multiplier"] * line["ways"] for line in slots["paytable"]) == 31360
    assert roulette["rtp"] == pytest.approx(36 / 37, abs=1e-12)
    assert (roulette["max_stake"], roulette["max_bet"]) == (5000, 1000)
    assert {bet["type"]: bet["odds"] for bet in roulette["bets"]} == ODDS
    assert sum(bet["spots"] for bet in roulette["bets"]) == 157
    assert (blackjack["house_edge"], blackjack["min_stake"], blackjack["max_stake"]) == (0.0033, 2, 2000)


def test_slots(anna: Guest) -> None:
    balance = anna.balance
    letters = {word: letter for letter, word in WORDS.items()}
    for stake in (1, 7, 500, 2, 3):
        answer = anna.ask("POST", "/games/slots/spins", json={"stake": stake})
        if answer.status_code == 409:
            break
        assert answer.status_code == 201
        round_ = _check_round(answer.json(), balance)
        outcome, balance = round_["outcome"], answer.json()["balance"]
        assert set(outcome) == {"stops", "symbols", "multiplier"} and all(0 <= stop < 32 for stop in outcome["stops"])
        line = [letters[word] for word in outcome["symbols"]]
        pays = THREE[line[0]] if len(set(line)) == 1 else TWO.get(line[0], 0) if line[0] == line[1] else 0
        assert outcome["multiplier"] == pays
        assert (round_["stake"], round_["payout"], round_["status"]) == (stake, stake * pays, "settled")
        assert anna.get(f"/rounds/{round_['id']}")["round"] == round_
    assert balance == anna.balance


def test_roulette_pays_by_the_table(anna: Guest) -> None:
    bets: list[dict[str, Any]] = [
        {"type": "straight", "numbers": [0], "amount": 2},
        {"type": "split", "numbers": [3, 0], "amount": 1},
        {"type": "street", "numbers": [34, 35, 36], "amount": 1},
        {"type": "trio", "numbers": [0, 2, 3], "amount": 1},
        {"type": "corner", "numbers": [1, 2, 4, 5], "amount": 1},
        {"type": "first_four", "numbers": [0, 1, 2, 3], "amount": 1},
        {"type": "six_line", "numbers": [31, 32, 33, 34, 35, 36], "amount": 1},
        *({"type": kind, "amount": 3} for kind in list(ODDS)[7:-1]),
        {"type": "high", "numbers": [], "amount": 3},
    ]
    evens = {"red": RED, "black": set(range(1, 37)) - RED, "even": set(range(2, 37, 2)), "odd": set(range(1, 37, 2))}
    covered = evens | {"low": set(range(1, 19)), "high": set(range(19, 37))}
    covered |= {f"column_{n}": set(range(n, 37, 3)) for n in (1, 2, 3)}
    covered |= {f"dozen_{n}": set(range(12 * n - 11, 12 * n + 1)) for n in (1, 2, 3)}
    for _ in range(5):
        before = anna.balance
        round_ = _check_round(anna.roulette(*bets), before)
        outcome = round_["outcome"]
        pocket = outcome["pocket"]
        assert outcome["colour"] == ("green" if pocket == 0 else "red" if pocket in RED else "black")
        assert [bet["type"] for bet in outcome["bets"]] == [bet["type"] for bet in bets]
        for sent, bet in zip(bets, outcome["bets"], strict=True):
            assert set(bet) == {"type", "numbers", "amount", "payout"} and bet["amount"] == sent["amount"]
            hit = pocket in (covered.get(bet["type"]) or sent["numbers"])
            assert bet["payout"] == (bet["amount"] * (ODDS[bet["type"]] + 1) if hit else 0)
        assert round_["payout"] == sum(bet["payout"] for bet in outcome["bets"])
        assert round_["stake"] == sum(bet["amount"] for bet in bets)


@pytest.mark.parametrize(
    "bets",
    [
        [],
        [{"type": "split", "numbers": [1, 9], "amount": 5}],
        [{"type": "split", "numbers": [3, 4], "amount": 5}],
        [{"type": "split", "numbers": [1, 1], "amount": 5}],
        [{"type": "straight", "numbers": [37], "amount": 5}],
        [{"type": "straight", "numbers": [-1], "amount": 5}],
        [{"type": "straight", "amount": 5}],
        [{"type": "trio", "numbers": [0, 1, 3], "amount": 5}],
        [{"type": "corner", "numbers": [3, 4, 6, 7], "amount": 5}],
        [{"type": "six_line", "numbers": [2, 3, 4, 5, 6, 7], "amount": 5}],
        [{"type": "six_line", "numbers": [1, 2, 3, 4, 5, 6, 7], "amount": 5}],
        [{"type": "red", "numbers": [1], "amount": 5}],
        [{"type": "red", "numbers": sorted(RED), "amount": 5}],
        [{"type": "the_colour_of_the_sky", "amount": 5}],
        [{"type": "rouge", "amount": 5}],
        [{"type": "red", "amount": 0}],
        [{"type": "red", "amount": 1001}],
        [{"type": "red", "amount": 1000}] * 6,
        [{"type": "red", "amount": 1}] * 51,
        [{"type": "red", "amount": 5}, {"type": "split", "numbers": [1, 9], "amount": 5}],
    ],
)
def test_bets_that_are_not_on_the_layout(anna: Guest, bets: list[dict[str, Any]]) -> None:
    problem = is_problem(anna.ask("POST", "/games/roulette/spins", json={"bets": bets}), 422, "invalid_bet")
    assert problem["errors"][0]["field"].startswith("bets")
    assert anna.balance == 1000 and anna.get("/fairness")["nonce"] == 0 and anna.get("/rounds")["rounds"] == []


def test_odds_of_ones_own_are_refused(anna: Guest) -> None:
    for bet in ({"odds": 100}, {"payout": 100}, {"amount": 5.0}, {"amount": "5"}, {"amount": True}, {"numbers": ["1"]}):
        body = {"bets": [{"type": "red", "amount": 5} | bet]}
        is_problem(anna.ask("POST", "/games/roulette/spins", json=body), 422)
    assert anna.balance == 1000


def test_fifty_bets_and_the_largest_stakes_are_taken(anna: Guest) -> None:
    assert anna.roulette(*[{"type": "red", "amount": 1}] * 50)["round"]["stake"] == 50
    is_problem(anna.ask("POST", "/games/blackjack/rounds", json={"stake": 1}), 422, "invalid_bet")
    is_problem(anna.ask("POST", "/games/blackjack/rounds", json={"stake": 2001}), 422, "invalid_bet")
    is_problem(anna.ask("POST", "/games/blackjack/rounds", json={"stake": 2000}), 409, "insufficient_funds")


# Blackjack


def _value(card: str) -> int:
    return 11 if card[:-1] == "A" else 10 if card[:-1] in TENS else int(card[:-1])


def _total(cards: list[str]) -> tuple[int, bool]:
    total, aces = sum(map(_value, cards)), sum(card[0] == "A" for card in cards)
    while total > 21 and aces:
        total, aces = total - 10, aces - 1
    return total, aces > 0


def _check_blackjack(round_: dict[str, Any]) -> None:
    outcome = round_["outcome"]
    assert set(outcome) == {"hands", "active_hand", "dealer", "legal_actions", "insurance"}
    for hand in outcome["hands"]:
        assert set(hand) == {"cards", "total", "soft", "stake", "status", "payout"}
        assert (hand["total"], hand["soft"]) == _total(hand["cards"])
    insured = (outcome["insurance"] or {}).get("stake", 0)
    assert round_["stake"] == sum(hand["stake"] for hand in outcome["hands"]) + insured
    dealer = outcome["dealer"]
    assert set(dealer) == {"cards", "total"} and dealer["total"] == _total(dealer["cards"])[0]
    statuses = {hand["status"] for hand in outcome["hands"]}
    if round_["status"] == "open":
        assert len(dealer["cards"]) == 1 and outcome["legal_actions"] and round_["payout"] == 0
        assert statuses <= {"waiting", "playing", "stood", "bust"}
        assert outcome["hands"][outcome["active_hand"]]["status"] == "playing"
        return
    assert outcome["legal_actions"] == [] and outcome["active_hand"] is None
    assert statuses <= {"won", "lost", "push", "natural", "bust", "surrendered"}
    paid = sum(hand["payout"] for hand in outcome["hands"]) + (outcome["insurance"] or {}).get("payout", 0)
    assert round_["payout"] == paid
    for hand in outcome["hands"]:
        stake = hand["stake"]
        due = {"won": 2 * stake, "push": stake, "natural": stake + stake * 3 // 2, "surrendered": stake // 2}
        assert hand["payout"] == due.get(hand["status"], 0)
        final = dealer["total"]
        if hand["status"] in ("won", "lost", "push") and len(dealer["cards"]) > 2:
            ahead = final > 21 or hand["total"] > final
            assert hand["status"] == ("won" if ahead else "push" if hand["total"] == final else "lost")
    if statuses & {"won", "lost", "push"} and not _is_natural(dealer["cards"]):
        assert dealer["total"] >= 17 and _total(dealer["cards"][:-1])[0] < 17


def _is_natural(cards: list[str]) -> bool:
    return len(cards) == 2 and _total(cards)[0] == 21


def test_blackjack_hands_of_every_kind(guest: Callable[[], Guest]) -> None:
    seen: Counter[str] = Counter()
    anna = guest()
    for number in range(60):
        before = anna.balance
        if before < 40:
            anna = guest()
            before = anna.balance
        answer = anna.post("/games/blackjack/rounds", {"stake": 5})
        unlocked = list(answer["unlocked"])
        for _ in range(30):
            round_ = answer["round"]
            _check_blackjack(round_)
            if round_["status"] != "open":
                break
            assert anna.get("/games/blackjack/rounds/current")["round"] == round_
            legal = round_["outcome"]["legal_actions"]
            if "decline_insurance" in legal:
                assert set(legal) <= {"insurance", "decline_insurance"}
                assert round_["outcome"]["dealer"]["cards"][0][0] == "A"
            # Whoever always doubles hardly ever hits: every other round is played without.
            first = "surrender" if number % 5 == 0 else "double" if number % 2 else "hit"
            wished = ("split", "insurance", first, "hit")
            action = next((wish for wish in wished if wish in legal), legal[-1])
            if action == "hit" and round_["outcome"]["hands"][round_["outcome"]["active_hand"]]["total"] >= 17:
                action = "stand"
            seen[action] += 1
            acted = anna.act(round_["id"], action)
            assert acted.status_code == 200, acted.text
            answer = acted.json()
            unlocked += answer["unlocked"]
        _check_round({**answer, "unlocked": unlocked}, before)
        ledger = anna.get("/transactions", limit=12)["transactions"]
        mine = [line for line in ledger if line["reference_id"] == answer["round"]["id"]]
        assert -sum(line["amount"] for line in mine if line["type"] == "bet") == answer["round"]["stake"]
        assert sum(line["amount"] for line in mine if line["type"] == "win") == answer["round"]["payout"]
    assert {"hit", "stand", "double"} <= set(seen)


def test_what_may_be_done_and_what_can_be_paid_for(anna: Guest) -> None:
    answer = anna.deal(600)
    round_ = answer["round"]
    if answer["balance"] < 600 and "decline_insurance" not in round_["outcome"]["legal_actions"]:
        assert "double" not in round_["outcome"]["legal_actions"]
        is_problem(anna.act(round_["id"], "double"), 409, "insufficient_funds")
    if "insurance" not in round_["outcome"]["legal_actions"]:
        is_problem(anna.act(round_["id"], "insurance"), 409, "illegal_action")
    is_problem(anna.act(round_["id"], "dance"), 422)
    is_problem(anna.ask("POST", f"/games/blackjack/rounds/{round_['id']}/actions", json={}), 422)
    anna.finish(answer)
    is_problem(anna.act(round_["id"], "stand"), 409, "illegal_action")
    is_problem(anna.act("0" * 32, "stand"), 404, "round_not_found")
    is_problem(anna.ask("GET", "/games/blackjack/rounds/current"), 404, "round_not_found")


def test_rounds_are_their_players_own_and_outlive_a_login(guest: Callable[[], Guest]) -> None:
    anna, mallory = guest(), guest()
    round_ = anna.deal()["round"]
    is_problem(mallory.ask("GET", f"/rounds/{round_['id']}"), 404, "round_not_found")
    is_problem(mallory.act(round_["id"], "stand"), 404, "round_not_found")
    is_problem(anna.ask("GET", "/rounds/nonsense"), 404, "round_not_found")
    anna.ask("POST", "/auth/logout")
    login = {"username": anna.name, "password": "a palace by the sea"}
    anna.token = anna.http.post("/api/v1/auth/login", json=login).json()["access_token"]
    assert anna.get("/games/blackjack/rounds/current")["round"] == round_


# Achievements


TARGETS = {"total_spins_10": 10, "total_spins_100": 100, "total_spins_1000": 1000}
REWARDS = {
    "first_spin": 10,
    "first_win": 25,
    "total_spins_10": 50,
    "total_spins_100": 200,
    "total_spins_1000": 1000,
    "big_win_100": 100,
    "big_win_500": 500,
    "winning_streak_3": 150,
    "winning_streak_5": 300,
    "net_profit_1000": 250,
    "net_profit_5000": 1000,
    "blackjack_master_10": 200,
    "roulette_master_10": 200,
    "slots_master_10": 200,
    "lucky_day": 300,
    "high_roller": 500,
}


def _earned(rounds: list[dict[str, Any]]) -> set[str]:
    """The achievements that these rounds (oldest first) deserve, by the rules' table."""
    nets = [round_["net"] for round_ in rounds]
    wins = Counter(round_["game"] for round_ in rounds if round_["net"] > 0)
    streak = best = 0
    for net in nets:
        streak = streak + 1 if net > 0 else streak if net == 0 else 0
        best = max(best, streak)
    highest = max([0, *(sum(nets[: n + 1]) for n in range(len(nets)))])
    conditions = {
        "first_spin": bool(rounds),
        "first_win": bool(wins),
        **{name: len(rounds) >= target for name, target in TARGETS.items()},
        **{f"big_win_{n}": any(round_["payout"] >= n for round_ in rounds) for n in (100, 500)},
        **{f"winning_streak_{n}": best >= n for n in (3, 5)},
        **{f"net_profit_{n}": highest >= n for n in (1000, 5000)},
        **{f"{game}_master_10": wins[game] >= 10 for game in ("blackjack", "roulette", "slots")},
        "lucky_day": wins.total() >= 10,
        "high_roller": any(round_["stake"] >= 1000 for round_ in rounds),
    }
    return {name for name, met in conditions.items() if met}


def test_achievements_come_with_the_round_that_earns_them(anna: Guest) -> None:
    listed = anna.http.get("/api/v1/achievements").json()["achievements"]
    assert {item["type"]: item["reward_coins"] for item in listed} == REWARDS and sum(REWARDS.values()) == 4985
    keys = {"type", "name", "description", "icon", "reward_coins", "category"}
    assert all(set(item) == keys for item in listed)
    rounds: list[dict[str, Any]] = []
    had: set[str] = set()

    def take(answer: Any) -> None:
        rounds.append(answer["round"])
        new = _earned(rounds) - had
        assert {gained["type"]: gained["reward_coins"] for gained in answer["unlocked"]} == {
            name: REWARDS[name] for name in new
        }
        had.update(new)

    big = [bet | {"amount": 20} for bet in SAFE]
    take(anna.roulette({"type": "red", "amount": 10}, {"type": "black", "amount": 10}))
    for _ in range(10):
        take(anna.roulette(*SAFE))
        take(anna.spin(2))
    if anna.balance >= 700:
        take(anna.roulette(*big))
    if anna.balance >= 1000:
        take(anna.roulette({"type": "low", "amount": 500}, {"type": "high", "amount": 500}))
    mine = anna.get("/achievements/mine")["achievements"]
    assert {item["type"] for item in mine if item["unlocked_at"]} == had
    for item in mine:
        assert keys | {"unlocked_at", "seen"} == set(item) and item["seen"] is False
    progress = {item["type"]: item for item in anna.get("/achievements/progress")["progress"]}
    assert {name for name, item in progress.items() if item["unlocked"]} == had
    assert progress["total_spins_100"]["current_value"] == len(rounds)
    assert progress["total_spins_100"]["progress_percentage"] == pytest.approx(len(rounds))
    done = next(iter(had))
    for _ in range(2):
        assert anna.ask("POST", f"/achievements/{done}/seen").status_code == 204
    is_problem(anna.ask("POST", "/achievements/no_such_thing/seen"), 404)
    seen = {item["type"] for item in anna.get("/achievements/mine")["achievements"] if item["seen"]}
    assert seen == {done}
    _check_the_books(anna, rounds, had)


def _check_the_books(anna: Guest, rounds: list[dict[str, Any]], had: set[str]) -> None:
    """The ledger explains every coin, and the statistics say what the rounds say."""
    ledger = anna.pages("/transactions", "transactions", limit=50)[::-1]
    assert all(line["balance_after"] == line["balance_before"] + line["amount"] for line in ledger)
    assert all(one["balance_after"] == next_["balance_before"] for one, next_ in pairwise(ledger))
    assert ledger[-1]["balance_after"] == anna.balance == sum(line["amount"] for line in ledger)
    given = sum(line["amount"] for line in ledger if line["type"] == "bonus")
    assert given == 1000 + sum(REWARDS[name] for name in had)
    statistics = anna.get("/statistics")
    by_game = {game["game"]: game for game in statistics.pop("by_game")}
    for game in (None, "slots", "roulette"):
        these = [round_ for round_ in rounds if game in (None, round_["game"])]
        figures = statistics if game is None else by_game[game]
        wins = sum(round_["net"] > 0 for round_ in these)
        staked, returned = (sum(round_[name] for round_ in these) for name in ("stake", "payout"))
        assert (figures["bets_count"], figures["bets_amount"]) == (len(these), staked)
        assert (figures["wins_count"], figures["wins_amount"]) == (wins, returned)
        assert figures["net_profit"] == returned - staked
        assert Fraction(figures["win_rate"]).limit_denominator(1000) == Fraction(wins, len(these))
        assert figures["best_win"] == max(0, *(round_["net"] for round_ in these))
        if game is not None:
            alone = anna.get(f"/statistics/games/{game}")
            assert {name: alone[name] for name in ("bets_count", "net_profit")} == {
                name: figures[name] for name in ("bets_count", "net_profit")
            }
    assert statistics["favourite_game"] == "roulette" and statistics["balance"] == anna.balance
    days = anna.get("/statistics/history", days=7)["days"]
    assert [day["date"] for day in days] == sorted(day["date"] for day in days) and len(days) == 7
    assert set(days[-1]) == {"date", "balance", "net_profit", "rounds"}
    assert sum(day["rounds"] for day in days) == len(rounds)
    assert days[-1]["balance"] == anna.balance
