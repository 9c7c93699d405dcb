"""The games at a table: what may be staked, what is dealt, who decides, what everybody gets.

A blackjack round is replayed from its seeds and decisions each time, a race from its seeds: nothing that is still
hidden is kept anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from ...fairness.stream import FairStream, table_client_seed
from ...games.blackjack import engine as blackjack
from ...games.roulette import engine as roulette
from ...games.slots import engine as slots
from ...games.verify import slots_outcome
from .errors import BettingClosed, IllegalAction, InvalidBet, NotYourTurn, StaleState
from .room import SPIN_TIME, SPINS, STAKES, TURN_TIME, Dealt, Entrant, Room, Seat, betting_is_open, hurry, hurry_turn


@dataclass(frozen=True, slots=True)
class Paid:
    """One of a player's rounds, as it is written when all is settled."""

    round_id: str
    nonce: int
    stake: int
    payout: int
    outcome: dict[str, Any]


# Offering stakes ----------------------------------------------------------------------------------------------------


def offer_bets(room: Room, player_id: int, bets: Sequence[roulette.Bet], done: bool, now: datetime) -> Seat:
    """Puts a player's chips on the felt, in place of earlier ones; none takes them back.

    Raises `NotSeated`, `IllegalAction`, `BettingClosed`, `InvalidBet`.
    """
    seat = room.get_seat(player_id)
    _require_game(room, "roulette")
    _require_open(room, now)
    try:
        checked = roulette.check_bets(bets) if bets else ()
    except roulette.InvalidBet as error:
        raise InvalidBet(error.message) from None
    stake = roulette.total_stake(checked)
    if checked:
        _check_limits(room, stake)
    seat.ready, seat.done, seat.stake = True, done, stake
    seat.bets = [{"type": bet.type, "numbers": list(bet.numbers), "amount": bet.amount} for bet in checked]
    room.active_at = now
    hurry(room, now)
    return seat


def offer_stake(room: Room, player_id: int, stake: int, now: datetime) -> Seat:
    """Stakes for the next hand, or for each spin of the next race, whose first stake is everybody's.

    Raises `NotSeated`, `IllegalAction`, `BettingClosed`, `InvalidBet`.
    """
    seat = room.get_seat(player_id)
    _require_game(room, "blackjack", "slots")
    _require_open(room, now)
    _check_limits(room, stake)
    if room.game_type == "slots":
        others = next((other.stake for other in room.seats if other is not seat and other.stake), stake)
        if stake != others:
            raise InvalidBet(f"This race is run at {others} coins a spin.")
    seat.ready, seat.done, seat.stake = True, True, stake
    room.active_at = now
    hurry(room, now)
    return seat


def cost(room: Room, seat: Seat) -> int:
    """What a seat's offer takes when bets close."""
    return seat.stake * SPINS if room.game_type == "slots" else seat.stake


def staking(room: Room) -> list[Seat]:
    """The seats that want to play this round, in seat order."""
    return [seat for seat in room.seats if seat.ready and seat.stake]


def _require_game(room: Room, *games: str) -> None:
    if room.game_type not in games:
        raise IllegalAction(f"This is a {room.game_type} table.")


def _require_open(room: Room, now: datetime) -> None:
    if not betting_is_open(room, now):
        raise BettingClosed


def _check_limits(room: Room, stake: int) -> None:
    low, high = STAKES[room.game_type]
    low, high = max(low, room.min_stake), min(high, room.max_stake)
    if not low <= stake <= high:
        raise InvalidBet(f"A stake at this table is {low:,} to {high:,} coins.")


# Dealing ------------------------------------------------------------------------------------------------------------


def nonces_of(room: Room, entrants: int) -> int:
    """How many nonces a round uses: one, or one for each spin of each seat of a race."""
    return entrants * SPINS if room.game_type == "slots" else 1


def deal(
    room: Room,
    paid: Sequence[Seat],
    client_seeds: Sequence[str],
    round_id: str,
    round_ids: Sequence[Sequence[str]],
    now: datetime,
) -> None:
    """Bets are closed and paid: fixes the seeds and begins the round.

    `paid` are the seats that play, `client_seeds` those of everybody who sits at the table, both in seat order.
    """
    entrants = [
        Entrant(seat.seat, seat.player_id, seat.username, seat.stake, list(seat.bets), list(ids))
        for seat, ids in zip(paid, round_ids, strict=True)
    ]
    client_seed = table_client_seed(client_seeds)
    room.dealt = Dealt(round_id, room.seed_pair_id, room.server_seed_hash, client_seed, room.nonce, entrants)
    room.nonce += nonces_of(room, len(entrants))
    room.rounds_on_pair += 1
    room.phase = "acting"
    room.active_at = now
    if room.game_type == "slots":
        _show_next(room, now)
    elif room.game_type == "blackjack":
        _await_decision(room, now)


