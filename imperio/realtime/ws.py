"""Sockets: JSON frames `{event, data, ref?}` in and out, commands in, events of the bus out."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, cast

import orjson
from pydantic import BaseModel, ValidationError
from quart import Blueprint, Response, websocket
from quart.wrappers import Websocket

from imperio.core.errors import AppError
from imperio.core.web import field_errors, problem

from .connections import CONNECTION_KEY, LiveWebsocketConnection
from .direct import Reached, reach, server_stream, tune
from .frames import Frame, answer_frame
from .hub import Sink
from .hypercorn_patches import LiveWSStream
from .live import Live
from .outbound import Outbound
from .sessions import Identity, Visitor

log = logging.getLogger(__name__)

MAX_FRAME_BYTES = 16 * 1024
MAX_DEPTH = 32  # of lists and objects in each other; far below what reading or answering a frame could stumble over
AUTHENTICATE_SECONDS = 10.0
DEAD_SECONDS = 35.0  # pings go out every ten: three without any answer
# Frames that may be refused, per second and at once, before the socket is closed.
FLOOD_PER_SECOND = 100.0
FLOOD_AT_ONCE = 1_000
HELD_FRAMES = 512  # of a topic, while the command that follows it has not been answered
SEEN_SECONDS = 5.0  # how long an event that was in a snapshot may still be on its way
CLOSE_SECONDS = 1.0  # for the last frames to go out, for the close frame, and for the client's answer to it

NORMAL = 1000
POLICY_VIOLATION = 1008
TOO_BIG = 1009
SERVICE_RESTART = 1012
NOT_AUTHENTICATED = 4401
TOO_MANY = 4429

Answer = tuple[str, Any]
"""The event that answers a command, and its data."""
Handler = Callable[["Connection", Any], Awaitable[Answer | None]]
Hook = Callable[["Connection"], Awaitable[None]]
HANDLER = TypeVar("HANDLER", bound=Handler)
HOOK = TypeVar("HOOK", bound=Hook)


class ForeignOrigin(AppError):
    status: ClassVar[int] = 403
    code: ClassVar[str] = "foreign_origin"
    title: ClassVar[str] = "This page may not use your login"


@dataclass(frozen=True, slots=True)
class Command:
    """What a client may ask for. Without a `model` the frame's data is not looked at and the handler gets {}."""

    handler: Handler
    model: type[BaseModel] | None
    login: bool
    invalid: str


class Channel:
    """One kind of socket: its commands and what happens when a connection comes and goes.

    `anonymous` sockets need no login, apart from the commands that say so; on others a client has ten seconds.
    """

    def __init__(self, path: str, *, anonymous: bool = False) -> None:
        self.path = path
        self.anonymous = anonymous
        self.commands: dict[str, Command] = {}
        self.closed_hooks: list[Hook] = []
        self.gap_hook: Hook | None = None

    def on(
        self, event: str, model: type[BaseModel] | None = None, *, login: bool = True, invalid: str = "invalid_data"
    ) -> Callable[[HANDLER], HANDLER]:
        """Register the handler of a command.

        It gets the connection and the validated data, and answers `(event, data)` or None for `ok`. An AppError it
        raises becomes an `error` frame. Data that does not fit the model is refused with the code `invalid`.
        """

        def register(handler: HANDLER) -> HANDLER:
            self.commands[event] = Command(handler, model, login, invalid)
            return handler

        return register

    def on_closed(self, hook: HOOK) -> HOOK:
        """Call a function when a connection is gone, after its last command has finished."""
        self.closed_hooks.append(hook)
        return hook

    def on_gap(self, hook: HOOK) -> HOOK:
        """Call a function for every connection that follows topics when events may have been lost, to tell the state
        anew. Without one such connections are closed with 1012, so that their clients come back."""
        self.gap_hook = hook
        return hook


class Following:
    """A topic of a connection. Holds events back until the command that follows it is answered.

    So a handler can follow a topic first, read the state after that, and miss nothing; what the state it answers with
    contains already is named with `skip`, so that it is not told twice.
    """

    __slots__ = ("_held", "_outbound", "_skip")

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound
        self._held: list[Frame] | None = []
        self._skip: set[str] = set()

    @property
    def skips(self) -> bool:
        return bool(self._skip)

    def skip(self, ids: Iterable[str]) -> None:
        """Leave out events whose data has one of these `id`s; they are in the answer."""
        self._skip.update(ids)

    def send(self, frame: Frame) -> None:
        if self._held is None:
            self._pass_on(frame)
        elif len(self._held) < HELD_FRAMES:
            self._held.append(frame)
        else:
            self._outbound.cut("queue_full")

    def release(self) -> None:
        """Hand out what was held back, and hold nothing back any more."""
        held, self._held = self._held, None
        for frame in held or ():
            self._pass_on(frame)

    def _pass_on(self, frame: Frame) -> None:
        if not self._skip or orjson.loads(frame.body)["data"].get("id") not in self._skip:
            self._outbound.send(frame)


