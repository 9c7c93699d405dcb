"""`/ws/tables`: listing, watching, joining and playing at live tables."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..core.errors import AppError, NotAuthenticated
from ..core.jsonio import loads
from ..games.roulette.engine import MAX_BETS, Bet
from ..realtime.bus import Event
from ..realtime.live import Live
from ..realtime.shared import Presence
from ..realtime.ws import Answer, Channel, Connection, Following
from .clock import Clock
from .rules.errors import RoomNotFound
from .service import INTERNAL_TOPIC, Tables, players_of, private_topic_of, topic_of, watchers_of
from .views import room_view, state_id

PATH: Final = "/ws/tables"
MAX_WATCHED: Final = 10  # tables of one connection; a page shows one
# States of a table that may still be on their way when a newer one has been read.
_STATES_BEHIND: Final = 200
_LAST_WORDS: Final = 5.0  # seconds in which a closed table's last events have surely arrived

GameType = Literal["blackjack", "roulette", "slots"]


class WatchingTooMany(AppError):
    status = 409
    code = "illegal_action"
    title = "Leave a table first"


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Listing(_Data):
    game_type: GameType | None = None


class Creation(_Data):
    game_type: GameType
    max_players: Annotated[int, Field(ge=1, le=8)] = 4
    private: bool = False
    betting_seconds: Annotated[int, Field(ge=5, le=60)] = 15
    min_stake: Annotated[int, Field(ge=1, le=5_000)] | None = None
    max_stake: Annotated[int, Field(ge=1, le=5_000)] | None = None


class AtRoom(_Data):
    room_id: str


class Joining(AtRoom):
    invite_code: str | None = None
    spectate: bool = False


class Readiness(AtRoom):
    ready: bool


class PlacedBet(_Data):
    type: Annotated[str, Field(max_length=16)]
    numbers: Annotated[tuple[int, ...], Field(max_length=6, strict=False)] = ()
    amount: int


class Bets(AtRoom):
    bets: Annotated[tuple[PlacedBet, ...], Field(max_length=MAX_BETS, strict=False)]
    done: bool = False


class Stake(AtRoom):
    stake: int


class Decision(AtRoom):
    action: Annotated[str, Field(max_length=32)]
    version: int | None = None


class Kick(AtRoom):
    username: str


Removed = Callable[[str, int | None], Coroutine[Any, Any, None]]
"""Told that a player (None: everybody) has lost their place at a table, by its id."""


@dataclass(slots=True)
class Place:
    """One connection at one table: the name it is present by, and the player's id if it is seated there."""

    name: str
    player_id: int | None


