"""Recomputes what a round's seeds lead to, for anybody. Pure."""

from typing import Any

from ..fairness.stream import FairStream
from .blackjack import engine as blackjack
from .roulette import engine as roulette
from .slots import engine as slots


def slots_outcome(outcome: slots.SlotsOutcome) -> dict[str, Any]:
    """The contract's `round.outcome` of a spin."""
    return {"stops": list(outcome.stops), "symbols": list(outcome.symbols), "multiplier": outcome.multiplier}


def outcome_of(game: str, server_seed: str, client_seed: str, nonce: int) -> dict[str, Any]:
    """What the numbers decide: stops, a pocket, or a shoe of 312 cards. Raises KeyError for another game."""
    stream = FairStream(server_seed, client_seed, nonce)
    if game == "slots":
        return slots_outcome(slots.spin(stream))
    if game == "roulette":
        pocket = roulette.spin(stream)
        return {"pocket": pocket, "colour": roulette.colour(pocket)}
    if game == "blackjack":
        return {"shoe": list(blackjack.shuffle(stream))}
    raise KeyError(game)
