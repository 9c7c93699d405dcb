"""The contract's `/ws/tables` and `lobby` topic, sentence by sentence, from outside: two workers, real sockets."""

import asyncio
import hashlib
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, closing
from itertools import count
from typing import Any

import pytest
from httpx import AsyncClient

from tests.realtime.support import StreamClient
from tests.support.postgres import Postgres
from tests.support.redis import RedisProcess
from tests.support.server import Server

from .client import Refused, TablePlayer, sign_up

pytestmark = pytest.mark.multi

Newcomer = Callable[..., Awaitable[TablePlayer]]
RED: dict[str, Any] = {"type": "red", "amount": 10}
CARD = re.compile(r"(?:A|[2-9]|10|J|Q|K)[SHDC]")
ROOM = {"id", "game_type", "host", "players", "max_players", "spectators", "status", "private", "created_at"}
STATE = {
    "room_id", "version", "round_id", "phase", "deadline", "seats", "turn", "dealer", "outcome", "fairness", "recent",
}  # fmt: skip
CODES = {
    "room_not_found", "room_full", "invalid_invite", "not_seated", "not_host", "not_your_turn", "betting_closed",
    "illegal_action", "invalid_bet", "insufficient_funds", "stale_state", "not_authenticated", "rate_limited",
}  # fmt: skip
_names = count(1)


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: Postgres, redis_server: RedisProcess
) -> Iterator[Server]:
    """One casino of two workers for the whole module; each test brings players of its own."""
    with ExitStack() as stack:
        redis_server.start()
        redis_server.flush()
        url = postgres_server.create_database()
        stack.callback(postgres_server.drop_database, url)
        env = {
            "IMPERIO_PORT": "0",
            "IMPERIO_DATA_DIR": str(tmp_path_factory.mktemp("house")),
            "IMPERIO_RATE_LIMITS": "off",
            "IMPERIO_DATABASE_URL": url,
            "IMPERIO_REDIS_URL": redis_server.url,
            "IMPERIO_WORKERS": "2",
        }
        started = stack.enter_context(closing(Server(env)))
        started.wait_ready()
        yield started


@pytest.fixture
async def newcomer(house: Server) -> AsyncIterator[Newcomer]:
    """`await newcomer()`: a new player with an open socket; `login=False`: a visitor; `of=other`: a second socket."""
    opened: list[TablePlayer] = []

    async def make(*, login: bool = True, of: TablePlayer | None = None) -> TablePlayer:
        if of is not None:
            made = TablePlayer(house, of.name, of.token)
        elif login:
            name = f"patron-{next(_names)}"
            made = TablePlayer(house, name, await sign_up(house, name))
        else:
            made = TablePlayer(house, "", None)
        opened.append(await made.open())
        return made

    yield make
    for one in opened:
        await one.close()


async def get(who: TablePlayer, path: str) -> dict[str, Any]:
    """The JSON answer of a GET below /api/v1."""
    async with AsyncClient(base_url=who.server.base_url, trust_env=False) as http:
        answer = await http.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {who.token}"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def balance(who: TablePlayer) -> int:
    return int((await get(who, "/wallet"))["balance"])


async def verify(server: Server, game: str, server_seed: str, client_seed: str, nonce: int) -> dict[str, Any]:
    """What the public verifier makes of a round's seeds."""
    body = {"game": game, "server_seed": server_seed, "client_seed": client_seed, "nonce": nonce}
    async with AsyncClient(base_url=server.base_url, trust_env=False) as http:
        answer = await http.post("/api/v1/fairness/verify", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["outcome"])


async def refused(code: str, who: TablePlayer, event: str, **data: Any) -> None:
    """The command is answered by `error` with this code, and the socket lives."""
    with pytest.raises(Refused) as caught:
        await who.ask(event, **data)
    assert caught.value.code == code, f"{event} {data}: {caught.value}"
    assert await who.ask("ping") is not None


async def hears(who: TablePlayer, *events: str) -> None:
    await who.until(lambda: all(who.events(name) for name in events))


