"""What the house offers, computed from the live rules, so that a published figure is what is played."""

from functools import cache
from typing import Any

from .blackjack import engine as blackjack
from .roulette import engine as roulette
from .slots import engine as slots


def _slots() -> dict[str, Any]:
    odds = slots.analyse()
    return {
        "id": "slots",
        "name": "Cherry Charm",
        "rtp": float(odds.rtp),
        "house_edge": float(1 - odds.rtp),
        "hit_rate": float(odds.hit_rate),
        "standard_deviation": odds.standard_deviation,
        "min_stake": slots.MIN_STAKE,
        "max_stake": slots.MAX_STAKE,
        "rules_url": "/rules#slots",
        "paytable": [
            {
                "combination": row.combination,
                "symbols": list(row.symbols),
                "multiplier": row.multiplier,
                "ways": odds.ways[row.combination],
                "probability": odds.ways[row.combination] / odds.combinations,
            }
            for row in slots.PAYTABLE
        ],
        "strips": [list(strip) for strip in slots.STRIPS],
    }


def _roulette() -> dict[str, Any]:
    spots: dict[str, int] = {}
    for spot in roulette.SPOTS:
        spots[spot.type] = spots.get(spot.type, 0) + 1
    return {
        "id": "roulette",
        "name": "European Roulette",
        "rtp": float(roulette.RTP),
        "house_edge": float(1 - roulette.RTP),
        "min_stake": roulette.MIN_BET,
        "max_stake": roulette.MAX_STAKE,
        "min_bet": roulette.MIN_BET,
        "max_bet": roulette.MAX_BET,
        "max_bets": roulette.MAX_BETS,
        "rules_url": "/rules#roulette",
        "bets": [{"type": kind, "odds": roulette.ODDS[kind], "spots": count} for kind, count in spots.items()],
        "wheel": list(roulette.WHEEL),
    }


def _blackjack() -> dict[str, Any]:
    return {
        "id": "blackjack",
        "name": "Blackjack",
        "rtp": round(1 - blackjack.HOUSE_EDGE, 6),
        "house_edge": blackjack.HOUSE_EDGE,
        "min_stake": blackjack.MIN_STAKE,
        "max_stake": blackjack.MAX_STAKE,
        "rules_url": "/rules#blackjack",
        "decks": 6,
        "pays": {"win": "1:1", "natural": "3:2", "insurance": "2:1", "surrender": "half the stake"},
    }


@cache
def games() -> list[dict[str, Any]]:
    """The contract's `games`."""
    return [_slots(), _roulette(), _blackjack()]
