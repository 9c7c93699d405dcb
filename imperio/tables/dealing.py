"""The coins of a table: stakes charged when bets close, rounds settled or given back, each through the players' books.

Everything here is decided inside one transaction, with the table's row and the books of those concerned locked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..core.db import Insert, Statement, Update
from ..core.errors import AppError
from ..core.ids import new_id
from ..core.jsonio import dumps_text
from ..fairness.seeds import Draw, new_table_pair
from ..games.rounds import TITLES, Rounds, round_row, take_stake
from ..wallet.limits import permit_stake
from ..wallet.posting import InsufficientFunds, Posting
from .rules import room as course
from .rules import rounds as play
from .rules.room import RECENT, ROUNDS_PER_PAIR, Dealt, Entrant, Room, Seat

Postings = Mapping[int, Posting]


@dataclass(slots=True)
class Change:
    """A table in the middle of being changed. `clock_due`: its deadline had passed when it was read.

    `rows` are written with it, `seats_before` is how the seats were.
    """

    room: Room
    now: datetime
    seats_before: dict[int, Seat]
    clock_due: bool
    rows: list[Statement] = field(default_factory=list)


class Dealer:
    """Charges, settles and refunds."""

    def __init__(self, rounds: Rounds) -> None:
        self._rounds = rounds

    def close_betting(self, change: Change, postings: Postings) -> None:
        """No more bets: charges every seat that has staked and begins the round. Who cannot pay sits it out."""
        room = change.room
        paid: list[Seat] = []
        for seat in play.staking(room):
            posting = postings[seat.player_id]
            try:
                permit(posting, play.cost(room, seat))
            except AppError as refusal:
                _sit_out(room, seat, refusal)
            else:
                paid.append(seat)
        if not paid:
            course.skip_round(room, change.now)
            return
        per_seat = course.SPINS if room.game_type == "slots" else 1
        round_ids = [[new_id() for _ in range(per_seat)] for _ in paid]
        client_seeds = [postings[seat.player_id].row["client_seed"] for seat in room.seats]
        play.deal(room, paid, client_seeds, new_id(), round_ids, change.now)
        self._charge(room, postings)
        if play.is_over(room):
            self.settle(change, postings, fresh=True)
        else:
            self._open_rounds(room, postings)
            change.rows.append(Insert("table_rounds", _table_round(room, change.now)))

    def act(self, change: Change, postings: Postings, player_id: int, action: str, version: int | None) -> None:
        """A player's decision. Raises what `check_decision` does and what forbids the stake."""
        room, posting = change.room, postings[player_id]
        index, extra = play.check_decision(room, player_id, action, version, change.now)
        if extra:
            permit(posting, extra)
            round_id = _dealt(room).entrants[index].round_ids[0]
            posting.debit("bet", extra, f"{TITLES['blackjack']}: {action}", game="blackjack", reference_id=round_id)
            posting.books.at_stake += extra
        play.decide(room, index, action, "player", change.now)
        self._after_decision(change, postings, index)

    def run_clock(self, change: Change, postings: Postings) -> None:
        """The clock of a round in play ran out."""
        decided = _dealt(change.room).turn
        play.advance(change.room, change.now)
        if decided is not None:
            self._after_decision(change, postings, decided)
        elif play.is_over(change.room):
            self.settle(change, postings)

    def settle(self, change: Change, postings: Postings, *, fresh: bool = False) -> None:
        """Pays and counts every entrant's rounds. `fresh`: they were dealt in this very change."""
        room = change.room
        dealt = _dealt(room)
        paid = play.settle(room)
        for index, (entrant, rounds) in enumerate(zip(dealt.entrants, paid, strict=True)):
            posting = postings[entrant.player_id]
            for one in rounds:
                posting.books.at_stake -= one.stake
                row = _round(
                    room, posting, index, one.round_id, one.nonce, "settled", one.stake, one.payout, one.outcome
                )
                _put(posting, row, fresh=fresh)
                self._rounds.settle(
                    posting, round_id=one.round_id, game=room.game_type, stake=one.stake, payout=one.payout
                )
        outcome = play.outcome_of(room, paid)
        play.remember(room, outcome, RECENT)
        course.show_result(room, change.now, outcome, play.results_of(room, paid))
        if fresh:
            ended = _end(dealt, "settled", outcome, change.now)
            change.rows.append(Insert("table_rounds", {**_table_round(room, change.now), **ended}))
        else:
            change.rows.append(Update("table_rounds", _end(dealt, "settled", outcome, change.now), {"id": dealt.id}))

    def void(self, change: Change, postings: Postings) -> None:
        """Gives every stake of the round in play back and closes the table: it cannot go on."""
        room = change.room
        dealt = room.dealt
        if dealt is not None and not dealt.settled:
            for index, entrant in enumerate(dealt.entrants):
                posting = postings[entrant.player_id]
                for round_id in entrant.round_ids:
                    stake = _staked(dealt, index)
                    posting.credit(
                        "refund",
                        stake,
                        f"{TITLES[room.game_type]}: stake given back",
                        game=room.game_type,
                        reference_id=round_id,
                    )
                    posting.books.at_stake -= stake
                    values = {"status": "void", "payout": stake, "settled_at": posting.now}
                    posting.update("rounds", values, {"id": round_id})
            change.rows.append(Update("table_rounds", _end(dealt, "void", None, change.now), {"id": dealt.id}))
            dealt.settled = True
        course.close(room, "error")

    # Parts

    def _charge(self, room: Room, postings: Postings) -> None:
        for entrant in _dealt(room).entrants:
            posting = postings[entrant.player_id]
            for round_id in entrant.round_ids:
                take_stake(posting, game=room.game_type, stake=entrant.stake, round_id=round_id)
                posting.books.at_stake += entrant.stake

    def _open_rounds(self, room: Room, postings: Postings) -> None:
        dealt = _dealt(room)
        for index, entrant in enumerate(dealt.entrants):
            posting = postings[entrant.player_id]
            for number, round_id in enumerate(entrant.round_ids):
                nonce = play.spin_nonce(dealt, index, number) if room.game_type == "slots" else dealt.nonce
                outcome = _outcome_so_far(room, index)
                row = _round(room, posting, index, round_id, nonce, "open", entrant.stake, 0, outcome)
                _put(posting, row, fresh=True)

    def _after_decision(self, change: Change, postings: Postings, index: int) -> None:
        """Settles the round when that was the last decision; else writes where the decider's round stands."""
        room = change.room
        dealt = _dealt(room)
        if play.is_over(room):
            self.settle(change, postings)
            return
        entrant = dealt.entrants[index]
        posting = postings[entrant.player_id]
        seat = play.blackjack_table(room).seats[index]
        row = _round(
            room, posting, index, entrant.round_ids[0], dealt.nonce, "open", seat.stake, 0, _outcome_so_far(room, index)
        )
        _put(posting, row, fresh=False)
        change.rows.append(Update("table_rounds", {"decisions": dumps_text(dealt.decisions)}, {"id": dealt.id}))


