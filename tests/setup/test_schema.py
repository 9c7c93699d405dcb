"""The migrations say what the models say, on both engines, and can be taken back."""

import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from tortoise import Tortoise

from imperio import schema
from imperio.core.db import tortoise_config
from imperio.core.paths import MIGRATIONS
from imperio.core.settings import Settings, load_settings
from tests.support.postgres import Postgres, connect, run_apart

Column = tuple[str, str, bool, str]
"""Name, type, whether it may be null, default."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a table looks like in the engine's own catalogue."""

    columns: frozenset[Column]
    key: tuple[str, ...]
    uniques: frozenset[tuple[str, ...]]
    indexes: frozenset[tuple[str, ...]]


Catalogue = dict[str, Table]


def settings_of(url: str, folder: Path) -> Settings:
    return load_settings(database_url=url, data_dir=folder)


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> str:
    """A database of the same engine as `database_url` without any table."""
    if database_url.startswith("sqlite"):
        return f"sqlite://{tmp_path / 'empty.sqlite3'}"
    server: Postgres = request.getfixturevalue("postgres_server")
    url = server.create_database(migrated=False)
    request.addfinalizer(lambda: server.drop_database(url))
    return url


def read_catalogue(url: str) -> Catalogue:
    """Every table, by its name; aerich's own left out."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite://")) as connection:
            found = _sqlite_catalogue(connection)
        connection.close()
    else:
        found = run_apart(_postgres_catalogue(url))
    return {name: table for name, table in found.items() if name != "aerich"}


def _sqlite_catalogue(connection: sqlite3.Connection) -> Catalogue:
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    found: Catalogue = {}
    for (name,) in tables.fetchall():
        columns, key = set(), []
        for _, column, kind, not_null, default, position in connection.execute(f"PRAGMA table_info('{name}')"):
            # SQLite keeps an INTEGER PRIMARY KEY apart from NOT NULL; both ways of writing it mean the same.
            columns.add((column, kind.upper(), not not_null and not position, str(default)))
            if position:
                key.append((position, column))
        uniques, indexes = set(), set()
        for _, index, unique, origin, _ in connection.execute(f"PRAGMA index_list('{name}')").fetchall():
            parts = tuple(row[2] for row in connection.execute(f"PRAGMA index_info('{index}')"))
            if origin != "pk":
                (uniques if unique else indexes).add(parts)
        ordered = tuple(column for _, column in sorted(key))
        found[name] = Table(frozenset(columns), ordered, frozenset(uniques), frozenset(indexes))
    return found


async def _postgres_catalogue(url: str) -> Catalogue:
    connection = await connect(url)
    try:
        columns = await connection.fetch(
            "SELECT c.table_name, c.column_name, c.is_nullable = 'YES' AS nullable, c.column_default,"
            " format_type(a.atttypid, a.atttypmod) AS kind FROM information_schema.columns c"
            " JOIN pg_attribute a ON a.attrelid = format('%I.%I', c.table_schema, c.table_name)::regclass"
            " AND a.attname = c.column_name WHERE c.table_schema = 'public'"
        )
        indexes = await connection.fetch(
            "SELECT i.indrelid::regclass::text AS table_name, i.indisunique, i.indisprimary,"
            " array(SELECT coalesce(a.attname, '') FROM unnest(i.indkey) WITH ORDINALITY k(number, place)"
            "  LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number ORDER BY k.place) AS parts"
            " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        )
    finally:
        await connection.close()
    found: Catalogue = {}
    for name in {row["table_name"] for row in columns}:
        own = [row for row in indexes if row["table_name"].strip('"') == name]
        found[name] = Table(
            frozenset(
                (row["column_name"], row["kind"], row["nullable"], str(row["column_default"]))
                for row in columns
                if row["table_name"] == name
            ),
            next((tuple(row["parts"]) for row in own if row["indisprimary"]), ()),
            frozenset(tuple(row["parts"]) for row in own if row["indisunique"] and not row["indisprimary"]),
            frozenset(tuple(row["parts"]) for row in own if not row["indisunique"]),
        )
    return found


async def generate(settings: Settings) -> None:
    """Makes the tables as Tortoise makes them from the models, without migrations."""
    await Tortoise.init(config=tortoise_config(settings, schema.MODEL_MODULES))
    try:
        await Tortoise.generate_schemas(safe=False)
    finally:
        await Tortoise.close_connections()


def test_migrated_database_is_what_the_models_say(database_url: str, empty_url: str, tmp_path: Path) -> None:
    run_apart(generate(settings_of(empty_url, tmp_path)))
    migrated, generated = read_catalogue(database_url), read_catalogue(empty_url)
    assert migrated.keys() == generated.keys()
    assert len(migrated) >= 10
    for name, table in generated.items():
        assert migrated[name].columns == table.columns, name
        assert migrated[name].key == table.key, name
        # Partial ones are added by hand, so there may be more.
        assert migrated[name].uniques >= table.uniques, name
        assert migrated[name].indexes >= table.indexes, name


def test_models_have_no_change_without_a_migration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    copied = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, copied)
    monkeypatch.setattr(schema, "MIGRATIONS", copied)
    written = run_apart(schema.make("forgotten"))
    assert written == [], "run `make migrations name=…`: the models have changed"


def test_both_engines_have_the_same_migrations() -> None:
    names = {
        engine: sorted(path.name for path in (MIGRATIONS / engine / "models").glob("*.py"))
        for engine in ("postgres", "sqlite")
    }
    assert names["postgres"] == names["sqlite"] != []


def test_every_migration_goes_down_and_up_again(database_url: str, tmp_path: Path) -> None:
    settings = settings_of(database_url, tmp_path)
    whole = read_catalogue(database_url)
    history = sorted(path.name for path in (MIGRATIONS / settings.dialect / "models").glob("*.py"))
    snapshots = [whole]
    taken_back: list[str] = []
    for _ in history:
        taken_back += run_apart(schema.downgrade(settings))
        snapshots.append(read_catalogue(database_url))
    assert sorted(taken_back) == history
    assert snapshots[-1] == {}, "the first migration has left tables behind"
    assert sorted(run_apart(schema.pending(settings))) == history
    assert sorted(run_apart(schema.upgrade(settings))) == history
    assert read_catalogue(database_url) == whole
    assert run_apart(schema.pending(settings)) == []


async def _add_user(url: str) -> None:
    connection = await connect(url)
    try:
        await connection.execute(_NEW_USER)
    finally:
        await connection.close()


_NEW_USER = (
    "INSERT INTO users (username, username_key, email, email_key, password_hash, role, status, created_at)"
    " VALUES ('Livia', 'livia', 'livia@example.com', 'livia@example.com', 'x', 'player', 'active', '2026-01-01 00:00Z')"
)


def _rows(url: str, sql: str) -> list[tuple[object, ...]]:
    async def fetch() -> list[tuple[object, ...]]:
        connection = await connect(url)
        try:
            return [tuple(row.values()) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite://"))
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()
    return run_apart(fetch())


def test_data_survives_another_upgrade(database_url: str, tmp_path: Path) -> None:
    settings = settings_of(database_url, tmp_path)
    if settings.dialect == "sqlite":
        with sqlite3.connect(settings.sqlite_path) as connection:
            connection.execute(_NEW_USER)
        connection.close()
    else:
        run_apart(_add_user(database_url))
    before = _rows(database_url, "SELECT * FROM users")
    assert len(before) == 1
    assert run_apart(schema.upgrade(settings)) == []
    assert _rows(database_url, "SELECT * FROM users") == before


def test_several_processes_may_migrate_at_once(
    postgres_server: Postgres, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Workers that start together: one migrates, the others wait and find nothing to do."""
    url = postgres_server.create_database(migrated=False)
    request.addfinalizer(lambda: postgres_server.drop_database(url))
    environment = {**os.environ, "IMPERIO_DATABASE_URL": url, "IMPERIO_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "imperio", "migrate"]
    processes = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outputs
    assert sum("applied: " in output for output in outputs) == 1, outputs
