"""Whole rounds through the service, on both engines; every coin is recounted at the end."""

from collections.abc import Awaitable, Callable

import pytest

from imperio.app import CasinoApp
from imperio.core.errors import AppError
from imperio.fairness.stream import FairStream, table_client_seed
from imperio.games.roulette import engine as roulette
from imperio.games.roulette.engine import Bet
from imperio.games.slots import engine as slots
from imperio.realtime.outbox import Relay
from imperio.realtime.shared import MemoryLease
from imperio.realtime.stats import LiveStats
from imperio.tables.rules import errors
from imperio.tables.service import Tables
from imperio.wallet.posting import InsufficientFunds, Ledgers
from tests.support.players import Player

from .driver import RED, Driver, find

Table = Callable[..., Awaitable[Driver]]
NewPlayer = Callable[..., Awaitable[Player]]


async def test_roulette_is_one_wheel_for_all(table: Table) -> None:
    driver = await table("roulette", 3)
    await driver.start()
    first, second, third = driver.players
    await driver.bet(first, RED)
    await driver.bet(second, Bet("straight", (17,), 5), RED)
    assert not await driver.run_due(), "one ready seat is not done yet"
    await driver.bet(third, Bet("dozen_1", (), 20))
    state = await driver.state()
    assert [seat["stake"] for seat in state["seats"]] == [10, 15, 20]
    assert await driver.run_due(), "everybody is done"

    state = await driver.state()
    assert state["phase"] == "result"
    pocket = state["outcome"]["pocket"]
    for one, bets in ((first, [RED]), (second, [Bet("straight", (17,), 5), RED]), (third, [Bet("dozen_1", (), 20)])):
        payout = sum(roulette.settle(bets, pocket))
        [round_] = await driver.rounds(one)
        assert (round_["status"], round_["stake"], round_["payout"]) == ("settled", roulette.total_stake(bets), payout)
        assert round_["table_round_id"] == state["round_id"]
        assert round_["fairness"]["nonce"] == 0
    assert await driver.run_out()
    state = await driver.state()
    assert state["phase"] == "betting" and state["round_id"] is None and state["recent"][0]["pocket"] == pocket
    assert all(seat["stake"] == 0 for seat in state["seats"])
    await driver.reconcile()


async def test_the_seed_proves_the_pocket(table: Table) -> None:
    driver = await table("roulette", 2)
    db = driver.casino.db
    seeds = [(await driver.casino.seeds.get_current(one.id))["client_seed"] for one in driver.players]
    await driver.start()
    promised = (await driver.state())["fairness"]["server_seed_hash"]
    for one in driver.players:
        await driver.bet(one, RED)
    await driver.run_due()
    state = await driver.state()
    assert state["fairness"] == {"server_seed_hash": promised, "client_seed": table_client_seed(seeds), "nonce": 0}
    [round_] = await driver.rounds(driver.host)
    assert round_["fairness"]["server_seed"] is None
    for one in driver.players:
        await driver.tables.leave(driver.id, one.id)
    [round_] = await driver.rounds(driver.host)
    seed = round_["fairness"]["server_seed"]
    assert roulette.spin(FairStream(seed, table_client_seed(seeds), 0)) == state["outcome"]["pocket"]
    row = await db.fetch_one("SELECT last_nonce FROM seed_pairs WHERE room_id = :id", id=driver.id)
    assert row == {"last_nonce": 0}


async def test_who_cannot_pay_sits_out_and_hurts_nobody(table: Table) -> None:
    driver = await table("roulette", 2)
    await driver.start()
    poor, rich = driver.players
    await driver.bet(poor, Bet("red", (), 900))
    await driver.casino.roulette.spin(player_id=poor.id, session_id=None, bets=[Bet("straight", (1,), 600)])
    before = await driver.balance(poor)
    await driver.bet(rich, RED)
    await driver.run_due()
    state = await driver.state()
    assert state["phase"] == "result"
    if before < 900:
        assert [seat["stake"] for seat in state["seats"]] == [0, 10]
        assert await driver.balance(poor) == before
    await driver.reconcile()