class TablesChannel:
    """The commands of `/ws/tables`, and which connections of this worker are at which table."""

    def __init__(self, live: Live, tables: Tables, clock: Clock, presence: Presence) -> None:
        self._live = live
        self._tables = tables
        self._clock = clock
        self._presence = presence
        self._at: dict[str, dict[Connection, Place]] = {}
        self._removed: list[Removed] = []
        self.channel = Channel(PATH, anonymous=True)
        self._register()
        live.hub.listen(INTERNAL_TOPIC, self._hear)

    def on_removed(self, hook: Removed) -> None:
        """Calls this on every worker when somebody has left a table, was sent away, or the table has closed."""
        self._removed.append(hook)

    def _register(self) -> None:
        on = self.channel.on
        on("get_multiplayer_rooms", Listing, login=False)(self._list)
        on("create_multiplayer_room", Creation)(self._create)
        on("join_multiplayer_room", Joining, login=False)(self._join)
        on("leave_multiplayer_room", AtRoom, login=False)(self._leave)
        on("set_ready", Readiness)(self._set_ready)
        on("start_game", AtRoom)(self._start)
        on("place_bets", Bets, invalid="invalid_bet")(self._place_bets)
        on("place_stake", Stake, invalid="invalid_bet")(self._place_stake)
        on("act", Decision, invalid="illegal_action")(self._act)
        on("kick_player", Kick)(self._kick)
        self.channel.on_closed(self._closed)
        self.channel.on_gap(self._tell_anew)

    # Coming and going

    async def _list(self, connection: Connection, data: Listing) -> Answer:
        return "multiplayer_rooms_list", {"rooms": await self._tables.list_rooms(data.game_type)}

    async def _create(self, connection: Connection, data: Creation) -> Answer:
        player_id, username, session_id = _who(connection)
        room = await self._tables.create(
            player_id=player_id,
            username=username,
            session_id=session_id,
            game_type=data.game_type,
            max_players=data.max_players,
            private=data.private,
            betting_seconds=data.betting_seconds,
            min_stake=data.min_stake,
            max_stake=data.max_stake,
        )
        self._follow(connection, room.id, player_id)
        await self._enter(connection, room.id, Place(username, player_id))
        return "room_created", {"room": room_view(room), "invite_code": room.invite_code}

    async def _join(self, connection: Connection, data: Joining) -> Answer:
        """Takes a seat, comes back to it, or watches. Without login public tables may be watched."""
        room_id = data.room_id
        if data.spectate and not await self._sits_at(connection, room_id):
            return await self._watch(connection, data)
        player_id, username, session_id = _who(connection)
        was_here = connection in self._at.get(room_id, ())
        following = self._follow(connection, room_id, player_id)
        try:
            room, state = await self._tables.join(
                room_id, player_id=player_id, username=username, session_id=session_id, invite_code=data.invite_code
            )
        except BaseException:
            connection.unfollow(private_topic_of(room_id, player_id))
            if not was_here:
                connection.unfollow(topic_of(room_id))
            raise
        await self._enter(connection, room_id, Place(username, player_id))
        _skip_known(following, state)
        answer: dict[str, Any] = {"room": room_view(room), "state": state}
        if room.private:
            answer["invite_code"] = room.invite_code
        return "joined_room", answer

    async def _sits_at(self, connection: Connection, room_id: str) -> bool:
        """Whether this connection's player has a seat there: asking to watch it is coming back."""
        if connection.identity is None:
            return False
        room = await self._tables.get_room(room_id)
        return room.find_seat(int(connection.identity.player_id)) is not None

    async def _watch(self, connection: Connection, data: Joining) -> Answer:
        room_id = data.room_id
        room = await self._tables.get_room(room_id)
        if connection.identity is not None:
            await self._tables.admit(room_id, int(connection.identity.player_id), data.invite_code)
        elif room.private:
            raise NotAuthenticated
        here = self._at.get(room_id, {})
        if connection not in here and len(connection.state) >= MAX_WATCHED:
            raise WatchingTooMany
        following = connection.follow(topic_of(room_id))
        if connection not in here:
            name = connection.identity.username if connection.identity is not None else f"~{os.urandom(8).hex()}"
            await self._enter(connection, room_id, Place(name, None))
        shown, state = await self._tables.get_view(room_id)
        _skip_known(following, state)
        return "joined_room", {"room": shown, "state": state}

    async def _leave(self, connection: Connection, data: AtRoom) -> Answer:
        """Gives up the seat, or stops watching."""
        room_id = data.room_id
        place = self._at.get(room_id, {}).get(connection)
        if place is not None and place.player_id is None:
            connection.unfollow(topic_of(room_id))
            await self._exit(connection, room_id)
            return "left_room", {"room_id": room_id}
        player_id, *_ = _who(connection)
        await self._tables.leave(room_id, player_id)
        await self._exit(connection, room_id)
        if await self._is_open(room_id):
            self._unfollow(connection, room_id, player_id)
        else:
            # The last to leave hears the end of the table, its seed above all.
            asyncio.get_running_loop().call_later(_LAST_WORDS, self._unfollow, connection, room_id, player_id)
        return "left_room", {"room_id": room_id}

    async def _is_open(self, room_id: str) -> bool:
        try:
            await self._tables.get_room(room_id)
        except RoomNotFound:
            return False
        return True

    # Playing

    async def _set_ready(self, connection: Connection, data: Readiness) -> None:
        await self._tables.set_ready(data.room_id, _who(connection)[0], data.ready)

    async def _start(self, connection: Connection, data: AtRoom) -> None:
        await self._tables.start(data.room_id, _who(connection)[0])

    async def _place_bets(self, connection: Connection, data: Bets) -> None:
        bets = [Bet(bet.type, bet.numbers, bet.amount) for bet in data.bets]
        await self._tables.place_bets(data.room_id, _who(connection)[0], bets, data.done)

    async def _place_stake(self, connection: Connection, data: Stake) -> None:
        await self._tables.place_stake(data.room_id, _who(connection)[0], data.stake)

    async def _act(self, connection: Connection, data: Decision) -> None:
        await self._tables.act(data.room_id, _who(connection)[0], data.action, data.version)

    async def _kick(self, connection: Connection, data: Kick) -> None:
        await self._tables.kick(data.room_id, _who(connection)[0], data.username)

    # Who is where

    def _follow(self, connection: Connection, room_id: str, player_id: int) -> Following:
        connection.follow(private_topic_of(room_id, player_id))
        return connection.follow(topic_of(room_id))

    def _unfollow(self, connection: Connection, room_id: str, player_id: int) -> None:
        connection.unfollow(private_topic_of(room_id, player_id))
        connection.unfollow(topic_of(room_id))

    async def _enter(self, connection: Connection, room_id: str, place: Place) -> None:
        """Notes that a connection is at a table; presence counts it from now on."""
        before = self._at.get(room_id, {}).get(connection)
        if before == place:
            return
        if before is not None:
            await self._exit(connection, room_id)
        self._at.setdefault(room_id, {})[connection] = place
        connection.state[room_id] = place
        await self._presence.join(_presence_room(room_id, place), place.name)
        if place.player_id is None:
            self._clock.count_soon(room_id)

    async def _exit(self, connection: Connection, room_id: str) -> bool:
        """The opposite; True when it was the name's last connection there."""
        place = self._forget(connection, room_id)
        if place is None:
            return False
        last = await self._presence.leave(_presence_room(room_id, place), place.name)
        if place.player_id is None:
            self._clock.count_soon(room_id)
        return last

    def _forget(self, connection: Connection, room_id: str) -> Place | None:
        connection.state.pop(room_id, None)
        here = self._at.get(room_id)
        if here is None:
            return None
        place = here.pop(connection, None)
        if not here:
            del self._at[room_id]
        return place

    async def _closed(self, connection: Connection) -> None:
        """The connection is gone: seats are kept for a minute, unless another one of the player is still there."""
        for room_id, place in list(connection.state.items()):
            last = await self._exit(connection, room_id)
            if last and place.player_id is not None:
                await self._tables.drop(room_id, place.player_id, place.name)

    async def _tell_anew(self, connection: Connection) -> None:
        """Events may have been lost: every table's present state."""
        for room_id, place in list(connection.state.items()):
            if place.player_id is not None:
                connection.follow(private_topic_of(room_id, place.player_id))
            following = connection.follow(topic_of(room_id))
            try:
                _, state = await self._tables.get_view(room_id)
            except AppError:
                continue
            _skip_known(following, state)
            connection.send("table_state", state)

    def _hear(self, event: Event) -> None:
        """Somebody lost their seat or a table closed, perhaps on another worker: their connections here leave it."""
        data: dict[str, Any] = loads(event.data)
        room_id = data["room_id"]
        for hook in self._removed:
            self._live.spawn(hook(room_id, data.get("player_id")))
        for connection, place in list(self._at.get(room_id, {}).items()):
            if event.name == "closed":
                connection.unfollow(topic_of(room_id))
            elif place.player_id is not None and place.player_id == data["player_id"]:
                connection.send("left_room", {"room_id": room_id, "reason": data["reason"]})
                self._unfollow(connection, room_id, place.player_id)
            else:
                continue
            self._live.spawn(self._depart(connection, room_id))

    async def _depart(self, connection: Connection, room_id: str) -> None:
        await self._exit(connection, room_id)


def _presence_room(room_id: str, place: Place) -> str:
    return watchers_of(room_id) if place.player_id is None else players_of(room_id)


def _skip_known(following: Following, state: dict[str, Any]) -> None:
    """States up to this one need not be told any more."""
    room_id, version = state["room_id"], state["version"]
    following.skip(state_id(room_id, number) for number in range(max(0, version - _STATES_BEHIND), version + 1))


def _who(connection: Connection) -> tuple[int, str, str]:
    """The player's id, name and session. Raises `NotAuthenticated`."""
    identity = connection.identity
    if identity is None:
        raise NotAuthenticated
    return int(identity.player_id), identity.username, identity.session_id
