"""A table as plain values, and its course: seats, phases, clocks. The games' part is in `rounds`.

A table goes waiting → betting → (acting) → result → betting …; two rounds without a stake lead back to waiting. Every
function takes the time and changes the room in place; events to tell are collected in `Room.told`.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from ...games.blackjack import engine as blackjack
from ...games.roulette import engine as roulette
from ...games.slots import engine as slots
from .errors import IllegalAction, NotHost, NotSeated, Removed, RoomFull, StaleState

GameType = Literal["blackjack", "roulette", "slots"]
Phase = Literal["waiting", "betting", "acting", "result"]

MAX_SEATS: Final = {"roulette": 8, "blackjack": 7, "slots": 8}
MIN_SEATS: Final = {"roulette": 1, "blackjack": 1, "slots": 2}
STAKES: Final = {
    "roulette": (roulette.MIN_BET, roulette.MAX_STAKE),
    "blackjack": (blackjack.MIN_STAKE, blackjack.MAX_STAKE),
    "slots": (slots.MIN_STAKE, slots.MAX_STAKE),
}
RESULT_TIME: Final = timedelta(seconds=5)
TURN_TIME: Final = timedelta(seconds=20)
SPIN_TIME: Final = timedelta(seconds=3)
SEAT_KEPT: Final = timedelta(seconds=60)  # for a player whose connection is gone
IDLE_TIME: Final = timedelta(minutes=10)  # a table at which nothing happens is closed
SPINS: Final = 10
ROUNDS_PER_PAIR: Final = 100
ROUNDS_WITHOUT_STAKE: Final = 2
RECENT: Final = 20


@dataclass(slots=True)
class Seat:
    """A player at the table. `stake` and `bets` are offered, not charged yet; since `dropped_at` nobody is there."""

    player_id: int
    username: str
    session_id: str
    seat: int
    joined_at: datetime
    ready: bool = True
    done: bool = False
    stake: int = 0
    bets: list[dict[str, Any]] = field(default_factory=list)
    dropped_at: datetime | None = None

    @property
    def connected(self) -> bool:
        return self.dropped_at is None

    @property
    def status(self) -> str:
        """`ready`, `sitting_out` or `dropped`."""
        if not self.connected:
            return "dropped"
        return "ready" if self.ready else "sitting_out"

    def clear(self) -> None:
        """Takes everything back that was offered."""
        self.done, self.stake, self.bets = False, 0, []


@dataclass(slots=True)
class Entrant:
    """A seat that has staked in the round in play; it stays in the round even when the player leaves.

    `stake` is what was staked when bets closed (a race: per spin), `round_ids` the player's own rounds.
    """

    seat: int
    player_id: int
    username: str
    stake: int
    bets: list[dict[str, Any]]
    round_ids: list[str]


@dataclass(slots=True)
class Dealt:
    """The round in play, or the one whose result is shown. Secrets are not in here: they follow from the seeds.

    `since` is the table's version at which the present decision (or spin) came up; `shown` how many spins of a race
    have been shown, `turn` the entrant whose decision is due at a blackjack table.
    """

    id: str
    seed_pair_id: str
    server_seed_hash: str
    client_seed: str
    nonce: int
    entrants: list[Entrant]
    decisions: list[dict[str, Any]] = field(default_factory=list)
    shown: int = 0
    since: int = 0
    turn: int | None = None
    settled: bool = False
    outcome: dict[str, Any] | None = None
    results: list[dict[str, Any]] = field(default_factory=list)

    def index_of(self, player_id: int) -> int | None:
        """Which entrant the player is, counted from 0."""
        return next((index for index, one in enumerate(self.entrants) if one.player_id == player_id), None)


@dataclass(slots=True)
class Room:
    """The whole table. `told` collects the events of a change as (name, data); `private_told` those for one player.

    `outbox_ids` are the rows with the events of the last changes, oldest first.
    """

    id: str
    game_type: GameType
    host_id: int
    max_players: int
    private: bool
    invite_code: str | None
    min_stake: int
    max_stake: int
    betting_seconds: int
    status: str
    phase: Phase
    version: int
    round_no: int
    deadline_at: datetime | None
    seed_pair_id: str
    server_seed: str
    server_seed_hash: str
    nonce: int
    spectators: int
    active_at: datetime
    created_at: datetime
    seats: list[Seat] = field(default_factory=list)
    dealt: Dealt | None = None
    recent: list[dict[str, Any]] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    rounds_without_stake: int = 0
    rounds_on_pair: int = 0
    outbox_ids: list[str] = field(default_factory=list)
    closed_reason: str | None = None
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    private_told: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    gone: list[tuple[int, str]] = field(default_factory=list)
    rotated: bool = False

    # Who is who

    def find_seat(self, player_id: int) -> Seat | None:
        return next((seat for seat in self.seats if seat.player_id == player_id), None)

    def get_seat(self, player_id: int) -> Seat:
        """Raises `NotSeated`."""
        seat = self.find_seat(player_id)
        if seat is None:
            raise NotSeated
        return seat

    def require_host(self, player_id: int) -> None:
        """Raises `NotSeated`, `NotHost`."""
        self.get_seat(player_id)
        if self.host_id != player_id:
            raise NotHost

    @property
    def host(self) -> str:
        seat = self.find_seat(self.host_id)
        return seat.username if seat is not None else ""

    @property
    def in_play(self) -> bool:
        """Whether stakes have been charged whose round is not settled."""
        return self.dealt is not None and not self.dealt.settled

    @property
    def closed(self) -> bool:
        return self.status == "closed"

    def due_at(self) -> datetime | None:
        """When the next clock of the table runs out."""
        if self.closed:
            return None
        clocks = [seat.dropped_at + SEAT_KEPT for seat in self.seats if seat.dropped_at is not None]
        if self.deadline_at is not None:
            clocks.append(self.deadline_at)
        if self.phase == "waiting":
            clocks.append(self.active_at + IDLE_TIME)
        return min(clocks, default=None)

    def tell(self, name: str, **data: Any) -> None:
        self.told.append((name, {"room_id": self.id, **data}))


# Seats --------------------------------------------------------------------------------------------------------------


def sit(room: Room, player_id: int, username: str, session_id: str, now: datetime) -> Seat:
    """Seats a player, as the host if there is none, or welcomes them back. Raises `RoomFull`, `Removed`."""
    seat = room.find_seat(player_id)
    room.active_at = now
    if seat is not None:
        seat.session_id = session_id
        if not seat.connected:
            seat.dropped_at = None
            tell_status(room, seat)
        return seat
    if player_id in room.removed:
        raise Removed
    seat = Seat(player_id, username, session_id, _free_seat(room, player_id), now)
    room.seats.append(seat)
    room.seats.sort(key=lambda one: one.seat)
    room.tell("player_joined", username=username, seat=seat.seat, status=seat.status)
    if room.find_seat(room.host_id) is None:
        # Everybody had left while a round was in play.
        room.host_id = player_id
        room.tell("new_host", host=room.host)
    return seat


def _free_seat(room: Room, player_id: int) -> int:
    """Where a player may sit down: the seat where their own cards still lie, or the first free one.

    Raises `RoomFull`.
    """
    # The cards of somebody who has left in the middle of a round still lie there.
    lying = {one.player_id: one.seat for one in room.dealt.entrants} if room.in_play and room.dealt is not None else {}
    if player_id in lying:
        return lying[player_id]
    taken = {other.seat for other in room.seats} | set(lying.values())
    free = [number for number in range(room.max_players) if number not in taken]
    if not free:
        raise RoomFull
    return free[0]


def leave(room: Room, player_id: int, now: datetime, reason: str = "left") -> None:
    """Takes a player's seat away; what they have staked in a round stays in it. Raises `NotSeated`.

    The longest-seated of the others becomes host; a table without anybody closes as soon as its round is over.
    """
    seat = room.get_seat(player_id)
    room.seats.remove(seat)
    room.active_at = now
    room.gone.append((player_id, reason))
    room.tell("player_left", username=seat.username, seat=seat.seat, reason=reason)
    if not room.seats:
        if room.in_play:
            hurry_turn(room, now)
        else:
            close(room, "empty")
        return
    if room.host_id == player_id:
        room.host_id = min(room.seats, key=lambda one: (one.joined_at, one.seat)).player_id
        room.tell("new_host", host=room.host)
    hurry(room, now)


def drop(room: Room, player_id: int, now: datetime) -> None:
    """A player's connection is gone: the seat is kept for a while. Harmless when it is so already."""
    seat = room.find_seat(player_id)
    if seat is not None and seat.connected:
        seat.dropped_at = now
        tell_status(room, seat)