async def moved_on(who: TablePlayer, room_id: str, version: int) -> None:
    """A newer state than this has come."""
    await who.until(lambda: who.states[room_id]["version"] > version)


async def seated(newcomer: Newcomer, game: str, seats: int, **options: Any) -> tuple[str, list[TablePlayer]]:
    """A table of so many players that has not begun."""
    players = [await newcomer() for _ in range(seats)]
    room_id = (await players[0].create(game, **{"betting_seconds": 5, **options}))["room"]["id"]
    for other in players[1:]:
        await other.join(room_id)
    return room_id, players


def cards_in(value: Any) -> list[str]:
    """Everything that looks like a card, anywhere in a frame."""
    if isinstance(value, dict):
        return [card for one in value.values() for card in cards_in(one)]
    if isinstance(value, list):
        return [card for one in value for card in cards_in(one)]
    return [value] if isinstance(value, str) and CARD.fullmatch(value) else []


async def lobby(server: Server) -> StreamClient:
    stream = StreamClient(server.port, "lobby")
    await stream.connect()
    return stream


# Rooms --------------------------------------------------------------------------------------------------------------


async def test_rooms_are_opened_listed_joined_and_closed(house: Server, newcomer: Newcomer) -> None:
    host, guest, visitor = await newcomer(), await newcomer(), await newcomer(login=False)
    stream = await lobby(house)
    await stream.until(lambda: any(one.event == "lobby_snapshot" for one in stream.seen))
    created = await host.create("roulette", max_players=2, betting_seconds=20)
    room = created["room"]
    assert set(created) == {"room", "invite_code"} and created["invite_code"] is None
    assert room.keys() >= ROOM and room["host"] == host.name and room["status"] == "waiting"
    assert (room["game_type"], room["max_players"], room["spectators"], room["private"]) == ("roulette", 2, 0, False)
    assert room["players"] == [{"username": host.name, "status": "ready", "seat": 0}]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", room["created_at"])

    async def listed(**which: Any) -> dict[str, Any]:
        rooms = (await visitor.ask("get_multiplayer_rooms", **which))["rooms"]
        return {one["id"]: one for one in rooms}

    assert (await listed())[room["id"]] == room
    assert room["id"] in await listed(game_type="roulette") and room["id"] not in await listed(game_type="slots")

    joined = await guest.join(room["id"])
    assert set(joined) == {"room", "state"}
    state = joined["state"]
    assert state.keys() >= STATE and state["phase"] == "waiting" and state["round_id"] is None
    assert state["turn"] is None and state["dealer"] is None and state["outcome"] is None
    assert state["fairness"].keys() == {"server_seed_hash", "client_seed", "nonce"}
    assert [seat["username"] for seat in state["seats"]] == [host.name, guest.name]
    assert state["seats"][0].keys() >= {"seat", "username", "status", "connected", "stake"}
    await host.until(lambda: host.events("player_joined"))
    assert host.events("player_joined")[-1]["username"] == guest.name
    late = await newcomer()
    await refused("room_full", late, "join_multiplayer_room", room_id=room["id"])

    # One seat per player, on however many sockets; watching needs no login.
    again = await newcomer(of=guest)
    assert len((await again.join(room["id"]))["state"]["seats"]) == 2
    assert (await visitor.join(room["id"], spectate=True))["room"]["spectators"] == 1
    assert (await late.join(room["id"], spectate=True))["room"]["spectators"] == 2
    await host.until(lambda: host.events("room_changed") and host.events("room_changed")[-1]["spectators"] == 2)
    for one in (visitor, late):
        code = "not_authenticated" if one is visitor else "not_seated"
        await refused(code, one, "place_bets", room_id=room["id"], bets=[RED])
        await refused(code, one, "start_game", room_id=room["id"])
    await again.close()

    # The host leaves: the longest-seated of the others is host; the last to leave closes the table.
    assert await host.ask("leave_multiplayer_room", room_id=room["id"]) == {"room_id": room["id"]}
    await guest.until(lambda: guest.events("new_host"))
    assert guest.events("new_host") == [{"room_id": room["id"], "host": guest.name}]
    assert guest.events("player_left")[-1]["username"] == host.name
    await guest.ask("leave_multiplayer_room", room_id=room["id"])
    for one in (guest, visitor, late):
        await hears(one, "room_closed", "seed_revealed")
        [closed], [revealed] = one.events("room_closed"), one.events("seed_revealed")
        assert closed["room_id"] == room["id"] and closed["reason"]
        assert hashlib.sha256(revealed["server_seed"].encode()).hexdigest() == revealed["server_seed_hash"]
        assert revealed["server_seed_hash"] == state["fairness"]["server_seed_hash"]
        assert revealed["last_nonce"] is None
    await refused("room_not_found", late, "join_multiplayer_room", room_id=room["id"])
    assert room["id"] not in await listed()

    def told() -> list[tuple[str | None, dict[str, Any]]]:
        return [(one.event, one.data) for one in stream.seen if one.data and one.data.get("id") == room["id"]]

    await stream.until(lambda: told() and told()[-1][0] == "room_closed")
    assert told()[0] == ("room_opened", room)
    assert {name for name, _ in told()[1:-1]} == {"room_changed"}
    assert [len(data["players"]) for name, data in told() if name == "room_changed"][0] == 2
    assert all(data.keys() >= ROOM for _, data in told())
    stream.close()


