"""Static files under addresses that change with their content, so that browsers may keep them for ever."""

import hashlib
from functools import cached_property
from pathlib import Path

import orjson


class Assets:
    """Hashes of the files below `root`. With `watch` (development) a changed file is read again."""

    def __init__(self, root: Path, *, watch: bool) -> None:
        self._root = root
        self._watch = watch
        self._known: dict[str, tuple[float, str]] = {}

    def url(self, path: str) -> str:
        """`/static/css/base.css?v=1a2b3c4d5e`. Raises `FileNotFoundError` for a file that is not there."""
        known = self._known.get(path)
        if known is not None and not self._watch:
            return known[1]
        file = self._root / path
        changed = file.stat().st_mtime
        if known is None or known[0] != changed:
            digest = hashlib.sha256(file.read_bytes()).hexdigest()[:10]
            known = self._known[path] = (changed, f"/static/{path}?v={digest}")
        return known[1]

    def import_map(self) -> str:
        """JSON of an import map that gives every script its hashed address under `imperio/…`."""
        return self._made_import_map if not self._watch else self._import_map()

    @cached_property
    def _made_import_map(self) -> str:
        return self._import_map()

    def _import_map(self) -> str:
        scripts = sorted((self._root / "js").rglob("*.js"))
        names = [script.relative_to(self._root / "js").as_posix() for script in scripts]
        return orjson.dumps({"imports": {f"imperio/{name}": self.url(f"js/{name}") for name in names}}).decode()