def expire_dropped(room: Room, now: datetime) -> None:
    """Takes the seats of those who have not come back in time."""
    for seat in list(room.seats):
        if seat.dropped_at is not None and seat.dropped_at + SEAT_KEPT <= now:
            leave(room, seat.player_id, now, "dropped")


def kick(room: Room, host_id: int, username: str, now: datetime) -> None:
    """The host asks somebody to leave for good. Raises `NotHost`, `NotSeated`, `IllegalAction`."""
    room.require_host(host_id)
    # No two names differ in case alone.
    target = next((seat for seat in room.seats if seat.username.lower() == username.lower()), None)
    if target is None:
        raise NotSeated("There is nobody of that name at this table.")
    if target.player_id == host_id:
        raise IllegalAction("The host leaves by leaving.")
    room.removed.append(target.player_id)
    leave(room, target.player_id, now, "kicked")


def set_ready(room: Room, player_id: int, ready: bool, now: datetime) -> None:
    """Sits a player out, or in again. Who sits out takes back what was offered. Raises `NotSeated`."""
    seat = room.get_seat(player_id)
    room.active_at = now
    if seat.ready == ready:
        return
    seat.ready = ready
    if not ready:
        seat.clear()
    tell_status(room, seat)
    hurry(room, now)


def tell_status(room: Room, seat: Seat) -> None:
    room.tell("player_status", username=seat.username, seat=seat.seat, status=seat.status)