async def test_private_rooms_are_in_no_list_and_need_their_code(house: Server, newcomer: Newcomer) -> None:
    host, guest, visitor = await newcomer(), await newcomer(), await newcomer(login=False)
    stream = await lobby(house)
    created = await host.create("blackjack", private=True)
    room_id, code = created["room"]["id"], created["invite_code"]
    assert len(code) >= 10, "long enough not to be guessed"
    listed = (await visitor.ask("get_multiplayer_rooms"))["rooms"]
    assert room_id not in {one["id"] for one in listed}
    await refused("not_authenticated", visitor, "join_multiplayer_room", room_id=room_id, spectate=True)
    for wrong in ({}, {"invite_code": "A" * len(code)}, {"invite_code": ""}, {"invite_code": code * 20}):
        await refused("invalid_invite", guest, "join_multiplayer_room", room_id=room_id, **wrong)
        await refused("invalid_invite", guest, "join_multiplayer_room", room_id=room_id, spectate=True, **wrong)
    joined = await guest.join(room_id, invite_code=code)
    assert joined["room"]["private"] is True
    await guest.join(room_id)  # who has a seat needs the code no more
    await guest.ask("leave_multiplayer_room", room_id=room_id)
    public = (await host.create("roulette"))["room"]["id"]
    await stream.until(lambda: any(one.data and one.data.get("id") == public for one in stream.seen))
    assert room_id not in json.dumps([one.data for one in stream.seen])
    stream.close()
    for one in (room_id, public):
        await host.ask("leave_multiplayer_room", room_id=one)


async def test_up_to_three_tables_at_once(newcomer: Newcomer) -> None:
    host, guest = await newcomer(), await newcomer()
    rooms = [(await host.create(game))["room"]["id"] for game in ("roulette", "blackjack", "slots")]
    other = (await guest.create("roulette"))["room"]["id"]
    for event, data in (
        ("create_multiplayer_room", {"game_type": "slots", "max_players": 4}),
        ("join_multiplayer_room", {"room_id": other}),
    ):
        with pytest.raises(Refused) as caught:
            await host.ask(event, **data)
        assert caught.value.code in CODES
    await host.join(rooms[0])  # coming back is no fourth table
    await host.ask("leave_multiplayer_room", room_id=rooms[0])
    await host.join(other)
    for one in (*rooms[1:], other):
        await host.ask("leave_multiplayer_room", room_id=one)
    await guest.ask("leave_multiplayer_room", room_id=other)


