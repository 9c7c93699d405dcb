"""Contract, "Wallet" and "Engagement"."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from .guest import RFC3339, SAFE, Guest, is_problem

LINE_KEYS = [
    "id",
    "type",
    "game",
    "amount",
    "balance_before",
    "balance_after",
    "reference_id",
    "description",
    "details",
    "created_at",
]


def _tomorrow() -> str:
    return (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT00:00:00")


def _spend_down(anna: Guest) -> int:
    """Plays until fewer than ten coins are left; answers how many."""
    for _ in range(200):
        balance = anna.balance
        if balance < 10:
            return balance
        # Five coins stay, so that even rewards for the round itself leave an end in sight.
        anna.roulette({"type": "straight", "numbers": [7], "amount": min(1000, max(1, balance - 5))})
    raise AssertionError("too lucky")


def test_transactions_and_their_filters(guest: Callable[[], Guest]) -> None:
    anna, other = guest(), guest()
    anna.spin(3)
    spun = anna.roulette({"type": "red", "amount": 4}, {"type": "black", "amount": 4})["round"]
    anna.spin(5)
    everything = anna.get("/transactions")["transactions"]
    for line in everything:
        assert list(line) == LINE_KEYS and RFC3339.fullmatch(line["created_at"])
        assert line["type"] in ("bet", "win", "bonus")
        assert (line["reference_id"] is not None) == (line["type"] in ("bet", "win"))
    (bet,) = anna.get("/transactions", type="bet", game="roulette")["transactions"]
    assert (bet["reference_id"], bet["amount"]) == (spun["id"], -8)
    assert anna.get(f"/transactions/{bet['id']}") == {"transaction": bet}
    at = bet["created_at"]
    since = anna.get("/transactions", **{"from": at})["transactions"]
    until = anna.get("/transactions", to=at)["transactions"]
    assert bet in since and bet not in until and since + until == everything
    assert anna.get("/transactions", **{"from": "2020-01-01T00:00:00Z", "to": "2020-01-02T00:00:00Z"}) == {
        "transactions": [],
        "next_cursor": None,
    }
    filtered = anna.pages("/transactions", "transactions", type="bet", limit=1)
    assert filtered == [line for line in everything if line["type"] == "bet"]
    assert anna.get("/transactions/recent")["transactions"] == everything[:10]
    is_problem(other.ask("GET", f"/transactions/{bet['id']}"), 404)
    is_problem(anna.ask("GET", "/transactions/nonsense"), 404)


def test_the_ledger_as_a_sheet(anna: Guest) -> None:
    for _ in range(6):
        anna.spin()
    answer = anna.ask("GET", "/transactions.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    lines = anna.get("/transactions")["transactions"]
    assert list(rows[0]) == LINE_KEYS and [row["id"] for row in rows] == [line["id"] for line in lines]
    assert [int(row["amount"]) for row in rows] == [line["amount"] for line in lines]
    assert len(anna.get("/transactions/recent")["transactions"]) == min(10, len(lines))
    bets = list(csv.DictReader(io.StringIO(anna.ask("GET", "/transactions.csv?type=bet").text)))
    assert {row["type"] for row in bets} == {"bet"} and len(bets) == 6


def test_statistics_of_somebody_new_and_of_no_game(anna: Guest) -> None:
    figures = anna.get("/statistics")
    assert set(figures) == {
        "bets_count",
        "bets_amount",
        "wins_count",
        "wins_amount",
        "net_profit",
        "win_rate",
        "best_win",
        "favourite_game",
        "by_game",
        "balance",
    }
    assert (figures["bets_count"], figures["win_rate"], figures["favourite_game"]) == (0, 0, None)
    assert len(anna.get("/statistics/history")["days"]) == 30
    is_problem(anna.ask("GET", "/statistics/games/poker"), 404)
    is_problem(anna.ask("GET", "/statistics/history?days=0"), 422)
    anna.deal(10)  # open: staked, but not settled
    counted = anna.get("/statistics")
    settled = [round_ for round_ in anna.get("/rounds")["rounds"] if round_["status"] == "settled"]
    assert counted["bets_count"] == len(settled)


def test_the_daily_bonus(anna: Guest) -> None:
    answer = anna.ask("POST", "/bonus/daily")
    assert answer.status_code == 201
    bonus = answer.json()
    assert set(bonus) == {"amount", "streak", "balance", "next_at"}
    assert (bonus["amount"], bonus["streak"], bonus["balance"]) == (100, 1, 1100)
    assert bonus["next_at"].startswith(_tomorrow())
    is_problem(anna.ask("POST", "/bonus/daily"), 409, "already_claimed")
    (newest, _) = anna.get("/transactions")["transactions"]
    assert (newest["type"], newest["amount"], newest["game"]) == ("bonus", 100, None)
    (note,) = anna.get("/notifications")["notifications"]
    assert note["type"] == "daily_bonus"
    assert anna.get("/statistics")["net_profit"] == 0


def test_the_refill(anna: Guest) -> None:
    is_problem(anna.ask("POST", "/bonus/refill"), 409, "refill_unavailable")
    left = _spend_down(anna)
    answer = anna.ask("POST", "/bonus/refill", "again")
    assert answer.status_code == 201
    refill = answer.json()
    assert set(refill) == {"amount", "balance", "next_at"}
    assert (refill["amount"], refill["balance"]) == (100 - left, 100) and RFC3339.fullmatch(refill["next_at"])
    assert anna.ask("POST", "/bonus/refill", "again").json() == refill and anna.balance == 100
    _spend_down(anna)
    is_problem(anna.ask("POST", "/bonus/refill"), 409, "refill_unavailable")  # not twice in six hours


def test_no_refill_while_a_stake_is_in_play(anna: Guest) -> None:
    for _ in range(20):
        left = _spend_down(anna)
        if left < 2:
            return  # too little for a hand: nothing to see this time
        if anna.post("/games/blackjack/rounds", {"stake": left})["round"]["status"] == "open":
            break
    assert anna.balance < 10
    is_problem(anna.ask("POST", "/bonus/refill"), 409, "refill_unavailable")


# Boards


def _board(anna: Guest, **asked: Any) -> Any:
    answer = anna.http.get("/api/v1/leaderboard", params=asked)
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize("timeframe", ["daily", "weekly", "all_time"])
def test_boards(guest: Callable[[], Guest], timeframe: str) -> None:
    players = [guest() for _ in range(3)]
    idle = guest()
    for number, player in enumerate(players):
        for _ in range(number + 1):
            player.roulette(*SAFE)
    for metric in ("coins", "net_profit", "total_wins"):
        board = _board(players[0], metric=metric, timeframe=timeframe, limit=100)
        assert set(board) == {"metric", "timeframe", "updated_at", "leaderboard"}
        assert (board["metric"], board["timeframe"]) == (metric, timeframe) and RFC3339.fullmatch(board["updated_at"])
        rows = board["leaderboard"]
        assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
        values = [row["value"] for row in rows]
        assert values == sorted(values, reverse=True) and all(set(row) == {"rank", "username", "value"} for row in rows)
        assert idle.name not in {row["username"] for row in rows}
        for player in players:
            _check_rank(player, metric, timeframe)
        limited = _board(players[0], metric=metric, timeframe=timeframe, limit=2)["leaderboard"]
        assert limited == rows[:2]
        missing = idle.get("/leaderboard/me", metric=metric, timeframe=timeframe)
        assert (missing["rank"], missing["neighbours"]) == (None, [])


def _check_rank(player: Guest, metric: str, timeframe: str) -> None:
    figures = player.get("/statistics")
    balance = figures["balance"] if timeframe == "all_time" else figures["balance"] - 1000
    expected = {"coins": balance, "net_profit": figures["net_profit"], "total_wins": figures["wins_count"]}[metric]
    me = player.get("/leaderboard/me", metric=metric, timeframe=timeframe)
    assert set(me) == {"rank", "value", "total_players", "percentile", "neighbours"} and me["value"] == expected
    total, rank = me["total_players"], me["rank"]
    assert me["percentile"] == pytest.approx(100 * (total - rank) / total, abs=0.01)
    assert [row["rank"] for row in me["neighbours"]] == list(range(max(1, rank - 2), min(total, rank + 2) + 1))
    assert {"rank": rank, "username": player.name, "value": expected} in me["neighbours"]


def test_boards_that_are_none(anna: Guest) -> None:
    for query in ("metric=luck", "timeframe=yearly", "limit=0", "limit=101", "limit=ten"):
        is_problem(anna.http.get(f"/api/v1/leaderboard?{query}"), 422)


# Notifications, profiles, limits


def test_notifications(guest: Callable[[], Guest]) -> None:
    anna, other = guest(), guest()
    anna.spin()
    anna.post("/bonus/daily")
    page = anna.get("/notifications")
    assert set(page) == {"notifications", "unread_count", "next_cursor"}
    notes = page["notifications"]
    assert page["unread_count"] == len(notes) >= 2 and page["next_cursor"] is None
    for note in notes:
        assert set(note) == {"id", "type", "title", "message", "icon", "details", "read", "created_at"}
        assert note["read"] is False and RFC3339.fullmatch(note["created_at"]) and note["title"] and note["message"]
    assert {note["type"] for note in notes} <= {"achievement_unlocked", "big_win", "daily_bonus"}
    assert anna.pages("/notifications", "notifications", limit=1) == notes
    first = notes[0]["id"]
    is_problem(other.ask("POST", f"/notifications/{first}/read"), 404)
    for _ in range(2):
        assert anna.ask("POST", f"/notifications/{first}/read").status_code == 204
    unread = anna.get("/notifications", unread_only="true")
    assert unread["unread_count"] == len(notes) - 1 == len(unread["notifications"])
    assert first not in {note["id"] for note in unread["notifications"]}
    assert anna.post("/notifications/read-all") == {"marked_count": len(notes) - 1}
    assert anna.post("/notifications/read-all") == {"marked_count": 0}
    assert anna.get("/notifications")["unread_count"] == 0


def test_profiles(anna: Guest) -> None:
    assert anna.ask("PUT", "/limits", json={"daily_loss": 876_543}).status_code == 200
    anna.spin()
    hand = anna.deal(10)["round"]
    own = anna.get("/profile")
    assert {"user", "statistics", "achievements", "recent_activity", "rank", "limits"} <= set(own)
    assert own["user"]["email"] == f"{anna.name}@example.org" and own["limits"]["daily_loss"] == 876_543
    public = anna.http.get(f"/api/v1/profiles/{anna.name.upper()}")
    assert public.status_code == 200 and public.json()["user"]["username"] == anna.name
    assert {"user", "statistics", "achievements", "recent_activity", "rank"} <= set(public.json())
    for private in ("example.org", "876543", "daily_loss", hand["id"]):
        assert private not in public.text
    is_problem(anna.http.get("/api/v1/profiles/nobody-at-all"), 404)


def test_limits(anna: Guest) -> None:
    nothing = {"daily_loss": None, "session_minutes": None, "reality_check_minutes": None}
    assert nothing.items() <= anna.get("/limits").items()
    strict = {"daily_loss": 30, "session_minutes": 60, "reality_check_minutes": 20}
    answer = anna.ask("PUT", "/limits", json=strict)
    assert answer.status_code == 200 and strict.items() <= answer.json().items()
    looser = anna.ask("PUT", "/limits", json=strict | {"daily_loss": 3000})
    assert strict.items() <= looser.json().items() == anna.get("/limits").items()  # for 24 hours yet
    is_problem(anna.ask("POST", "/games/slots/spins", json={"stake": 31}), 409, "loss_limit_reached")
    assert anna.ask("POST", "/games/slots/spins", json={"stake": 1}).status_code == 201
    for wrong in ({"daily_loss": -1}, {"daily_loss": "5"}, {"weekly_loss": 5}, {"session_minutes": 1.5}):
        is_problem(anna.ask("PUT", "/limits", json=wrong), 422)


def test_a_time_out_blocks_every_stake_at_once(anna: Guest) -> None:
    open_hand = anna.deal(10)
    for wrong in ({"hours": 0}, {"hours": "1"}, {}):
        is_problem(anna.ask("POST", "/limits/time-out", json=wrong), 422)
    assert anna.ask("POST", "/limits/time-out", json={"hours": 24}).status_code == 200
    nonce = anna.get("/fairness")["nonce"]
    for path, body in (
        ("/games/slots/spins", {"stake": 1}),
        ("/games/roulette/spins", {"bets": [{"type": "red", "amount": 1}]}),
    ):
        is_problem(anna.ask("POST", path, json=body), 403, "time_out_active")
    assert anna.get("/fairness")["nonce"] == nonce
    assert anna.finish(open_hand)["round"]["status"] == "settled"  # a hand in play is played to its end


def test_ones_own_figures_include_the_round_just_played(anna: Guest) -> None:
    for number in range(1, 6):
        anna.spin()
        figures = anna.get("/statistics")
        assert figures["bets_count"] == number
        me = anna.get("/leaderboard/me", metric="net_profit", timeframe="daily")
        assert me["value"] == figures["net_profit"]
