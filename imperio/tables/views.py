"""A table as the outside sees it: the contract's `room` and `table_state`. Nothing hidden gets in here."""

from typing import Any

from ..core.clock import rfc3339, rfc3339_or_none
from .rules import rounds
from .rules.room import SPINS, Dealt, Entrant, Room, Seat


def room_view(room: Room) -> dict[str, Any]:
    """The contract's `room`, with the stakes it takes and how long bets stay open."""
    return {
        "id": room.id,
        "game_type": room.game_type,
        "host": room.host,
        "players": [{"username": seat.username, "status": seat.status, "seat": seat.seat} for seat in room.seats],
        "max_players": room.max_players,
        "spectators": room.spectators,
        "status": room.status,
        "private": room.private,
        "min_stake": room.min_stake,
        "max_stake": room.max_stake,
        "betting_seconds": room.betting_seconds,
        "created_at": rfc3339(room.created_at),
    }


def state_id(room_id: str, version: int) -> str:
    """Names one state of one table, so that nobody is told it twice."""
    return f"{room_id}:{version}"


def state_view(room: Room, balance: int | None = None) -> dict[str, Any]:
    """The contract's `table_state`. `balance` is that of the player on turn: what it can't pay for is left out."""
    dealt = room.dealt if room.phase in ("acting", "result") else None
    table = rounds.blackjack_table(room) if dealt is not None and room.game_type == "blackjack" else None
    seats = [_seat_view(room, seat, dealt) for seat in room.seats]
    if dealt is not None:
        here = {seat.player_id for seat in room.seats}
        seats += [_left_view(room, entrant, dealt) for entrant in dealt.entrants if entrant.player_id not in here]
        seats.sort(key=lambda one: one["seat"])
    return {
        "id": state_id(room.id, room.version),
        "room_id": room.id,
        "version": room.version,
        "round_id": None if dealt is None else dealt.id,
        "phase": room.phase,
        "deadline": rfc3339_or_none(room.deadline_at),
        "seats": seats,
        "turn": _turn_view(room, balance),
        "dealer": None if table is None else table.dealer_view(),
        "outcome": None if dealt is None else dealt.outcome,
        "fairness": {
            "server_seed_hash": room.server_seed_hash if dealt is None else dealt.server_seed_hash,
            "client_seed": None if dealt is None else dealt.client_seed,
            "nonce": room.nonce if dealt is None else dealt.nonce,
        },
        "recent": room.recent,
    }


def _seat_view(room: Room, seat: Seat, dealt: Dealt | None) -> dict[str, Any]:
    view: dict[str, Any] = {
        "seat": seat.seat,
        "username": seat.username,
        "status": seat.status,
        "connected": seat.connected,
        "stake": seat.stake if dealt is None else 0,
    }
    index = None if dealt is None else dealt.index_of(seat.player_id)
    if dealt is None:
        if seat.ready and seat.done and seat.connected:
            view["status"] = "done"
        if room.game_type == "roulette":
            view["bets"] = seat.bets
    elif index is not None:
        view.update(_played(room, dealt, index))
        if seat.connected:
            view["status"] = "playing"
    return view


def _left_view(room: Room, entrant: Entrant, dealt: Dealt) -> dict[str, Any]:
    """Somebody who has left, but whose stake is still in the round."""
    view = {"seat": entrant.seat, "username": entrant.username, "status": "left", "connected": False}
    index = dealt.index_of(entrant.player_id)
    assert index is not None
    return {**view, **_played(room, dealt, index)}


def _played(room: Room, dealt: Dealt, index: int) -> dict[str, Any]:
    """What one entrant has in the round: chips, cards or the spins shown so far."""
    entrant = dealt.entrants[index]
    if room.game_type == "roulette":
        shown = rounds.settle(room)[index][0].outcome["bets"] if dealt.settled else entrant.bets
        return {"stake": entrant.stake, "bets": shown}
    if room.game_type == "slots":
        spins = [
            {
                "stops": list(outcome.stops),
                "symbols": list(outcome.symbols),
                "multiplier": outcome.multiplier,
                "payout": payout,
            }
            for outcome, payout in rounds.spins_of(room, index, min(dealt.shown, SPINS))
        ]
        return {"stake": entrant.stake, "spins": spins}
    table = rounds.blackjack_table(room)
    view = table.seat_view(index)
    taken = [one for one in dealt.decisions if one["seat"] == index]
    return {
        "stake": table.seats[index].stake,
        "hands": view["hands"],
        "insurance": view["insurance"],
        "last_action": {"action": taken[-1]["action"], "by": taken[-1]["by"]} if taken else None,
    }


def _turn_view(room: Room, balance: int | None) -> dict[str, Any] | None:
    dealt = room.dealt
    if room.phase != "acting" or room.game_type != "blackjack" or dealt is None or dealt.turn is None:
        return None
    table = rounds.blackjack_table(room)
    assert table.turn is not None
    entrant = dealt.entrants[dealt.turn]
    return {
        "username": entrant.username,
        "seat": entrant.seat,
        "hand": table.turn.hand,
        "deadline": rfc3339_or_none(room.deadline_at),
        "legal_actions": table.seat_view(dealt.turn, balance=balance)["legal_actions"],
    }
