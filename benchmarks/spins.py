"""Settled slot spins per second over HTTP, beside the ceilings of the same run.

    python -m benchmarks.spins [--seconds 5]

On PostgreSQL and on SQLite, with 1 and with 32 players, everything on (auth, session check, ledger, fairness, rate
limits, logs, metrics, achievements, boards): `POST /api/v1/games/slots/spins`. Ceilings: `GET /health/live`, a bare
route of the same server, and the spin's own two statements through asyncpg alone, prepared beforehand, with nothing
else in the process. Server and load share the machine's cores; so do PostgreSQL and the raw loop.

The limits are on but widened (`IMPERIO_RATE_FACTOR`): 32 players here ask for more than 32 people would.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg

from imperio.app import Casino
from imperio.core.db import Connection, Row
from imperio.core.settings import Settings, load_settings
from imperio.wallet.posting import Ledgers
from tests.support.postgres import connect, running_postgres
from tests.support.server import Server

PLAYERS: Final = 32
SECRET: Final = "a secret for benchmarks only, 32+"
RAW_SPINS: Final = 300


async def sign_up(settings: Settings, count: int) -> list[tuple[int, str, str]]:
    """Players with plenty of coins: (id, session id, access token)."""
    casino = Casino(settings)
    try:
        await casino.db.open()
        logins = []
        for number in range(count):
            name = f"bench{number}_{os.getpid()}"
            logins.append(await casino.accounts.signup(name, f"{name}@example.com", "a long enough password"))
        for login in logins:
            async with casino.ledgers.together([login.account.id]) as group:
                group.postings[login.account.id].credit("adjustment", 10_000_000, "Benchmark")
        return [(login.account.id, login.session_id, login.access_token) for login in logins]
    finally:
        await casino.db.close()


def load(server: Server, seconds: float, clients: list[list[str]]) -> dict[str, Any]:
    """Plays the clients' requests from another process."""
    plan = {"host": "127.0.0.1", "port": server.port, "seconds": seconds, "clients": clients}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"], input=json.dumps(plan), capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout))


def over_http(settings: Settings, seconds: float) -> dict[str, Any]:
    """The server's rates on one database."""
    tokens = [token for _, _, token in asyncio.run(sign_up(settings, PLAYERS))]
    server = Server(environment(settings))
    try:
        server.wait_ready()
        bare = ["GET", "/health/live", "", ""]
        spins = [["POST", "/api/v1/games/slots/spins", token, '{"stake":1}'] for token in tokens]
        load(server, 1.0, spins)
        return {
            "bare route, 1 client": load(server, seconds, [bare]),
            "spins, 1 player": load(server, seconds, spins[:1]),
            "bare route, 32 clients": load(server, seconds, [bare] * PLAYERS),
            "spins, 32 players": load(server, seconds, spins),
        }
    finally:
        server.close()


def environment(settings: Settings) -> dict[str, str]:
    return {
        "IMPERIO_DATABASE_URL": settings.database_url,
        "IMPERIO_DATA_DIR": str(settings.data_dir),
        "IMPERIO_SECRET_KEY": SECRET,
        "IMPERIO_PORT": "0",
        "IMPERIO_RATE_FACTOR": "10000",
        "IMPERIO_LOG_LEVEL": "info",
    }


class Recorder(Connection):
    """Passes statements on and keeps them, so that they can be sent again without this project's code."""

    def __init__(self, inner: Connection) -> None:
        self._inner = inner
        self.dialect = inner.dialect
        self.sent: list[tuple[str, list[Any]]] = []
        client = inner._client
        recorder = self

        class Client:
            async def execute_query_dict(self, sql: str, values: list[Any]) -> list[Row]:
                recorder.sent.append((sql, list(values)))
                return list(await client.execute_query_dict(sql, values))

        self._client = Client()  # type: ignore[assignment]  # only this one method is used

    @asynccontextmanager
    async def pinned(self) -> AsyncIterator[Connection]:
        yield self

    async def transaction(self) -> None:
        raise AssertionError("a spin without a competitor needs no transaction")


