"""An outsider who knows every broadcast field predicts a table's results no better than chance."""

import hashlib
import math
from collections import Counter
from collections.abc import Callable
from typing import Final

import pytest

from imperio.core.clock import utc_now
from imperio.core.ids import new_id
from imperio.fairness.seeds import new_table_pair
from imperio.fairness.stream import FairStream, table_client_seed
from imperio.games.roulette import engine as roulette

ROUNDS: Final = 20_000
POCKETS: Final = 37

Guess = Callable[[str, str, int, list[int]], int]
"""Hash, client seed, nonce and the results so far of one table; answers the pocket expected next."""


def by_hash_as_seed(seed_hash: str, client_seed: str, nonce: int, seen: list[int]) -> int:
    return roulette.spin(FairStream(seed_hash, client_seed, nonce))


def by_plain_digest(seed_hash: str, client_seed: str, nonce: int, seen: list[int]) -> int:
    digest = hashlib.sha256(f"{seed_hash}:{client_seed}:{nonce}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % POCKETS


def by_the_next_nonce(seed_hash: str, client_seed: str, nonce: int, seen: list[int]) -> int:
    return (seen[-1] + 1) % POCKETS if seen else 0


def by_what_came_most(seed_hash: str, client_seed: str, nonce: int, seen: list[int]) -> int:
    return Counter(seen).most_common(1)[0][0] if seen else 17


def by_what_is_due(seed_hash: str, client_seed: str, nonce: int, seen: list[int]) -> int:
    counts = Counter(seen)
    return min(range(POCKETS), key=lambda pocket: counts[pocket])


@pytest.fixture(scope="module")
def evenings() -> list[tuple[str, str, list[int]]]:
    """Tables of a hundred rounds each, as they are dealt: seed hash, client seed, results."""
    played = []
    for number in range(ROUNDS // 100):
        pair = new_table_pair(new_id(), utc_now())
        client_seed = table_client_seed([f"alice-{number}", "bob"])
        results = [roulette.spin(FairStream(pair["server_seed"], client_seed, nonce)) for nonce in range(100)]
        played.append((pair["server_seed_hash"], client_seed, results))
    return played


@pytest.mark.parametrize(
    "guess", [by_hash_as_seed, by_plain_digest, by_the_next_nonce, by_what_came_most, by_what_is_due]
)
def test_no_guess_beats_chance(evenings: list[tuple[str, str, list[int]]], guess: Guess) -> None:
    right = sum(
        guess(seed_hash, client_seed, nonce, results[:nonce]) == result
        for seed_hash, client_seed, results in evenings
        for nonce, result in enumerate(results)
    )
    expected = ROUNDS / POCKETS
    # Five standard deviations: a false alarm comes once in some million runs.
    assert abs(right - expected) < 5 * math.sqrt(expected * (1 - 1 / POCKETS))


def test_the_pockets_are_equally_likely(evenings: list[tuple[str, str, list[int]]]) -> None:
    counts = Counter(result for _, _, results in evenings for result in results)
    expected = ROUNDS / POCKETS
    chi_square = sum((counts[pocket] - expected) ** 2 / expected for pocket in range(POCKETS))
    # 36 degrees of freedom: mean 36, standard deviation sqrt(72).
    assert chi_square < 36 + 6 * math.sqrt(72)
