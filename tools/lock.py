"""Writes `requirements.lock` and `requirements-dev.lock`, or checks that they belong to `pyproject.toml`.

The locks hold for every Python that the project supports (differences are markers) and name each file by its hash.
A checksum of the dependency lists stands at their head, so that checking needs no network.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PYPROJECT: Final = ROOT / "pyproject.toml"
LOCKS: Final = {"requirements.lock": ("build",), "requirements-dev.lock": ("build", "dev")}


def checksum(groups: tuple[str, ...]) -> str:
    """SHA-256 of everything in `pyproject.toml` that a lock with these dependency groups follows from."""
    project = tomllib.loads(PYPROJECT.read_text())
    source = {
        "python": project["project"]["requires-python"],
        "dependencies": sorted(project["project"]["dependencies"]),
        "groups": {group: sorted(project["dependency-groups"][group]) for group in groups},
    }
    return hashlib.sha256(json.dumps(source, sort_keys=True).encode()).hexdigest()


def header(groups: tuple[str, ...]) -> str:
    return f"# Made by `make lock` from pyproject.toml; not to be edited.\n# dependencies: sha256:{checksum(groups)}\n"


def stale() -> list[str]:
    """Names of the locks that were made from other dependency lists, or not at all."""
    return [
        name
        for name, groups in LOCKS.items()
        if not (ROOT / name).exists() or not (ROOT / name).read_text().startswith(header(groups))
    ]


def write(upgrade: bool) -> None:
    """Resolves anew; versions that still fit stay unless `upgrade`. The second lock agrees with the first."""
    for name, groups in LOCKS.items():
        path = ROOT / name
        command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--universal"]
        command += ["--generate-hashes", "--no-header", "--no-annotate", "--python-version", "3.11"]
        command += ["--output-file", name]
        for group in groups:
            command += ["--group", group]
        if upgrade:
            command.append("--upgrade")
        if name != "requirements.lock":
            command += ["--constraints", "requirements.lock"]
        subprocess.run(command, cwd=ROOT, check=True)
        path.write_text(header(groups) + path.read_text())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a lock is out of date")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    options = parser.parse_args()
    if not options.check:
        write(options.upgrade)
        return 0
    for name in (names := stale()):
        print(f"{name} is out of date: run `make lock`")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