def permit(posting: Posting, stake: int) -> None:
    """Raises why this player cannot stake so much now: a frozen account, a time-out, a limit, too few coins."""
    permit_stake(posting, stake)
    if stake > posting.balance:
        raise InsufficientFunds(f"That takes {stake:,} coins; the balance is {posting.balance:,}.")


def rotate(change: Change) -> None:
    """Reveals the table's seed and begins with the next pair. Only between rounds."""
    room = change.room
    reveal(change)
    pair = new_table_pair(room.id, change.now)
    change.rows.append(Insert("seed_pairs", pair))
    room.seed_pair_id, room.server_seed = pair["id"], pair["server_seed"]
    room.server_seed_hash = pair["server_seed_hash"]
    room.nonce = room.rounds_on_pair = 0


def reveal(change: Change) -> None:
    """Publishes the seed of the table's pair: from now on anybody can recompute its rounds."""
    room = change.room
    last_nonce = room.nonce - 1 if room.nonce else None
    values = {"revealed_at": change.now, "last_nonce": last_nonce}
    change.rows.append(Update("seed_pairs", values, {"id": room.seed_pair_id}))
    room.tell(
        "seed_revealed", server_seed=room.server_seed, server_seed_hash=room.server_seed_hash, last_nonce=last_nonce
    )


