"""What every test may ask for. Real servers, real databases; see CONTRIBUTING.md, "Tests".

A test of the application asks for `app`, `client`, `casino` or `player`, and runs on both engines (`database_url` has
two parameters). Only one app is open at a time in a process: Tortoise keeps global state.
"""

import os
import shutil
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

import playwright
import pytest
from jinja2 import FileSystemBytecodeCache
from playwright.async_api import Browser, Page, async_playwright
from quart.typing import TestClientProtocol
from tortoise.backends.base.executor import EXECUTOR_CACHE

from imperio.accounts.passwords import Passwords
from imperio.app import Casino, CasinoApp, create_app
from imperio.core.settings import Settings, load_settings
from tests.support import ports
from tests.support.browser import ARGUMENTS, find_chromium, watch
from tests.support.players import Player, sign_up
from tests.support.postgres import Postgres, PostgresProcess, migrate, running_postgres
from tests.support.redis import RedisProcess, running_redis
from tests.support.routing import share_url_builders
from tests.support.server import Server


def pytest_configure() -> None:
    """A run that is told to end (a time limit, say) ends as with Ctrl-C, and takes its servers with it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    share_url_builders()


@pytest.fixture(scope="session", autouse=True)
def _own_environment() -> Iterator[None]:
    """Settings of the person who runs the tests do not reach them (`IMPERIO_TEST_*` does)."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("IMPERIO_")}
    for name in kept:
        if not name.startswith("IMPERIO_TEST_"):
            del os.environ[name]
    yield
    os.environ.update(kept)


@pytest.fixture(scope="session", autouse=True)
def _locked_node() -> Iterator[None]:
    """`node` is the one that Playwright's wheel brings: locked like the rest, and newer than a distribution's."""
    driver = Path(playwright.__file__).parent / "driver"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(driver), prepend=os.pathsep)
        yield


@pytest.fixture(autouse=True)
def _one_engine_at_a_time() -> None:
    """Tortoise keeps each model's SQL for the process; a test on the other engine would get the wrong dialect."""
    EXECUTOR_CACHE.clear()


# Servers


@pytest.fixture(scope="session")
def postgres_process() -> Iterator[PostgresProcess]:
    """A PostgreSQL of our own, for tests that stop, pause or restart it. They leave it running."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[Postgres]:
    """The session's PostgreSQL: the one at `IMPERIO_TEST_POSTGRES_URL`, else one of our own."""
    given = os.environ.get("IMPERIO_TEST_POSTGRES_URL")
    server: Postgres = Postgres(given) if given else request.getfixturevalue("postgres_process")
    yield server
    server.forget()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisProcess]:
    """A Redis of our own, for tests that kill, pause or restart it."""
    with running_redis() as server:
        yield server


@pytest.fixture
def redis_url(request: pytest.FixtureRequest) -> str:
    """An empty Redis: the one at `IMPERIO_TEST_REDIS_URL` (its database is flushed!), else one of our own."""
    if given := os.environ.get("IMPERIO_TEST_REDIS_URL"):
        import redis

        with redis.Redis.from_url(given) as client:
            client.flushdb()
        return given
    server: RedisProcess = request.getfixturevalue("redis_server")
    server.start()
    server.flush()
    return server.url


# Databases


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    migrate(f"sqlite://{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated, empty SQLite database."""
    path = tmp_path / "imperio.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite://{path}"


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """A migrated, empty PostgreSQL database."""
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database, once on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


# The application in this process


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return load_settings(database_url=database_url, data_dir=tmp_path, rate_limits="off")


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once a run, not once a test."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
async def app(
    settings: Settings, compiled_templates: FileSystemBytecodeCache, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[CasinoApp]:
    """The application, started; closed before the next one opens. Passwords are hashed cheaply.

    The real cost is a third of a test's time; tests of passwords and of `server` pay it.
    """
    monkeypatch.setattr("imperio.app.Passwords", partial(Passwords, memory_kib=64, passes=1))
    made = create_app(settings)
    made.jinja_env.bytecode_cache = compiled_templates
    async with made.test_app():
        yield made


@pytest.fixture
def casino(app: CasinoApp) -> Casino:
    return app.casino


@pytest.fixture
def client(app: CasinoApp) -> TestClientProtocol:
    return app.test_client()


@pytest.fixture
def player(casino: Casino) -> Callable[..., Awaitable[Player]]:
    """`await player()` or `await player("alice")`: somebody new with 1,000 coins."""

    async def make(username: str | None = None) -> Player:
        return await sign_up(casino, username)

    return make


# The application as people run it


@pytest.fixture
def free_port() -> int:
    return ports.free_port()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """`server(IMPERIO_WORKERS="2", …)` starts `imperio serve` and answers when it is ready.

    Without settings of its own it listens on a free port, keeps SQLite in the test's folder and has no rate limits.
    At the end each one that still runs gets SIGTERM and must be gone within ten seconds.
    """
    started: list[Server] = []

    def start(**env: str) -> Server:
        defaults = {"IMPERIO_PORT": "0", "IMPERIO_DATA_DIR": str(tmp_path), "IMPERIO_RATE_LIMITS": "off"}
        made = Server({**defaults, **env})
        started.append(made)
        made.wait_ready()
        return made

    yield start
    problems = []
    for made in started:
        try:
            made.close()
        except AssertionError as error:
            problems.append(str(error))
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for a whole file, as it comes: SQLite and everything in one process. Only the rate limits are off."""
    folder = str(tmp_path_factory.mktemp("house"))
    started = Server({"IMPERIO_PORT": "0", "IMPERIO_DATA_DIR": folder, "IMPERIO_RATE_LIMITS": "off"})
    started.wait_ready()
    yield started
    started.close()


# The browser


@pytest.fixture(scope="session")
def chromium_path() -> str:
    found = find_chromium()
    assert found is not None, "these tests need a Chromium on PATH; `make test` installs one where it may"
    return found


@pytest.fixture(scope="session")
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield launched
        await launched.close()


@pytest.fixture
def page_problems() -> list[str]:
    """What the test's page has complained about; a test that provokes an error on purpose takes it out."""
    return []


@pytest.fixture
async def page(browser: Browser, page_problems: list[str], server: Callable[..., Server]) -> AsyncIterator[Page]:
    """A page in a fresh profile. The test fails if it logs an error or an exception goes uncaught.

    It asks for `server` so that it closes first: a page whose server has gone complains.
    """
    context = await browser.new_context()
    opened = await context.new_page()
    watch(opened, page_problems)
    yield opened
    await context.close()
    assert not page_problems, "\n".join(page_problems)
