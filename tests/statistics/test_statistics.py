"""Statistics: what a player's rounds add up to, always up to the one just played."""

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from quart.typing import TestClientProtocol

from imperio.app import Casino
from imperio.statistics.service import Day, Figures, carried, recount, statistics_view
from tests.support.play import play, stop_clock
from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]
NOTHING = {
    "bets_count": 0,
    "bets_amount": 0,
    "wins_count": 0,
    "wins_amount": 0,
    "net_profit": 0,
    "win_rate": 0.0,
    "best_win": 0,
    "favourite_game": None,
    "by_game": [],
}


async def get(client: TestClientProtocol, someone: Player, path: str = "", status: int = 200) -> Any:
    response = await client.get(f"/api/v1/statistics{path}", headers=someone.headers)
    assert response.status_code == status, await response.get_data(as_text=True)
    return await response.get_json()


async def test_the_contracts_definitions(client: TestClientProtocol, casino: Casino, player: MakePlayer) -> None:
    someone, other = await player(), await player()
    assert await get(client, someone) == {**NOTHING, "balance": 1000}
    await play(casino, someone.id, 10, 0)
    await play(casino, someone.id, 10, 10)  # a push: paid out, but no win
    await play(casino, someone.id, 10, 250)
    await play(casino, someone.id, 100, 50, game="roulette")  # something back is no win
    await play(casino, other.id, 500, 0)
    slots = {
        "bets_count": 3,
        "bets_amount": 30,
        "wins_count": 1,
        "wins_amount": 260,
        "net_profit": 230,
        "win_rate": 1 / 3,
        "best_win": 240,
    }
    roulette = {
        "bets_count": 1,
        "bets_amount": 100,
        "wins_count": 0,
        "wins_amount": 50,
        "net_profit": -50,
        "win_rate": 0.0,
        "best_win": 0,
    }
    by_game = [{"game": "slots", **slots}, {"game": "roulette", **roulette}]
    assert await get(client, someone) == {
        "bets_count": 4,
        "bets_amount": 130,
        "wins_count": 1,
        "wins_amount": 310,
        "net_profit": 180,
        "win_rate": 0.25,
        "best_win": 240,
        "favourite_game": "slots",
        "by_game": by_game,
        "balance": 1180,
    }
    assert await get(client, someone, "/games/roulette") == {
        **roulette,
        "favourite_game": "roulette",
        "by_game": by_game[1:],
        "balance": 1180,
    }
    assert await get(client, someone, "/games/blackjack") == {**NOTHING, "balance": 1180}
    assert (await get(client, someone, "/games/poker", 404))["code"] == "not_found"
    assert (await client.get("/api/v1/statistics")).status_code == 401


async def test_an_open_round_counts_when_it_is_settled(
    client: TestClientProtocol, casino: Casino, player: MakePlayer
) -> None:
    someone = await player()
    hand: dict[str, Any] = {"status": "settled"}
    settled = -1
    while hand["status"] != "open":
        hand = (await casino.blackjack.start(player_id=someone.id, session_id=None, stake=2)).body["round"]
        settled += 1
    before = await get(client, someone)
    assert before["bets_count"] == settled
    while hand["status"] == "open":
        actions = hand["outcome"]["legal_actions"]
        action = "stand" if "stand" in actions else "decline_insurance"
        answer = await casino.blackjack.act(player_id=someone.id, session_id=None, round_id=hand["id"], action=action)
        hand = answer.body["round"]
    after = await get(client, someone)
    assert after["bets_count"] == settled + 1
    assert after["net_profit"] == before["net_profit"] + hand["net"]
    assert after["balance"] == answer.body["balance"]