def is_pair_used_up(room: Room) -> bool:
    return room.rounds_on_pair >= ROUNDS_PER_PAIR


def _dealt(room: Room) -> Dealt:
    assert room.dealt is not None, "there is a round in play"
    return room.dealt


def _sit_out(room: Room, seat: Seat, refusal: AppError) -> None:
    seat.clear()
    room.tell("player_status", username=seat.username, seat=seat.seat, status="sitting_out")
    told = {"code": refusal.code, "message": refusal.detail, "room_id": room.id}
    room.private_told.append((seat.player_id, "error", told))


def _staked(dealt: Dealt, index: int) -> int:
    """What an entrant has staked in each of their rounds, as the decisions tell."""
    stake = dealt.entrants[index].stake
    extras = {"double": stake, "split": stake, "insurance": stake // 2}
    return stake + sum(extras.get(one["action"], 0) for one in dealt.decisions if one["seat"] == index)


def _outcome_so_far(room: Room, index: int) -> dict[str, Any]:
    """What may be seen of an entrant's open round. A race's spins are drawn but not shown."""
    if room.game_type == "slots":
        return {"stops": [], "symbols": [], "multiplier": 0}
    return play.hands_view(play.blackjack_table(room), index)


def _round(
    room: Room,
    posting: Posting,
    index: int,
    round_id: str,
    nonce: int,
    status: str,
    stake: int,
    payout: int,
    outcome: dict[str, Any],
) -> dict[str, Any]:
    dealt = _dealt(room)
    draw = Draw(dealt.seed_pair_id, room.server_seed, dealt.server_seed_hash, dealt.client_seed, nonce)
    return round_row(
        round_id,
        posting,
        room.game_type,
        draw,
        status=status,
        stake=stake,
        payout=payout,
        outcome=outcome,
        decisions=play.own_decisions(dealt, index) if room.game_type == "blackjack" else None,
        table_round_id=dealt.id,
    )


def _put(posting: Posting, row: dict[str, Any], *, fresh: bool) -> None:
    if fresh:
        posting.insert("rounds", row)
        return
    names = ("status", "stake", "payout", "outcome", "decisions", "settled_at")
    posting.update("rounds", {name: row[name] for name in names}, {"id": row["id"]})


def _entrant(entrant: Entrant) -> dict[str, Any]:
    return {
        "seat": entrant.seat,
        "player_id": str(entrant.player_id),
        "username": entrant.username,
        "stake": entrant.stake,
        "bets": entrant.bets,
        "round_ids": entrant.round_ids,
    }


def _table_round(room: Room, now: datetime) -> dict[str, Any]:
    dealt = _dealt(room)
    return {
        "id": dealt.id,
        "room_id": room.id,
        "game": room.game_type,
        "status": "open",
        "seed_pair_id": dealt.seed_pair_id,
        "server_seed_hash": dealt.server_seed_hash,
        "client_seed": dealt.client_seed,
        "nonce": dealt.nonce,
        "nonces": play.nonces_of(room, len(dealt.entrants)),
        "entrants": dumps_text([_entrant(entrant) for entrant in dealt.entrants]),
        "decisions": dumps_text(dealt.decisions),
        "outcome": None,
        "created_at": now,
        "settled_at": None,
    }


def _end(dealt: Dealt, status: str, outcome: dict[str, Any] | None, now: datetime) -> dict[str, Any]:
    """The columns of a table's round that its end changes."""
    return {
        "status": status,
        "decisions": dumps_text(dealt.decisions),
        "outcome": None if outcome is None else dumps_text(outcome),
        "settled_at": now,
    }