async def test_the_host_kicks_and_nobody_else_does(newcomer: Newcomer) -> None:
    room_id, (host, guest, third) = await seated(newcomer, "roulette", 3)
    await refused("not_host", guest, "kick_player", room_id=room_id, username=third.name)
    await refused("not_seated", host, "kick_player", room_id=room_id, username="nobody-here")
    await host.ask("kick_player", room_id=room_id, username=guest.name)
    await guest.until(lambda: guest.events("left_room"))
    await third.until(lambda: third.events("player_left"))
    assert third.events("player_left")[-1]["username"] == guest.name
    known = len(guest.seen)
    await host.ask("start_game", room_id=room_id)
    await third.phase(room_id, "betting")
    assert len(guest.seen) == known, "who was sent away hears nothing more of the table"
    await refused("not_seated", guest, "place_bets", room_id=room_id, bets=[RED])
    with pytest.raises(Refused) as caught:
        await guest.join(room_id)
    assert caught.value.code in CODES
    for one in (host, third):
        await one.ask("leave_multiplayer_room", room_id=room_id)


async def test_malformed_commands_are_errors_and_do_nothing(newcomer: Newcomer) -> None:
    room_id, (host, guest) = await seated(newcomer, "roulette", 2, betting_seconds=60)
    await host.ask("start_game", room_id=room_id)
    before = (await host.join(room_id))["state"]
    for bets in (
        [{"type": "red", "amount": 5.0}],
        [{"type": "red", "amount": "5"}],
        [{"type": "red", "amount": True}],
        [{"type": "red", "amount": -5}],
        [{"type": "red", "amount": 2**63}],
        [{"type": "split", "numbers": [1, 9], "amount": 5}],
        [{"type": "red", "amount": 5, "odds": 1000}],
        [RED] * 51,
        "all of it",
    ):
        await refused("invalid_bet", host, "place_bets", room_id=room_id, bets=bets)
    for event, data in (
        ("no_such_command", {}),
        ("join_multiplayer_room", {}),
        ("join_multiplayer_room", {"room_id": 5}),
        ("set_ready", {"room_id": room_id, "ready": "yes"}),
        ("create_multiplayer_room", {"game_type": "poker", "max_players": 4}),
        ("create_multiplayer_room", {"game_type": "slots", "max_players": 9}),
        ("create_multiplayer_room", {"game_type": "roulette", "max_players": 4, "betting_seconds": 4}),
        ("create_multiplayer_room", {"game_type": "roulette", "max_players": 4, "betting_seconds": 61}),
        ("create_multiplayer_room", {"game_type": "blackjack", "max_players": 8}),
        ("create_multiplayer_room", {"game_type": "blackjack", "max_players": 4, "min_stake": 9, "max_stake": 3}),
    ):
        with pytest.raises(Refused):
            await host.ask(event, **data)
    for nowhere in ("nowhere", "", "x" * 5_000, room_id.upper()):
        await refused("room_not_found", host, "place_bets", room_id=nowhere, bets=[RED])
        await refused("room_not_found", host, "leave_multiplayer_room", room_id=nowhere)
    after = (await host.join(room_id))["state"]
    for key in ("phase", "deadline", "seats"):
        assert after[key] == before[key]
    for one in (host, guest):
        await one.ask("leave_multiplayer_room", room_id=room_id)