async def test_a_bet_above_the_balance_is_refused_at_once(table: Table) -> None:
    driver = await table("roulette", 1)
    await driver.start()
    with pytest.raises(InsufficientFunds):
        await driver.bet(driver.host, Bet("red", (), 1000), Bet("black", (), 1))
    assert (await driver.state())["seats"][0]["stake"] == 0


async def test_two_rounds_without_a_stake_lead_back_to_waiting(table: Table) -> None:
    driver = await table("blackjack", 2)
    await driver.start()
    await driver.run_out()
    assert (await driver.state())["phase"] == "betting"
    await driver.run_out()
    room = await driver.room()
    assert (room.phase, room.status) == ("waiting", "waiting")
    await driver.start()
    assert (await driver.state())["phase"] == "betting"


async def test_blackjack_is_played_in_turns_to_the_payout(table: Table) -> None:
    driver = await table("blackjack", 3)
    await driver.start()
    by_name = {one.username: one for one in driver.players}
    for _ in range(6):
        for one in driver.players:
            await driver.stake(one, 20)
        await driver.run_due()
        state = await driver.state()
        while state["phase"] == "acting":
            assert len(state["dealer"]["cards"]) == 1
            turn = state["turn"]
            action = "decline_insurance" if "decline_insurance" in turn["legal_actions"] else "stand"
            await driver.act(by_name[turn["username"]], action, state["version"])
            state = await driver.state()
        assert state["phase"] == "result" and len(state["dealer"]["cards"]) >= 2
        await driver.reconcile()
        await driver.run_out()
    for one in driver.players:
        assert len(await driver.rounds(one)) == 6


async def test_the_house_decides_when_time_is_up_and_says_so(table: Table) -> None:
    driver = await table("blackjack", 2)
    await driver.start()
    while True:
        for one in driver.players:
            await driver.stake(one, 10)
        await driver.run_due()
        state = await driver.state()
        if state["phase"] == "acting":
            break
        await driver.run_out()
    name = state["turn"]["username"]
    loser = next(one for one in driver.players if one.username == name)
    await driver.run_out()
    state = await driver.state()
    seat = next(seat for seat in state["seats"] if seat["username"] == name)
    assert seat["last_action"]["by"] == "system"
    while state["phase"] == "acting":
        await driver.run_out()
        state = await driver.state()
    record = (await driver.rounds(loser))[0]["decisions"]
    assert record[0]["action"] == "deal" and record[1]["by"] == "system"
    await driver.reconcile()


async def test_doubles_are_charged_at_once(table: Table) -> None:
    driver = await table("blackjack", 1)
    await driver.start()
    while True:
        await driver.stake(driver.host, 20)
        await driver.run_due()
        state = await driver.state()
        if state["phase"] == "acting" and "double" in state["turn"]["legal_actions"]:
            break
        while state["phase"] == "acting":
            await driver.run_out()
            state = await driver.state()
        await driver.run_out()
    await driver.act(driver.host, "double", state["version"])
    [round_, *_] = await driver.rounds(driver.host)
    assert round_["stake"] == 40 and round_["status"] == "settled"
    await driver.reconcile()


async def test_a_race_is_charged_at_once_and_shown_spin_by_spin(table: Table) -> None:
    driver = await table("slots", 2)
    await driver.start()
    first, second = driver.players
    await driver.stake(first, 3)
    with pytest.raises(errors.InvalidBet):
        await driver.stake(second, 4)
    await driver.stake(second, 3)
    await driver.run_due()
    assert [await driver.balance(one) for one in driver.players] == [970, 970]
    await driver.reconcile()
    for shown in range(1, 11):
        state = await driver.state()
        assert state["phase"] == "acting"
        assert [len(seat["spins"]) for seat in state["seats"]] == [shown, shown]
        assert all(not round_["outcome"]["stops"] for round_ in await driver.rounds(first))
        await driver.run_out()
    state = await driver.state()
    assert state["phase"] == "result"
    room = await driver.room()
    for index, one in enumerate(driver.players):
        rounds = list(reversed(await driver.rounds(one)))
        assert [round_["fairness"]["nonce"] for round_ in rounds] == [spin * 2 + index for spin in range(10)]
        for round_ in rounds:
            seeds = round_["fairness"]
            drawn = slots.spin(FairStream(room.server_seed, seeds["client_seed"], seeds["nonce"]))
            assert round_["outcome"]["stops"] == list(drawn.stops)
            assert round_["payout"] == 3 * drawn.multiplier
    totals = [sum(round_["payout"] for round_ in await driver.rounds(one)) for one in driver.players]
    best = [one.username for one, total in zip(driver.players, totals, strict=True) if total and total == max(totals)]
    assert state["outcome"]["winners"] == best
    await driver.reconcile()


