"""Tables over real sockets: the contract's frames, one worker with SQLite and two with PostgreSQL and Redis."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.support.server import Server

from .client import Refused, TablePlayer, balance_of, player_at

StartServer = Callable[..., Server]
NewPlayer = Callable[[str], Awaitable[TablePlayer]]


@pytest.fixture(params=["one", "two"])
def casino_server(request: pytest.FixtureRequest, server: StartServer) -> Server:
    """One worker on SQLite, or two workers on PostgreSQL and Redis."""
    if request.param == "one":
        return server()
    return server(
        IMPERIO_DATABASE_URL=request.getfixturevalue("postgres_url"),
        IMPERIO_REDIS_URL=request.getfixturevalue("redis_url"),
        IMPERIO_WORKERS="2",
    )


@pytest.fixture
async def newcomer(casino_server: Server) -> AsyncIterator[NewPlayer]:
    """`await newcomer("anna")`: signed up, with an open socket."""
    opened: list[TablePlayer] = []

    async def make(name: str) -> TablePlayer:
        made = await player_at(casino_server, name) if name else await TablePlayer(casino_server, "", None).open()
        opened.append(made)
        return made

    yield make
    for one in opened:
        await one.close()


async def test_three_play_roulette_and_a_visitor_watches(newcomer: NewPlayer) -> None:
    anna, bert, cleo, visitor = [await newcomer(name) for name in ("anna", "bert", "cleo", "")]
    created = await anna.create("roulette", betting_seconds=30)
    room = created["room"]
    assert created["invite_code"] is None and room["host"] == "anna" and room["status"] == "waiting"
    assert room["players"] == [{"username": "anna", "status": "ready", "seat": 0}]
    listed = (await visitor.ask("get_multiplayer_rooms"))["rooms"]
    assert [one["id"] for one in listed] == [room["id"]]
    assert (await visitor.ask("get_multiplayer_rooms", game_type="slots"))["rooms"] == []
    for one in (bert, cleo):
        joined = await one.join(room["id"])
        assert joined["state"]["phase"] == "waiting"
    await visitor.join(room["id"], spectate=True)
    await anna.until(lambda: len(anna.events("player_joined")) == 2)
    await anna.ask("start_game", room_id=room["id"])
    everyone = (anna, bert, cleo, visitor)
    for one in everyone:
        state = await one.phase(room["id"], "betting")
        assert state["fairness"]["client_seed"] is None
    red: list[dict[str, Any]] = [{"type": "red", "amount": 10}]
    await anna.ask("place_bets", room_id=room["id"], bets=red, done=True)
    split = [{"type": "split", "numbers": [17, 20], "amount": 5}]
    await bert.ask("place_bets", room_id=room["id"], bets=split, done=True)
    await visitor.until(lambda: [seat["stake"] for seat in visitor.states[room["id"]]["seats"]] == [10, 5, 0])
    await cleo.ask("place_bets", room_id=room["id"], bets=red, done=True)
    for one in everyone:
        state = await one.phase(room["id"], "result")
        [result] = one.events("round_result")
        assert result["outcome"] == state["outcome"] and result["round_id"] == state["round_id"]
        assert [entry["username"] for entry in result["results"]] == ["anna", "bert", "cleo"]
        assert all(entry["net"] == entry["payout"] - entry["stake"] for entry in result["results"])
    assert len({str(one.states[room["id"]]) for one in everyone}) == 1, "everybody sees the same table"
    await visitor.phase(room["id"], "betting", seconds=8)


async def test_frames_and_codes_of_the_contract(newcomer: NewPlayer) -> None:
    anna, bert, visitor = [await newcomer(name) for name in ("anna", "bert", "")]
    room_id = (await anna.create("roulette", private=True))["room"]["id"]
    code = (await anna.join(room_id))["invite_code"]
    assert len(code) >= 10

    async def refused(code: str, who: TablePlayer, event: str, **data: Any) -> None:
        with pytest.raises(Refused) as caught:
            await who.ask(event, **data)
        assert caught.value.code == code, event

    await refused("not_authenticated", visitor, "create_multiplayer_room", game_type="roulette", max_players=4)
    await refused("not_authenticated", visitor, "join_multiplayer_room", room_id=room_id, spectate=True)
    await refused("not_authenticated", visitor, "join_multiplayer_room", room_id=room_id)
    await refused("room_not_found", bert, "join_multiplayer_room", room_id="nowhere")
    await refused("invalid_invite", bert, "join_multiplayer_room", room_id=room_id)
    await refused("invalid_invite", bert, "join_multiplayer_room", room_id=room_id, invite_code="AAAAAAAAAAAA")
    await refused("not_seated", bert, "place_bets", room_id=room_id, bets=[])
    await refused("not_seated", bert, "leave_multiplayer_room", room_id=room_id)
    await refused("invalid_bet", bert, "place_bets", room_id=room_id, bets=[{"type": "red", "amount": 5.5}])
    await refused("invalid_bet", bert, "place_bets", room_id=room_id, bets=[{"type": "red", "amount": 5, "odds": 99}])
    await bert.join(room_id, invite_code=code)
    await refused("not_host", bert, "start_game", room_id=room_id)
    await refused("not_host", bert, "kick_player", room_id=room_id, username="anna")
    await refused("betting_closed", bert, "place_bets", room_id=room_id, bets=[{"type": "red", "amount": 5}])
    await anna.ask("kick_player", room_id=room_id, username="bert")
    await bert.until(lambda: bert.events("left_room"))
    assert bert.events("left_room")[-1]["reason"] == "kicked"
    known = len(bert.seen)
    await anna.ask("set_ready", room_id=room_id, ready=False)
    await anna.until(lambda: anna.events("player_status"))
    await asyncio.sleep(0.2)
    assert len(bert.seen) == known, "who has left hears nothing more"
    await anna.ask("leave_multiplayer_room", room_id=room_id)
    await refused("room_not_found", anna, "join_multiplayer_room", room_id=room_id)


async def test_dropping_and_coming_back_finds_the_exact_state(newcomer: NewPlayer, casino_server: Server) -> None:
    anna, bert = [await newcomer(name) for name in ("anna", "bert")]
    room_id = (await anna.create("blackjack", betting_seconds=60))["room"]["id"]
    await bert.join(room_id)
    await anna.ask("start_game", room_id=room_id)
    await bert.phase(room_id, "betting")
    await bert.ask("place_stake", room_id=room_id, stake=20)
    await bert.close()
    await anna.until(lambda: [seat["connected"] for seat in anna.states[room_id]["seats"]] == [True, False])
    again = await TablePlayer(casino_server, "bert", bert.token).open()
    joined = await again.join(room_id)
    await anna.until(lambda: all(seat["connected"] for seat in anna.states[room_id]["seats"]))
    seat = joined["state"]["seats"][1]
    assert (seat["username"], seat["stake"], seat["status"]) == ("bert", 20, "done")
    assert anna.states[room_id] == joined["state"]
    await anna.ask("place_stake", room_id=room_id, stake=20)
    state = await again.phase(room_id, "acting", "result")
    assert state["seats"][1]["hands"][0]["stake"] == 20
    await again.close()


async def test_spectators_are_counted(newcomer: NewPlayer) -> None:
    anna, visitor, other = [await newcomer(name) for name in ("anna", "", "")]
    room_id = (await anna.create("slots"))["room"]["id"]
    for one in (visitor, other):
        await one.join(room_id, spectate=True)
    await anna.until(lambda: anna.events("room_changed") and anna.events("room_changed")[-1]["spectators"] == 2)
    await other.close()
    await anna.until(lambda: anna.events("room_changed")[-1]["spectators"] == 1)


async def test_guessing_invite_codes_is_limited(server: StartServer) -> None:
    started = server(IMPERIO_RATE_LIMITS="on")
    anna, thief = await player_at(started, "anna"), await player_at(started, "thief")
    created = await anna.create("roulette", private=True)
    codes = []
    for number in range(14):
        with pytest.raises(Refused) as caught:
            await thief.join(created["room"]["id"], invite_code=f"GUESS{number:07}")
        codes.append(caught.value.code)
    assert codes == ["invalid_invite"] * 10 + ["rate_limited"] * 4
    with pytest.raises(Refused) as caught:
        await thief.join(created["room"]["id"], invite_code=created["invite_code"])
    assert caught.value.code == "rate_limited", "the right code does not get through a closed gate either"
    await anna.close()
    await thief.close()


@pytest.mark.multi
async def test_a_killed_worker_loses_no_table(server: StartServer, postgres_url: str, redis_url: str) -> None:
    started = server(IMPERIO_DATABASE_URL=postgres_url, IMPERIO_REDIS_URL=redis_url, IMPERIO_WORKERS="2")
    players = [await player_at(started, f"player{number}") for number in range(6)]
    tables = {}
    for game, host, guest in zip(("blackjack", "slots", "roulette"), players[::2], players[1::2], strict=True):
        room_id = (await host.create(game, betting_seconds=5))["room"]["id"]
        await guest.join(room_id)
        await host.ask("start_game", room_id=room_id)
        tables[room_id] = (game, host, guest)
    for room_id, (game, host, guest) in tables.items():
        for one in (host, guest):
            if game == "roulette":
                await one.ask("place_bets", room_id=room_id, bets=[{"type": "red", "amount": 7}])
            else:
                await one.ask("place_stake", room_id=room_id, stake=5)
    await asyncio.sleep(0.3)
    os.kill(started.worker_pids()[0], signal.SIGKILL)
    # Whoever was connected to the dead worker comes back to the other one.
    for one in players:
        if one.close_code is None:
            await asyncio.sleep(0.3)
    survivors = []
    for one in players:
        await one.close()
        survivors.append(await TablePlayer(started, one.name, one.token).open())
    for number, (room_id, _) in enumerate(tables.items()):
        for one in survivors[2 * number : 2 * number + 2]:
            await one.join(room_id)
    for number, (room_id, (game, _, _)) in enumerate(tables.items()):
        one = survivors[2 * number]
        seconds = {"blackjack": 170, "slots": 45, "roulette": 12}[game]
        if game == "blackjack":
            await _stand_to_the_end(room_id, survivors[:2])
        await _see_result(one, room_id, seconds)
    for one in survivors:
        await one.close()
    assert all([await balance_of(started, one.token or "") >= 0 for one in survivors])
    started.terminate()
    await _reconcile(postgres_url)


async def _see_result(one: TablePlayer, room_id: str, seconds: float) -> None:
    await one.until(lambda: one.events("round_result") or one.states[room_id]["phase"] == "result", seconds)


async def _stand_to_the_end(room_id: str, players: list[TablePlayer]) -> None:
    watcher = players[0]
    while watcher.states[room_id]["phase"] == "acting":
        state = watcher.states[room_id]
        turn = state["turn"]
        actor = next(one for one in players if one.name == turn["username"])
        action = "decline_insurance" if "decline_insurance" in turn["legal_actions"] else "stand"
        await actor.ask("act", room_id=room_id, action=action, version=state["version"])
        await watcher.until(lambda seen=state: watcher.states[room_id]["version"] > seen["version"])


async def _reconcile(url: str) -> None:
    from imperio.core.db import Database
    from imperio.core.settings import load_settings
    from imperio.ops.reconcile import Reconciler
    from imperio.schema import MODEL_MODULES

    db = Database(load_settings(database_url=url, secret_key="x" * 40), MODEL_MODULES)
    await db.open()
    try:
        report = await Reconciler(db).run()
    finally:
        await db.close()
    assert not report.findings, "\n".join(report.findings)
