"""A thousand rounds on two workers while players drop and workers are killed: every coin is accounted for."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import asyncpg
import pytest
from websockets.exceptions import InvalidHandshake, WebSocketException

from tests.support.postgres import connect
from tests.support.server import ROOT, Server

from .client import Refused, TablePlayer, player_at

ROUNDS: Final = 1000
# How many tables of each game, with two players each: about five rounds a second, a dozen of them hands or races.
TABLES: Final = {"roulette": 36, "blackjack": 12, "slots": 4}
KILL_SECONDS: Final = 6
# What a connection to a worker that dies ends with.
GONE: Final = (OSError, TimeoutError, InvalidHandshake, WebSocketException, Refused)


class Robot:
    """Plays at one table at random, drops out now and then and comes back."""

    def __init__(self, server: Server, name: str, token: str, room_id: str, chance: random.Random) -> None:
        self._server, self._name, self._token = server, name, token
        self._room_id = room_id
        self._chance = chance
        self.refused: Counter[str] = Counter()

    async def play(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            one = TablePlayer(self._server, self._name, self._token)
            try:
                await one.open()
                await one.join(self._room_id)
                leaves_at = asyncio.get_running_loop().time() + self._chance.uniform(3, 30)
                while asyncio.get_running_loop().time() < leaves_at and one.close_code is None and not stop.is_set():
                    await self._move(one)
                    await asyncio.sleep(self._chance.uniform(0.2, 0.8))
            except GONE as error:
                self.refused[error.code if isinstance(error, Refused) else type(error).__name__] += 1
                await asyncio.sleep(self._chance.uniform(0.1, 1))
            finally:
                with suppress(OSError, WebSocketException):
                    await one.close()

    async def _move(self, one: TablePlayer) -> None:
        state = one.states[self._room_id]
        mine = next((seat for seat in state["seats"] if seat["username"] == self._name), None)
        if mine is None:
            raise Refused("not_seated", "sent away while dropped")
        turn = state["turn"]
        command: dict[str, Any] | None = None
        if state["phase"] == "betting" and mine["status"] == "ready":
            if state["dealer"] is None and "bets" in mine:
                bets = [{"type": self._chance.choice(("red", "odd", "low")), "amount": self._chance.randint(1, 3)}]
                command = {"event": "place_bets", "bets": bets, "done": True}
            else:
                command = {"event": "place_stake", "stake": 2}
        elif turn is not None and turn["username"] == self._name and turn["legal_actions"]:
            action = self._chance.choice(turn["legal_actions"])
            command = {"event": "act", "action": action, "version": state["version"]}
        if command is not None:
            try:
                await one.ask(command.pop("event"), room_id=self._room_id, **command)
            except Refused as refused:  # too late, or a decision that was taken meanwhile
                self.refused[refused.code] += 1


async def kill_workers(server: Server, chance: random.Random, stop: asyncio.Event) -> int:
    """Kills one worker after the other until it is told to stop; answers how many."""
    killed = 0
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), KILL_SECONDS)
        if stop.is_set():
            return killed
        workers = server.worker_pids()
        if len(workers) == 2:
            os.kill(chance.choice(workers), signal.SIGKILL)
            killed += 1


async def until(connection: "asyncpg.Connection[Any]", question: str, number: int, *, seconds: float) -> None:
    """Asks the database every second until it says yes."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not await connection.fetchval(question, number):
        assert asyncio.get_running_loop().time() < deadline, f"not within {seconds:.0f} s: {question}"
        await asyncio.sleep(1)


@pytest.mark.slow
@pytest.mark.multi
@pytest.mark.timeout(1800)
async def test_a_thousand_rounds_with_drops_and_kills_reconcile(
    server: Callable[..., Server], postgres_url: str, redis_url: str
) -> None:
    chance = random.Random(20261126)
    env = {"IMPERIO_DATABASE_URL": postgres_url, "IMPERIO_REDIS_URL": redis_url, "IMPERIO_SECRET_KEY": "k3y" * 16}
    started = server(IMPERIO_WORKERS="2", **env)
    robots = []
    games = [game for game, count in TABLES.items() for _ in range(count)]
    for number, game in enumerate(games):
        pair = [await player_at(started, f"{game}{number}{letter}") for letter in "ab"]
        room_id = (await pair[0].create(game, betting_seconds=5))["room"]["id"]
        await pair[1].join(room_id)
        await pair[0].ask("start_game", room_id=room_id)
        for one in pair:
            await one.close()
            robots.append(Robot(started, one.name, one.token or "", room_id, random.Random(chance.random())))
    stop = asyncio.Event()
    playing = [asyncio.create_task(robot.play(stop)) for robot in robots]
    killing = asyncio.create_task(kill_workers(started, chance, stop))
    connection = await connect(postgres_url)
    try:
        await until(
            connection, "SELECT count(*) >= $1 FROM table_rounds WHERE status = 'settled'", ROUNDS, seconds=1500
        )
        stop.set()
        await asyncio.gather(*playing)
        killed = await killing
        # What is still in play is carried on without its players, or given back.
        await until(connection, "SELECT count(*) = $1 FROM table_rounds WHERE status = 'open'", 0, seconds=300)
        rows = await connection.fetch("SELECT game, count(*) AS rounds FROM table_rounds GROUP BY game")
        by_game = {row["game"]: row["rounds"] for row in rows}
    finally:
        stop.set()
        await connection.close()
        await asyncio.gather(*playing, killing, return_exceptions=True)
    print(f"rounds {by_game}, kills {killed}, refused {sum((robot.refused for robot in robots), Counter())}")
    assert killed >= 10 and set(by_game) == set(TABLES)
    assert started.terminate() == 0
    command = [sys.executable, "-m", "imperio", "reconcile"]
    pipe = asyncio.subprocess.PIPE
    done = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env={**os.environ, **env}, stdout=pipe, stderr=pipe)
    told, _ = await done.communicate()
    assert done.returncode == 0, told.decode()
