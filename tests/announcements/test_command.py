"""`imperio announce`."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def announce(url: str, data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "IMPERIO_DATABASE_URL": url, "IMPERIO_DATA_DIR": str(data_dir)}
    command = [sys.executable, "-m", "imperio", "announce", *arguments]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_it_is_kept_for_the_running_casino_to_tell(sqlite_url: str, tmp_path: Path) -> None:
    done = announce(sqlite_url, tmp_path, "Maintenance", "Back at noon.", "--level", "warning")
    assert (done.returncode, done.stdout.strip()) == (0, "Told to 0 players.")
    with sqlite3.connect(sqlite_url.removeprefix("sqlite://")) as connection:
        assert connection.execute("SELECT title, message, level FROM announcements").fetchall() == [
            ("Maintenance", "Back at noon.", "warning")
        ]
        (events,) = connection.execute("SELECT events FROM outbox").fetchone()
    connection.close()
    assert '"announcements","announcement"' in events


def test_nothing_and_too_much_are_refused(sqlite_url: str, tmp_path: Path) -> None:
    for title in ("  ", "x" * 121):
        refused = announce(sqlite_url, tmp_path, title, "Hello.")
        assert refused.returncode == 2 and "1 to 120 characters" in refused.stderr
