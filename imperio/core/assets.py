"""Static files under addresses that change with their content, so that browsers may keep them for ever."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import orjson

# Pictures that are compressed already gain nothing.
_COMPRESSED: Final = (".js", ".css", ".svg", ".json", ".txt", ".py")
_TYPES: Final = {".js": "text/javascript", ".svg": "image/svg+xml", ".py": "text/x-python", ".css": "text/css"}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file ready to be sent: its bytes, the same compressed (None where that does not help), type and tag."""

    content: bytes
    compressed: bytes | None
    mimetype: str
    etag: str


class Assets:
    """Hashes of the files below `root`. With `watch` (development) a changed file is read again."""

    def __init__(self, root: Path, *, watch: bool) -> None:
        self._root = root
        self._watch = watch
        self._known: dict[str, tuple[float, str]] = {}
        self._files: dict[str, tuple[float, StaticFile]] = {}

    def find(self, path: str) -> StaticFile | None:
        """The file, from memory if it has not changed; None for what is not below the root."""
        known = self._files.get(path)
        if known is not None and not self._watch:
            return known[1]
        file = (self._root / path).resolve()
        if not file.is_relative_to(self._root.resolve()) or not file.is_file():
            return None
        changed = file.stat().st_mtime
        if known is None or known[0] != changed:
            known = self._files[path] = (changed, _read(file))
        return known[1]

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


def _read(file: Path) -> StaticFile:
    content = file.read_bytes()
    mimetype = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    compressed = gzip.compress(content, 9, mtime=0) if file.suffix in _COMPRESSED and len(content) > 512 else None
    return StaticFile(content, compressed, mimetype, hashlib.sha256(content).hexdigest()[:20])
