"""The record of a table's round: who staked what, what happened, and how anybody recomputes it."""

from typing import Any

from ..core.clock import rfc3339
from ..core.db import Row
from ..core.jsonio import loads
from ..fairness.stream import FairStream
from ..games.roulette import engine as roulette
from ..games.slots import engine as slots
from ..games.verify import slots_outcome
from .rules.room import SPINS


def round_view(row: Row, player_id: int | None) -> dict[str, Any]:
    """`{id, room_id, game, created_at, outcome, entrants, decisions, fairness}` of a settled row of `table_rounds`.

    An entrant is `{seat, username, stake, own, round_id}` with `bets`, `hands` or `spins`; a spin names its nonce.
    `round_id` is the entrant's own round, for `player_id` only. The server seed is None until it is revealed.
    """
    entrants, outcome = loads(row["entrants"]), loads(row["outcome"])
    decisions = [
        {"username": entrants[one["seat"]]["username"], "action": one["action"], "by": one["by"]}
        for one in loads(row["decisions"])
    ]
    return {
        "id": row["id"],
        "room_id": row["room_id"],
        "game": row["game"],
        "created_at": rfc3339(row["created_at"]),
        "outcome": outcome,
        "entrants": [_entrant(row, entrants, index, outcome, player_id) for index in range(len(entrants))],
        "decisions": decisions,
        "fairness": {
            "server_seed_hash": row["server_seed_hash"],
            "client_seed": row["client_seed"],
            "nonce": row["nonce"],
            "server_seed": row["server_seed"] if row["revealed_at"] is not None else None,
        },
    }


def _entrant(
    row: Row, entrants: list[dict[str, Any]], index: int, outcome: dict[str, Any], player_id: int | None
) -> dict[str, Any]:
    entrant = entrants[index]
    own = player_id is not None and entrant["player_id"] == str(player_id)
    view = {
        "seat": entrant["seat"],
        "username": entrant["username"],
        "stake": entrant["stake"],
        "own": own,
        "round_id": entrant["round_ids"][0] if own else None,
    }
    if row["game"] == "roulette":
        view["bets"] = [_paid(bet, outcome["pocket"]) for bet in entrant["bets"]]
    elif row["game"] == "blackjack":
        view["hands"] = outcome["seats"][index]["hands"]
    else:
        view["spins"] = [_spin(row, entrant["stake"], spin, len(entrants), index) for spin in range(SPINS)]
    return view


def _paid(bet: dict[str, Any], pocket: int) -> dict[str, Any]:
    placed = roulette.Bet(bet["type"], tuple(bet["numbers"]), bet["amount"])
    return {**bet, "label": roulette.spot_of(placed).label, "payout": roulette.payout(placed, pocket)}


def _spin(row: Row, stake: int, spin: int, entrants: int, index: int) -> dict[str, Any]:
    """A spin of a race, by the rule of `rules.rounds.spin_nonce`."""
    nonce = row["nonce"] + spin * entrants + index
    drawn = slots.spin(FairStream(row["server_seed"], row["client_seed"], nonce))
    return {**slots_outcome(drawn), "payout": slots.payout(stake, drawn), "nonce": nonce}
