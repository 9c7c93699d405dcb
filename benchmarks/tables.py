"""Live tables under load: two workers, PostgreSQL and Redis, roulette tables of four players each.

    python benchmarks/tables.py --tables 100 --seconds 30

Prints one JSON object: rounds per second, milliseconds from a player's command to the state at the three other players
(`others_*`) and to the player's own answer (`answer_*`), how late bets close after their deadline (`late_*`, the way
to the client included), and the workers' CPU seconds per table and second. Everything runs on this machine.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
from websockets.asyncio.client import ClientConnection, connect

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.support.postgres import running_postgres
from tests.support.redis import running_redis
from tests.support.server import Server

SEATS = 4
BETTING_SECONDS = 5
ROUND_SECONDS = BETTING_SECONDS + 5
COMMAND_SECONDS = 1.5  # between two commands of one player while bets are open
SIGN_UPS_AT_ONCE = 8


@dataclass(slots=True)
class Figures:
    others: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    rounds: int = 0
    errors: int = 0


@dataclass(slots=True)
class Table:
    """What its players know of a table. `sent` is when a stake was sent, by (seat's name, amount)."""

    room_id: str = ""
    phase: str = ""
    deadline: float = 0.0
    sent: dict[tuple[str, int], float] = field(default_factory=dict)


class Player:
    """One socket at one table. Every bet has an amount of its own, so that its arrival elsewhere can be told."""

    def __init__(self, name: str, token: str, table: Table, figures: Figures) -> None:
        self.name = name
        self._token = token
        self._table = table
        self._figures = figures
        self._amount = 0
        self._refs: dict[int, tuple[float, asyncio.Future[dict[str, Any]]]] = {}
        self._seen: dict[str, int] = {}

    async def open(self, url: str) -> None:
        headers = {"Authorization": f"Bearer {self._token}"}
        self._socket: ClientConnection = await connect(
            f"{url}/ws/tables", additional_headers=headers, compression=None, proxy=None, max_queue=None
        )
        self._reader = asyncio.create_task(self._read())

    async def close(self) -> None:
        await self._socket.close()
        await self._reader

    async def ask(self, event: str, **data: Any) -> dict[str, Any]:
        ref = len(self._refs) + 1
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._refs[ref] = (time.perf_counter(), future)
        await self._socket.send(json.dumps({"event": event, "data": data, "ref": ref}))
        return await asyncio.wait_for(future, 20)

    async def play(self, until: float) -> None:
        """Changes the bet again and again while bets are open."""
        await asyncio.sleep(COMMAND_SECONDS * (hash(self.name) % 100) / 100)
        while time.monotonic() < until:
            if self._table.phase == "betting":
                self._amount = self._amount % 9 + 1
                self._table.sent[self.name, self._amount] = time.perf_counter()
                bets = [{"type": "red", "amount": self._amount}]
                await self.ask("place_bets", room_id=self._table.room_id, bets=bets)
            await asyncio.sleep(COMMAND_SECONDS)

    async def _read(self) -> None:
        async for message in self._socket:
            now = time.perf_counter()
            frame = json.loads(message)
            if frame["event"] == "table_state":
                self._hear(frame["data"], now)
            elif frame["event"] == "error" and frame["data"]["code"] != "betting_closed":
                self._figures.errors += 1
            if "ref" in frame:
                began, future = self._refs[frame["ref"]]
                self._figures.answers.append((now - began) * 1000)
                future.set_result(frame["data"])

    def _hear(self, state: dict[str, Any], now: float) -> None:
        for seat in state["seats"]:
            name, stake = seat["username"], seat["stake"]
            if state["phase"] != "betting" or self._seen.get(name) == stake:
                continue
            self._seen[name] = stake
            sent = self._table.sent.get((name, stake))
            if name != self.name and sent is not None:
                self._figures.others.append((now - sent) * 1000)
        if not state["seats"] or state["seats"][0]["username"] != self.name:
            return
        # One of the four keeps the table's books.
        if state["phase"] == "result" and self._table.phase == "betting":
            self._figures.rounds += 1
            self._figures.late.append((time.time() - self._table.deadline) * 1000)
        if state["phase"] == "betting":
            self._table.deadline = datetime.fromisoformat(state["deadline"]).timestamp()
        self._table.phase = state["phase"]


async def sign_up(url: str, names: list[str]) -> list[str]:
    """The access tokens of new accounts."""
    gate = asyncio.Semaphore(SIGN_UPS_AT_ONCE)
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:

        async def one(name: str) -> str:
            async with gate:
                body = {"username": name, "email": f"{name}@example.com", "password": "a palace at night"}
                answer = await client.post("/api/v1/auth/signup", json=body)
                return str(answer.json()["access_token"])

        return list(await asyncio.gather(*(one(name) for name in names)))


async def seat(server: Server, tokens: list[str], tables: int, figures: Figures) -> list[list[Player]]:
    """Opens the tables, seats four at each and begins."""
    groups = []
    for number in range(tables):
        table = Table()
        group = [Player(f"p{number}x{index}", tokens[number * SEATS + index], table, figures) for index in range(SEATS)]
        for player in group:
            await player.open(server.ws_url)
        created = await group[0].ask(
            "create_multiplayer_room", game_type="roulette", max_players=SEATS, betting_seconds=BETTING_SECONDS
        )
        table.room_id = created["room"]["id"]
        for player in group[1:]:
            await player.ask("join_multiplayer_room", room_id=table.room_id)
        groups.append(group)
    return groups


async def begin(host: Player, seconds: float) -> None:
    """Tables of a casino do not all close their bets in the same instant."""
    await asyncio.sleep(seconds)
    await host.ask("start_game", room_id=host._table.room_id)


def cpu_seconds(pids: list[int]) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return sum(each.user + each.system for each in times)


def at(values: list[float], share: float) -> float | None:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1) if ordered else None


