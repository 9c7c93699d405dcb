"""The front page: for everybody, and cheap."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from quart.typing import TestClientProtocol

from imperio.app import Casino
from imperio.lobby import service
from imperio.lobby.service import Lobby
from tests.support.play import play
from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]


async def test_visitors_and_players(client: TestClientProtocol, casino: Casino, player: MakePlayer) -> None:
    visitor = await client.get("/")
    html = await visitor.get_data(as_text=True)
    assert visitor.status_code == 200 and "/signup" in html and "/wallet/bonus/daily" not in html
    someone = await player("Livia")
    html = await (await client.get("/", headers=someone.headers)).get_data(as_text=True)
    assert "Welcome, Livia" in html and "/wallet/bonus/daily" in html


async def test_last_results_and_who_plays(casino: Casino, player: MakePlayer) -> None:
    alice, other = await player(), await player()
    for _ in range(10):
        await play(casino, alice.id, 1, 0)
    await play(casino, alice.id, 1, 0, game="roulette")
    await play(casino, other.id, 1, 0, game="roulette")
    games = {game["id"]: game for game in (await Lobby(casino.db).get_public())["games"]}
    assert games["slots"]["last_results"] == [["lemon", "banana", "lemon"]] * 8
    assert games["roulette"]["last_results"] == [7, 7]
    assert games["blackjack"]["last_results"] == []
    assert {name: game["players_now"] for name, game in games.items()} == {"slots": 1, "roulette": 2, "blackjack": 0}
    assert games["slots"]["rtp"] == 0.95703125


async def test_the_hole_card_is_not_in_the_lobby(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    settled: list[Any] = []
    while True:
        hand = (await casino.blackjack.start(player_id=someone.id, session_id=None, stake=2)).body["round"]
        if hand["status"] == "open":
            break
        settled.insert(0, hand["outcome"]["hands"][0]["status"])
    games = (await Lobby(casino.db).get_public())["games"]
    assert games[2]["last_results"] == settled and games[2]["players_now"] == 1


async def test_a_quiet_game_keeps_its_results(
    casino: Casino, player: MakePlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr(service, "_WINDOW", 3)
    someone, lobby = await player(), Lobby(casino.db)
    await play(casino, someone.id, 1, 0, game="roulette")
    await lobby.get_public()
    for _ in range(5):
        await play(casino, someone.id, 1, 0)
    games = (await lobby.get_public())["games"]
    assert games[1]["last_results"] == [7]


async def test_a_crowd_reads_once(casino: Casino, monkeypatch: pytest.MonkeyPatch) -> None:
    lobby, reads = Lobby(casino.db), []
    fetch = casino.db.fetch

    async def counted(sql: str, **parameters: Any) -> Any:
        reads.append(sql)
        return await fetch(sql, **parameters)

    monkeypatch.setattr(casino.db, "fetch", counted)
    answers = await asyncio.gather(*(lobby.get_public() for _ in range(50)))
    assert all(answer is answers[0] for answer in answers)
    assert sum("big_wins" in sql for sql in reads) == 1


async def test_todays_five(casino: Casino, player: MakePlayer) -> None:
    players = [await player() for _ in range(7)]
    for number, someone in enumerate(players[:6]):
        await play(casino, someone.id, 10, (30, 0, 20, 30, 40, 0)[number], rounds=casino.rounds)
    best = await casino.list_todays_best()
    names = [players[number].username for number in (4, 0, 3, 2, 1)]
    # Of equal values, who reached it first stands higher; who has not played does not stand at all.
    assert [(row["rank"], row["username"], row["value"]) for row in best] == [
        (1, names[0], 30),
        (2, names[1], 20),
        (3, names[2], 20),
        (4, names[3], 10),
        (5, names[4], -10),
    ]
