"""Basic strategy for the rules of `engine.py` (six decks, dealer stands on all 17, double after split, late surrender).

It looks at the total of the hand and the dealer's up card only. The coach on the page names its play, and the
published house edge is what it loses.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from imperio.games.blackjack.engine import CARD_VALUE, Action, hand_value

_ACE: Final = 1  # the up card's value in the tables below, where a ten is 10


def _up(first: int, last: int) -> frozenset[int]:
    return frozenset(range(first, last + 1))


_NEVER: Final[frozenset[int]] = frozenset()
_ALWAYS: Final = _up(_ACE, 10)

# Up cards to surrender against, by hard total. (Eights are split instead.)
_SURRENDER: Final = {15: frozenset({10}), 16: frozenset({9, 10, _ACE})}

# Up cards to split against, by the value of the paired cards; fives count as ten, and tens stay together.
_SPLIT: Final = {
    1: _ALWAYS,
    2: _up(2, 7),
    3: _up(2, 7),
    4: _up(5, 6),
    6: _up(2, 6),
    7: _up(2, 7),
    8: _ALWAYS,
    9: _up(2, 6) | {8, 9},
}

_DOUBLE_HARD: Final = {9: _up(3, 6), 10: _up(2, 9), 11: _up(2, 10)}
_DOUBLE_SOFT: Final = {13: _up(5, 6), 14: _up(5, 6), 15: _up(4, 6), 16: _up(4, 6), 17: _up(3, 6), 18: _up(3, 6)}

# Up cards to stand against; below these totals one always hits, above them one always stands.
_STAND_HARD: Final = {12: _up(4, 6), 13: _up(2, 6), 14: _up(2, 6), 15: _up(2, 6), 16: _up(2, 6)}
_STAND_SOFT: Final = {18: _up(2, 8)}


def advise(cards: Sequence[str], up_card: str, legal_actions: Collection[str]) -> Action:
    """The best of the legal actions for a hand (two cards or more) against the dealer's up card.

    Insurance is never advised. Where the best play is not allowed, or not affordable and so left out of
    `legal_actions`, the next best is named.
    """
    if "decline_insurance" in legal_actions:
        return "decline_insurance"
    up = CARD_VALUE[up_card]
    total, soft = hand_value(cards)
    if "split" in legal_actions and up in _SPLIT.get(CARD_VALUE[cards[0]], _NEVER):
        return "split"
    if "surrender" in legal_actions and not soft and up in _SURRENDER.get(total, _NEVER):
        return "surrender"
    if "double" in legal_actions and up in (_DOUBLE_SOFT if soft else _DOUBLE_HARD).get(total, _NEVER):
        return "double"
    return "stand" if _stands(total, soft, up) else "hit"


def _stands(total: int, soft: bool, up: int) -> bool:
    if soft:
        return total > 18 or up in _STAND_SOFT.get(total, _NEVER)
    return total > 16 or up in _STAND_HARD.get(total, _NEVER)