async def test_a_round_that_cannot_go_on_is_given_back(table: Table) -> None:
    for game, stake in (("blackjack", 50), ("slots", 5)):
        driver = await table(game, 2)
        await driver.start()
        while (await driver.state())["phase"] != "acting":
            for one in driver.players:
                await driver.stake(one, stake)
            await driver.run_due()
            if (await driver.state())["phase"] == "result":
                await driver.run_out()
        before = [await driver.rounds(one) for one in driver.players]
        await driver.tables.void(driver.id)
        for one, rounds in zip(driver.players, before, strict=True):
            net = sum(round_["net"] for round_ in rounds if round_["status"] == "settled")
            rewards = await driver.casino.db.fetch(
                "SELECT sum(amount) AS coins FROM ledger WHERE player_id = :id AND type = 'bonus'", id=one.id
            )
            assert await driver.balance(one) == int(rewards[0]["coins"]) + net
        assert (await driver.row())["status"] == "closed"
        await driver.reconcile()


async def test_leaving_in_the_middle_of_a_hand_leaves_the_stake_in_play(table: Table) -> None:
    driver = await table("blackjack", 2)
    await driver.start()
    while True:
        for one in driver.players:
            await driver.stake(one, 10)
        await driver.run_due()
        state = await driver.state()
        if state["phase"] == "acting":
            break
        await driver.run_out()
    host, other = driver.players
    await driver.tables.leave(driver.id, host.id)
    room = await driver.room()
    assert room.host_id == other.id
    while (await driver.state())["phase"] == "acting":
        room = await driver.room()
        if room.deadline_at is not None and await driver.run_due():
            continue
        await driver.run_out()
    assert (await driver.rounds(host))[0]["status"] == "settled"
    await driver.reconcile()


async def test_what_two_workers_tell_of_a_table_is_in_its_order(table: Table) -> None:
    """One worker commits first but is slower to tell: the other one tells both, and nothing comes twice."""
    driver = await table("roulette", 2)
    casino, guest = driver.casino, driver.players[1]

    async def nothing(*_: object) -> list[tuple[str, str]]:
        return []

    relays = [Relay(casino.bus, nothing, nothing, MemoryLease(), LiveStats()) for _ in range(2)]
    slow, quick = (
        Tables(casino.db, Ledgers(casino.db, relay), casino.rounds, casino.limiter, casino.presence) for relay in relays
    )

    async def versions() -> list[int]:
        told = [(name, data) for topic, name, data in await driver.events() if topic == f"table:{driver.id}"]
        return [data["version"] for name, data in told if name == "table_state"]

    first = (await driver.room()).version + 1
    for number, worker in enumerate((slow, quick, slow, slow, quick)):
        await worker.set_ready(driver.id, guest.id, bool(number % 2))
    await relays[1].stop()  # tells what waits
    assert (await versions())[-5:] == list(range(first, first + 5))
    await slow.leave(driver.id, guest.id)
    await relays[0].stop()
    assert (await versions())[-6:] == list(range(first, first + 6))
    assert len(await versions()) == len(set(await versions()))


async def test_a_table_nobody_sits_at_closes(table: Table) -> None:
    driver = await table("roulette", 2)
    for one in driver.players:
        await driver.tables.leave(driver.id, one.id)
    assert await find(driver.casino, driver.id) is None
    with pytest.raises(errors.RoomNotFound):
        await driver.join(driver.players[0])


