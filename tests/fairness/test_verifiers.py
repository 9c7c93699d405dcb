"""The browser module and the stand-alone script give what the casino's own engines give, on every worked case."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from imperio.fairness.stream import FairStream, commitment, table_client_seed
from imperio.games.blackjack import engine as blackjack
from imperio.games.roulette import engine as roulette
from imperio.games.slots import engine as slots

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "static/download/verify_round.py"
MODULE = ROOT / "static/js/fairness/imperio-fair.js"

CASES: list[dict[str, Any]] = json.loads((ROOT / "tests/vectors/fairness.json").read_text("utf-8"))["cases"]
GAMES = ("slots", "roulette", "blackjack")

# Node takes a lone .js file for CommonJS, so the module is handed over as a data: URL.
NODE_DRIVER = """
import { readFileSync } from "node:fs";
const { module, calls } = JSON.parse(readFileSync(0, "utf-8"));
const fair = await import("data:text/javascript;base64," + Buffer.from(module).toString("base64"));
const answers = [];
for (const [name, ...args] of calls) {
  try {
    const value = typeof fair[name] === "function" ? await fair[name](...args) : fair[name];
    answers.push({ value: value instanceof Set ? [...value] : value });
  } catch (error) {
    answers.push({ error: error.message });
  }
}
console.log(JSON.stringify(answers));
"""

Call = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def node() -> Call:
    """Call exports of the browser module under Node; skipped without Node, which the CI must have."""
    program = shutil.which("node")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("node (20 or newer) is needed to test static/js/fairness/imperio-fair.js")
        pytest.skip("needs node (20 or newer)")

    def call(*calls: list[Any]) -> list[dict[str, Any]]:
        run = subprocess.run(
            [program, "--input-type=module", "--eval", NODE_DRIVER],
            input=json.dumps({"module": MODULE.read_text("utf-8"), "calls": calls}).encode(),
            capture_output=True,
            check=True,
            timeout=60,
        )
        answers: list[dict[str, Any]] = json.loads(run.stdout)
        return answers

    return call


def run_script(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *arguments], capture_output=True, encoding="utf-8", check=False, timeout=60
    )


def engine_outcome(game: str, case: dict[str, Any]) -> dict[str, Any]:
    stream = FairStream(case["server_seed"], case["client_seed"], case["nonce"])
    if game == "slots":
        spin = slots.spin(stream)
        return {"stops": list(spin.stops), "symbols": list(spin.symbols), "multiplier": spin.multiplier}
    if game == "roulette":
        pocket = roulette.spin(stream)
        return {"pocket": pocket, "colour": roulette.colour(pocket)}
    return {"shoe": list(blackjack.shuffle(stream))}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['client_seed']}:{case['nonce']}")
def test_the_engines_give_the_worked_cases(case: dict[str, Any]) -> None:
    assert commitment(case["server_seed"]) == case["server_seed_hash"]
    assert engine_outcome("slots", case) == case["slots"]
    assert engine_outcome("roulette", case)["pocket"] == case["roulette"]["pocket"]
    shoe = engine_outcome("blackjack", case)["shoe"]
    assert shoe[:12] == case["blackjack"]["first_cards"]
    assert hashlib.sha256(" ".join(shoe).encode()).hexdigest() == case["blackjack"]["shoe_sha256"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['client_seed']}:{case['nonce']}")
def test_the_script_gives_what_the_engines_give(case: dict[str, Any]) -> None:
    for game in GAMES:
        arguments = (game, case["server_seed"], case["client_seed"], str(case["nonce"]), case["server_seed_hash"])
        run = run_script("--json", *arguments)
        assert run.returncode == 0, run.stderr
        assert json.loads(run.stdout) == {
            "game": game,
            "outcome": engine_outcome(game, case),
            "server_seed_hash": case["server_seed_hash"],
            "committed": True,
        }


def test_the_module_gives_what_the_engines_give(node: Call) -> None:
    rounds = [(game, case) for case in CASES for game in GAMES]
    answers = node(
        *(
            [
                "verify",
                {
                    "game": game,
                    "serverSeed": case["server_seed"],
                    "clientSeed": case["client_seed"],
                    "nonce": case["nonce"],
                    "expectedHash": case["server_seed_hash"],
                },
            ]
            for game, case in rounds
        )
    )
    assert len(answers) == len(rounds)
    for (game, case), answer in zip(rounds, answers, strict=True):
        assert answer["value"]["outcome"] == engine_outcome(game, case)
        assert answer["value"]["serverSeedHash"] == case["server_seed_hash"]
        assert answer["value"]["committed"] is True


def test_the_module_has_the_paytable_and_the_strips_of_the_engine(node: Call) -> None:
    strips, paytable, red = (answer["value"] for answer in node(["STRIPS"], ["PAYTABLE"], ["RED"]))
    assert strips == [list(strip) for strip in slots.STRIPS]
    assert paytable == [
        {"combination": row.combination, "symbols": list(row.symbols), "multiplier": row.multiplier}
        for row in slots.PAYTABLE
    ]
    assert set(red) == roulette.RED


def test_the_script_has_the_paytable_and_the_strips_of_the_engine() -> None:
    probe = "import json, sys; sys.path.insert(0, sys.argv[1]); import verify_round as v; " + (
        "print(json.dumps([v.STRIPS, v.PAYTABLE, sorted(v.RED)]))"
    )
    run = subprocess.run(
        [sys.executable, "-IBc", probe, str(SCRIPT.parent)], capture_output=True, check=True, timeout=60
    )
    strips, paytable, red = json.loads(run.stdout)
    assert strips == ["".join(symbol[0].upper() for symbol in strip) for strip in slots.STRIPS]
    assert paytable == [
        ["".join(symbol[0].upper() if symbol else "-" for symbol in row.symbols), row.multiplier]
        for row in slots.PAYTABLE
    ]
    assert set(red) == roulette.RED


def test_the_module_shows_each_number_it_drew(node: Call) -> None:
    case = CASES[0]
    seeds = {"serverSeed": case["server_seed"], "clientSeed": case["client_seed"], "nonce": case["nonce"]}
    answers = node(["verify", {"game": "slots", **seeds}], ["verify", {"game": "blackjack", **seeds}])
    spin, shoe = (answer["value"] for answer in answers)
    stream = FairStream(case["server_seed"], case["client_seed"], case["nonce"])
    expected = [stream.u32() for _ in range(len(shoe["steps"]))]
    assert [step["word"] for step in shoe["steps"]] == expected
    assert [(step["block"], step["index"]) for step in shoe["steps"][7:9]] == [(0, 7), (1, 0)]
    assert [step["value"] for step in spin["steps"]] == case["slots"]["stops"]
    assert spin["committed"] is None


def test_the_module_says_when_the_seed_is_not_the_promised_one(node: Call) -> None:
    case = CASES[0]
    seeds = {"serverSeed": case["server_seed"], "clientSeed": case["client_seed"], "nonce": case["nonce"]}
    broken, no_game, no_nonce, inherited = node(
        ["verify", {"game": "slots", **seeds, "expectedHash": "0" * 64}],
        ["verify", {"game": "poker", **seeds}],
        ["verify", {"game": "slots", **seeds, "nonce": -1}],
        ["verify", {"game": "toString", **seeds}],
    )
    assert broken["value"]["committed"] is False
    assert "poker" in no_game["error"]
    assert "nonce" in no_nonce["error"]
    assert "toString" in inherited["error"]


def test_the_module_hashes_table_seeds_like_the_stream(node: Call) -> None:
    seeds = ["lucky", "Grüße, 7 ✓"]
    assert node(["tableClientSeed", seeds])[0]["value"] == table_client_seed(seeds)


def test_the_script_tells_a_broken_promise_by_its_exit_status() -> None:
    case = CASES[0]
    arguments = ("roulette", case["server_seed"], case["client_seed"], str(case["nonce"]))
    kept, broken, unasked = (
        run_script(*arguments, case["server_seed_hash"].upper()),
        run_script(*arguments, "0" * 64),
        run_script(*arguments),
    )
    assert (kept.returncode, broken.returncode, unasked.returncode) == (0, 1, 0)
    assert "pocket: 10" in kept.stdout and "commitment: kept" in kept.stdout
    assert "BROKEN" in broken.stdout
    assert "commitment" not in unasked.stdout


@pytest.mark.parametrize(
    "arguments", [(), ("poker", "a", "b", "0"), ("slots", "a", "b", "-1"), ("slots", "a", "b", "1.5"), ("slots", "a")]
)
def test_the_script_refuses_nonsense(arguments: tuple[str, ...]) -> None:
    run = run_script(*arguments)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


def test_the_script_takes_a_client_seed_that_begins_with_a_hyphen() -> None:
    run = run_script("--json", "--", "roulette", CASES[0]["server_seed"], "-x", "0")
    assert json.loads(run.stdout)["outcome"]["pocket"] == FairStream(CASES[0]["server_seed"], "-x", 0).below(37)


def test_the_script_uses_the_standard_library_of_python_3_8() -> None:
    tree = ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names