async def test_the_chat_of_a_table_is_for_those_who_sit_there(house: Server, newcomer: Newcomer) -> None:
    room_id, (host, guest) = await seated(newcomer, "roulette", 2)
    stranger = await newcomer()
    talkers = [await _Chat.open(house, one) for one in (host, guest, stranger)]
    hers, his, strange = talkers
    room = f"table:{room_id}"
    assert (await hers.ask("join_chat", room=room))["room"] == room
    await his.ask("join_chat", room=room)
    with pytest.raises(Refused):
        await strange.ask("join_chat", room=room)
    with pytest.raises(Refused):
        await strange.ask("send_chat_message", room=room, message="let me in")
    await hers.ask("send_chat_message", room=room, message="good luck")
    await his.until(lambda: [one["message"] for one in his.events("chat_message")] == ["good luck"])
    await host.ask("kick_player", room_id=room_id, username=guest.name)
    await guest.until(lambda: guest.events("left_room"))
    await his.until(lambda: his.events("left_chat") == [{"room": room}])
    with pytest.raises(Refused):
        await his.ask("send_chat_message", room=room, message="why")
    with pytest.raises(Refused):
        await his.ask("join_chat", room=room)
    await hers.until(lambda: hers.events("user_left_chat"))
    await hers.ask("send_chat_message", room=room, message="that was necessary")
    await hers.until(lambda: len(hers.events("chat_message")) == 2)
    await asyncio.sleep(0.2)
    assert len(his.events("chat_message")) == 1, "who was sent away hears no more of the chat"
    for one in talkers:
        await one.close()
    await host.ask("leave_multiplayer_room", room_id=room_id)


class _Chat(TablePlayer):
    """The same player at `/ws/chat`."""

    path = "/ws/chat"

    @classmethod
    async def open(cls, server: Server, of: TablePlayer) -> "_Chat":  # type: ignore[override]
        made = cls(server, of.name, of.token)
        await TablePlayer.open(made)
        return made


# Play ---------------------------------------------------------------------------------------------------------------


async def test_stakes_wait_until_betting_closes_and_late_ones_move_nothing(newcomer: Newcomer) -> None:
    room_id, (host, guest, third) = await seated(newcomer, "roulette", 3)
    await refused("not_host", guest, "start_game", room_id=room_id)
    await refused("betting_closed", guest, "place_bets", room_id=room_id, bets=[RED])
    await host.ask("start_game", room_id=room_id)
    await refused("stale_state", host, "start_game", room_id=room_id)
    await third.phase(room_id, "betting")
    await guest.ask("place_bets", room_id=room_id, bets=[{"type": "straight", "numbers": [17], "amount": 100}])
    await guest.ask("place_bets", room_id=room_id, bets=[RED])  # replaces the earlier ones
    await third.until(lambda: third.states[room_id]["seats"][1]["stake"] == 10)
    assert third.states[room_id]["seats"][1]["bets"] == [{"type": "red", "numbers": [], "amount": 10}]
    assert await balance(guest) == 1000, "nothing is charged while bets are open"
    too_much = [{"type": "black", "amount": 1000}, RED]
    await refused("insufficient_funds", third, "place_bets", room_id=room_id, bets=too_much)
    await refused("illegal_action", third, "act", room_id=room_id, action="hit")
    await refused("illegal_action", third, "place_stake", room_id=room_id, stake=5)
    await third.ask("place_bets", room_id=room_id, bets=[{"type": "even", "amount": 900}], done=True)
    await third.until(lambda: third.states[room_id]["seats"][2]["status"] == "done")
    # What was there when it was offered is gone when it is charged: that seat sits the round out.
    async with AsyncClient(base_url=third.server.base_url, trust_env=False) as http:
        headers = {"Authorization": f"Bearer {third.token}"}
        for _ in range(3):
            answer = await http.post("/api/v1/games/slots/spins", json={"stake": 500}, headers=headers)
    broke = (await balance(third)) < 900
    await host.ask("set_ready", room_id=room_id, ready=False)
    await host.until(lambda: host.states[room_id]["seats"][0]["status"] == "sitting_out")
    await guest.ask("place_bets", room_id=room_id, bets=[RED], done=True)  # every ready seat is done: no waiting
    state = await guest.phase(room_id, "result", seconds=4)
    assert answer.status_code in (201, 409)
    [result] = guest.events("round_result")
    assert result.keys() == {"room_id", "round_id", "outcome", "results", "fairness"}
    expected = [guest.name] if broke else [guest.name, third.name]
    assert [one["username"] for one in result["results"]] == expected
    if broke:
        await third.until(lambda: third.events("error")[-1]["code"] == "insufficient_funds")
    mine = result["results"][0]
    assert mine["stake"] == 10 and mine["net"] == mine["payout"] - 10 and mine["payout"] in (0, 20)
    assert state["outcome"] == result["outcome"] and state["round_id"] == result["round_id"]
    assert state["recent"][0]["pocket"] == result["outcome"]["pocket"]
    after = await balance(guest)
    await refused("betting_closed", guest, "place_bets", room_id=room_id, bets=[RED])
    assert await balance(guest) == after
    rows = (await get(guest, "/transactions"))["transactions"]
    bet = next(row for row in rows if row["type"] == "bet")
    own = (await get(guest, f"/rounds/{bet['reference_id']}"))["round"]
    assert bet["amount"] == -10 and own["net"] == mine["net"] and own["status"] == "settled"
    assert own["fairness"]["server_seed"] is None, "the table's pair is still in use"
    assert {key: own["fairness"][key] for key in result["fairness"]} == result["fairness"]
    rewards = sum(row["amount"] for row in rows if row["type"] == "bonus")
    assert after == rewards + own["net"], "the sign-up grant is a bonus, too"
    await guest.phase(room_id, "betting", seconds=7)  # the next round by itself, five seconds later
    for one in (host, guest, third):
        await one.ask("leave_multiplayer_room", room_id=room_id)


