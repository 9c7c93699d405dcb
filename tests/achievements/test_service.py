"""Achievements in the round's own posting: each reachable, each once, each explained by the ledger."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from quart.typing import TestClientProtocol

from imperio.achievements.catalogue import ACHIEVEMENTS, BY_TYPE
from imperio.app import Casino
from imperio.core.jsonio import loads
from tests.support.players import Player
from tests.support.rounds import set_books, settle

MakePlayer = Callable[..., Awaitable[Player]]
Round = tuple[str, int, int]
WIN: Round = ("slots", 1, 2)
LOSS: Round = ("slots", 1, 0)
PUSH: Round = ("slots", 1, 1)

# What a history has brought, and then the rounds of which the last one unlocks it.
PATHS: dict[str, tuple[dict[str, int], list[Round]]] = {
    "first_spin": ({}, [LOSS]),
    "first_win": ({}, [LOSS, PUSH, WIN]),
    "total_spins_10": ({}, [LOSS] * 10),
    "total_spins_100": ({"rounds": 98}, [LOSS] * 2),
    "total_spins_1000": ({"rounds": 998}, [LOSS] * 2),
    "big_win_100": ({}, [("slots", 5, 99), ("slots", 200, 100)]),
    "big_win_500": ({}, [("slots", 5, 499), ("slots", 5, 500)]),
    "winning_streak_3": ({}, [WIN, WIN, LOSS, WIN, PUSH, WIN, WIN]),
    "winning_streak_5": ({}, [WIN, WIN, WIN, WIN, LOSS, WIN, WIN, WIN, PUSH, WIN, WIN]),
    "net_profit_1000": ({"profit": 998}, [WIN, WIN]),
    "net_profit_5000": ({"profit": 4998}, [WIN, WIN]),
    "blackjack_master_10": ({}, [("slots", 1, 2), *[("blackjack", 1, 2)] * 10]),
    "roulette_master_10": ({}, [("slots", 1, 2), *[("roulette", 1, 2)] * 10]),
    "slots_master_10": ({}, [("roulette", 1, 2), *[("slots", 1, 2)] * 10]),
    "lucky_day": ({"wins": 100}, [*[WIN] * 5, *[("roulette", 1, 2)] * 5]),
    "high_roller": ({"balance": 5000}, [("blackjack", 999, 0), ("blackjack", 1000, 0)]),
}


@pytest.mark.parametrize("type", list(PATHS))
async def test_each_is_reached_and_rewarded_once(casino: Casino, player: MakePlayer, type: str) -> None:
    someone = await player()
    history, rounds = PATHS[type]
    if history:
        await set_books(casino, someone.id, **history)
    seen = []
    for game, stake, payout in rounds:
        body = await settle(casino, someone.id, game, stake, payout)
        seen.append([unlocked["type"] for unlocked in body["unlocked"]])
    assert type in seen[-1]
    assert not any(type in unlocked for unlocked in seen[:-1])
    again = await settle(casino, someone.id, *rounds[-1])
    assert type not in [unlocked["type"] for unlocked in again["unlocked"]]

    achievement = BY_TYPE[type]
    lines = await casino.db.fetch(
        "SELECT * FROM ledger WHERE player_id = :player_id AND type = 'bonus'", player_id=someone.id
    )
    rewards = [line for line in lines if loads(line["details"]).get("achievement") == type]
    assert [line["amount"] for line in rewards] == [achievement.reward_coins]
    listed = (await casino.notifications.list_notifications(someone.id, limit=200))["notifications"]
    notices = [notice for notice in listed if notice["details"].get("achievement") == type]
    assert [notice["type"] for notice in notices] == ["achievement_unlocked"]
    assert notices[0]["details"]["reward_coins"] == achievement.reward_coins


async def test_a_lucky_day_ends_at_midnight(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    today = (await casino.db.now()).date()
    await set_books(casino, someone.id, day=today.replace(year=today.year - 1), day_wins=9, day_rounds=9)
    body = await settle(casino, someone.id, *WIN)
    assert "lucky_day" not in [unlocked["type"] for unlocked in body["unlocked"]]


async def test_rewards_count_in_the_balance_and_in_no_profit(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    body = await settle(casino, someone.id, "slots", 10, 500)
    gained = sum(unlocked["reward_coins"] for unlocked in body["unlocked"])
    assert [unlocked["type"] for unlocked in body["unlocked"]] == [
        "first_spin", "first_win", "big_win_100", "big_win_500",
    ]  # fmt: skip
    assert body["balance"] == 1000 + 490 + gained == await casino.wallet.get_balance(someone.id)
    row = await casino.db.fetch_one("SELECT profit, day_profit FROM books WHERE player_id = :id", id=someone.id)
    assert row == {"profit": 490, "day_profit": 490}


async def test_all_sixteen_make_4985_coins(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    await set_books(casino, someone.id, rounds=999, profit=5000, streak=4, day_wins=9, balance=10_000)
    for game in ("slots", "roulette", "blackjack"):
        await casino.db.insert(
            "game_figures",
            {"player_id": someone.id, "game": game, "rounds": 9, "wins": 9, "staked": 0, "returned": 0, "best_win": 0},
        )
    today = (await casino.db.now()).date()
    await set_books(casino, someone.id, day=today)
    unlocked = []
    for game, stake, payout in (("slots", 1000, 2000), ("roulette", 1, 2), ("blackjack", 1, 2)):
        unlocked += (await settle(casino, someone.id, game, stake, payout))["unlocked"]
    assert {it["type"] for it in unlocked} == {it.type for it in ACHIEVEMENTS}
    assert len(unlocked) == 16
    row = await casino.db.fetch_one(
        "SELECT sum(amount) AS total FROM ledger WHERE player_id = :id AND type = 'bonus' AND seq > 1", id=someone.id
    )
    assert row is not None and row["total"] == 4985


async def test_twenty_rounds_at_once_unlock_it_once(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    bodies = await asyncio.gather(*(settle(casino, someone.id, *WIN) for _ in range(20)))
    assert len(bodies) == 20
    types = [unlocked["type"] for body in bodies for unlocked in body["unlocked"]]
    expected = {"first_spin", "first_win", "total_spins_10", "winning_streak_3", "winning_streak_5", "slots_master_10"}
    assert sorted(types) == sorted(expected | {"lucky_day"})
    rows = await casino.db.fetch("SELECT type FROM unlocked_achievements WHERE player_id = :id", id=someone.id)
    assert sorted(row["type"] for row in rows) == sorted(types)
    listed = await casino.notifications.list_notifications(someone.id, limit=200)
    assert listed["unread_count"] == len(listed["notifications"]) == len(types)


async def test_the_api_lists_progress_and_seen(casino: Casino, client: TestClientProtocol, player: MakePlayer) -> None:
    someone = await player()
    await settle(casino, someone.id, *LOSS)
    await settle(casino, someone.id, "slots", 5, 60)
    response = await client.get("/api/v1/achievements")
    public = (await response.get_json())["achievements"]
    assert [it["type"] for it in public] == [it.type for it in ACHIEVEMENTS]
    assert set(public[0]) == {"type", "name", "description", "icon", "reward_coins", "category"}

    mine = await _get(client, "/api/v1/achievements/mine", someone)
    # One's own are those one has, newest first; how far one is with the others is told by the progress.
    assert [it["type"] for it in mine["achievements"]] == ["first_win", "first_spin"]
    for it in mine["achievements"]:
        assert set(it) == {*public[0], "unlocked_at", "seen"}
        assert it["unlocked_at"].endswith("Z") and it["seen"] is False

    progress = {it["type"]: it for it in (await _get(client, "/api/v1/achievements/progress", someone))["progress"]}
    assert progress["first_spin"]["unlocked"] is True and progress["first_spin"]["progress_percentage"] == 100
    assert progress["total_spins_10"]["current_value"] == 2
    assert progress["big_win_100"]["current_value"] == 60
    assert progress["high_roller"] == {
        "type": "high_roller", "current_value": 5, "target_value": 1000, "progress_percentage": 0.5, "unlocked": False,
    }  # fmt: skip
    assert progress["slots_master_10"]["current_value"] == 1 and progress["roulette_master_10"]["current_value"] == 0
    assert progress["net_profit_1000"]["current_value"] == 54

    for type, status in (("first_spin", 204), ("first_spin", 204), ("lucky_day", 404), ("nothing", 404)):
        answer = await client.post(f"/api/v1/achievements/{type}/seen", headers=someone.headers)
        assert answer.status_code == status
    mine = await _get(client, "/api/v1/achievements/mine", someone)
    assert [it["type"] for it in mine["achievements"] if it["seen"]] == ["first_spin"]


async def test_the_public_list_is_cached_and_revalidated(client: TestClientProtocol) -> None:
    first = await client.get("/api/v1/achievements")
    assert first.headers["Cache-Control"] == "public, max-age=600"
    again = await client.get("/api/v1/achievements", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and await again.get_data() == b""


@pytest.mark.parametrize("path", ["/api/v1/achievements/mine", "/api/v1/achievements/progress"])
async def test_own_lists_need_a_login(client: TestClientProtocol, path: str) -> None:
    assert (await client.get(path)).status_code == 401


async def test_the_page_is_for_visitors_too(casino: Casino, client: TestClientProtocol, player: MakePlayer) -> None:
    someone = await player()
    await settle(casino, someone.id, *WIN)
    visitor = await client.get("/achievements", headers={"Accept": "text/html"})
    assert visitor.status_code == 200
    page = await client.get("/achievements", headers={**someone.headers, "Accept": "text/html"})
    text = (await page.get_data()).decode()
    assert "2 of 16 are yours" in text and "Unstoppable" in text


async def _get(client: TestClientProtocol, path: str, someone: Player) -> Any:
    response = await client.get(path, headers=someone.headers)
    assert response.status_code == 200
    return await response.get_json()
