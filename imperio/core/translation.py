"""The texts of the scripts, out of the gettext catalogue that the templates are written with."""

import gettext
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import orjson

# `_("…"` and `ngettext("…", "…"`: always literals, so that whoever translates finds them.
_CALL: Final = re.compile(r'(?<![\w.])(?:_|ngettext)\(\s*("(?:[^"\\]|\\.)*")(?:,\s*("(?:[^"\\]|\\.)*"))?')
# Plural forms go by the number itself below 200 and by its last two digits from there on, in every language.
_NUMBERS: Final = range(200)


class ScriptText(NamedTuple):
    """A text of a script: for one and, if it counts something, for many."""

    one: str
    many: str | None


@cache
def find_script_texts(root: Path) -> frozenset[ScriptText]:
    """The texts of all scripts below a folder."""
    return frozenset(
        ScriptText(orjson.loads(one), orjson.loads(many) if many else None)
        for script in root.rglob("*.js")
        for one, many in _CALL.findall(script.read_text())
    )


def catalogue(texts: Iterable[ScriptText], translations: gettext.NullTranslations) -> str:
    """JSON for `static/js/core/i18n.js`, safe inside a `<script>`: what differs from English; empty if nothing does.

    `forms` has a digit for each number from 0 to 199: which of a text's plural forms it takes.
    """
    singular = {text.one: translations.gettext(text.one) for text in texts if text.many is None}
    singular = {text: translated for text, translated in singular.items() if translated != text}
    counted = sorted((text.one, text.many) for text in texts if text.many is not None)
    by_number = [tuple(translations.ngettext(one, many, number) for one, many in counted) for number in _NUMBERS]
    distinct = list(dict.fromkeys(by_number))
    if not singular and set(distinct) <= {tuple(one for one, _ in counted), tuple(many for _, many in counted)}:
        return ""
    plurals = {one: [form[index] for form in distinct] for index, (one, _) in enumerate(counted)}
    forms = "".join(str(distinct.index(form)) for form in by_number)
    told = orjson.dumps({"texts": singular, "plurals": plurals, "forms": forms}).decode()
    return told.replace("<", "\\u003c")
