"""The process model: one worker in this process, or a parent that keeps several of them alive on one socket."""

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import structlog
from hypercorn.asyncio import serve as hypercorn_serve
from hypercorn.config import Config
from prometheus_client.multiprocess import mark_process_dead

from .app import create_app
from .core.errors import CannotStart
from .core.log import configure_logging
from .core.paths import HYPERCORN_TOML
from .core.settings import Settings
from .realtime import hypercorn_patches
from .realtime.direct import tune_socket
from .realtime.process import settle_memory

log = structlog.get_logger(__name__)

# Contract: stopped within 10 s of SIGTERM. Streams end first, then requests finish, then the parent loses patience.
STOP_SECONDS: Final = 9.0
STREAMS_SECONDS: Final = 3.0
# A worker that dies at once again and again waits this long, so that a broken set-up does not spin.
RESTART_SECONDS: Final = 1.0
BACKLOG: Final = 2048
READY_SECONDS: Final = 60.0


def listen(settings: Settings) -> socket.socket:
    """The listening socket. Raises `CannotStart` when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    tune_socket(listening)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise CannotStart(f"cannot listen on {settings.host}:{settings.port}: {error.strerror}") from error
    # From here on a connection waits in the backlog instead of being refused, also while workers are replaced.
    listening.listen(BACKLOG)
    listening.set_inheritable(True)
    return listening


def address(host: str, port: int) -> str:
    """Where a browser on this machine finds what listens on `host`."""
    if host in ("127.0.0.1", "0.0.0.0", "::"):  # nosec B104  # shown, not bound
        return f"http://localhost:{port}"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(settings: Settings) -> int:
    """Serves until SIGTERM or SIGINT; answers the exit code."""
    configure_logging(settings)
    listening = listen(settings)
    line = f"ImperioCasino is open at {address(*listening.getsockname()[:2])}"
    if settings.workers == 1:
        asyncio.run(_serve(settings, listening.fileno(), lambda: print(line, flush=True)))
        return 0
    return _Parent(settings, listening, line).run()


def run_worker(settings: Settings, fd: int, ready_fd: int) -> int:
    """One worker of several: serves the parent's socket and writes a byte when it is ready."""
    configure_logging(settings)
    asyncio.run(_serve(settings, fd, lambda: _say_ready(ready_fd)))
    return 0


def _say_ready(ready_fd: int) -> None:
    with suppress(OSError):
        os.write(ready_fd, b"+")
        os.close(ready_fd)


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What nobody caught. A stop cancels the connections that are still open, and asyncio's streams (up to 3.11) take
    each of them for a failure: a line of error per client that is none."""
    if not isinstance(context.get("exception"), asyncio.CancelledError):
        loop.default_exception_handler(context)


async def _serve(settings: Settings, fd: int, ready: Callable[[], None]) -> None:
    hypercorn_patches.apply()
    app = create_app(settings)
    config = Config.from_toml(HYPERCORN_TOML)
    config.bind = [f"fd://{fd}"]
    config.debug = settings.debug
    # Hypercorn's own handlers would write a second line in another form.
    config.errorlog = logging.getLogger("hypercorn.error")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_report)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    async def announce() -> None:
        await app.started.wait()
        settle_memory()
        ready()

    async def shutdown() -> None:
        await stop.wait()
        # Streams never end by themselves, and Hypercorn waits for them: they are told first.
        with suppress(TimeoutError):
            async with asyncio.timeout(STREAMS_SECONDS):
                await app.end_streams()

    announcing = asyncio.create_task(announce())
    try:
        await hypercorn_serve(app, config, shutdown_trigger=shutdown)
    finally:
        announcing.cancel()


class _Parent:
    """Keeps the workers alive: starts them, replaces those that die, ends them on SIGTERM."""

    def __init__(self, settings: Settings, listening: socket.socket, line: str) -> None:
        self._settings = settings
        self._listening = listening
        self._line = line
        self._workers: dict[int, subprocess.Popen[bytes]] = {}
        self._born: dict[int, float] = {}
        self._stopping = False
        self._metrics = tempfile.TemporaryDirectory(prefix="imperio-metrics-")

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        ready = [self._start(index) for index in range(self._settings.workers)]
        if not self._all_ready(ready):
            self._end()
            if self._stopping:
                return 0
            raise CannotStart("a worker did not start; the log above says why")
        print(self._line, flush=True)
        while not self._stopping:
            time.sleep(0.2)
            for index, worker in list(self._workers.items()):
                if worker.poll() is not None and not self._stopping:
                    self._replace(index, worker.returncode)
        self._end()
        return 0

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _start(self, index: int) -> int:
        ready_fd, write_fd = os.pipe()
        environment = {
            **os.environ,
            "IMPERIO_WORKER": str(index),
            "IMPERIO_METRICS_DIR": self._metrics.name,
            "PROMETHEUS_MULTIPROC_DIR": self._metrics.name,
        }
        arguments = [sys.executable, "-m", "imperio", "worker", str(self._listening.fileno()), str(write_fd)]
        self._workers[index] = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            arguments, env=environment, pass_fds=(self._listening.fileno(), write_fd)
        )
        self._born[index] = time.monotonic()
        os.close(write_fd)
        return ready_fd

    def _all_ready(self, ready: list[int]) -> bool:
        """Waits until each worker wrote its byte; a pipe that closes without one is a worker that failed."""
        deadline = time.monotonic() + READY_SECONDS
        for ready_fd in ready:
            os.set_blocking(ready_fd, False)
        waiting = set(ready)
        while waiting and time.monotonic() < deadline and not self._stopping:
            for ready_fd in list(waiting):
                with suppress(BlockingIOError):
                    if os.read(ready_fd, 1) != b"+":
                        return False
                    waiting.discard(ready_fd)
                    os.close(ready_fd)
            time.sleep(0.02)
        return not waiting

    def _replace(self, index: int, code: int) -> None:
        log.error("worker_died", worker=index, exit_code=code)
        mark_process_dead(self._workers[index].pid, self._metrics.name)  # type: ignore[no-untyped-call]  # its gauges are no longer true
        if time.monotonic() - self._born[index] < RESTART_SECONDS:
            time.sleep(RESTART_SECONDS)
        # Nobody waits for its byte: it takes connections from the shared socket as soon as it can.
        os.close(self._start(index))

    def _end(self) -> None:
        for worker in self._workers.values():
            if worker.poll() is None:
                worker.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for worker in self._workers.values():
            try:
                worker.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
