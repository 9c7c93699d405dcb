"""Where the project's data files lie: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent.parent
ROOT: Final = _PACKAGE / "_data" if (_PACKAGE / "_data").is_dir() else _PACKAGE.parent

TEMPLATES: Final = ROOT / "templates"
STATIC: Final = ROOT / "static"
MIGRATIONS: Final = ROOT / "migrations"
HYPERCORN_TOML: Final = ROOT / "hypercorn.toml"