async def test_two_rounds_without_a_stake_wait_again(newcomer: Newcomer) -> None:
    room_id, (host,) = await seated(newcomer, "blackjack", 1)
    await host.ask("start_game", room_id=room_id)
    await host.phase(room_id, "betting")
    state = await host.phase(room_id, "waiting", seconds=13)
    assert state["deadline"] is None and state["round_id"] is None
    await host.until(lambda: host.events("room_changed")[-1]["status"] == "waiting")
    betting = [one["deadline"] for event, one in host.seen if event == "table_state" and one["phase"] == "betting"]
    assert len(set(betting)) == 2
    assert await balance(host) == 1000
    await host.ask("leave_multiplayer_room", room_id=room_id)


async def test_turns_versions_and_decisions_of_the_house(newcomer: Newcomer) -> None:
    """Blackjack: in seat order, only on one's turn, nothing twice; who leaves stands by the house's hand."""
    room_id, players = await seated(newcomer, "blackjack", 3, max_players=7)
    host, guest, third = players
    await host.ask("start_game", room_id=room_id)
    for _ in range(12):  # until a round has a decision for the first and the last seat
        await host.phase(room_id, "betting")
        for one in players:
            await one.ask("place_stake", room_id=room_id, stake=10)
        await host.phase(room_id, "acting", "result")
        state = host.states[room_id]
        turn = state["turn"]
        waiting = [seat["seat"] for seat in state["seats"] if seat["hands"][0]["status"] == "waiting"]
        if turn is not None and turn["seat"] == 0 and "stand" in turn["legal_actions"] and waiting == [1, 2]:
            break
        await finish(room_id, players)
        await host.phase(room_id, "betting", seconds=8)
    assert turn is not None, "twelve rounds without a decision for everybody"
    assert turn.keys() == {"username", "seat", "hand", "deadline", "legal_actions"} and turn["username"] == host.name
    assert len(state["dealer"]["cards"]) == 1 and set(state["dealer"]) == {"cards", "total"}
    await refused("not_your_turn", guest, "act", room_id=room_id, action="stand", version=state["version"])
    await refused("illegal_action", host, "act", room_id=room_id, action="insurance", version=state["version"])
    await refused("illegal_action", host, "act", room_id=room_id, action="fold", version=state["version"])
    await refused("stale_state", host, "act", room_id=room_id, action="stand", version=state["version"] + 1000)
    # A double click: both frames carry the version that was seen; one is carried out.
    first, second = await asyncio.gather(
        *(host.ask("act", room_id=room_id, action="stand", version=state["version"]) for _ in range(2)),
        return_exceptions=True,
    )
    failed = [one for one in (first, second) if isinstance(one, Refused)]
    assert [one.code for one in failed] == ["stale_state"]
    await guest.until(lambda: guest.states[room_id]["turn"]["seat"] == 1)
    newer = guest.states[room_id]
    assert newer["version"] > state["version"]
    await refused("stale_state", guest, "act", room_id=room_id, action="stand", version=state["version"])
    assert guest.states[room_id] == newer
    # The one whose turn it is leaves; nobody waits, and the record says who decided.
    await guest.ask("leave_multiplayer_room", room_id=room_id)
    await third.until(lambda: (third.states[room_id]["turn"] or {"seat": 2})["seat"] == 2, seconds=3)
    left = next(seat for seat in third.states[room_id]["seats"] if seat["seat"] == 1)
    assert left["status"] == "left" and left["last_action"]["by"] == "system"
    await finish(room_id, [host, third])
    [own] = [one for one in (await get(guest, "/rounds"))["rounds"] if one["id"] and one["game"] == "blackjack"][:1]
    replay = (await get(guest, f"/rounds/{own['id']}"))["round"]
    assert replay["status"] == "settled" and '"system"' in json.dumps(replay)
    for one in (host, third):
        await one.ask("leave_multiplayer_room", room_id=room_id)