async def test_an_idle_table_closes(table: Table) -> None:
    driver = await table("roulette", 1)
    await driver.run_out("active_at")
    assert (await driver.row())["status"] == "closed"
    assert not await driver.casino.db.fetch("SELECT 1 AS one FROM seats WHERE room_id = :id", id=driver.id)


async def test_a_dropped_player_keeps_the_seat_for_a_minute(table: Table) -> None:
    driver = await table("roulette", 2)
    host, other = driver.players
    await driver.tables.drop(driver.id, host.id, host.username)
    state = await driver.state()
    assert state["seats"][0]["connected"] is False
    assert not await driver.run_due()
    await driver.join(host)
    assert (await driver.state())["seats"][0]["connected"] is True
    await driver.tables.drop(driver.id, host.id, host.username)
    await driver.run_out("dropped_at")
    room = await driver.room()
    assert [seat.player_id for seat in room.seats] == [other.id] and room.host_id == other.id


async def test_the_pair_rotates_after_a_hundred_rounds(table: Table) -> None:
    driver = await table("roulette", 1)
    await driver.start()
    promised = (await driver.state())["fairness"]["server_seed_hash"]
    for _ in range(100):
        await driver.bet(driver.host, Bet("red", (), 1))
        await driver.run_due()
        await driver.run_out()
    fairness = (await driver.state())["fairness"]
    assert fairness["nonce"] == 0 and fairness["server_seed_hash"] != promised
    row = await driver.casino.db.fetch_one(
        "SELECT last_nonce, revealed_at FROM seed_pairs WHERE server_seed_hash = :promised", promised=promised
    )
    assert row is not None and row["last_nonce"] == 99 and row["revealed_at"] is not None
    await driver.reconcile()


async def test_seats_and_tables_are_limited(table: Table, player: NewPlayer) -> None:
    driver = await table("roulette", 2, max_players=2)
    third = await player()
    with pytest.raises(errors.RoomFull):
        await driver.join(third)
    await driver.join(driver.players[1])
    assert len((await driver.room()).seats) == 2, "joining twice is coming back"
    for _ in range(2):
        await driver.tables.create(
            player_id=driver.host.id, username=driver.host.username, session_id="test", game_type="slots"
        )
    with pytest.raises(errors.TooManyTables):
        await driver.tables.create(
            player_id=driver.host.id, username=driver.host.username, session_id="test", game_type="slots"
        )


async def test_private_tables_need_their_code(table: Table, player: NewPlayer) -> None:
    driver = await table("roulette", 1, private=True)
    room = await driver.room()
    assert room.invite_code is not None and len(room.invite_code) >= 10
    guest = await player()
    for code in (None, "", "nonsense", room.invite_code[:-1]):
        with pytest.raises(errors.InvalidInvite):
            await driver.join(guest, invite_code=code)
    await driver.join(guest, invite_code=room.invite_code.lower())
    assert await driver.tables.list_rooms() == []


async def test_what_may_not_be_done(table: Table, player: NewPlayer) -> None:
    driver = await table("roulette", 2)
    host, guest = driver.players
    stranger = await player()

    async def refused(code: str, work: Awaitable[object]) -> None:
        with pytest.raises(AppError) as caught:
            await work
        assert caught.value.code == code

    tables, id = driver.tables, driver.id
    await refused("not_host", tables.start(id, guest.id))
    await refused("not_seated", tables.start(id, stranger.id))
    await refused("not_host", tables.kick(id, guest.id, host.username))
    await refused("not_seated", tables.kick(id, host.id, stranger.username))
    await refused("illegal_action", tables.kick(id, host.id, host.username))
    await refused("betting_closed", driver.bet(guest, RED))
    await driver.start()
    await refused("stale_state", tables.start(id, host.id))
    await refused("not_seated", driver.bet(stranger, RED))
    await refused("illegal_action", driver.stake(guest, 5))
    await refused("invalid_bet", driver.bet(guest, Bet("split", (1, 9), 5)))
    await refused("invalid_bet", driver.bet(guest, *[Bet("red", (), 1000)] * 6))
    await refused("room_not_found", tables.start("nowhere", host.id))
    await tables.kick(id, host.id, guest.username)
    await refused("illegal_action", driver.join(guest))
    await refused("not_seated", driver.bet(guest, RED))