class _Bucket:
    """A token bucket: so many a second, so many at once."""

    __slots__ = ("_at_once", "_filled_at", "_per_second", "_tokens")

    def __init__(self, per_second: float, at_once: int) -> None:
        self._per_second = per_second
        self._at_once = at_once
        self._tokens = float(at_once)
        self._filled_at = time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self._tokens = min(self._at_once, self._tokens + (now - self._filled_at) * self._per_second)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Connection:
    """One open socket. `identity` is None until somebody has authenticated; `state` is the handlers' own."""

    def __init__(self, live: Live, channel: Channel, socket: Websocket, identity: Identity | None) -> None:
        self.live = live
        self.channel = channel
        self.identity = identity
        self.state: dict[str, Any] = {}
        self._socket = socket
        scope = cast(dict[str, Any], socket.scope)
        self._asgi: LiveWebsocketConnection = scope[CONNECTION_KEY]
        self._loop = asyncio.get_running_loop()
        self._closing: asyncio.Future[tuple[int, str]] = self._loop.create_future()
        self._following: dict[str, Sink] = {}
        self._held: dict[str, Following] = {}
        self._visitor: Visitor | None = None
        self._command: asyncio.Task[None] | None = None
        self._patience = _Bucket(FLOOD_PER_SECOND, FLOOD_AT_ONCE)
        self._gone = False
        limits = live.limits
        rate = limits.frames_per_second
        self._bucket = None if rate is None else _Bucket(rate, limits.frames_at_once)
        self._reached = reach(scope) if live.direct else None
        stream = server_stream(scope)
        self._stream = stream if isinstance(stream, LiveWSStream) else None
        if self._stream is not None:
            self._stream.on_close = self._on_close_frame
        self._sender = asyncio.create_task(self._send_queued())
        self._outbound = self._open_outbound(self._reached)

    # For handlers

    def send(self, event: str, data: Any) -> None:
        """Send an event to this client alone."""
        self._outbound.send(answer_frame(event, data))

    def follow(self, topic: str) -> Following:
        """Send the events of a topic of the bus to this client, in order, once the current command is answered.

        To be called in a command, before the state is read that it answers with. Following again begins anew.
        """
        self.unfollow(topic)
        following = Following(self._outbound)
        if not self._gone:
            self._held[topic] = following
            self._attach(topic, following)
        return following

    def unfollow(self, topic: str) -> None:
        """No more events of a topic; harmless when it was not followed."""
        sink = self._following.pop(topic, None)
        if sink is not None:
            self.live.hub.detach(sink, (topic,))
        self._held.pop(topic, None)

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that are followed."""
        return tuple(self._following)

    def close(self, code: int, reason: str = "") -> None:
        """Close soon, after what was sent before."""
        if not self._closing.done():
            self._closing.set_result((code, reason))
            self._outbound.end()

    # For the live side

    def end(self) -> None:
        self.close(SERVICE_RESTART, "service restart")

    def abort(self) -> None:
        self._outbound.cut("shutdown")

    def begin_anew(self) -> None:
        """Events may have been lost."""
        if self._following and self.channel.gap_hook is not None:
            self.live.spawn(self._tell_anew(self.channel.gap_hook))
        elif self._following:
            self.close(SERVICE_RESTART, "events were lost")

    async def run(self) -> None:
        """The life of the connection, from just after it was accepted until the client is gone or it is closed."""
        deadline = self._loop.call_later(AUTHENTICATE_SECONDS, self._check_authenticated)
        reader = asyncio.create_task(self._read())
        self.live.guests.add(self)
        self.live.stats.sockets_open += 1
        self.live.hub.keep_socket_alive(self._outbound, self._is_dead)
        self._asgi.admit = self._admit
        try:
            self._enter()
            if self.live.stopping:
                self.end()
            ends: set[asyncio.Future[Any]] = {reader, self._sender, self._closing}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if not self._closing.done():
                self.close(NORMAL if self._outbound.cut_for is None else POLICY_VIOLATION)
            await asyncio.wait({self._sender}, timeout=CLOSE_SECONDS)
        finally:
            deadline.cancel()
            reader.cancel()
            self._sender.cancel()
            self._leave()
        await self._say_goodbye(*self._closing.result())

    # Inbound

    def _admit(self, message: str | bytes) -> bool:
        """Whether a frame that just arrived may wait for its turn; one that may not is answered here."""
        if self._closing.done():
            return False
        if len(message) > MAX_FRAME_BYTES or (isinstance(message, str) and len(message.encode()) > MAX_FRAME_BYTES):
            self.close(TOO_BIG, "a frame has at most 16 KiB")
            return False
        if self._bucket is None or (self._bucket.take() and not self._asgi.queue.full()):
            return True
        if not self._patience.take():
            self.live.stats.dropped["flood"] += 1
            self.close(POLICY_VIOLATION, "too many frames")
            return False
        frame = _parse(message) or {}
        self._refuse("rate_limited", "Too many frames. Slow down.", frame)
        return False

    async def _read(self) -> None:
        while True:
            message = await self._asgi.queue.get()
            frame = _parse(message)
            if frame is None:
                self._refuse("bad_frame", 'A frame is a JSON object like {"event": "ping"}.', {})
                continue
            # A command that has begun is finished, whatever becomes of the connection meanwhile.
            self._command = asyncio.create_task(self._obey(frame))
            await asyncio.shield(self._command)

    async def _obey(self, frame: dict[str, Any]) -> None:
        try:
            answer = await self._answer_to(frame)
        except AppError as error:
            self._refuse(error.code, error.detail, frame)
        except Exception:
            log.exception("live: the command %r failed", frame["event"])
            self._refuse("internal_error", "That did not work. Nothing was lost; try again in a moment.", frame)
        else:
            if answer is not None:
                self._reply(*answer, frame)
        finally:
            self._release_held()

    async def _answer_to(self, frame: dict[str, Any]) -> Answer | None:
        event, data = frame["event"], frame.get("data")
        if event == "ping":
            return "pong", {}
        if event == "authenticate":
            return await self._authenticate(data, frame)
        command = self.channel.commands.get(event)
        if command is None:
            self._refuse("unknown_event", "There is no such event here.", frame)
            return None
        if command.login and self.identity is None:
            self._refuse("not_authenticated", "Log in first.", frame)
            return None
        given: Any = {}
        if _has_nul(data):
            self._refuse(command.invalid, "NUL is no character of any text here.", frame)
            return None
        if command.model is not None:
            try:
                given = command.model.model_validate({} if data is None else data)
            except ValidationError as error:
                first = field_errors(error)[0]
                self._refuse(command.invalid, f"{first['field']}: {first['message']}", frame)
                return None
        return await command.handler(self, given) or ("ok", {})

    async def _authenticate(self, data: Any, frame: dict[str, Any]) -> Answer | None:
        """A token logs in, or prolongs the login of the same player; a bad one ends a socket that needs a login."""
        token = data.get("token") if isinstance(data, dict) else None
        identity = await self.live.identify_token(token) if isinstance(token, str) and token else None
        if identity is None:
            self._refuse("not_authenticated", "This token is not (or no longer) good.", frame)
            if self.identity is None and not self.channel.anonymous:
                self.close(NOT_AUTHENTICATED, "not authenticated")
            return None
        if self.identity is not None and self.identity.player_id != identity.player_id:
            self._refuse("already_authenticated", "This socket belongs to another player.", frame)
            return None
        self.identity = identity
        self._enter()
        return "authenticated", {"username": identity.username}

    # Outbound

    def _reply(self, event: str, data: Any, frame: dict[str, Any]) -> None:
        self._outbound.send(answer_frame(event, data, frame.get("ref"), has_ref="ref" in frame))

    def _refuse(self, code: str, message: str, frame: dict[str, Any]) -> None:
        self._reply("error", {"code": code, "message": message}, frame)

    async def _send_queued(self) -> None:
        while batch := await self._outbound.take():
            for frame in batch:
                await self._socket.send(frame.body.decode())

    def _open_outbound(self, reached: Reached | None) -> Outbound:
        if reached is not None:
            tune(reached)
        return Outbound(
            self.live.stats,
            self.live.hub.late,
            transport=None if reached is None else reached.transport,
            direct=reached is not None and reached.plain,
            give_up=self._sender.cancel,
        )

    def _release_held(self) -> None:
        for topic, following in self._held.items():
            following.release()
            if following.skips:
                self._loop.call_later(SEEN_SECONDS, self._hear_plainly, topic, following)
            else:
                self._attach(topic, self._outbound)
        self._held.clear()

    def _hear_plainly(self, topic: str, following: Following) -> None:
        """Nothing is left to be skipped: take frames without looking into them."""
        if self._following.get(topic) is following:
            self._attach(topic, self._outbound)

    def _attach(self, topic: str, sink: Sink) -> None:
        before = self._following.get(topic)
        if before is not None:
            self.live.hub.detach(before, (topic,))
        self._following[topic] = sink
        self.live.hub.attach_socket(sink, (topic,))

    # Coming and going

    def _enter(self) -> None:
        """Have the session watched, a new one in place of the one before."""
        if self.identity is None:
            return
        if self._visitor is not None:
            self.live.sockets.exit(self._visitor)
        self._visitor = Visitor(self.identity, self._dismiss)
        self.live.sockets.enter(self._visitor)

    def _dismiss(self, reason: str) -> None:
        self.live.stats.dropped[reason] += 1
        if reason == "too_many":
            self.close(TOO_MANY, "too many sockets")
        else:
            self.close(NOT_AUTHENTICATED, "the session has ended")

    def _check_authenticated(self) -> None:
        if self.identity is None and not self.channel.anonymous:
            self.close(NOT_AUTHENTICATED, "not authenticated")

    def _is_dead(self) -> bool:
        # Pings only go out directly; where they do not, silence says nothing.
        if self._stream is None or self._reached is None or not self._reached.plain:
            return False
        return time.monotonic() - self._stream.heard_at > DEAD_SECONDS

    def _on_close_frame(self) -> None:
        """The server sent a close frame: nothing may follow it."""
        self._outbound.close()
        if not self._closing.done():
            self._closing.set_result((NORMAL, ""))

    def _leave(self) -> None:
        """Forget the connection everywhere; its hooks run on when its last command has finished."""
        self._gone = True
        self._outbound.close()
        for topic in self.topics:
            self.unfollow(topic)
        if self._visitor is not None:
            self.live.sockets.exit(self._visitor)
        self.live.hub.let_go(self._outbound)
        self.live.guests.discard(self)
        self.live.stats.sockets_open -= 1
        if self.channel.closed_hooks:
            self.live.spawn(self._run_closed_hooks())

    async def _run_closed_hooks(self) -> None:
        if self._command is not None:
            await asyncio.wait({self._command})
        for hook in self.channel.closed_hooks:
            await self._run_hook(hook)

    async def _tell_anew(self, hook: Hook) -> None:
        await self._run_hook(hook)
        self._release_held()

    async def _run_hook(self, hook: Hook) -> None:
        try:
            await hook(self)
        except Exception:
            log.exception("live: a hook of %s failed", self.channel.path)

    async def _say_goodbye(self, code: int, reason: str) -> None:
        """Send the close frame and wait a moment for the client's: closing TCP at once could overtake ours."""
        if self._outbound.cut_for is not None and self._reached is not None:
            return
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._socket.close(code, reason)
                await asyncio.sleep(CLOSE_SECONDS)  # ended by the client's answer
        except TimeoutError:
            if self._reached is not None:
                self._reached.transport.abort()