def is_over(room: Room) -> bool:
    """Whether nothing is left to be decided or shown in the round in play."""
    dealt = room.dealt
    assert dealt is not None
    if room.game_type == "blackjack":
        return blackjack_table(room).settled
    return room.game_type == "roulette" or dealt.shown > SPINS


def advance(room: Room, now: datetime) -> None:
    """The clock of a round in play ran out: the next spin is shown, or the house decides for a player."""
    if room.game_type == "slots":
        _show_next(room, now)
        return
    table = blackjack_table(room)
    if table.turn is not None:
        decide(room, table.turn.seat, table.default_action, "system", now)


def _show_next(room: Room, now: datetime) -> None:
    """Shows the next spin; when all have been shown for their time the round is over."""
    assert room.dealt is not None
    room.dealt.shown += 1
    room.dealt.since = room.version + 1
    room.deadline_at = now + SPIN_TIME


# Blackjack ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _shoe(server_seed: str, client_seed: str, nonce: int) -> blackjack.Shoe:
    return blackjack.shuffle(FairStream(server_seed, client_seed, nonce))


def blackjack_table(room: Room) -> blackjack.Table:
    """The cards as they lie: the shoe and all decisions so far. Its shoe and hole card are not for anybody's eyes."""
    dealt = room.dealt
    assert dealt is not None
    return blackjack.replay_table(
        _shoe(room.server_seed, dealt.client_seed, dealt.nonce),
        [entrant.stake for entrant in dealt.entrants],
        [(decision["seat"], decision["action"]) for decision in dealt.decisions],
    )


def check_decision(room: Room, player_id: int, action: str, version: int | None, now: datetime) -> tuple[int, int]:
    """The entrant and the coins that the decision would cost.

    Raises `NotSeated`, `StaleState` for a decision that was taken on cards that have changed since, `NotYourTurn`,
    `IllegalAction`.
    """
    room.get_seat(player_id)
    _require_game(room, "blackjack")
    dealt = room.dealt
    if version is not None and (version > room.version or dealt is None or version < dealt.since):
        raise StaleState
    if dealt is None or room.phase != "acting":
        raise IllegalAction("There is no hand to decide on.")
    if room.deadline_at is not None and now >= room.deadline_at:
        raise StaleState("The time for this decision is over.")
    index = dealt.index_of(player_id)
    if index is None or index != dealt.turn:
        raise NotYourTurn
    table = blackjack_table(room)
    if action not in table.legal_actions(index):
        raise IllegalAction(f"{action} is not possible now.")
    return index, table.extra_stake(index, action)


def decide(room: Room, index: int, action: str, by: str, now: datetime) -> None:
    """Carries out a decision that has been checked; `by` is `player` or `system`."""
    assert room.dealt is not None
    room.dealt.decisions.append({"seat": index, "action": action, "by": by})
    room.active_at = now
    _await_decision(room, now)


def would_end(room: Room, index: int, action: str) -> bool:
    """Whether the round is over after this decision."""
    table = blackjack_table(room)
    table.act(index, action)
    return table.settled


def _await_decision(room: Room, now: datetime) -> None:
    assert room.dealt is not None
    turn = blackjack_table(room).turn
    room.dealt.turn = None if turn is None else turn.seat
    room.dealt.since = room.version + 1
    room.deadline_at = now if turn is None else now + TURN_TIME
    hurry_turn(room, now)


def own_decisions(dealt: Dealt, index: int) -> list[dict[str, Any]]:
    """An entrant's part of the record: the deal, then every decision with who took it."""
    stake = dealt.entrants[index].stake
    mine = [{"action": one["action"], "by": one["by"]} for one in dealt.decisions if one["seat"] == index]
    return [{"action": "deal", "by": "player", "stake": stake, "seat": index, "seats": len(dealt.entrants)}, *mine]


# Races --------------------------------------------------------------------------------------------------------------


def spin_nonce(dealt: Dealt, index: int, spin: int) -> int:
    """The nonce of an entrant's spin: all first spins in seat order, then all second ones …"""
    return dealt.nonce + spin * len(dealt.entrants) + index


def spins_of(room: Room, index: int, count: int = SPINS) -> list[tuple[slots.SlotsOutcome, int]]:
    """An entrant's first `count` spins with their payouts."""
    dealt = room.dealt
    assert dealt is not None
    stake = dealt.entrants[index].stake
    outcomes = [
        slots.spin(FairStream(room.server_seed, dealt.client_seed, spin_nonce(dealt, index, spin)))
        for spin in range(count)
    ]
    return [(outcome, slots.payout(stake, outcome)) for outcome in outcomes]


# Results ------------------------------------------------------------------------------------------------------------


