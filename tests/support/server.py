"""`imperio serve` as a process of its own, the way people run it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

READY: Final = "ImperioCasino is open at "
READY_SECONDS: Final = 60.0
# The contract's promise; a server that needs longer fails the test that started it.
STOP_SECONDS: Final = 10.0
ROOT: Final = Path(__file__).parents[2]


class ServerFailed(Exception):
    """The server ended before it was ready; the text is its log."""


class Server:
    """One running `imperio serve`."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = {**os.environ, "PYTHONUNBUFFERED": "1", **env}
        self.base_url = ""
        self._lines: list[str] = []
        self._ready = threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "imperio", "serve"],
            env=self.env,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        """Everything it has written so far, standard output and error together."""
        return "".join(self._lines)

    @property
    def port(self) -> int:
        return int(self.base_url.rpartition(":")[2])

    @property
    def ws_url(self) -> str:
        return self.base_url.replace("http://", "ws://", 1)

    @property
    def returncode(self) -> int | None:
        return self._process.poll()

    def wait_ready(self, seconds: float = READY_SECONDS) -> None:
        """Returns when it has said its address. Raises `ServerFailed` when it ends first or takes too long."""
        deadline = time.monotonic() + seconds
        while not self._ready.wait(0.05):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                self._reader.join(5)
                raise ServerFailed(f"exit code {self.returncode}\n{self.log}")

    def worker_pids(self) -> list[int]:
        """Its worker processes, oldest first; empty with a single worker (then it is the worker itself)."""
        import psutil

        children = psutil.Process(self.pid).children()
        return [child.pid for child in sorted(children, key=lambda child: child.create_time())]

    def terminate(self) -> int:
        """SIGTERM, then waits; answers the exit code. Raises `AssertionError` after ten seconds without an end."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            message = f"the server did not stop within {STOP_SECONDS:.0f} s of SIGTERM\n{self.log}"
            raise AssertionError(message) from None
        self._reader.join(5)
        return code

    def kill(self) -> None:
        """SIGKILL to it and its workers."""
        import psutil

        if self._process.poll() is None:
            for child in psutil.Process(self.pid).children(recursive=True):
                child.kill()
            self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Ends it as a test's end does: in order if it still runs."""
        try:
            if self._process.poll() is None:
                self.terminate()
        finally:
            if self._process.stdout is not None:
                self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.append(line)
            if line.startswith(READY):
                self.base_url = line.removeprefix(READY).strip()
                self._ready.set()
