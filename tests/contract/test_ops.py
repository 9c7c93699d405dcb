"""Contract, "Settings that outsiders use" and "Ops": starting or not, stopping, health, description, help."""

import asyncio
import os
import re
import secrets
import signal
import socket as sockets
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.server import ROOT, Server

from .guest import Guest
from .listener import listening, socket

GOOD = {"IMPERIO_ENV": "production", "IMPERIO_SECRET_KEY": secrets.token_hex(32)}


def imperio(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "imperio", *arguments],
        env={**os.environ, "IMPERIO_PORT": "0", **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"IMPERIO_ENV": "production"}, "IMPERIO_SECRET_KEY"),
        (GOOD | {"IMPERIO_SECRET_KEY": "short"}, "IMPERIO_SECRET_KEY"),
        (GOOD | {"IMPERIO_SECRET_KEY": "change-me-to-64-random-hex-characters"}, "IMPERIO_SECRET_KEY"),
        (GOOD | {"IMPERIO_SECRET_KEY": "change-me-" * 6}, "IMPERIO_SECRET_KEY"),
        (GOOD | {"IMPERIO_DEBUG": "1"}, "IMPERIO_DEBUG"),
        (GOOD | {"IMPERIO_RATE_LIMITS": "off"}, "IMPERIO_RATE_LIMITS"),
        (GOOD | {"IMPERIO_WORKERS": "2", "IMPERIO_REDIS_URL": "redis://127.0.0.1:1/0"}, "IMPERIO_WORKERS"),
        ({"IMPERIO_WORKERS": "2", "IMPERIO_DATABASE_URL": "postgres://postgres@127.0.0.1/x"}, "IMPERIO_REDIS_URL"),
        ({"IMPERIO_WORKERS": "0"}, "IMPERIO_WORKERS"),
        ({"IMPERIO_PORT": "none"}, "IMPERIO_PORT"),
        ({"IMPERIO_ENV": "staging"}, "IMPERIO_ENV"),
        ({"IMPERIO_DATABASE_URL": "mysql://x/y"}, "IMPERIO_DATABASE_URL"),
        ({"IMPERIO_DATABASE_URL": "sqlite://:memory:"}, "IMPERIO_DATABASE_URL"),
        ({"IMPERIO_DATABASE_URL": "postgres://postgres@127.0.0.1:1/x"}, "127.0.0.1:1/x"),
        ({"IMPERIO_REDIS_URL": "http://x"}, "IMPERIO_REDIS_URL"),
        ({"IMPERIO_REDIS_URL": "redis://x:port/0"}, "IMPERIO_REDIS_URL"),
        ({"IMPERIO_DATA_DIR": "/dev/null/here"}, "/dev/null/here"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else value,
)
def test_what_it_does_not_start_with(tmp_path: Path, env: dict[str, str], named: str) -> None:
    done = imperio("serve", **{"IMPERIO_DATA_DIR": str(tmp_path), **env})
    assert done.returncode == 1 and done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("imperio: ") and named in line
    assert GOOD["IMPERIO_SECRET_KEY"] not in line


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with sockets.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = imperio("serve", IMPERIO_DATA_DIR=str(tmp_path), IMPERIO_PORT=port)
    assert done.returncode == 1 and f":{port}" in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_one_line_when_ready_and_a_clean_end(tmp_path: Path) -> None:
    env = {**os.environ, "IMPERIO_DATA_DIR": str(tmp_path), "IMPERIO_PORT": "0", "IMPERIO_DATABASE_URL": "sqlite://"}
    with subprocess.Popen(
        [sys.executable, "-m", "imperio", "serve"], env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline().decode()
        address = re.search(r"http://\S+", line)
        assert address and httpx.get(f"{address[0]}/health/ready", verify=False).status_code == 200
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=10)
        assert (rest, process.returncode) == (b"", 0)
    assert (tmp_path / "imperio.sqlite3").exists()


async def test_it_stops_with_streams_and_sockets_open(tmp_path: Path) -> None:
    server = Server({"IMPERIO_DATA_DIR": str(tmp_path), "IMPERIO_PORT": "0"})
    await asyncio.to_thread(server.wait_ready)
    anna = await asyncio.to_thread(Guest, server.base_url)
    async with (
        listening(server.base_url, "lobby", "wallet", token=anna.token) as stream,
        socket(server.base_url, "/ws/chat", anna.token) as line,
    ):
        await stream.until(lambda: len(stream.events) >= 2)
        began = time.monotonic()
        code = await asyncio.to_thread(server.terminate)
        assert (code, time.monotonic() - began < 10) == (0, True)
        await stream.until(lambda: stream.ended)
        await line.connection.wait_closed()
        assert line.connection.close_code == 1012
    anna.close()
    server.close()