async def finish(room_id: str, players: list[TablePlayer]) -> None:
    """Everybody stands until the dealer has played."""
    watcher = players[0]
    while (state := watcher.states[room_id])["phase"] == "acting":
        turn = state["turn"]
        actor = next((one for one in players if turn is not None and one.name == turn["username"]), None)
        if actor is not None:
            action = "decline_insurance" if "decline_insurance" in turn["legal_actions"] else "stand"
            try:
                await actor.ask("act", room_id=room_id, action=action, version=state["version"])
            except Refused as refusal:
                assert refusal.code == "stale_state"
        await moved_on(watcher, room_id, state["version"])


@pytest.mark.parametrize("game", ["roulette", "blackjack", pytest.param("slots", marks=pytest.mark.slow)])
async def test_nothing_is_known_before_its_time_and_everything_can_be_verified_after(
    house: Server, newcomer: Newcomer, game: str
) -> None:
    """A round; then the table closes, and the revealed seed explains every card, pocket and stop."""
    watcher = await newcomer(login=False)
    room_id, players = await seated(newcomer, game, 2)
    sitting = await newcomer()
    await sitting.join(room_id)
    await sitting.ask("set_ready", room_id=room_id, ready=False)
    await watcher.join(room_id, spectate=True)
    await _round(game, room_id, players)
    for one in (*players, sitting):
        await one.ask("leave_multiplayer_room", room_id=room_id)
    await watcher.until(lambda: watcher.events("room_closed"))
    [revealed] = watcher.events("seed_revealed")
    server_seed = revealed["server_seed"]
    for one in (watcher, sitting, *players):
        _nothing_too_early(one, room_id, server_seed)
    results = watcher.events("round_result")
    client_seeds = [(await get(one, "/fairness"))["client_seed"] for one in (*players, sitting)]
    for result in results:
        fairness = result["fairness"]
        assert fairness["client_seed"] == hashlib.sha256("|".join(client_seeds).encode()).hexdigest()
        assert fairness["server_seed_hash"] == hashlib.sha256(server_seed.encode()).hexdigest()
        assert fairness["nonce"] <= revealed["last_nonce"]
    await _verified(house, game, server_seed, results[0], players)