# The course of the table --------------------------------------------------------------------------------------------


def start(room: Room, player_id: int, now: datetime) -> None:
    """The host opens the first round's bets. Raises `NotSeated`, `NotHost`, `StaleState` when it has begun already."""
    room.require_host(player_id)
    if room.phase != "waiting":
        raise StaleState("The game has begun already.")
    room.active_at = now
    room.status = "playing"
    room.rounds_without_stake = 0
    open_betting(room, now)


def open_betting(room: Room, now: datetime) -> None:
    """A new round: nothing is staked, the clock runs."""
    room.dealt = None
    room.phase = "betting"
    room.round_no += 1
    room.deadline_at = now + timedelta(seconds=room.betting_seconds)
    for seat in room.seats:
        seat.clear()


def skip_round(room: Room, now: datetime) -> None:
    """Nobody has staked. The second time in a row the table goes back to waiting."""
    room.rounds_without_stake += 1
    if room.rounds_without_stake < ROUNDS_WITHOUT_STAKE:
        open_betting(room, now)
        return
    room.status = room.phase = "waiting"
    room.deadline_at = None
    room.dealt = None
    room.rounds_without_stake = 0
    room.active_at = now
    for seat in room.seats:
        seat.clear()


def show_result(room: Room, now: datetime, outcome: dict[str, Any], results: list[dict[str, Any]]) -> None:
    """The round is settled; its result stands for a while."""
    assert room.dealt is not None, "only a dealt round has a result"
    room.phase = "result"
    room.deadline_at = now + RESULT_TIME
    room.dealt.settled = True
    room.dealt.outcome = outcome
    room.dealt.results = results
    room.rounds_without_stake = 0
    room.active_at = now
    fairness = {
        "server_seed_hash": room.dealt.server_seed_hash,
        "client_seed": room.dealt.client_seed,
        "nonce": room.dealt.nonce,
    }
    room.tell("round_result", round_id=room.dealt.id, outcome=outcome, results=results, fairness=fairness)


def close(room: Room, reason: str) -> None:
    """The end of the table."""
    room.status = "closed"
    room.phase = "waiting"
    room.deadline_at = None
    room.closed_reason = reason
    room.gone.extend((seat.player_id, reason) for seat in room.seats)
    room.seats = []
    room.tell("room_closed", reason=reason)


def hurry(room: Room, now: datetime) -> None:
    """Lets a clock run out at once when nobody is left to wait for."""
    if room.phase == "betting" and all_done(room):
        room.deadline_at = now
    else:
        hurry_turn(room, now)


def hurry_turn(room: Room, now: datetime) -> None:
    """Nobody waits twenty seconds for somebody who has left the table."""
    dealt = room.dealt
    if dealt is None or dealt.turn is None or room.phase != "acting":
        return
    if room.find_seat(dealt.entrants[dealt.turn].player_id) is None:
        room.deadline_at = now


def all_done(room: Room) -> bool:
    """Whether every seat that is ready has placed its bets for good, and there is one."""
    ready = [seat for seat in room.seats if seat.ready]
    return bool(ready) and all(seat.done for seat in ready)


def betting_is_open(room: Room, now: datetime) -> bool:
    return room.phase == "betting" and room.deadline_at is not None and now < room.deadline_at


def is_idle(room: Room, now: datetime) -> bool:
    return room.phase == "waiting" and not room.closed and room.active_at + IDLE_TIME <= now
