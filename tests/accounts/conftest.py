"""One application per module and engine: these tests only ever add people, so they can share it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from quart.typing import TestClientProtocol
from tortoise.backends.base.executor import EXECUTOR_CACHE

from imperio.accounts.service import Accounts
from imperio.accounts.throttle import Throttle
from imperio.app import Casino, CasinoApp, create_app
from imperio.core.settings import Settings, load_settings
from tests.accounts.people import Person, sign_up


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def app_settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("accounts")
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_server").create_database()
    else:
        path = folder / "imperio.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite://{path}"
    return load_settings(database_url=url, data_dir=folder, rate_limits="off")


@pytest.fixture(scope="module")
async def app(app_settings: Settings) -> AsyncIterator[CasinoApp]:
    async with running(app_settings) as made:
        yield made


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[CasinoApp]:
    EXECUTOR_CACHE.clear()  # Tortoise remembers SQL by table alone; here two engines live in one process
    made = create_app(settings)
    async with made.test_app():
        yield made


@pytest.fixture
def casino(app: CasinoApp) -> Casino:
    return app.casino


@pytest.fixture
def accounts(casino: Casino) -> Accounts:
    return casino.accounts


@pytest.fixture
async def guarded(casino: Casino) -> Accounts:
    """The same accounts with the throttle on, and no failures yet."""
    await casino.db.execute("DELETE FROM login_failures")
    return Accounts(casino.db, casino.passwords, casino.tokens, Throttle(casino.db, on=True))


@pytest.fixture
def client(app: CasinoApp) -> TestClientProtocol:
    return app.test_client()


@pytest.fixture
async def person(client: TestClientProtocol) -> Person:
    return await sign_up(client)