async def record(settings: Settings, players: list[tuple[int, str, str]]) -> list[list[tuple[str, list[Any]]]]:
    """Each player's next spins as plain statements; the database is put back to where they begin."""
    casino = Casino(settings)
    await casino.db.open()
    try:
        plain = await connect(settings.database_url)
        scripts = []
        for player_id, session_id, _ in players:
            recorder = Recorder(casino.db)
            casino.rounds._ledgers = Ledgers(recorder, _Mute())  # type: ignore[arg-type]
            await plain.execute("CREATE TABLE kept AS SELECT * FROM books WHERE player_id = $1", player_id)
            for _ in range(RAW_SPINS):
                await casino.slots.spin(player_id=player_id, session_id=session_id, stake=1)
            await _put_back(plain, player_id)
            scripts.append(recorder.sent)
        await plain.close()
        return scripts
    finally:
        await casino.db.close()


async def _put_back(plain: "asyncpg.Connection[Any]", player_id: int) -> None:
    """Takes the recorded spins out again, so that the same statements find what they found."""
    async with plain.transaction():
        await plain.execute("ALTER TABLE ledger DISABLE TRIGGER USER")
        await plain.execute(
            "DELETE FROM ledger WHERE player_id = $1 AND seq > (SELECT ledger_seq FROM kept)", player_id
        )
        await plain.execute("ALTER TABLE ledger ENABLE TRIGGER USER")
        for table in ("rounds", "unlocked_achievements", "notifications", "game_figures", "daily_figures", "big_wins"):
            await plain.execute(f"DELETE FROM {table} WHERE player_id = $1", player_id)
        await plain.execute("DELETE FROM outbox")
        await plain.execute("DELETE FROM books WHERE player_id = $1", player_id)
        await plain.execute("INSERT INTO books SELECT * FROM kept")
        await plain.execute("DROP TABLE kept")


class _Mute:
    def told(self, outbox_id: str, messages: object) -> None:
        """The raw loop has no bus; the outbox row is written all the same."""


async def raw(settings: Settings) -> dict[str, Any]:
    """The recorded statements through asyncpg: all players at once, one connection each."""
    players = await sign_up(settings, PLAYERS)
    scripts = await record(settings, players)
    connections = [await connect(settings.database_url) for _ in players]
    latencies: list[float] = []

    async def play(connection: "asyncpg.Connection[Any]", script: list[tuple[str, list[Any]]]) -> None:
        for read, write in zip(script[0::2], script[1::2], strict=True):
            began = time.perf_counter()
            await connection.fetch(read[0], *read[1])
            rows = await connection.fetch(write[0], *write[1])
            latencies.append((time.perf_counter() - began) * 1000)
            assert rows[0][0] == 1, "the guard must match"

    began = time.perf_counter()
    await asyncio.gather(*(play(*pair) for pair in zip(connections, scripts, strict=True)))
    seconds = time.perf_counter() - began
    for connection in connections:
        await connection.close()
    latencies.sort()
    return {
        "requests": len(latencies),
        "errors": 0,
        "per_second": round(len(latencies) / seconds, 1),
        "p50_ms": round(latencies[len(latencies) // 2], 2),
        "p99_ms": round(latencies[len(latencies) * 99 // 100], 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0)
    seconds = parser.parse_args().seconds
    results: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder, running_postgres() as postgres:
        for engine in ("postgres", "sqlite"):
            data = Path(folder) / engine
            url = postgres.create_database() if engine == "postgres" else f"sqlite://{data / 'bench.sqlite3'}"
            settings = load_settings(database_url=url, data_dir=data, secret_key=SECRET, log_level="error")
            if engine == "sqlite":
                from imperio import schema

                asyncio.run(schema.upgrade(settings))
            results |= {f"{engine}: {name}": figures for name, figures in over_http(settings, seconds).items()}
        url = postgres.create_database()
        settings = load_settings(database_url=url, data_dir=Path(folder), secret_key=SECRET, log_level="error")
        results["postgres: the spin's SQL through asyncpg alone, 32 at once"] = asyncio.run(raw(settings))
    print(f"{'':62}{'per second':>12}{'p50 ms':>9}{'p99 ms':>9}{'errors':>8}")
    for name, figures in results.items():
        print(f"{name:62}{figures['per_second']:>12}{figures['p50_ms']:>9}{figures['p99_ms']:>9}{figures['errors']:>8}")
    print(json.dumps(results))


if __name__ == "__main__":
    main()