async def test_late_and_doubled_decisions_do_nothing(table: Table) -> None:
    driver = await table("blackjack", 2)
    await driver.start()
    while True:
        for one in driver.players:
            await driver.stake(one, 10)
        await driver.run_due()
        state = await driver.state()
        if state["phase"] == "acting" and "stand" in state["turn"]["legal_actions"] and state["turn"]["seat"] == 0:
            break
        while (await driver.state())["phase"] == "acting":
            await driver.run_out()
        await driver.run_out()
    first, second = driver.players
    with pytest.raises(errors.NotYourTurn):
        await driver.act(second, "stand")
    with pytest.raises(errors.IllegalAction):
        await driver.act(first, "insurance", state["version"])
    await driver.act(first, "stand", state["version"])
    after = await driver.state()
    with pytest.raises(errors.StaleState):
        await driver.act(first, "stand", state["version"])
    assert await driver.state() == after


async def test_the_record_of_a_round_recomputes_once_the_seed_is_open(table: Table) -> None:
    for game in ("roulette", "slots", "blackjack"):
        driver = await table(game, 2)
        await driver.start()
        for one in driver.players:
            if game == "roulette":
                await driver.bet(one, RED)
            else:
                await driver.stake(one, 2)
        await driver.run_due()
        while (await driver.state())["phase"] == "acting":
            await driver.run_out()
        round_id = (await driver.state())["round_id"]
        record = await driver.tables.get_round(round_id, driver.host.id)
        assert record["fairness"]["server_seed"] is None
        assert [one["own"] for one in record["entrants"]] == [True, False]
        for one in driver.players:
            await driver.tables.leave(driver.id, one.id)
        if game == "slots":
            opened = await driver.tables.get_round(round_id, None)
            seeds = opened["fairness"]
            for entrant in opened["entrants"]:
                for spin in entrant["spins"]:
                    drawn = slots.spin(FairStream(seeds["server_seed"], seeds["client_seed"], spin["nonce"]))
                    assert spin["stops"] == list(drawn.stops) and spin["payout"] == 2 * drawn.multiplier


async def test_the_pages_of_tables(app: CasinoApp, table: Table) -> None:
    driver = await table("blackjack", 2, private=True)
    client = app.test_client()
    await driver.start()
    for one in driver.players:
        await driver.stake(one, 2)
    await driver.run_due()
    while (await driver.state())["phase"] == "acting":
        await driver.run_out()
    round_id = (await driver.state())["round_id"]
    own, code = driver.host.headers, (await driver.room()).invite_code
    assert code is not None
    for path, headers, status in (
        ("/tables", {}, 200),
        ("/tables?game=roulette", own, 200),
        (f"/tables/{driver.id}", {}, 200),
        ("/tables/nowhere", {}, 404),
        (f"/tables/rounds/{round_id}", own, 200),
        (f"/tables/rounds/{round_id}", {}, 404),
        ("/tables/rounds/nowhere", own, 404),
    ):
        response = await client.get(path, headers={"Accept": "text/html", **headers})
        assert response.status_code == status, path
        text = await response.get_data(as_text=True)
        assert (code in text) == (path == f"/tables/{driver.id}" and bool(headers))
    response = await client.get(f"/tables/{driver.id}", headers={"Accept": "text/html", **own})
    assert code in await response.get_data(as_text=True), "those who sit there may invite"
    public = await table("roulette", 1)
    response = await client.get(f"/tables/{public.id}", headers={"Accept": "text/html", **public.host.headers})
    assert 'data-invite=""' in await response.get_data(as_text=True)
    full = await table("slots", 2, max_players=2)
    for headers, times in ((full.host.headers, 1), ({}, 1)):
        response = await client.get("/tables?game=slots", headers={"Accept": "text/html", **headers})
        text = await response.get_data(as_text=True)
        assert text.count("Full: watch") == times, "one's own seat is no reason to watch"
