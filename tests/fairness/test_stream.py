"""The number stream: the published case, unbiased numbers, seeds and commitments."""

from __future__ import annotations

import hashlib
import hmac
import re
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imperio.fairness.stream import FairStream, commitment, new_server_seed, table_client_seed

SERVER_SEED = "5d43f77f53fec7d115180136105400f0fd2a1f20b681b6b54a289c207923b190"
CLIENT_SEED = "iyAyNGKPsa"


class Scripted(FairStream):
    """A stream with given words, to force what chance would bring once in a million years."""

    def __init__(self, *words: int) -> None:
        super().__init__("", "", 0)
        self._script = list(words)

    def u32(self) -> int:
        return self._script.pop(0)


def test_the_published_case() -> None:
    stream = FairStream(SERVER_SEED, CLIENT_SEED, 29)
    fractions = [stream.u32() / 2**32 for _ in range(9)]
    assert fractions[0] == pytest.approx(0.418529668823, abs=1e-12)
    assert fractions[1] == pytest.approx(0.986164369853, abs=1e-12)
    assert fractions[8] == pytest.approx(0.523547452874, abs=1e-12)


@given(server_seed=st.text(), client_seed=st.text(), nonce=st.integers(0, 2**63))
def test_blocks_are_hmacs_of_client_seed_nonce_and_number(server_seed: str, client_seed: str, nonce: int) -> None:
    stream = FairStream(server_seed, client_seed, nonce)
    joined = b"".join(
        hmac.new(server_seed.encode(), f"{client_seed}:{nonce}:{block}".encode(), hashlib.sha256).digest()
        for block in range(3)
    )
    assert tuple(stream.u32() for _ in range(24)) == struct.unpack(">24I", joined)


def test_a_word_in_the_incomplete_last_stretch_is_thrown_away() -> None:
    limit = 37 * (2**32 // 37)
    assert Scripted(limit - 1).below(37) == 36
    assert Scripted(limit, 2**32 - 1, 38).below(37) == 1


def test_a_divisor_of_the_word_range_throws_nothing_away() -> None:
    assert Scripted(2**32 - 1).below(32) == 31
    assert Scripted(2**32 - 1).below(2**32) == 2**32 - 1
    assert Scripted(12345).below(1) == 0


@given(n=st.integers(1, 2**32), word=st.integers(0, 2**32 - 1))
def test_numbers_are_below_n(n: int, word: int) -> None:
    assert 0 <= Scripted(word, 0).below(n) < n


@pytest.mark.parametrize("n", [0, -1, 2**32 + 1])
def test_an_impossible_range_is_refused(n: int) -> None:
    with pytest.raises(ValueError):
        FairStream(SERVER_SEED, CLIENT_SEED, 0).below(n)


def test_all_pockets_come_equally_often() -> None:
    counts = [0] * 37
    for nonce in range(37_000):
        counts[FairStream(SERVER_SEED, CLIENT_SEED, nonce).below(37)] += 1
    chi_square = sum((count - 1000) ** 2 / 1000 for count in counts)
    assert chi_square < 68  # 36 degrees of freedom: exceeded once in a thousand streams, and this one is fixed


def test_the_commitment_is_the_hash_of_the_seeds_text() -> None:
    assert commitment(SERVER_SEED) == "1107d192f2aa47be50c32b3c3482bcb2aaf2c25036aba0ec6150216a6c2dbf97"


def test_server_seeds_are_64_hex_characters_and_never_the_same() -> None:
    seeds = [new_server_seed() for _ in range(100)]
    assert all(re.fullmatch("[0-9a-f]{64}", seed) for seed in seeds)
    assert len(set(seeds)) == 100


def test_a_tables_client_seed_depends_on_every_seat_and_their_order() -> None:
    assert table_client_seed(["a", "b"]) == hashlib.sha256(b"a|b").hexdigest()
    assert len({table_client_seed(seeds) for seeds in (["a", "b"], ["b", "a"], ["a"], ["a", "c"])}) == 4
