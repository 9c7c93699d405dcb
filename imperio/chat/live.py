"""`/ws/chat`: joining rooms, talking, leaving. Presence counts a user once, however many tabs and workers."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from ..core.errors import AppError
from ..realtime.bus import Bus, Message
from ..realtime.shared import Presence
from ..realtime.ws import Answer, Channel, Connection
from .service import TABLE_PREFIX, Chat

PATH: Final = "/ws/chat"
# A page shows one room, a busy client a few; more is somebody collecting.
MAX_ROOMS: Final = 10
_ROOMS: Final = "rooms"

Eject = Callable[[str, int | None], Coroutine[Any, Any, None]]
"""Takes a player (None: everybody) out of the room of a table, given the table's id."""


class NotJoined(AppError):
    status = 409
    code = "not_joined"
    title = "Join the room first"


class TooManyRooms(AppError):
    status = 409
    code = "too_many_rooms"
    title = "Leave a room first"


class Room(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    room: Annotated[str, Field(min_length=1, max_length=48)]


class Said(Room):
    message: str  # trimmed before it is counted; a frame's own limit bounds what arrives


def chat_channel(chat: Chat, presence: Presence, bus: Bus, on_removed: Callable[[Eject], None]) -> Channel:
    """The channel's commands. `on_removed` is told whom to call when somebody has lost their place at a table."""
    channel = Channel(PATH)
    at_tables: dict[str, set[Connection]] = {}  # of this worker, by room

    def tell(room: str, event: str, username: str) -> None:
        bus.offer(Message(_topic(room), event, {"room": room, "username": username}))

    @channel.on("join_chat", Room)
    async def join(connection: Connection, data: Room) -> Answer:
        player_id, username = _who(connection)
        await chat.require_room(data.room, player_id)
        rooms: set[str] = connection.state.setdefault(_ROOMS, set())
        if data.room not in rooms:
            if len(rooms) >= MAX_ROOMS:
                raise TooManyRooms
            rooms.add(data.room)
            if data.room.startswith(TABLE_PREFIX):
                at_tables.setdefault(data.room, set()).add(connection)
            if await presence.join(_topic(data.room), username):
                tell(data.room, "user_joined_chat", username)
        following = connection.follow(_topic(data.room))
        recent = await chat.recent(data.room)
        following.skip(message["id"] for message in recent)
        members = await presence.members(_topic(data.room))
        return "joined_chat", {"room": data.room, "recent_messages": recent, "members": members}

    @channel.on("send_chat_message", Said, invalid="invalid_message")
    async def send(connection: Connection, data: Said) -> Answer | None:
        player_id, username = _who(connection)
        if data.room not in connection.state.get(_ROOMS, ()):
            raise NotJoined
        await chat.send(data.room, player_id, username, data.message)
        return None

    @channel.on("leave_chat", Room)
    async def leave(connection: Connection, data: Room) -> Answer:
        await depart(connection, data.room)
        connection.unfollow(_topic(data.room))
        return "left_chat", {"room": data.room}

    async def depart(connection: Connection, room: str) -> None:
        rooms: set[str] = connection.state.get(_ROOMS, set())
        if room not in rooms:
            return
        rooms.discard(room)
        if here := at_tables.get(room):
            here.discard(connection)
            if not here:
                del at_tables[room]
        _, username = _who(connection)
        if await presence.leave(_topic(room), username):
            tell(room, "user_left_chat", username)

    @channel.on_closed
    async def closed(connection: Connection) -> None:
        for room in list(connection.state.get(_ROOMS, ())):
            await depart(connection, room)

    async def eject(room_id: str, player_id: int | None) -> None:
        room = TABLE_PREFIX + room_id
        for connection in list(at_tables.get(room, ())):
            if player_id is None or _who(connection)[0] == player_id:
                connection.unfollow(_topic(room))
                connection.send("left_chat", {"room": room})
                await depart(connection, room)

    on_removed(eject)
    return channel


def tell_gone(bus: Bus, room: str, username: str) -> None:
    """Somebody's worker has died: says that they left, for presence's `on_gone`."""
    if room.startswith("chat:"):
        name = room.removeprefix("chat:")
        bus.offer(Message(room, "user_left_chat", {"room": name, "username": username}))


def _topic(room: str) -> str:
    return f"chat:{room}"


def _who(connection: Connection) -> tuple[int, str]:
    identity: Any = connection.identity
    return int(identity.player_id), identity.username