def test_health(house: str) -> None:
    answer = httpx.get(f"{house}/health", verify=False)
    assert answer.status_code == 200
    health = answer.json()
    assert set(health) == {"status", "checks"} and health["status"] == "ok"
    assert set(health["checks"]) in ({"database"}, {"database", "redis"})
    for check in health["checks"].values():
        assert check["status"] == "ok" and 0 <= check["latency_ms"] < 5000
    for path in ("/health/live", "/health/ready"):
        assert httpx.get(house + path, verify=False).status_code == 200
    metrics = httpx.get(f"{house}/metrics", verify=False)
    assert metrics.status_code == 200 and metrics.headers["content-type"].startswith("text/plain")
    assert "# TYPE" in metrics.text


def test_the_description_names_every_call_with_examples(house: str) -> None:
    described: dict[str, Any] = httpx.get(f"{house}/openapi.json", verify=False).json()
    assert described["openapi"].startswith("3.1")
    calls = {(method.upper(), path) for path, methods in described["paths"].items() for method in methods}
    contract = (ROOT / "tests" / "contract" / "calls.txt").read_text().split("\n")
    missing = [call for call in filter(None, contract) if tuple(call.split()) not in calls]
    assert missing == []
    bodies = [
        operation["requestBody"]["content"]["application/json"]["schema"]
        for methods in described["paths"].values()
        for operation in methods.values()
        if "requestBody" in operation
    ]
    text = str(described)
    assert bodies and "examples" in text and "application/problem+json" in text


def test_pages_load_nothing_from_elsewhere(house: str) -> None:
    for path in ("/", "/docs", "/login", "/slots", "/roulette", "/blackjack", "/leaderboard", "/rules", "/fairness"):
        page = httpx.get(house + path, headers={"Accept": "text/html"}, verify=False)
        assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
        assert re.search(r'<meta name="csrf-token" content="[^"]+">', page.text)
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', page.text)
        assert " style=" not in page.text and not re.findall(r"<[^>]+ on[a-z]+=", page.text)


def test_an_error_is_a_page_for_people_and_a_problem_for_programs(house: str) -> None:
    person = httpx.get(f"{house}/no-such-page", headers={"Accept": "text/html"}, verify=False)
    assert person.status_code == 404 and person.headers["content-type"].startswith("text/html")
    program = httpx.get(f"{house}/no-such-page", headers={"Accept": "application/json"}, verify=False)
    assert program.status_code == 404 and program.headers["content-type"] == "application/problem+json"


# The command line


@pytest.mark.parametrize("command", ["", "serve", "migrate", "create-admin", "reconcile", "announce", "verify-round"])
def test_help(command: str) -> None:
    done = imperio(*filter(None, [command]), "--help")
    assert (done.returncode, done.stderr) == (0, "") and "usage: imperio" in done.stdout


def test_called_wrongly() -> None:
    for arguments in ([], ["no-such-command"], ["serve", "--port", "none"], ["verify-round", "poker", "a", "b", "0"]):
        done = imperio(*arguments)
        assert (done.returncode, done.stdout) == (2, "") and "usage: imperio" in done.stderr


def test_commands_over_a_database(tmp_path: Path) -> None:
    env = {"IMPERIO_DATA_DIR": str(tmp_path)}
    unmigrated = imperio("reconcile", **env)
    assert unmigrated.returncode == 1 and "Traceback" not in unmigrated.stderr
    assert imperio("migrate", "--check", **env).returncode == 1
    assert imperio("migrate", **env).returncode == 0
    assert imperio("migrate", "--check", **env).returncode == 0
    assert imperio("reconcile", **env).returncode == 0
    weak = imperio("create-admin", "boss", "boss@example.org", "--password-stdin", **env)
    assert weak.returncode == 1 and "password" in weak.stderr
    seed = "5d43f77f53fec7d115180136105400f0fd2a1f20b681b6b54a289c207923b190"
    verified = imperio("verify-round", "roulette", seed, "iyAyNGKPsa", "29", "--hash", "0" * 64)
    assert verified.returncode == 1 and '"pocket"' in verified.stdout
