"""The contract from outside: one casino on SQLite, one on PostgreSQL and Redis with two workers, and one with limits.

They are started once; every test brings players of its own.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.support.postgres import Postgres
from tests.support.redis import running_redis
from tests.support.server import Server

from .guest import Guest


@pytest.fixture(scope="session", params=["sqlite", pytest.param("two workers", marks=pytest.mark.multi)])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a casino without rate limits."""
    with ExitStack() as stack:
        env = {"IMPERIO_RATE_LIMITS": "off"}
        if request.param == "two workers":
            postgres: Postgres = request.getfixturevalue("postgres_server")
            # A Redis of its own: this casino lives as long as the session, and two casinos cannot share one.
            redis = stack.enter_context(running_redis())
            url = postgres.create_database()
            stack.callback(postgres.drop_database, url)
            env |= {"IMPERIO_DATABASE_URL": url, "IMPERIO_REDIS_URL": redis.url, "IMPERIO_WORKERS": "2"}
        yield _open(stack, tmp_path_factory.mktemp("house"), env).base_url


@pytest.fixture(scope="session")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A casino as it runs by default: SQLite, rate limits on."""
    with ExitStack() as stack:
        yield _open(stack, tmp_path_factory.mktemp("limited"), {})


@pytest.fixture
def guest(house: str) -> Iterator[Callable[[], Guest]]:
    """`guest()` signs somebody up."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(Guest(house)))


@pytest.fixture
def anna(guest: Callable[[], Guest]) -> Guest:
    return guest()


def _open(stack: ExitStack, folder: Path, env: dict[str, str]) -> Server:
    server = stack.enter_context(closing(Server({"IMPERIO_PORT": "0", "IMPERIO_DATA_DIR": str(folder), **env})))
    server.wait_ready()
    return server