def _parse(message: str | bytes) -> dict[str, Any] | None:
    """The frame of a text message: an object with an `event`, not too deep; None for anything else."""
    if isinstance(message, bytes):
        return None
    with suppress(orjson.JSONDecodeError, UnicodeEncodeError):
        frame = orjson.loads(message)
        if isinstance(frame, dict) and isinstance(frame.get("event"), str) and not _is_deeper(frame, MAX_DEPTH):
            return frame
    return None


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects lie in each other more than so many levels deep."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return False
    return not levels or any(_is_deeper(item, levels - 1) for item in value)


def _has_nul(data: Any) -> bool:
    """Whether any text of a frame's data has a NUL in it, which PostgreSQL does not take."""
    if isinstance(data, str):
        return "\0" in data
    if isinstance(data, dict):
        return any(map(_has_nul, data.values()))
    return isinstance(data, list) and any(map(_has_nul, data))


def _may_use_cookies(live: Live, socket: Websocket) -> bool:
    """Whether the page that opens a socket is one of ours; only asked when it brings the cookies of a login."""
    cookies = socket.cookies
    if not cookies or (live.auth_cookies and not any(name in cookies for name in live.auth_cookies)):
        return True
    origin = socket.headers.get("Origin", "")
    scheme = "https" if socket.scheme == "wss" else "http"
    return origin == f"{scheme}://{socket.host}" or origin in live.own_origins


def channel_blueprint(live: Live, channel: Channel) -> Blueprint:
    """The route of a channel, and the telling of gaps to its connections."""
    blueprint = Blueprint(channel.path.strip("/").replace("/", "_"), __name__)

    def begin_anew() -> None:
        for guest in live.guests:
            if isinstance(guest, Connection) and guest.channel is channel:
                guest.begin_anew()

    live.hub.on_gap(begin_anew)

    @blueprint.websocket(channel.path)
    async def serve() -> Response | None:
        socket: Websocket = websocket._get_current_object()  # type: ignore[attr-defined]
        if not _may_use_cookies(live, socket):
            return problem(ForeignOrigin())
        try:
            identity = await live.identify()
        except AppError as error:
            return problem(error)
        await socket.accept()
        await Connection(live, channel, socket, identity).run()
        return None

    return blueprint