def pocket_of(room: Room) -> int:
    """Where the ball fell."""
    dealt = room.dealt
    assert dealt is not None
    return roulette.spin(FairStream(room.server_seed, dealt.client_seed, dealt.nonce))


def bets_of(entrant: Entrant) -> tuple[roulette.Bet, ...]:
    return tuple(roulette.Bet(bet["type"], tuple(bet["numbers"]), bet["amount"]) for bet in entrant.bets)


def settle(room: Room) -> list[list[Paid]]:
    """Each entrant's rounds as they end, in the entrants' order."""
    dealt = room.dealt
    assert dealt is not None
    if room.game_type == "roulette":
        pocket = pocket_of(room)
        return [[_paid_bets(dealt, entrant, pocket)] for entrant in dealt.entrants]
    if room.game_type == "slots":
        return [_paid_spins(room, index) for index in range(len(dealt.entrants))]
    table = blackjack_table(room)
    return [[_paid_hands(dealt, table, index)] for index in range(len(dealt.entrants))]


def _paid_bets(dealt: Dealt, entrant: Entrant, pocket: int) -> Paid:
    bets = bets_of(entrant)
    payouts = roulette.settle(bets, pocket)
    shown = [{**bet, "payout": payout} for bet, payout in zip(entrant.bets, payouts, strict=True)]
    outcome = {"pocket": pocket, "colour": roulette.colour(pocket), "bets": shown}
    return Paid(entrant.round_ids[0], dealt.nonce, entrant.stake, sum(payouts), outcome)


def _paid_spins(room: Room, index: int) -> list[Paid]:
    dealt = room.dealt
    assert dealt is not None
    entrant = dealt.entrants[index]
    return [
        Paid(entrant.round_ids[spin], spin_nonce(dealt, index, spin), entrant.stake, payout, slots_outcome(outcome))
        for spin, (outcome, payout) in enumerate(spins_of(room, index))
    ]


def hands_view(table: blackjack.Table, index: int) -> dict[str, Any]:
    """The contract's outcome of one seat of a blackjack round."""
    seat = table.seat_view(index)
    return {
        "hands": seat["hands"],
        "active_hand": seat["active_hand"],
        "dealer": table.dealer_view(),
        "legal_actions": [],
        "insurance": seat["insurance"],
    }


def _paid_hands(dealt: Dealt, table: blackjack.Table, index: int) -> Paid:
    seat = table.seats[index]
    return Paid(dealt.entrants[index].round_ids[0], dealt.nonce, seat.stake, seat.payout, hands_view(table, index))


def results_of(room: Room, paid: Sequence[Sequence[Paid]]) -> list[dict[str, Any]]:
    """The contract's `results`: what the round was for each who played it."""
    assert room.dealt is not None
    results = []
    for entrant, rounds in zip(room.dealt.entrants, paid, strict=True):
        stake, payout = sum(one.stake for one in rounds), sum(one.payout for one in rounds)
        results.append({"username": entrant.username, "stake": stake, "payout": payout, "net": payout - stake})
    return results


def outcome_of(room: Room, paid: Sequence[Sequence[Paid]]) -> dict[str, Any]:
    """The outcome of the whole table, without secrets: the round is over."""
    dealt = room.dealt
    assert dealt is not None
    if room.game_type == "roulette":
        pocket = pocket_of(room)
        return {"pocket": pocket, "colour": roulette.colour(pocket)}
    if room.game_type == "blackjack":
        table = blackjack_table(room)
        seats = [
            {"seat": entrant.seat, "username": entrant.username, "hands": table.seat_view(index)["hands"]}
            for index, entrant in enumerate(dealt.entrants)
        ]
        return {"dealer": table.dealer_view(), "seats": seats}
    totals = [sum(one.payout for one in rounds) for rounds in paid]
    return {
        "totals": [
            {"seat": entrant.seat, "username": entrant.username, "payout": total}
            for entrant, total in zip(dealt.entrants, totals, strict=True)
        ],
        "winners": [
            entrant.username
            for entrant, total in zip(dealt.entrants, totals, strict=True)
            if total and total == max(totals)
        ],
    }


def remember(room: Room, outcome: dict[str, Any], keep: int) -> None:
    """Puts the outcome into the table's last results, newest first."""
    dealt = room.dealt
    assert dealt is not None
    if room.game_type == "roulette":
        short: dict[str, Any] = {"pocket": outcome["pocket"], "colour": outcome["colour"]}
    elif room.game_type == "blackjack":
        short = {"dealer": outcome["dealer"]["total"]}
    else:
        short = {"winners": outcome["winners"], "payout": max(one["payout"] for one in outcome["totals"])}
    room.recent = [{"round_id": dealt.id, **short}, *room.recent][:keep]