async def test_always_what_the_rounds_say(client: TestClientProtocol, casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    dice = random.Random(5)
    for _ in range(25):
        stake = dice.randint(1, 20)
        game = dice.choice(("slots", "roulette", "blackjack"))
        answer = await play(casino, someone.id, stake, dice.choice((0, stake // 2, stake, 3 * stake)), game=game)  # type: ignore[arg-type]
        # Also when an answer could have been kept from the round before.
        expected = statistics_view(await recount(casino.db, someone.id), answer.body["balance"])
        assert await get(client, someone) == expected


async def test_history_carries_the_balance_over_days_without_play(
    client: TestClientProtocol, casino: Casino, player: MakePlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = await player()
    first = (await casino.db.now()).date()

    def at(days: int, hour: int = 12) -> datetime:
        return datetime(first.year, first.month, first.day, hour, tzinfo=UTC) + timedelta(days=days)

    async def history(days: int) -> list[tuple[str, int, int, int]]:
        # The session would have run out in the years this test goes through.
        found = await casino.statistics.get_history(someone.id, days)
        return [(str(day.day), day.balance, day.net_profit, day.rounds) for day in found]

    def days_after(days: int) -> str:
        return str(first + timedelta(days=days))

    stop_clock(monkeypatch, at(2, 23))
    await play(casino, someone.id, 100, 0)
    await play(casino, someone.id, 100, 150)
    stop_clock(monkeypatch, at(5, 0))
    await play(casino, someone.id, 50, 0)
    assert await history(4) == [
        (days_after(2), 950, -50, 2),
        (days_after(3), 950, 0, 0),
        (days_after(4), 950, 0, 0),
        (days_after(5), 900, -50, 1),
    ]
    assert (await history(2))[0] == (days_after(4), 950, 0, 0)
    assert await history(1) == [(days_after(5), 900, -50, 1)]
    whole = await history(365)
    assert len(whole) == 365
    assert whole[-6] == (days_after(0), 1000, 0, 0) and whole[-7][1] == 0
    stop_clock(monkeypatch, at(100))
    assert await history(2) == [(days_after(99), 900, 0, 0), (days_after(100), 900, 0, 0)]


async def test_a_day_that_looks_like_the_last_one_is_a_day(
    casino: Casino, player: MakePlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One round a day without gain or loss: neither the balance nor the day's counter differs from before."""
    someone = await player()
    start = datetime(2027, 6, 1, 12, tzinfo=UTC)
    for days in range(3):
        stop_clock(monkeypatch, start + timedelta(days=days))
        await play(casino, someone.id, 10, 10)
    assert [day.rounds for day in await casino.statistics.get_history(someone.id, 4)] == [0, 1, 1, 1]
    assert not (await casino.reconciler.run()).findings


async def test_history_over_http(client: TestClientProtocol, casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    await play(casino, someone.id, 10, 30)
    today = str((await casino.db.now()).date())
    days = (await get(client, someone, "/history"))["days"]
    assert len(days) == 30
    assert days[-1] == {"date": today, "balance": 1020, "net_profit": 20, "rounds": 1}
    assert days[-2]["balance"] == 0
    assert [day["date"] for day in days] == sorted(day["date"] for day in days)
    for number in (1, 365):
        assert len((await get(client, someone, f"/history?days={number}"))["days"]) == number
    for nonsense in ("days=0", "days=366", "days=-1", "days=x", "days=", "days=1&days=2", "weeks=1"):
        assert (await get(client, someone, f"/history?{nonsense}", 422))["code"] == "invalid_request"


def test_nobody_played_nothing() -> None:
    assert statistics_view({"slots": Figures()}, 5) == {**NOTHING, "balance": 5}


def test_the_favourite_has_the_most_rounds() -> None:
    by_game = {"blackjack": Figures(rounds=3), "slots": Figures(rounds=2), "roulette": Figures(rounds=3)}
    # Of two with as many, the one that comes first in the house.
    assert statistics_view(by_game, 0)["favourite_game"] == "roulette"


def test_carrying_over() -> None:
    day = date(2028, 2, 27)

    def row(offset: int, balance: int) -> dict[str, Any]:
        return {"day": day + timedelta(days=offset), "rounds": 1, "net_profit": 2, "balance": balance}

    assert carried([], day, day) == [Day(day, 0, 0, 0)]
    days = carried([row(-30, 7), row(2, 9)], day, day + timedelta(days=3))
    assert [found.balance for found in days] == [7, 7, 9, 9]
    assert [found.day.isoformat() for found in days][-2:] == ["2028-02-29", "2028-03-01"]
    # A row of tomorrow (read in the second after midnight) belongs to no day that was asked for.
    assert [found.balance for found in carried([row(0, 7), row(1, 9)], day, day)] == [7]
