"""What players do at live tables, and what the clocks do. Nothing is kept here: any worker handles any table.

Every change is one transaction that locks the table's row first and then the books it needs, applies the pure rules,
and writes table, coins and events together. A command that fails writes nothing.
"""

import asyncio
import hmac
import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

import structlog

from ..core.db import MAX_ATTEMPTS, Conflict, Connection, Database, Insert, is_transient
from ..core.errors import AppError, RateLimited, Unavailable
from ..core.ids import new_id
from ..core.rates import Limiter, Rate
from ..fairness.seeds import new_table_pair
from ..games.roulette.engine import Bet
from ..games.rounds import ROUND_READING, RoundNotFound, Rounds
from ..realtime.shared import Presence
from ..wallet.posting import AccountFrozen, Ledgers, Posting, Reading, Together
from . import store
from .dealing import Change, Dealer, Postings, is_pair_used_up, permit, reveal, rotate
from .replay import round_view
from .rules import room as course
from .rules import rounds as play
from .rules.errors import InvalidBet, InvalidInvite, RoomNotFound, TooManyTables
from .rules.room import MAX_SEATS, MIN_SEATS, STAKES, GameType, Room
from .views import room_view, state_view

log = structlog.get_logger(__name__)
T = TypeVar("T")

MAX_TABLES: Final = 3
LISTED: Final = 200
DUE_AT_ONCE: Final = 64
# So many earlier changes are told before a new one: more than are ever on their way at once.
TOLD_BEFORE: Final = 16
TABLES_REMEMBERED: Final = 10_000
# A table whose clock fails this often in a row cannot go on: its stakes are given back.
FAILURES: Final = 5
# 31 letters and digits that cannot be mistaken for each other: twelve of them are 59 bits.
_INVITE_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_INVITE_LENGTH: Final = 12
GUESSES: Final = Rate("table_invite", count=10, period=60.0, burst=10)
CREATIONS: Final = Rate("table_create", count=10, period=60.0, burst=10)

# With the books: how many tables the player sits at, and the login with which they sit at this one.
_SEATED: Final = Reading(
    columns=", (SELECT count(*) FROM seats x WHERE x.player_id = b.player_id) AS tables_count,"
    " login.created_at AS session_created_at",
    joins=" LEFT JOIN seats t ON t.room_id = :room_id AND t.player_id = b.player_id"
    " LEFT JOIN sessions login ON login.id = t.session_id",
    parameters=("room_id",),
)
_READING: Final = ROUND_READING + _SEATED

Needs = Callable[[Change], Iterable[int]]
"""Whose books a change needs; may refuse it."""


class _NothingDue(Exception):
    """Another worker was faster, or is at it."""


def watchers_of(room_id: str) -> str:
    """The presence room of a table's spectators."""
    return f"watch:{room_id}"


def players_of(room_id: str) -> str:
    """The presence room of a table's connected players."""
    return f"seat:{room_id}"


def topic_of(room_id: str) -> str:
    return f"table:{room_id}"


def private_topic_of(room_id: str, player_id: int) -> str:
    """Where a table tells one player something that is nobody else's business."""
    return f"table:{room_id}:{player_id}"


INTERNAL_TOPIC: Final = "_tables"


