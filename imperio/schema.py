"""Models and migrations: which modules hold models, how a database is brought up to date.

aerich writes SQL of one dialect, so there are two folders, made from the same models by one command
(`imperio migrate --make NAME`). Triggers, CHECKs and partial indexes are written by hand into them.
"""

import asyncio
import os
import warnings
from pathlib import Path
from typing import Final

from aerich import Command
from aerich.migrate import Migrate
from aerich.models import Aerich
from tortoise import Tortoise

from .core.db import tortoise_config
from .core.paths import MIGRATIONS
from .core.settings import Settings, load_settings

MODEL_MODULES: Final = (
    "imperio.accounts.models",
    "imperio.wallet.models",
    "imperio.fairness.models",
    "imperio.games.models",
    "imperio.notifications.models",
    "imperio.achievements.models",
    "imperio.big_wins.models",
    "imperio.chat.models",
    "imperio.tables.models",
    "imperio.announcements.models",
)

# aerich collects statements here and never empties them: the second engine would get those of the first as well.
_OPERATORS: Final = (
    Migrate.upgrade_operators,
    Migrate.downgrade_operators,
    Migrate._upgrade_fk_m2m_index_operators,
    Migrate._downgrade_fk_m2m_index_operators,
    Migrate._upgrade_m2m,
    Migrate._downgrade_m2m,
)

# Any number, the same in every process: whoever holds this advisory lock migrates, the others wait.
_MIGRATION_LOCK: Final = 5011_2026


def _command(settings: Settings) -> Command:
    return Command(tortoise_config(settings, MODEL_MODULES), "models", str(MIGRATIONS / settings.dialect))


async def upgrade(settings: Settings) -> list[str]:
    """Applies what is missing; answers the names of the applied migrations. Safe to call from several processes."""
    if settings.dialect == "sqlite":
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    async with _command(settings) as command:
        client = Tortoise.get_connection("default")
        if settings.dialect == "sqlite":
            return await command.upgrade()
        async with asyncio.timeout(120), client.acquire_connection() as lock:
            # A session lock on a connection of its own: it ends with the process, however that ends.
            await lock.execute("SELECT pg_advisory_lock($1)", _MIGRATION_LOCK)
            try:
                return await command.upgrade()
            finally:
                await lock.execute("SELECT pg_advisory_unlock($1)", _MIGRATION_LOCK)


async def downgrade(settings: Settings) -> list[str]:
    """Takes the newest migration back."""
    async with _command(settings) as command:
        return await command.downgrade(-1, delete=False)


async def pending(settings: Settings) -> list[str]:
    """Names of migrations that the database has not seen."""
    async with _command(settings) as command:
        try:
            seen = {row.version for row in await Aerich.all()}
        except Exception:  # the table itself is missing: a new database
            seen = set()
        return [name for name in await command.history() if name not in seen]


async def make(name: str) -> list[Path]:
    """Writes migrations for what changed in the models since the last ones, for both engines, without a database."""
    written = []
    for settings in _offline_settings():
        # A task of its own: Tortoise's state lives in its context and would leak into the next engine's turn.
        written += await asyncio.create_task(_make(name, settings))
    return written


async def _make(name: str, settings: Settings) -> list[Path]:
    command = _command(settings)
    folder = MIGRATIONS / settings.dialect / "models"
    before = set(folder.glob("*.py"))
    for operators in _OPERATORS:
        operators.clear()
    try:
        if before:
            await command.init(offline=True)
            await command.migrate(name, no_input=True, offline=True)
        else:
            await command.init_migrations(safe=False)
    finally:
        await Tortoise.close_connections()
    return sorted(set(folder.glob("*.py")) - before)


def _offline_settings() -> list[Settings]:
    urls = {"sqlite": f"sqlite://{os.devnull}", "postgres": "postgres://imperio@127.0.0.1:1/imperio"}
    return [load_settings(database_url=url, secret_key="offline", data_dir=Path(os.devnull)) for url in urls.values()]


warnings.filterwarnings("ignore", module="aerich", category=DeprecationWarning)
