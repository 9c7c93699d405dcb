"""URL builders compiled once for all the applications that a test run makes."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_Builder = Callable[..., tuple[str, str]]


def share_url_builders() -> None:
    """Every application compiles two functions for each of its hundred routes, from their syntax trees: most of what
    making one costs. Such a function depends on the route's text alone, so an equal route may use the same one."""
    compiled: dict[tuple[Any, ...], _Builder] = {}
    original = Rule._compile_builder

    def compile_builder(self: Rule, append_unknown: bool = True) -> _Builder:
        key = (self.rule, tuple(self._trace), tuple(sorted((self.defaults or {}).items())), append_unknown)
        if key not in compiled:
            compiled[key] = original(self, append_unknown)
        return compiled[key]

    Rule._compile_builder = compile_builder  # type: ignore[method-assign]