class Tables:
    """All live tables. One per process."""

    def __init__(self, db: Database, ledgers: Ledgers, rounds: Rounds, limiter: Limiter, presence: Presence) -> None:
        self._db = db
        self._ledgers = ledgers
        self._dealer = Dealer(rounds)
        self._limiter = limiter
        self._presence = presence
        self._failures: Counter[str] = Counter()
        self._handed_on: OrderedDict[str, list[str]] = OrderedDict()
        self.due_soon = asyncio.Event()
        """Set when a clock of some table has been made to run out at once."""

    # Looking

    async def list_rooms(self, game_type: str | None = None) -> list[dict[str, Any]]:
        """The contract's `room` of every open public table, newest first."""
        return [room_view(room) for room in await store.list_public(self._db, game_type, LISTED)]

    async def list_own(self, player_id: int) -> list[dict[str, Any]]:
        """The tables at which the player sits."""
        return [room_view(room) for room in await store.list_of_player(self._db, player_id)]

    async def get_room(self, room_id: str) -> Room:
        """Raises `RoomNotFound`, also for closed tables."""
        room = await store.find(self._db, room_id)
        if room is None:
            raise RoomNotFound
        return room

    async def get_view(self, room_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The contract's `room` and `table_state` at this moment, with who watches just now. Raises `RoomNotFound`."""
        room = await self.get_room(room_id)
        room.spectators = len(await self._presence.members(watchers_of(room_id)))
        return room_view(room), state_view(room, await _balance_on_turn(self._db, room, {}))

    async def get_round(self, round_id: str, player_id: int | None) -> dict[str, Any]:
        """The record of a round that is over: see `replay.round_view`. Raises `RoundNotFound`.

        Rounds of private tables are for those who played them.
        """
        row = await self._db.fetch_one(
            "SELECT t.*, p.server_seed, p.revealed_at, r.private FROM table_rounds t JOIN rooms r ON r.id = t.room_id"
            " JOIN seed_pairs p ON p.id = t.seed_pair_id WHERE t.id = :id AND t.status = 'settled'",
            id=round_id,
        )
        if row is None:
            raise RoundNotFound
        view = round_view(row, player_id)
        if row["private"] and not any(entrant["own"] for entrant in view["entrants"]):
            raise RoundNotFound
        return view

    async def may_chat(self, room_id: str, player_id: int) -> bool:
        """Whether the player has a seat at the table."""
        row = await self._db.fetch_one(
            "SELECT 1 AS one FROM seats WHERE room_id = :room_id AND player_id = :player_id",
            room_id=room_id,
            player_id=player_id,
        )
        return row is not None

    # Coming and going

    async def create(
        self,
        *,
        player_id: int,
        username: str,
        session_id: str,
        game_type: GameType,
        max_players: int = 4,
        private: bool = False,
        betting_seconds: int = 15,
        min_stake: int | None = None,
        max_stake: int | None = None,
    ) -> Room:
        """Opens a table; its creator sits there and is the host.

        Raises `InvalidBet` for limits that the game does not have, `TooManyTables`, `AccountFrozen`, `RateLimited`.
        """
        low, high = _limits(game_type, min_stake, max_stake)
        if not MIN_SEATS[game_type] <= max_players <= MAX_SEATS[game_type]:
            raise InvalidBet(f"A {game_type} table has {MIN_SEATS[game_type]} to {MAX_SEATS[game_type]} seats.")
        await self._take(CREATIONS, player_id)
        room_id = new_id()
        parameters = {"room_id": room_id, "game": game_type}
        async with self._ledgers.together([player_id], reading=_READING, parameters=parameters) as group:
            posting = group.postings[player_id]
            _require_place(posting)
            now = posting.now
            pair = new_table_pair(room_id, now)
            room = Room(
                id=room_id,
                game_type=game_type,
                host_id=player_id,
                max_players=max_players,
                private=private,
                invite_code=_new_invite() if private else None,
                min_stake=low,
                max_stake=high,
                betting_seconds=betting_seconds,
                status="waiting",
                phase="waiting",
                version=1,
                round_no=0,
                deadline_at=None,
                seed_pair_id=pair["id"],
                server_seed=pair["server_seed"],
                server_seed_hash=pair["server_seed_hash"],
                nonce=0,
                spectators=0,
                active_at=now,
                created_at=now,
            )
            course.sit(room, player_id, username, session_id, now)
            await group.connection.insert("seed_pairs", pair)
            room.outbox_ids = [group.outbox_id]
            await store.create(group.connection, room)
            if not private:
                group.tell("lobby", "room_opened", room_view(room))
        return room

    async def join(
        self, room_id: str, *, player_id: int, username: str, session_id: str, invite_code: str | None = None
    ) -> tuple[Room, dict[str, Any]]:
        """Takes a seat, or comes back to it; answers the table and its state.

        Raises `RoomNotFound`, `InvalidInvite`, `RoomFull`, `Removed`, `TooManyTables`, `AccountFrozen`, `RateLimited`.
        """
        await self.admit(room_id, player_id, invite_code)

        def sit(change: Change, postings: Postings) -> Room:
            if change.room.find_seat(player_id) is None:
                _require_place(postings[player_id])
            course.sit(change.room, player_id, username, session_id, change.now)
            return change.room

        room = await self._change(room_id, sit, needs=lambda _: [player_id])
        return room, state_view(room, await _balance_on_turn(self._db, room, {}))

    async def admit(self, room_id: str, player_id: int, invite_code: str | None) -> Room:
        """Lets a player come near a table: a private one takes its invite code, or the seat they have there.

        Guesses are counted, good ones too. Raises `RoomNotFound`, `InvalidInvite`, `RateLimited`.
        """
        room = await self.get_room(room_id)
        if room.private and room.find_seat(player_id) is None:
            await self._take(GUESSES, player_id)
            expected = (room.invite_code or "").encode()
            if not hmac.compare_digest(expected, (invite_code or "").strip().upper().encode()):
                raise InvalidInvite
        return room

    async def leave(self, room_id: str, player_id: int) -> None:
        """Gives the seat up. Raises `RoomNotFound`, `NotSeated`."""
        await self._change(room_id, lambda change, _: course.leave(change.room, player_id, change.now))

    async def drop(self, room_id: str, player_id: int, username: str) -> None:
        """The player's last connection is gone: the seat is kept for a minute. Harmless when they are back."""

        def drop(change: Change, _: Postings) -> None:
            course.drop(change.room, player_id, change.now)

        if username not in await self._presence.members(players_of(room_id)):
            await self._change_quietly(room_id, drop)

    async def kick(self, room_id: str, player_id: int, username: str) -> None:
        """The host sends somebody away. Raises `RoomNotFound`, `NotSeated`, `NotHost`, `IllegalAction`."""
        await self._change(room_id, lambda change, _: course.kick(change.room, player_id, username, change.now))

    async def count_spectators(self, room_id: str) -> None:
        """Writes how many watch the table now, if that has changed."""
        count = len(await self._presence.members(watchers_of(room_id)))

        def count_them(change: Change, _: Postings) -> None:
            change.room.spectators = count

        room = await store.find(self._db, room_id)
        if room is not None and room.spectators != count:
            await self._change_quietly(room_id, count_them)

    # Playing

    async def start(self, room_id: str, player_id: int) -> None:
        """The host opens the bets. Raises `RoomNotFound`, `NotSeated`, `NotHost`, `StaleState`."""
        await self._change(room_id, lambda change, _: course.start(change.room, player_id, change.now))

    async def set_ready(self, room_id: str, player_id: int, ready: bool) -> None:
        """In, or sitting out. Raises `RoomNotFound`, `NotSeated`."""
        await self._change(room_id, lambda change, _: course.set_ready(change.room, player_id, ready, change.now))

    async def place_bets(self, room_id: str, player_id: int, bets: Sequence[Bet], done: bool) -> None:
        """Roulette: the player's chips, in place of earlier ones. They are charged when bets close.

        Raises `RoomNotFound`, `NotSeated`, `IllegalAction`, `BettingClosed`, `InvalidBet` and what forbids the stake.
        """

        def offer(change: Change, postings: Postings) -> None:
            seat = play.offer_bets(change.room, player_id, bets, done, change.now)
            if seat.stake:
                permit(postings[player_id], seat.stake)

        await self._change(room_id, offer, needs=lambda _: [player_id], lock_books=False)

    async def place_stake(self, room_id: str, player_id: int, stake: int) -> None:
        """Blackjack, or a race (for each spin). Charged when bets close. Raises as `place_bets`."""

        def offer(change: Change, postings: Postings) -> None:
            seat = play.offer_stake(change.room, player_id, stake, change.now)
            permit(postings[player_id], play.cost(change.room, seat))

        await self._change(room_id, offer, needs=lambda _: [player_id], lock_books=False)

    async def act(self, room_id: str, player_id: int, action: str, version: int | None) -> None:
        """Blackjack: a decision on one's own turn. `version` is the table's that the player saw.

        Raises `RoomNotFound`, `NotSeated`, `StaleState`, `NotYourTurn`, `IllegalAction`, `InsufficientFunds` and what
        forbids the stake.
        """

        def concerned(change: Change) -> Iterable[int]:
            room = change.room
            index, _ = play.check_decision(room, player_id, action, version, change.now)
            return _entrants(room) if play.would_end(room, index, action) else [player_id]

        def act(change: Change, postings: Postings) -> None:
            self._dealer.act(change, postings, player_id, action, version)

        await self._change(room_id, act, needs=concerned)

    # Clocks

    async def list_due(self) -> list[tuple[str, float]]:
        """Tables with a clock that runs out within moments: the id and the seconds until then (0 when it has)."""
        now = self._db.now_sql
        soon = f"{now} + interval '200 milliseconds'"
        if self._db.dialect == "sqlite":
            soon = "strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now', '+0.2 seconds')"
        rows = await self._db.fetch(
            f"SELECT id, due_at, {now} AS now_at FROM rooms WHERE due_at <= {soon} ORDER BY due_at LIMIT :limit",
            limit=DUE_AT_ONCE,
        )
        return [(row["id"], max(0.0, (row["due_at"] - row["now_at"]).total_seconds())) for row in rows]

    async def run_due(self, room_id: str) -> bool:
        """Does what a table's clock asks for; False when there was nothing to do, or another worker is at it."""
        try:
            await self._change(room_id, self._run_clocks, needs=_concerned_by_clock, wait=False)
        except (_NothingDue, RoomNotFound):
            return False
        except Unavailable:
            raise
        except Exception:
            log.exception("table_clock_failed", room=room_id)
            self._failures[room_id] += 1
            if self._failures[room_id] >= FAILURES:
                await self.void(room_id)
        else:
            self._failures.pop(room_id, None)
        return True

    async def void(self, room_id: str) -> None:
        """Gives back what is staked at a table that cannot go on, and closes it."""
        log.error("table_voided", room=room_id)
        await self._change(room_id, self._dealer.void, needs=lambda change: _entrants(change.room))
        self._failures.pop(room_id, None)

    def _run_clocks(self, change: Change, postings: Postings) -> None:
        room, now = change.room, change.now
        course.expire_dropped(room, now)
        if room.closed:
            return
        if course.is_idle(room, now):
            course.close(room, "idle")
            return
        if not change.clock_due:
            return
        if room.phase == "betting":
            self._dealer.close_betting(change, postings)
        elif room.phase == "acting":
            self._dealer.run_clock(change, postings)
        elif room.phase == "result":
            _begin_anew(change)

    # Presence

    async def compare_with_presence(self, suspects: set[tuple[str, int]]) -> set[tuple[str, int]]:
        """Marks who is gone although the table thinks they are there, and the other way round.

        Somebody is gone for certain when missing in two comparisons: `suspects` are those of the one before, answered
        are those of this one as (room id, player id).
        """
        rows = await self._db.fetch(
            "SELECT s.room_id, s.player_id, s.username, s.dropped_at FROM seats s ORDER BY s.room_id"
        )
        missing: set[tuple[str, int]] = set()
        members: dict[str, list[str]] = {}
        for row in rows:
            room_id, key = row["room_id"], (row["room_id"], row["player_id"])
            if room_id not in members:
                members[room_id] = await self._presence.members(players_of(room_id))
            here = row["username"] in members[room_id]
            if not here and row["dropped_at"] is None:
                missing.add(key)
                if key in suspects:
                    await self.drop(room_id, row["player_id"], row["username"])
            elif here and row["dropped_at"] is not None:
                await self._change_quietly(room_id, _welcome(row["player_id"]))
        watched = "SELECT id FROM rooms WHERE status IN ('waiting', 'playing') AND spectators > 0"
        for row in await self._db.fetch(watched):
            await self.count_spectators(row["id"])
        return missing

    # One change

    async def _change(
        self,
        room_id: str,
        decide: Callable[[Change, Postings], T],
        *,
        needs: Needs | None = None,
        wait: bool = True,
        lock_books: bool = True,
    ) -> T:
        """Runs `decide` on the locked table and writes what it did; tries again when the database asks for it.

        `needs` says whose books are opened; `lock_books=False` where they are only looked at.
        """
        for attempt in range(MAX_ATTEMPTS):
            try:
                return await self._change_once(room_id, decide, needs, wait, lock_books)
            except Conflict:
                continue
            except AppError:
                raise
            except Exception as error:
                if not is_transient(error):
                    raise
                await asyncio.sleep(0.01 * 2**attempt)
        raise Unavailable

    async def _change_quietly(self, room_id: str, decide: Callable[[Change, Postings], T]) -> None:
        """A change that does not matter when the table is gone."""
        try:
            await self._change(room_id, decide)
        except RoomNotFound:
            return

    async def _change_once(
        self,
        room_id: str,
        decide: Callable[[Change, Postings], T],
        needs: Needs | None,
        wait: bool,
        lock_books: bool,
    ) -> T:
        parameters: dict[str, Any] = {"room_id": room_id}
        changes: list[Change] = []
        before: list[dict[str, Any]] = []

        async def lock(connection: Connection) -> Iterable[int]:
            now = await store.lock(connection, room_id, wait=wait)
            room = None if now is None else await store.find(connection, room_id)
            if now is None or room is None:
                raise RoomNotFound if wait else _NothingDue
            parameters["game"] = room.game_type
            due = room.deadline_at is not None and room.deadline_at <= now
            changes.append(Change(room, now, store.copy_seats(room), due))
            before.append(room_view(room))
            return needs(changes[0]) if needs is not None else ()

        async with self._ledgers.together(lock, reading=_READING, parameters=parameters, lock=lock_books) as group:
            change = changes[0]
            result = decide(change, group.postings)
            await self._write(change, group, before[0])
        self._hand_on(change.room)
        due_at = change.room.due_at()
        if due_at is not None and due_at <= change.now:
            self.due_soon.set()
        return result

    async def _write(self, change: Change, group: Together, before: dict[str, Any]) -> None:
        room, connection = change.room, group.connection
        if room.closed:
            reveal(change)
        await self._tell_in_order(room, group)
        seen, room.version = room.version, room.version + 1
        await self._tell(change, group, before)
        group.is_written = True
        outbox = Insert("outbox", group.outbox_row(change.now))
        await store.write(connection, room, seen, change.seats_before, change.now, [*change.rows, outbox])

    async def _tell(self, change: Change, group: Together, before: dict[str, Any]) -> None:
        """What everybody hears of a change, the table's new state at the least."""
        room, topic = change.room, topic_of(change.room.id)
        # A table that closes says so last.
        for name, data in sorted(room.told, key=lambda event: event[0] == "room_closed"):
            group.tell(topic, name, data)
        for player_id, name, data in room.private_told:
            group.tell(private_topic_of(room.id, player_id), name, data)
        if not room.closed:
            balance = await _balance_on_turn(group.connection, room, group.postings)
            group.tell(topic, "table_state", state_view(room, balance))
        for player_id, reason in room.gone:
            group.tell(INTERNAL_TOPIC, "gone", {"room_id": room.id, "player_id": player_id, "reason": reason})
        after = room_view(room)
        if room.closed:
            group.tell(INTERNAL_TOPIC, "closed", {"room_id": room.id, "reason": room.closed_reason})
        if after != before:
            if not room.closed:
                group.tell(topic, "room_changed", after)
            if not room.private:
                group.tell("lobby", "room_closed" if room.closed else "room_changed", after)

    async def _tell_in_order(self, room: Room, group: Together) -> None:
        """Has the events of the changes before this one told first, whichever worker's they are.

        Each worker tells its own after the commit, so two could overtake each other; the bus takes a row once.
        """
        handed_on = self._handed_on.get(room.id, ())
        if missing := [outbox_id for outbox_id in room.outbox_ids if outbox_id not in handed_on]:
            group.earlier = await store.find_untold(group.connection, missing)
        room.outbox_ids = [*room.outbox_ids, group.outbox_id][-TOLD_BEFORE:]

    def _hand_on(self, room: Room) -> None:
        """Remembers what this worker's relay has of a table's last changes; what it has not, had been told already."""
        self._handed_on[room.id] = room.outbox_ids
        self._handed_on.move_to_end(room.id)
        if room.closed or len(self._handed_on) > TABLES_REMEMBERED:
            self._handed_on.pop(room.id if room.closed else next(iter(self._handed_on)))

    async def _take(self, rate: Rate, player_id: int) -> None:
        if wait := await self._limiter.wait(rate, f"player:{player_id}"):
            raise RateLimited(wait)


def _begin_anew(change: Change) -> None:
    """The result has been shown: the next round's bets, by a fresh pair when the old one is used up."""
    room = change.room
    if not room.seats:
        course.close(room, "empty")
        return
    if is_pair_used_up(room):
        rotate(change)
    course.open_betting(room, change.now)


def _concerned_by_clock(change: Change) -> Iterable[int]:
    """Whose books a table's clock needs. Raises `_NothingDue`."""
    room = change.room
    due_at = room.due_at()
    if due_at is None or due_at > change.now:
        raise _NothingDue
    if not change.clock_due:
        return ()
    if room.phase == "betting":
        # Those who only sit there give their client seeds.
        return [seat.player_id for seat in room.seats] if play.staking(room) else ()
    return _entrants(room) if room.phase == "acting" else ()


def _entrants(room: Room) -> list[int]:
    return [entrant.player_id for entrant in room.dealt.entrants] if room.dealt is not None else []


def _welcome(player_id: int) -> Callable[[Change, Postings], None]:
    def welcome(change: Change, _: Postings) -> None:
        seat = change.room.find_seat(player_id)
        if seat is not None and not seat.connected:
            seat.dropped_at = None
            course.tell_status(change.room, seat)

    return welcome


def _require_place(posting: Posting) -> None:
    """Raises `AccountFrozen`, `TooManyTables`. With the books locked, so that two requests cannot both be the third."""
    if posting.row["user_status"] != "active":
        raise AccountFrozen("Play is stopped for this account. Your coins are safe.")
    if posting.row["tables_count"] >= MAX_TABLES:
        raise TooManyTables


def _limits(game_type: str, min_stake: int | None, max_stake: int | None) -> tuple[int, int]:
    """The stakes a new table takes. Raises `InvalidBet`."""
    least, most = STAKES[game_type]
    low = least if min_stake is None else min_stake
    high = most if max_stake is None else max_stake
    if not least <= low <= high <= most:
        raise InvalidBet(f"Stakes at a {game_type} table lie between {least:,} and {most:,} coins.")
    return low, high


def _new_invite() -> str:
    return "".join(secrets.choice(_INVITE_LETTERS) for _ in range(_INVITE_LENGTH))


async def _balance_on_turn(connection: Connection, room: Room, postings: Postings) -> int | None:
    """The balance of the player whose decision is due; None when there is none."""
    if room.phase != "acting" or room.dealt is None or room.dealt.turn is None:
        return None
    player_id = room.dealt.entrants[room.dealt.turn].player_id
    if player_id in postings:
        return postings[player_id].balance
    row = await connection.fetch_one("SELECT balance FROM books WHERE player_id = :player_id", player_id=player_id)
    return None if row is None else int(row["balance"])