async def _round(game: str, room_id: str, players: list[TablePlayer]) -> None:
    """One round to the payout."""
    host = players[0]
    await host.ask("start_game", room_id=room_id)
    await host.phase(room_id, "betting")
    if game == "slots":
        await host.ask("place_stake", room_id=room_id, stake=3)
        await refused("invalid_bet", players[1], "place_stake", room_id=room_id, stake=4)
        await players[1].ask("place_stake", room_id=room_id, stake=3)
    for one in players:
        if game == "roulette":
            await one.ask("place_bets", room_id=room_id, bets=[RED], done=True)
        elif game == "blackjack":
            await one.ask("place_stake", room_id=room_id, stake=10)
    if game == "blackjack":
        await host.phase(room_id, "acting", "result")
        await finish(room_id, players)
    elif game == "slots":
        state = await host.phase(room_id, "acting")
        assert [seat["stake"] for seat in state["seats"]] == [3, 3, 0]
        assert [await balance(one) for one in players] == [970, 970], "all ten are charged when betting closes"
        for one in players:
            assert all(round_["outcome"]["stops"] == [] for round_ in (await get(one, "/rounds"))["rounds"])
    await host.until(lambda: host.events("round_result"), seconds=40)
    if game == "slots":
        acting = [one for name, one in host.seen if name == "table_state" and one["phase"] == "acting"]
        shown = {len(one["seats"][0]["spins"]) for one in acting}
        assert shown == set(range(1, 11)), "the reels show them one by one"


def _nothing_too_early(who: TablePlayer, room_id: str, server_seed: str) -> None:
    """No frame tells what its round has not shown yet."""
    known = False
    for name, data in who.seen:
        known |= name == "seed_revealed" and data["room_id"] == room_id
        text = json.dumps(data)
        assert known or server_seed not in text
        if name != "table_state" or data["room_id"] != room_id:
            continue
        if data["phase"] in ("waiting", "betting"):
            assert data["fairness"]["client_seed"] is None, "not fixed yet"
            assert not cards_in(data) and data["outcome"] is None
        elif data["phase"] == "acting":
            hands = [hand["cards"] for seat in data["seats"] for hand in seat.get("hands") or ()]
            shown = [card for hand in hands for card in hand] + (data["dealer"] or {"cards": []})["cards"]
            assert sorted(cards_in(data)) == sorted(shown), "cards are nowhere but on the felt"
            assert data["dealer"] is None or len(data["dealer"]["cards"]) == 1
            assert data["outcome"] is None and "pocket" not in json.dumps([data["seats"], data["turn"]])
            spins = {len(seat["spins"]) for seat in data["seats"] if "spins" in seat}
            if spins:
                assert len(spins) == 1 and text.count('"stops"') == 2 * spins.pop()


async def _verified(
    house: Server, game: str, server_seed: str, result: dict[str, Any], players: list[TablePlayer]
) -> None:
    """The verifier's outcomes are the round's."""
    fairness = result["fairness"]
    seeds = (server_seed, fairness["client_seed"])
    if game == "roulette":
        outcome = await verify(house, game, *seeds, fairness["nonce"])
        assert {key: outcome[key] for key in ("pocket", "colour")} == result["outcome"]
        return
    if game == "blackjack":
        shoe = (await verify(house, game, *seeds, fairness["nonce"]))["shoe"]
        hands = [seat["hands"] for seat in result["outcome"]["seats"]]
        assert [hand[0]["cards"][0] for hand in hands] == shoe[:2]
        assert result["outcome"]["dealer"]["cards"][:2] == [shoe[2], shoe[5]]
        assert [hand[0]["cards"][1] for hand in hands if len(hand) == 1] == [
            shoe[3 + index] for index, hand in enumerate(hands) if len(hand) == 1
        ]
        return
    totals = Counter[str]()
    nonces = set()
    for one in players:
        rounds = [round_ for round_ in (await get(one, "/rounds"))["rounds"] if round_["game"] == "slots"]
        assert len(rounds) == 10
        for round_ in rounds:
            own = round_["fairness"]
            nonces.add(own["nonce"])
            outcome = await verify(house, game, own["server_seed"], own["client_seed"], own["nonce"])
            assert own["server_seed"] == server_seed and outcome == round_["outcome"]
            totals[one.name] += round_["payout"]
    assert nonces == set(range(fairness["nonce"], fairness["nonce"] + 20))
    paid = {one["username"]: one["payout"] for one in result["results"]}
    assert paid == {one.name: totals[one.name] for one in players}
    best = max(totals.values())
    assert result["outcome"]["winners"] == [one.name for one in players if best and totals[one.name] == best]