async def run(server: Server, tables: int, seconds: float) -> dict[str, Any]:
    names = [f"p{number}x{index}" for number in range(tables) for index in range(SEATS)]
    tokens = await sign_up(server.base_url, names)
    figures = Figures()
    groups = await seat(server, tokens, tables, figures)
    players = [player for group in groups for player in group]
    starts = [begin(group[0], ROUND_SECONDS * index / tables) for index, group in enumerate(groups)]
    end = time.monotonic() + ROUND_SECONDS * 1.5 + seconds
    playing = asyncio.gather(*starts, *(player.play(end) for player in players))
    await asyncio.sleep(ROUND_SECONDS * 1.5)
    measured = Figures()
    figures.others, figures.answers, figures.late = measured.others, measured.answers, measured.late
    before, rounds, cpu = time.monotonic(), figures.rounds, cpu_seconds(server.worker_pids())
    await playing
    passed = time.monotonic() - before
    used = cpu_seconds(server.worker_pids()) - cpu
    result = {
        "tables": tables,
        "players": len(players),
        "rounds_per_second": round((figures.rounds - rounds) / passed, 2),
        "commands_per_second": round(len(measured.answers) / passed, 1),
        "others_p50_ms": at(measured.others, 0.5),
        "others_p99_ms": at(measured.others, 0.99),
        "answer_p50_ms": at(measured.answers, 0.5),
        "answer_p99_ms": at(measured.answers, 0.99),
        "late_p50_ms": at(measured.late, 0.5),
        "late_p99_ms": at(measured.late, 0.99),
        "worker_cpu_ms_per_table_second": round(used / passed / tables * 1000, 2),
        "errors": figures.errors,
    }
    for player in players:
        await player.close()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    with running_postgres() as postgres, running_redis() as redis, tempfile.TemporaryDirectory() as folder:
        server = Server(
            {
                "IMPERIO_PORT": "0",
                "IMPERIO_DATA_DIR": folder,
                "IMPERIO_RATE_LIMITS": "off",
                "IMPERIO_DATABASE_URL": postgres.create_database(),
                "IMPERIO_REDIS_URL": redis.url,
                "IMPERIO_WORKERS": "2",
            }
        )
        try:
            server.wait_ready()
            print(json.dumps(asyncio.run(run(server, options.tables, options.seconds))))
        finally:
            server.close()


if __name__ == "__main__":
    main()
