"""Limits that players set themselves: tightened at once, loosened after a day, and a time-out for every stake."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from quart.typing import TestClientProtocol

from imperio.app import Casino
from imperio.core.jsonio import loads
from imperio.wallet.limits import LossLimitReached, SessionLimitReached, TimeOutActive
from imperio.wallet.limits_service import changed, view
from imperio.wallet.posting import Posted
from tests.support.play import another_worker, play, stop_clock
from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]
NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
NONE: dict[str, Any] = {"daily_loss": None, "session_minutes": None, "reality_check_minutes": None}
EMPTY: dict[str, Any] = {**NONE, "pending": None, "pending_from_at": None, "time_out_until_at": None}


def after(row: dict[str, Any], now: datetime, **wanted: int | None) -> dict[str, Any]:
    return changed(row, {**NONE, **wanted}, now)


def test_the_first_limit_counts_at_once() -> None:
    row = after(EMPTY, NOW, daily_loss=100)
    assert row["daily_loss"] == 100 and row["pending"] is None


def test_lower_at_once_higher_and_none_after_a_day() -> None:
    row = after(EMPTY, NOW, daily_loss=100, session_minutes=60, reality_check_minutes=20)
    row = after(row, NOW, daily_loss=50, session_minutes=90)
    assert (row["daily_loss"], row["session_minutes"], row["reality_check_minutes"]) == (50, 60, 20)
    assert loads(row["pending"]) == {"session_minutes": 90, "reality_check_minutes": None}
    tomorrow = NOW + timedelta(hours=24)
    assert row["pending_from_at"] == tomorrow
    assert view(row, tomorrow - timedelta(microseconds=1))["session_minutes"] == 60
    shown = view(row, tomorrow)
    assert (shown["daily_loss"], shown["session_minutes"], shown["reality_check_minutes"]) == (50, 90, None)
    assert shown["pending"] is None and shown["pending_from"] is None


def test_a_waiting_loosening_keeps_its_hour_unless_it_goes_further() -> None:
    row = after(after(EMPTY, NOW, daily_loss=100), NOW, daily_loss=500)
    later = NOW + timedelta(hours=10)
    assert after(row, later, daily_loss=500)["pending_from_at"] == NOW + timedelta(hours=24)
    assert after(row, later, daily_loss=300)["pending_from_at"] == NOW + timedelta(hours=24)
    assert after(row, later, daily_loss=501)["pending_from_at"] == later + timedelta(hours=24)
    assert after(row, later, daily_loss=None)["pending_from_at"] == later + timedelta(hours=24)
    back = after(row, later, daily_loss=100)
    assert back["pending"] is None and back["pending_from_at"] is None and back["daily_loss"] == 100


def test_a_loosening_that_has_come_into_force_is_what_the_next_wish_is_compared_with() -> None:
    row = after(after(EMPTY, NOW, daily_loss=100), NOW, daily_loss=500)
    row = after(row, NOW + timedelta(hours=25), daily_loss=400)
    assert row["daily_loss"] == 400 and row["pending"] is None


async def put(client: TestClientProtocol, someone: Player, status: int = 200, **limits: Any) -> Any:
    response = await client.put("/api/v1/limits", json=limits, headers=someone.headers)
    assert response.status_code == status, await response.get_data(as_text=True)
    return await response.get_json()


async def test_over_http(client: TestClientProtocol, player: MakePlayer) -> None:
    someone, other = await player(), await player()
    none = {**NONE, "pending": None, "pending_from": None, "time_out_until": None}

    async def read(who: Player) -> Any:
        return await (await client.get("/api/v1/limits", headers=who.headers)).get_json()

    assert await read(someone) == none
    answer = await put(client, someone, daily_loss=100, session_minutes=60, reality_check_minutes=None)
    assert answer == {**none, "daily_loss": 100, "session_minutes": 60}
    answer = await put(client, someone, daily_loss=200, session_minutes=30, reality_check_minutes=15)
    assert (answer["daily_loss"], answer["session_minutes"], answer["reality_check_minutes"]) == (100, 30, 15)
    assert answer["pending"] == {"daily_loss": 200} and answer["pending_from"].endswith("Z")
    assert await read(someone) == answer and await read(other) == none
    assert (await client.get("/api/v1/limits")).status_code == 401


@pytest.mark.parametrize(
    "limits",
    [
        {"daily_loss": 0},
        {"daily_loss": -1},
        {"daily_loss": 2**63},
        {"daily_loss": 5.0},
        {"daily_loss": "5"},
        {"daily_loss": True},
        {"session_minutes": 1441},
        {"reality_check_minutes": 0},
        {"weekly_loss": 5},
    ],
)
async def test_nonsense_changes_nothing(client: TestClientProtocol, player: MakePlayer, limits: dict[str, Any]) -> None:
    someone = await player()
    before = await put(client, someone, daily_loss=100)
    assert (await put(client, someone, 422, **limits))["errors"]
    assert await (await client.get("/api/v1/limits", headers=someone.headers)).get_json() == before


async def test_no_stake_beyond_the_days_loss(
    client: TestClientProtocol, casino: Casino, player: MakePlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = await player()
    await put(client, someone, daily_loss=100)
    await play(casino, someone.id, 60, 0)
    with pytest.raises(LossLimitReached):
        await play(casino, someone.id, 41, 0)
    await play(casino, someone.id, 40, 50)  # a gain makes room again
    await play(casino, someone.id, 50, 0)
    with pytest.raises(LossLimitReached):
        await play(casino, someone.id, 41, 0)
    stop_clock(monkeypatch, (await casino.db.now()).replace(hour=0) + timedelta(days=1, minutes=1))
    await play(casino, someone.id, 100, 0)
    with pytest.raises(LossLimitReached):
        await play(casino, someone.id, 1, 0)


async def test_stakes_at_once_cannot_slip_past_the_limit(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    await casino.limits.set_limits(someone.id, None, daily_loss=50, session_minutes=None, reality_check_minutes=None)
    workers = [another_worker(casino) for _ in range(4)]
    results = await asyncio.gather(
        *(play(casino, someone.id, 10, 0, rounds=workers[number % 4]) for number in range(20)), return_exceptions=True
    )
    assert Counter(type(result) for result in results) == {Posted: 5, LossLimitReached: 15}


async def test_a_session_that_has_lasted_long_enough(
    client: TestClientProtocol, casino: Casino, player: MakePlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = await player()
    await put(client, someone, session_minutes=30)
    now = await casino.db.now()

    async def spin() -> Any:
        response = await client.post("/api/v1/games/slots/spins", json={"stake": 1}, headers=someone.headers)
        return response.status_code, (await response.get_json()).get("code")

    stop_clock(monkeypatch, now + timedelta(minutes=29))
    assert await spin() == (201, None)
    stop_clock(monkeypatch, now + timedelta(minutes=31))
    assert await spin() == (SessionLimitReached.status, SessionLimitReached.code)


async def test_a_time_out_stops_every_stake_and_only_grows(
    client: TestClientProtocol, casino: Casino, player: MakePlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = await player()
    hand = None
    for _ in range(20):
        hand = (await casino.blackjack.start(player_id=someone.id, session_id=None, stake=2)).body["round"]
        if hand["status"] == "open":
            break

    async def take(hours: Any, status: int = 200) -> Any:
        response = await client.post("/api/v1/limits/time-out", json={"hours": hours}, headers=someone.headers)
        assert response.status_code == status, await response.get_data(as_text=True)
        return await response.get_json()

    for nonsense in (0, 721, -1, 1.0, "1", True, None):
        await take(nonsense, 422)
    start = (await casino.db.now()).replace(microsecond=0)
    stop_clock(monkeypatch, start)
    until = (await take(2))["time_out_until"]
    assert datetime.fromisoformat(until) == start + timedelta(hours=2)
    assert (await take(1))["time_out_until"] == until
    assert datetime.fromisoformat((await take(3))["time_out_until"]) == start + timedelta(hours=3)
    for worker in (casino.rounds, another_worker(casino)):
        with pytest.raises(TimeOutActive):
            await play(casino, someone.id, 1, 0, rounds=worker)
    # The hand in play may be finished, and everything but stakes stays open.
    assert hand is not None and hand["status"] == "open"
    actions = hand["outcome"]["legal_actions"]
    action = "stand" if "stand" in actions else "decline_insurance"
    path = f"/api/v1/games/blackjack/rounds/{hand['id']}/actions"
    response = await client.post(path, json={"action": action}, headers=someone.headers)
    assert response.status_code == 200
    assert (await client.post("/api/v1/bonus/daily", headers=someone.headers)).status_code == 201
    # Limits can be changed meanwhile; the time-out stays.
    assert (await put(client, someone, daily_loss=500))["time_out_until"] is not None
    stop_clock(monkeypatch, start + timedelta(hours=3))
    await play(casino, someone.id, 1, 0)
