"""The repository as others get it: its two commands, its lock files, its documents, and nothing of our machines."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from imperio.core.settings import Settings
from tools import lock, settings_doc

ROOT: Final = Path(__file__).parents[2]
KEPT_HIDDEN: Final = {".ci", ".github", ".gitignore", ".editorconfig", ".dockerignore"}
# Written in two halves, so that this file is no finding of its own.
FOREIGN: Final = tuple(
    first + second
    for first, second in [
        ("pypi.", "org"),
        ("python", "hosted.org"),
        ("registry.", "npmjs"),
        ("--index", "-url"),
        ("--extra-index", "-url"),
        ("--find", "-links"),
        ("/wo", "rk/"),
        ("/opt/", "pypi"),
        ("/opt/", "wheels"),
    ]
)


def repository_files() -> Iterator[Path]:
    """Every file that belongs to the repository: hidden folders, data and build products left out."""
    for top in ROOT.iterdir():
        if top.name in ("var", "build", "dist") or (top.name.startswith(".") and top.name not in KEPT_HIDDEN):
            continue
        yield from [top] if top.is_file() else (path for path in top.rglob("*") if path.is_file())


def test_no_registry_and_no_path_of_a_machine() -> None:
    texts = [path for path in repository_files() if path.suffix not in (".pyc", ".png", ".webp", ".sqlite3")]
    assert ROOT / "requirements.lock" in texts and ROOT / ".github/workflows/test.yml" in texts
    found = [
        f"{path.relative_to(ROOT)}: {needle}"
        for path in texts
        for needle in FOREIGN
        if needle in path.read_text(errors="replace")
    ]
    assert found == []


def test_ci_calls_make_test(tmp_path: Path) -> None:
    """Wherever it is called from, it runs `make test` in the repository and nothing else."""
    called = tmp_path / "called"
    make = tmp_path / "make"
    make.write_text(f'#!/bin/sh\necho "$PWD $*" >> {called}\nexit 7\n')
    make.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path), "CI": "true"}
    done = subprocess.run([ROOT / ".ci" / "run"], cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL)
    assert called.read_text() == f"{ROOT} test\n"
    assert done.returncode == 7, "its exit code is make's"


def test_make_lists_its_targets() -> None:
    environment = {"PATH": os.environ["PATH"]}
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout
    for target in ("run", "test", "lint", "format", "test-fast", "bench", "lock", "migrations", "clean"):
        assert re.search(rf"^  make {target} +\S", shown, re.MULTILINE), target


def test_locks_belong_to_the_dependency_lists() -> None:
    assert lock.stale() == [], "run `make lock`"


def test_a_changed_dependency_makes_the_lock_stale(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changed = tmp_path / "pyproject.toml"
    changed.write_text(lock.PYPROJECT.read_text().replace('"quart>=0.22,<0.24"', '"quart>=0.22,<0.25"'))
    monkeypatch.setattr(lock, "PYPROJECT", changed)
    assert lock.stale() == ["requirements.lock", "requirements-dev.lock"]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_file_has_a_hash(name: str) -> None:
    text = (ROOT / name).read_text()
    packages = re.findall(r"^([a-z0-9][a-z0-9._-]*)==\S+(.*(?:\n +--hash=sha256:[0-9a-f]{64}.*)*)", text, re.MULTILINE)
    assert len(packages) == len(re.findall(r"^[a-zA-Z0-9]", text, re.MULTILINE)) >= 40
    assert [package for package, rest in packages if "--hash=sha256:" not in rest] == []


def test_development_lock_agrees_with_the_other() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9][a-z0-9._-]*==\S+", (ROOT / name).read_text(), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_every_setting_is_documented() -> None:
    text = settings_doc.DOCUMENT.read_text()
    for name in Settings.model_fields:
        assert f"`{settings_doc.variable(name)}`" in text, "run `make docs`"
    assert text == settings_doc.document(), "run `make docs`"


def test_documents_lead_somewhere() -> None:
    """Every relative link of the documents names a file that is there."""
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    assert ROOT / "README.md" in documents
    for document in documents:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
