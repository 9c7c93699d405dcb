"""Writes `docs/settings.md` from the fields of `imperio.core.settings.Settings`; run by `make docs`."""

from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from imperio.core.settings import Settings

DOCUMENT: Final = Path(__file__).resolve().parents[1] / "docs" / "settings.md"

_HEAD: Final = """\
# Settings

Everything that can be set from outside. The casino reads the environment once, when it starts, and refuses to start
with one clear line when a value makes no sense; an empty variable is as good as none. Written by `make docs` from
`imperio/core/settings.py`.

| variable | default | meaning |
| --- | --- | --- |
"""


def document() -> str:
    """The whole page as Markdown."""
    rows = [
        f"| `{variable(name)}` | {_default(info)} | {_meaning(info)} |" for name, info in Settings.model_fields.items()
    ]
    return _HEAD + "\n".join(rows) + "\n"


def variable(name: str) -> str:
    """The environment variable of a field."""
    return f"{Settings.model_config['env_prefix']}{name}".upper()


def _default(info: FieldInfo) -> str:
    value: Any = info.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value in ("", (), None):
        return "empty"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _meaning(info: FieldInfo) -> str:
    assert info.description, "every setting says what it means"
    text = info.description
    if get_origin(info.annotation) is Literal:
        text += " One of " + ", ".join(f"`{choice}`" for choice in get_args(info.annotation)) + "."
    return text.replace("|", "\\|")


if __name__ == "__main__":
    DOCUMENT.write_text(document())
