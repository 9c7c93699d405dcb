"""The wheel is a whole casino: code, templates, static files and migrations."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
CARRIED: Final = ("templates", "static", "migrations")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("imperio-*.whl")
    return made


def test_wheel_carries_every_data_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in CARRIED:
        files = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
        wanted = {name for name in files if not name.endswith(".pyc")}
        assert len(wanted) >= 4
        assert {f"imperio/_data/{name}" for name in wanted} <= names
    assert "imperio/_data/hypercorn.toml" in names
    assert "imperio/accounts/common_passwords.txt" in names


def test_wheel_carries_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
        assert [name for name in archive.namelist() if name.endswith(".pyc")] == []
    assert {top for top in tops if not top.endswith(".dist-info")} == {"imperio"}


def test_unpacked_wheel_works_away_from_the_repository(wheel: Path, tmp_path: Path) -> None:
    unpacked = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "IMPERIO_DATA_DIR": str(tmp_path / "var")}
    code = "from imperio.core import paths; print(paths.ROOT)"

    def run(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert run("-c", code).strip() == str(unpacked / "imperio" / "_data")
    assert run("-m", "imperio", "migrate").count("applied: ") >= 2
    assert run("-m", "imperio", "migrate", "--check") == ""
    assert (tmp_path / "var" / "imperio.sqlite3").stat().st_size > 0
