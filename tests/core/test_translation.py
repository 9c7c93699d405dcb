"""Scripts speak the language of the page: their texts are found, handed over and used."""

import gettext
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from imperio.core.paths import STATIC
from imperio.core.translation import ScriptText, catalogue, find_script_texts

TEXTS = [
    ScriptText("Take %(amount)s", None),
    ScriptText("Open", None),
    ScriptText("%(num)s is new.", "%(num)s are new."),
]


class Polish(gettext.NullTranslations):
    """Three plural forms, one text that stays as it is, and one that would end the script early."""

    def gettext(self, message: str) -> str:
        return {"Take %(amount)s": "Weź %(amount)s</script>"}.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        few = n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14)
        return "%(num)s nowa." if n == 1 else "%(num)s nowe." if few else "%(num)s nowych."


def test_english_pages_carry_no_texts() -> None:
    assert catalogue(TEXTS, gettext.NullTranslations()) == ""
    assert catalogue(find_script_texts(STATIC / "js"), gettext.NullTranslations()) == ""


def test_scripts_say_what_the_catalogue_says(tmp_path: Path) -> None:
    told = catalogue(TEXTS, Polish())
    assert "</script" not in told
    assert json.loads(told)["texts"] == {"Take %(amount)s": "Weź %(amount)s</script>"}
    asked = """
      globalThis.document = { getElementById: () => ({ textContent: process.argv[2] }) };
      const { _, ngettext } = await import(process.argv[1]);
      const counted = [1, 2, 5, 12, 22, 112, 202, 1001].map((n) => ngettext("%(num)s is new.", "%(num)s are new.", n));
      console.log(JSON.stringify([_("Take %(amount)s", { amount: 5 }), _("Open"), _("100 %% of it"), ...counted]));
    """
    module = (STATIC / "js/core/i18n.js").as_uri()
    command = ["node", "--input-type=module", "-e", asked, module, told]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    counted = ["1 nowa.", "2 nowe.", "5 nowych.", "12 nowych.", "22 nowe.", "112 nowych.", "202 nowe.", "1001 nowych."]
    assert json.loads(done.stdout) == ["Weź 5</script>", "Open", "100 % of it", *counted]


def strings(source: str) -> Iterator[str]:
    """What the strings and templates of a script say."""
    token = re.compile(r"""//[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`""")
    for found in token.finditer(source):
        if not found[0].startswith("//"):
            yield found[0][1:-1]


def is_sentence(text: str) -> bool:
    return bool(re.match(r"[A-Z][a-z’']* [a-z]", text) or re.search(r"\b[a-z]{2,} [a-z]{2,}.*[.?!…]$", text))


def test_every_sentence_of_the_scripts_can_be_translated() -> None:
    known = {word for text in find_script_texts(STATIC / "js") for word in text if word}
    assert "Place a bet first." in known
    assert "You win %(amount)s coins." in known
    bare, hidden = [], []
    for script in (STATIC / "js").rglob("*.js"):
        source = script.read_text()
        # What that one throws only a programmer sees; the file is also read outside pages.
        if script.name != "imperio-fair.js":
            bare += [(script.name, text) for text in strings(source) if is_sentence(text) and text not in known]
        if script.name != "i18n.js":
            hidden += re.findall(r'(?<![\w.])(?:_|ngettext)\((?!\s*")[^)]*', source)
    assert not bare
    assert not hidden, "only a literal can be found"
