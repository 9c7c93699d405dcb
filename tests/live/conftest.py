"""Whole casinos, started once for a module's tests: one worker, two workers, two servers."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.support.postgres import Postgres
from tests.support.redis import RedisProcess
from tests.support.server import Server

from .house import SECRET, House, opened, shared


def start(stack: ExitStack, folder: Path, **env: str) -> Server:
    """A server that is ended (in order) with the stack."""
    folder.mkdir(exist_ok=True)
    defaults = {"IMPERIO_PORT": "0", "IMPERIO_DATA_DIR": str(folder), "IMPERIO_RATE_LIMITS": "off"}
    made = stack.enter_context(closing(Server({**defaults, **env})))
    made.wait_ready()
    return made


@pytest.fixture(autouse=True)
async def _close_streams() -> AsyncIterator[None]:
    """Whatever becomes of a test, its streams end with it."""
    yield
    for listener in opened:
        listener.close()
    opened.clear()
    await asyncio.sleep(0)  # the transports close their sockets in the next turn of the loop


@pytest.fixture(
    scope="module",
    params=[
        "one worker",
        pytest.param("two workers", marks=[pytest.mark.multi, pytest.mark.slow]),
        pytest.param("two servers", marks=pytest.mark.multi),
    ],
)
def house(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
) -> Iterator[House]:
    """A casino that the tests of one module share; each test brings players of its own."""
    folder = tmp_path_factory.mktemp("house")
    with ExitStack() as stack:
        if request.param == "one worker":
            path = folder / "imperio.sqlite3"
            shutil.copyfile(sqlite_template, path)
            url = f"sqlite://{path}"
            env = {"IMPERIO_DATABASE_URL": url, "IMPERIO_SECRET_KEY": SECRET}
            yield House([start(stack, folder, **env)], url)
            return
        postgres: Postgres = request.getfixturevalue("postgres_server")
        redis: RedisProcess = request.getfixturevalue("redis_server")
        redis.start()
        redis.flush()
        url = postgres.create_database()
        stack.callback(postgres.drop_database, url)
        env = dict(shared(url, redis.url))
        if request.param == "two workers":
            yield House([start(stack, folder, IMPERIO_WORKERS="2", **env)], url)
        else:
            yield House([start(stack, folder / name, **env) for name in ("front", "back")], url)
