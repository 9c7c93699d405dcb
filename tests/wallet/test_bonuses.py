"""The daily bonus and the refill: entitlement by the database's UTC clock."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from quart.typing import TestClientProtocol

from imperio.app import Casino
from imperio.wallet.posting import AccountFrozen, Posting
from imperio.wallet.service import AlreadyClaimed, BonusKind, RefillUnavailable, Wallet, daily_amount
from tests.support.play import play, stop_clock
from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]


@pytest.mark.parametrize(
    ("day", "coins"), [(1, 100), (2, 150), (3, 200), (4, 250), (5, 300), (6, 350), (7, 400), (8, 400), (365, 400)]
)
def test_amounts_of_the_streak(day: int, coins: int) -> None:
    assert daily_amount(day) == coins


async def test_a_streak_over_the_end_of_february_and_a_missed_day(
    casino: Casino, player: MakePlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = await player()
    claimed: list[tuple[int, int]] = []
    days = [*range(9), 10]  # from 24 February of a leap year; the tenth day (4 March) is missed
    for day in days:
        stop_clock(monkeypatch, datetime(2028, 2, 24, 23, 59, 59, tzinfo=UTC) + timedelta(days=day))
        body = (await casino.wallet.claim_daily(someone.id, None, None)).body
        claimed.append((body["streak"], body["amount"]))
        with pytest.raises(AlreadyClaimed):
            await casino.wallet.claim_daily(someone.id, None, None)
    assert [streak for streak, _ in claimed] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]
    assert [amount for _, amount in claimed] == [100, 150, 200, 250, 300, 350, 400, 400, 400, 100]
    assert body["next_at"] == "2028-03-06T00:00:00.000000Z"
    assert body["balance"] == await casino.wallet.get_balance(someone.id) == 3650


async def test_a_second_after_midnight_is_another_day(
    casino: Casino, player: MakePlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = await player()
    midnight = datetime(2027, 1, 1, tzinfo=UTC)
    stop_clock(monkeypatch, midnight - timedelta(microseconds=1000))
    first = await casino.wallet.claim_daily(someone.id, None, None)
    assert first.body["next_at"] == "2027-01-01T00:00:00.000000Z"
    stop_clock(monkeypatch, midnight)
    second = await casino.wallet.claim_daily(someone.id, None, None)
    assert (second.body["streak"], second.body["amount"]) == (2, 150)


async def test_what_the_page_shows_of_the_streak(
    casino: Casino, player: MakePlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = await player()

    async def shown() -> dict[str, Any]:
        return (await casino.wallet.get_bonuses(someone.id))["bonus"]  # type: ignore[no-any-return]

    start = datetime(2027, 6, 1, 12, tzinfo=UTC)
    stop_clock(monkeypatch, start)
    state = await shown()
    assert (state["claimable"], state["streak"], state["amount"]) == (True, 0, 100)
    await casino.wallet.claim_daily(someone.id, None, None)
    state = await shown()
    assert (state["claimable"], state["streak"], state["amount"]) == (False, 1, 100)
    assert [day["state"] for day in state["days"]] == ["claimed", *["ahead"] * 6]
    stop_clock(monkeypatch, start + timedelta(days=1))
    state = await shown()
    assert (state["claimable"], state["streak"], state["amount"]) == (True, 1, 150)
    assert [day["state"] for day in state["days"]] == ["claimed", "today", *["ahead"] * 5]
    stop_clock(monkeypatch, start + timedelta(days=3))
    state = await shown()
    assert (state["claimable"], state["streak"], state["amount"]) == (True, 0, 100)


async def test_the_refill_is_for_those_who_ran_out(
    casino: Casino, player: MakePlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = await player()
    start = datetime(2027, 6, 1, 12, tzinfo=UTC)
    stop_clock(monkeypatch, start)
    await play(casino, someone.id, 990, 0)
    with pytest.raises(RefillUnavailable, match="fewer than 10"):  # 10 coins are not fewer
        await casino.wallet.refill(someone.id, None, None)
    await play(casino, someone.id, 7, 0)
    body = (await casino.wallet.refill(someone.id, None, None)).body
    assert body == {"amount": 97, "balance": 100, "next_at": "2027-06-01T18:00:00.000000Z"}

    await play(casino, someone.id, 100, 0)
    stop_clock(monkeypatch, start + timedelta(hours=6, microseconds=-1000))
    with pytest.raises(RefillUnavailable, match="18:00:00"):
        await casino.wallet.refill(someone.id, None, None)
    stop_clock(monkeypatch, start + timedelta(hours=6))
    assert (await casino.wallet.refill(someone.id, None, None)).body["amount"] == 100


async def test_no_refill_while_a_stake_is_in_play(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    await play(casino, someone.id, 900, 0)
    for _ in range(20):  # until a hand stays open: most do, a natural settles at once
        hand = await casino.blackjack.start(player_id=someone.id, session_id=None, stake=95)
        if hand.body["round"]["status"] == "open":
            break
        await play(casino, someone.id, hand.body["balance"] - 100, 0)
    assert hand.body["round"]["status"] == "open" and hand.body["balance"] < 10
    with pytest.raises(RefillUnavailable, match="in play"):
        await casino.wallet.refill(someone.id, None, None)


async def test_nothing_for_a_frozen_account(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    await casino.accounts.freeze(someone.id)
    with pytest.raises(AccountFrozen):
        await casino.wallet.claim_daily(someone.id, None, None)
    with pytest.raises(AccountFrozen):
        await casino.wallet.refill(someone.id, None, None)
    assert await casino.wallet.get_balance(someone.id) == 1000


async def test_listeners_are_part_of_the_posting(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    heard: list[tuple[BonusKind, int, int]] = []

    class Listener:
        def on_bonus(self, kind: BonusKind, amount: int, posting: Posting) -> None:
            heard.append((kind, amount, posting.balance))

    wallet = Wallet(casino.db, casino.ledgers, [Listener()])
    await wallet.claim_daily(someone.id, None, None)
    with pytest.raises(AlreadyClaimed):
        await wallet.claim_daily(someone.id, None, None)
    assert heard == [("daily", 100, 1100)]


async def test_over_http(client: TestClientProtocol, player: MakePlayer) -> None:
    someone = await player()
    response = await client.post("/api/v1/bonus/daily", headers=someone.headers)
    body = await response.get_json()
    assert response.status_code == 201
    assert set(body) == {"amount", "streak", "balance", "next_at"} and body["balance"] == 1100
    again = await client.post("/api/v1/bonus/daily", headers=someone.headers)
    assert again.status_code == 409 and (await again.get_json())["code"] == "already_claimed"
    refill = await client.post("/api/v1/bonus/refill", headers=someone.headers)
    assert refill.status_code == 409 and (await refill.get_json())["code"] == "refill_unavailable"
    assert (await client.post("/api/v1/bonus/daily")).status_code == 401
    unknown = await client.post("/api/v1/bonus/daily", json={"amount": 5}, headers=someone.headers)
    assert unknown.status_code == 422
