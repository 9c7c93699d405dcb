"""The shapes of answers, for the API's description."""

from typing import Any

from pydantic import BaseModel, ConfigDict

_ROUND_EXAMPLE: dict[str, Any] = {
    "id": "0193a5f0c2a87d0e8f6a1c5b7e9d2f34",
    "game": "slots",
    "status": "settled",
    "stake": 10,
    "payout": 20,
    "net": 10,
    "outcome": {"stops": [18, 22, 18], "symbols": ["banana", "banana", "apple"], "multiplier": 2},
    "decisions": None,
    "rules": "slots/1",
    "table_round_id": None,
    "fairness": {
        "server_seed_hash": "1107d192f2aa47be50c32b3c3482bcb2aaf2c25036aba0ec6150216a6c2dbf97",
        "client_seed": "iyAyNGKPsa",
        "nonce": 0,
        "server_seed": None,
    },
    "created_at": "2026-11-23T12:00:00.000000Z",
    "settled_at": "2026-11-23T12:00:00.000000Z",
}

_GAME_EXAMPLE: dict[str, Any] = {
    "id": "slots",
    "name": "Cherry Charm",
    "rtp": 0.95703125,
    "house_edge": 0.04296875,
    "min_stake": 1,
    "max_stake": 500,
    "rules_url": "/rules#slots",
    "paytable": [
        {"combination": "three_cherries", "symbols": ["cherry", "cherry", "cherry"], "multiplier": 500, "ways": 8}
    ],
}


class Fairness(BaseModel):
    server_seed_hash: str
    client_seed: str
    nonce: int
    server_seed: str | None


class Round(BaseModel):
    """`stake` is all that was staked so far, `payout` all that came back, `net = payout - stake`."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ROUND_EXAMPLE]})

    id: str
    game: str
    status: str
    stake: int
    payout: int
    net: int
    outcome: dict[str, Any]
    decisions: list[dict[str, Any]] | None
    rules: str
    table_round_id: str | None
    fairness: Fairness
    created_at: str
    settled_at: str | None


class UnlockedAchievement(BaseModel):
    type: str
    name: str
    reward_coins: int


class RoundAnswer(BaseModel):
    """`balance` is the one after everything this round brought, rewards included."""

    round: Round
    balance: int
    unlocked: list[UnlockedAchievement]


class RoundOnly(BaseModel):
    round: Round


class RoundList(BaseModel):
    rounds: list[Round]
    next_cursor: str | None


class Game(BaseModel):
    """A game with its limits, odds (fractions) and its paytable or bets."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [_GAME_EXAMPLE]})

    id: str
    name: str
    rtp: float
    house_edge: float
    min_stake: int
    max_stake: int
    rules_url: str


class Catalogue(BaseModel):
    games: list[Game]


class Verified(BaseModel):
    """As in a round's outcome; of blackjack the whole shoe of 312 cards."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcome": _ROUND_EXAMPLE["outcome"]}]})

    outcome: dict[str, Any]
