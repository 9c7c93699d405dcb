"""Reading tables from the database and writing back what has changed."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from ..core.db import Batch, Connection, Row, Statement, Update
from ..core.db import Insert as InsertRow
from ..core.jsonio import dumps_text, loads
from ..wallet.posting import Message
from .rules.errors import RoomNotFound
from .rules.room import Dealt, Entrant, Room, Seat

_READ: Final = (
    "SELECT r.*, p.server_seed, p.server_seed_hash, s.player_id, s.username, s.session_id, s.seat, s.joined_at,"
    " s.ready, s.done, s.stake, s.bets, s.dropped_at FROM rooms r JOIN seed_pairs p ON p.id = r.seed_pair_id"
    " LEFT JOIN seats s ON s.room_id = r.id"
)
_SEAT_COLUMNS: Final = ("ready", "done", "stake", "session_id", "dropped_at")


async def lock(connection: Connection, room_id: str, *, wait: bool = True) -> datetime | None:
    """Takes the table for this transaction; answers the database's time, None if it is taken and `wait` is False.

    Raises `RoomNotFound`. On SQLite the transaction itself is the lock.
    """
    sql = f"SELECT {connection.now_sql} AS now_at FROM rooms WHERE id = :id"
    if connection.dialect == "postgres":
        sql += " FOR UPDATE" if wait else " FOR UPDATE SKIP LOCKED"
    row = await connection.fetch_one(sql, id=room_id)
    if row is None:
        if wait:
            raise RoomNotFound
        return None
    return row["now_at"]  # type: ignore[no-any-return]


async def find(connection: Connection, room_id: str) -> Room | None:
    """The table as it is now, in one statement; None for none and for closed ones."""
    rows = await connection.fetch(f"{_READ} WHERE r.id = :id AND r.status <> 'closed' ORDER BY s.seat", id=room_id)
    return _room(rows) if rows else None


async def list_public(connection: Connection, game_type: str | None, limit: int) -> list[Room]:
    """Open public tables, newest first."""
    only = " AND game_type = :game_type" if game_type else ""
    rows = await connection.fetch(
        f"{_READ} WHERE r.id IN (SELECT id FROM rooms WHERE status IN ('waiting', 'playing') AND NOT private{only}"
        " ORDER BY id DESC LIMIT :limit) ORDER BY r.id DESC, s.seat",
        game_type=game_type,
        limit=limit,
    )
    rooms: dict[str, list[Row]] = {}
    for row in rows:
        rooms.setdefault(row["id"], []).append(row)
    return [_room(group) for group in rooms.values()]


async def list_of_player(connection: Connection, player_id: int) -> list[Room]:
    """The tables at which a player has a seat, newest first."""
    rows = await connection.fetch(
        f"{_READ} WHERE r.id IN (SELECT room_id FROM seats WHERE player_id = :player_id) ORDER BY r.id DESC, s.seat",
        player_id=player_id,
    )
    rooms: dict[str, list[Row]] = {}
    for row in rows:
        rooms.setdefault(row["id"], []).append(row)
    return [_room(group) for group in rooms.values()]


async def find_untold(connection: Connection, outbox_ids: Sequence[str]) -> list[tuple[str, list[Message]]]:
    """Those of these rows of the outbox whose events may not have been told yet, oldest first: (id, events)."""
    chosen, parameters = connection.one_of("id", outbox_ids)
    rows = await connection.fetch(f"SELECT id, events FROM outbox WHERE {chosen}", **parameters)
    events = {row["id"]: [Message(*event) for event in loads(row["events"])] for row in rows}
    return [(outbox_id, events[outbox_id]) for outbox_id in outbox_ids if outbox_id in events]


def _room(rows: list[Row]) -> Room:
    first = rows[0]
    state = loads(first["state"])
    return Room(
        id=first["id"],
        game_type=first["game_type"],
        host_id=first["host_id"],
        max_players=first["max_players"],
        private=bool(first["private"]),
        invite_code=first["invite_code"],
        min_stake=first["min_stake"],
        max_stake=first["max_stake"],
        betting_seconds=first["betting_seconds"],
        status=first["status"],
        phase=first["phase"],
        version=first["version"],
        round_no=first["round_no"],
        deadline_at=first["deadline_at"],
        seed_pair_id=first["seed_pair_id"],
        server_seed=first["server_seed"],
        server_seed_hash=first["server_seed_hash"],
        nonce=first["nonce"],
        spectators=first["spectators"],
        active_at=first["active_at"],
        created_at=first["created_at"],
        seats=[_seat(row) for row in rows if row["player_id"] is not None],
        dealt=_dealt(state["dealt"]),
        recent=state["recent"],
        removed=state["removed"],
        rounds_without_stake=state["rounds_without_stake"],
        rounds_on_pair=state["rounds_on_pair"],
        outbox_ids=state.get("outbox_ids", []),
    )


def _seat(row: Row) -> Seat:
    return Seat(
        player_id=row["player_id"],
        username=row["username"],
        session_id=row["session_id"],
        seat=row["seat"],
        joined_at=row["joined_at"],
        ready=bool(row["ready"]),
        done=bool(row["done"]),
        stake=row["stake"],
        bets=loads(row["bets"]),
        dropped_at=row["dropped_at"],
    )


def _dealt(data: dict[str, Any] | None) -> Dealt | None:
    if data is None:
        return None
    return Dealt(**{**data, "entrants": [Entrant(**entrant) for entrant in data["entrants"]]})


def copy_seats(room: Room) -> dict[int, Seat]:
    """The seats as they are, to be compared with after a change."""
    return {seat.player_id: replace(seat, bets=list(seat.bets)) for seat in room.seats}


def room_values(room: Room) -> dict[str, Any]:
    """The columns of `rooms` that change."""
    state = {
        "dealt": None if room.dealt is None else asdict(room.dealt),
        "recent": room.recent,
        "removed": room.removed,
        "rounds_without_stake": room.rounds_without_stake,
        "rounds_on_pair": room.rounds_on_pair,
        "outbox_ids": room.outbox_ids,
    }
    return {
        "host_id": room.host_id,
        "status": room.status,
        "phase": room.phase,
        "version": room.version,
        "round_no": room.round_no,
        "deadline_at": room.deadline_at,
        "due_at": room.due_at(),
        "seed_pair_id": room.seed_pair_id,
        "nonce": room.nonce,
        "spectators": room.spectators,
        "state": dumps_text(state),
        "active_at": room.active_at,
    }


def seat_values(room: Room, seat: Seat) -> dict[str, Any]:
    """A row of `seats`."""
    return {
        "room_id": room.id,
        "player_id": seat.player_id,
        "username": seat.username,
        "session_id": seat.session_id,
        "seat": seat.seat,
        "joined_at": seat.joined_at,
        "ready": seat.ready,
        "done": seat.done,
        "stake": seat.stake,
        "bets": dumps_text(seat.bets),
        "dropped_at": seat.dropped_at,
    }


async def create(connection: Connection, room: Room) -> None:
    """Inserts a new table with those who sit there."""
    fixed = {
        "id": room.id,
        "game_type": room.game_type,
        "max_players": room.max_players,
        "private": room.private,
        "invite_code": room.invite_code,
        "min_stake": room.min_stake,
        "max_stake": room.max_stake,
        "betting_seconds": room.betting_seconds,
        "created_at": room.created_at,
    }
    await connection.insert("rooms", {**fixed, **room_values(room)})
    for seat in room.seats:
        await connection.insert("seats", seat_values(room, seat))


async def write(
    connection: Connection,
    room: Room,
    seen: int,
    seats_before: dict[int, Seat],
    now: datetime,
    rows: Sequence[Statement],
) -> None:
    """Writes the table in its new version, what has changed of its seats, and `rows`. Raises `Conflict` if it is no
    longer in the version that was `seen`.

    Seats that are taken away go first: their numbers may be somebody else's in the same change.
    """
    here = {seat.player_id for seat in room.seats}
    for player_id in seats_before.keys() - here:
        sql = "DELETE FROM seats WHERE room_id = :room_id AND player_id = :player_id"
        await connection.execute(sql, room_id=room.id, player_id=player_id)
    values = room_values(room)
    if room.closed:
        values["closed_at"] = now
    batch = Batch(Update("rooms", values, {"id": room.id, "version": seen}))
    for seat in room.seats:
        statement = _seat_statement(room, seat, seats_before.get(seat.player_id))
        if statement is not None:
            batch.add(statement)
    for row in rows:
        batch.add(row)
    await connection.write(batch)


def _seat_statement(room: Room, seat: Seat, before: Seat | None) -> Statement | None:
    if before is None:
        return InsertRow("seats", seat_values(room, seat))
    if before == seat:
        return None
    values = {name: getattr(seat, name) for name in _SEAT_COLUMNS}
    values["bets"] = dumps_text(seat.bets)
    return Update("seats", values, {"room_id": room.id, "player_id": seat.player_id})
