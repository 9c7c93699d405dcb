#!/usr/bin/env python3
"""Recompute a round of ImperioCasino, without the casino.

    python3 verify_round.py GAME SERVER_SEED CLIENT_SEED NONCE [SERVER_SEED_HASH]

GAME is slots, roulette or blackjack. The seeds and the nonce stand in the round's fairness record once its server
seed is revealed; the hash is the one you were shown before the round. Put -- before the arguments if your client
seed begins with a hyphen.

Exit status: 0 the outcome was computed (and the seed is the promised one), 1 the seed is NOT the one that was
promised, 2 the arguments make no sense.

How it works (imperio-fair/1): block i of the round's bytes is
HMAC-SHA256(key = server seed, message = "client_seed:nonce:i"), with the server seed taken as the text it is written
in. The bytes are read as big-endian 32-bit words. A number below n is word % n, where words of the incomplete last
stretch of n are skipped so that no number is favoured.

Needs Python 3.8 or newer and nothing else.
"""

from __future__ import annotations  # so that Python 3.8 accepts the type hints below

import argparse
import hashlib
import hmac
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

SYMBOLS = {"C": "cherry", "A": "apple", "B": "banana", "L": "lemon"}
STRIPS = (
    "LBLBLLBLBLALBCABLLBLALBLACBLBLLB",
    "BLALBLBALBLLBCALBLBALLBLBLBALCLL",
    "LBLBLLLCLBLALLLLLLALBLALCLBLALLB",
)
# Best first, only the best pays; "-" is anything.
PAYTABLE = (("CCC", 500), ("AAA", 25), ("CC-", 15), ("BBB", 10), ("AA-", 4), ("BB-", 2), ("LLL", 2))

POCKETS = 37
RED = {1, 3, 5, 7, 9, 12, 14, 16, 18, 19, 21, 23, 25, 27, 30, 32, 34, 36}

DECKS = 6
SUITS = "SHDC"
RANKS = ("A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K")


def words(server_seed: str, client_seed: str, nonce: int) -> Iterator[int]:
    """The round's stream of 32-bit numbers, without end."""
    block = 0
    while True:
        message = f"{client_seed}:{nonce}:{block}"
        digest = hmac.new(server_seed.encode(), message.encode(), hashlib.sha256).digest()
        for start in range(0, len(digest), 4):
            yield int.from_bytes(digest[start : start + 4], "big")
        block += 1


def below(n: int, stream: Iterator[int]) -> int:
    """The next number from 0 to n - 1, all equally likely."""
    limit = n * (2**32 // n)
    return next(word for word in stream if word < limit) % n


def slots(stream: Iterator[int]) -> dict[str, Any]:
    """One spin of the slots."""
    stops = [below(len(strip), stream) for strip in STRIPS]
    line = [STRIPS[reel][stop] for reel, stop in enumerate(stops)]
    paying = (pays for row, pays in PAYTABLE if all(row[reel] in ("-", letter) for reel, letter in enumerate(line)))
    return {"stops": stops, "symbols": [SYMBOLS[letter] for letter in line], "multiplier": next(paying, 0)}


def roulette(stream: Iterator[int]) -> dict[str, Any]:
    """One spin of the wheel."""
    pocket = below(POCKETS, stream)
    return {"pocket": pocket, "colour": "green" if pocket == 0 else "red" if pocket in RED else "black"}


def blackjack(stream: Iterator[int]) -> dict[str, Any]:
    """The shuffled shoe. A single player's round begins: player, dealer's up card, player, dealer's hole card."""
    shoe = [rank + suit for suit in SUITS for rank in RANKS] * DECKS
    for i in range(len(shoe) - 1, 0, -1):
        j = below(i + 1, stream)
        shoe[i], shoe[j] = shoe[j], shoe[i]
    return {"shoe": shoe}


GAMES = {"slots": slots, "roulette": roulette, "blackjack": blackjack}


def outcome(game: str, server_seed: str, client_seed: str, nonce: int) -> dict[str, Any]:
    """The outcome of a round of one of the GAMES."""
    return GAMES[game](words(server_seed, client_seed, nonce))


def commitment(server_seed: str) -> str:
    """What the casino publishes before it uses a server seed."""
    return hashlib.sha256(server_seed.encode()).hexdigest()


def describe(result: dict[str, Any]) -> list[str]:
    """An outcome as lines to read."""
    return [
        f"{name}: {' '.join(map(str, value)) if isinstance(value, list) else value}" for name, value in result.items()
    ]


def nonce_argument(text: str) -> int:
    """A nonce from the command line."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError("the nonce is a whole number, 0 or more")
    return int(text)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; ends the program with status 2 if it makes no sense."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("game", choices=sorted(GAMES))
    parser.add_argument("server_seed")
    parser.add_argument("client_seed")
    parser.add_argument("nonce", type=nonce_argument)
    parser.add_argument("server_seed_hash", nargs="?", help="the hash that was published before the round")
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines to read")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = parse(arguments)
    result = outcome(options.game, options.server_seed, options.client_seed, options.nonce)
    actual = commitment(options.server_seed)
    promised = options.server_seed_hash
    kept = None if promised is None else promised.strip().lower() == actual
    if options.json:
        print(json.dumps({"game": options.game, "outcome": result, "server_seed_hash": actual, "committed": kept}))
    else:
        print("\n".join(describe(result)))
        print("server_seed_hash: " + actual)
        if kept is not None:
            print("commitment: " + ("kept, this is the promised seed" if kept else "BROKEN, another seed was promised"))
    return 1 if kept is False else 0


if __name__ == "__main__":
    sys.exit(main())
