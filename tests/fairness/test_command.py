"""`imperio verify-round`: what it takes, what it answers, its exit codes."""

import json

import pytest

from imperio.cli import main

SEED = "5d43f77f53fec7d115180136105400f0fd2a1f20b681b6b54a289c207923b190"
HASH = "1107d192f2aa47be50c32b3c3482bcb2aaf2c25036aba0ec6150216a6c2dbf97"


def test_a_round_is_recomputed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify-round", "slots", SEED, "iyAyNGKPsa", "29", "--hash", HASH.upper()]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["server_seed_hash"] == HASH and said["outcome"]["stops"] == [8, 5, 21]


def test_a_seed_that_was_not_promised(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify-round", "roulette", SEED, " ", "0", "--hash", "0" * 64]) == 1
    assert "not the one that was promised" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [("f" * 63, "x", "0"), (SEED.upper(), "x", "0"), (SEED, "", "0"), (SEED, "x" * 65, "0"), (SEED, "x", "1.5")],
)
def test_what_can_be_no_round_is_called_wrongly(arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["verify-round", "slots", *arguments])
    assert ended.value.code == 2
    with pytest.raises(SystemExit):
        main(["verify-round", "slots", SEED, "x", "--", "-1"])
