"""`GET /events`: one stream of server-sent events for all topics of a page."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from typing import Any

from quart import Blueprint, Response, request

from imperio.core.errors import AppError, NotAuthenticated
from imperio.core.jsonio import dumps

from .direct import reach, tune
from .frames import Entry, chunk, sse_bytes
from .live import Live, retry_line
from .outbound import BATCH_BYTES, Outbound
from .positions import START, Position, parse_client_id, snapshot_id
from .sessions import Identity, Visitor
from .topics import Topic, find_topic, is_private

log = logging.getLogger(__name__)

HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
}
LOG_SECONDS = 5.0  # how long a new stream waits for a worker that does not know its place in the log yet

# Seconds until a client comes back, at random within: after a lost connection, after an end that we chose, and after
# the player opened too many streams (this one is not missed).
RETRY = (1.0, 3.0)
RETRY_AFTER_END = (0.3, 2.5)
RETRY_AFTER_TOO_MANY = (60.0, 90.0)


class UnknownTopic(AppError):
    status = 400
    code = "unknown_topic"
    title = "There is no such topic"


class EventStream:
    """One client's stream. The life of its body:

    what it gets first (what it missed, or snapshots) → catching up from the ring, at the client's own speed → live:
    frames come through the outbound → (a gap in the log: `resync`, snapshots, catching up again) → the end.
    """

    def __init__(
        self,
        live: Live,
        scope: dict[str, Any],
        topics: Sequence[Topic],
        identity: Identity | None,
        last_event_id: str | None,
    ) -> None:
        self._live = live
        self._hub = live.hub
        self._scope = scope
        self._topics = topics
        self._names = tuple(topic.name for topic in topics)
        self._identity = identity
        self._last_event_id = last_event_id
        self._cursor: Position = START
        self._floors: dict[str, Position] = {}  # by topic: what the snapshot that was sent contains already
        self._outbound: Outbound | None = None

    def end(self) -> None:
        self._leave(RETRY_AFTER_END)

    def abort(self) -> None:
        if self._outbound is not None:
            self._outbound.cut("shutdown")

    def resync(self) -> None:
        """Begin anew: something was lost. What comes after the gap is told after the `resync`."""
        if self._outbound is not None:
            self._hub.detach(self._outbound, self._names)
            self._outbound.interrupt()

    async def body(self) -> AsyncGenerator[bytes, None]:
        """The response's body: whole frames, several at a time."""
        if self._live.stopping or not await self._hub.ready(LOG_SECONDS):
            yield retry_line(*RETRY_AFTER_END)
            return
        outbound = self._open()
        visitor = None
        if self._identity is not None:
            visitor = Visitor(self._identity, self._dismiss)
            self._live.streams.enter(visitor)
        try:
            async with aclosing(self._first()) as pieces:
                async for piece in pieces:
                    outbound.sending()
                    yield piece
                    outbound.sent()
            while not outbound.has_ended():
                async with aclosing(self._catch_up()) as pieces:
                    async for piece in pieces:
                        outbound.sending()
                        yield piece
                        outbound.sent()
                while batch := await outbound.take():
                    yield b"".join([frame.body for frame in batch])
                if not outbound.has_ended():
                    outbound.interrupted = False
                    self._cursor = START  # not in the ring any more, so that catching up begins with `resync`
            while batch := await outbound.take():
                yield b"".join([frame.body for frame in batch])
        finally:
            if visitor is not None:
                self._live.streams.exit(visitor)
            self._close()

    def _open(self) -> Outbound:
        reached = reach(self._scope) if self._live.direct else None
        if reached is not None:
            tune(reached)
        consumer = asyncio.current_task()
        assert consumer is not None
        self._outbound = Outbound(
            self._live.stats,
            self._hub.late,
            transport=reached.transport if reached is not None else None,
            direct=reached is not None and reached.plain,
            give_up=consumer.cancel,
        )
        self._live.guests.add(self)
        self._live.stats.streams_open += 1
        self._hub.keep_stream_alive(self._outbound)
        return self._outbound

    def _close(self) -> None:
        assert self._outbound is not None
        self._outbound.close()
        self._hub.detach(self._outbound, self._names)
        self._hub.let_go(self._outbound)
        self._live.guests.discard(self)
        self._live.stats.streams_open -= 1

    def _dismiss(self, reason: str) -> None:
        self._live.stats.dropped[reason] += 1
        self._leave(RETRY_AFTER_TOO_MANY if reason == "too_many" else RETRY)

    def _leave(self, retry: tuple[float, float]) -> None:
        if self._outbound is not None:
            self._outbound.end(chunk(retry_line(*retry)))

    async def _first(self) -> AsyncGenerator[bytes, None]:
        """The `retry:` line, then snapshots, or what was missed since the client's last event."""
        retry = retry_line(*RETRY)
        if self._last_event_id is None:
            yield retry + await self._anew(self._topics, resync=False)
            return
        seen = parse_client_id(self._last_event_id)
        missed = None if seen is None else await self._hub.missed(seen.position, self._names)
        if seen is None or missed is None:
            yield retry + await self._anew(self._topics, resync=True)
            return
        self._cursor = missed.until
        # The connection broke between the snapshots: what of them did not arrive is taken again.
        unseen = self._unseen(seen.snapshots_seen, seen.snapshots_sent)
        names = {topic.name for topic in unseen}
        for piece in self._slices([entry for entry in missed.entries if entry.event.topic not in names]):
            yield retry + piece
            retry = b""
        if retry:
            yield retry
        if unseen:
            yield await self._anew(unseen, resync=False)

    def _unseen(self, seen: int, sent: int) -> list[Topic]:
        told = [topic for topic in self._topics if topic.family in self._hub.snapshots]
        resyncs = sent - len(told)  # a `resync` counts as the first of those that were sent
        return told[max(0, seen - resyncs) :] if seen < sent and resyncs in (0, 1) else []

    async def _catch_up(self) -> AsyncGenerator[bytes, None]:
        """What happened since the cursor, until nothing is left; then the stream is live."""
        assert self._outbound is not None
        while not self._outbound.has_ended():
            entries = self._hub.ring.after(self._cursor, self._names)
            if entries is None:
                yield await self._anew(self._topics, resync=True)
                continue
            self._cursor = self._hub.position
            fresh = [entry for entry in entries if entry.position > self._floors.get(entry.event.topic, START)]
            if not fresh:
                self._floors.clear()
                self._hub.attach_stream(self._outbound, self._names)
                return
            for piece in self._slices(fresh):
                yield piece
                if self._outbound.has_ended():
                    return

    def _slices(self, entries: Iterable[Entry]) -> Iterable[bytes]:
        """Frames joined into pieces that are sent in one go."""
        piece: list[bytes] = []
        size = 0
        for entry in entries:
            body = entry.stream_frame.body
            piece.append(body)
            size += len(body)
            self._live.stats.frames_sent += 1
            if size >= BATCH_BYTES:
                yield b"".join(piece)
                piece, size = [], 0
        if piece:
            yield b"".join(piece)

    async def _anew(self, topics: Sequence[Topic], *, resync: bool) -> bytes:
        """Snapshots of some topics, after a `resync` if asked for. Moves the cursor to the place they were taken at.

        When they cannot be read the stream ends; the client comes back in a moment.
        """
        since = max(self._cursor, self._hub.ring.base) if resync else self._cursor
        try:
            found = await asyncio.gather(*(self._hub.take_snapshot(topic, self._identity, since) for topic in topics))
        except Exception:
            log.warning("live: a snapshot failed", exc_info=True)
            self._live.stats.dropped["snapshot_failed"] += 1
            self.end()
            return b""
        taken = [(topic, snapshot) for topic, snapshot in zip(topics, found, strict=True) if snapshot is not None]
        self._floors.update({topic.name: snapshot.position for topic, snapshot in taken})
        self._cursor = min((snapshot.position for _, snapshot in taken), default=self._hub.position)
        frames: list[tuple[str, bytes]] = []
        if resync:
            self._live.stats.resyncs += 1
            frames.append(("resync", dumps({"topics": [topic.asked for topic in topics]})))
        frames += ((snapshot.name, snapshot.data) for _, snapshot in taken)
        self._live.stats.frames_sent += len(frames)
        return _snapshot_bytes(frames, self._cursor)


def _snapshot_bytes(frames: Sequence[tuple[str, bytes]], position: Position) -> bytes:
    return b"".join(
        sse_bytes(snapshot_id(position, which, len(frames)), name, data) for which, (name, data) in enumerate(frames, 1)
    )


def parse_topics(asked: Sequence[str], identity: Identity | None) -> list[Topic]:
    """The topics of a request, each once. Raises UnknownTopic or NotAuthenticated."""
    if not asked:
        raise UnknownTopic("Name at least one topic: /events?topic=big_wins")
    player_id = None if identity is None else identity.player_id
    topics: dict[str, Topic] = {}
    for text in asked:
        topic = find_topic(text, player_id)
        if topic is not None:
            topics.setdefault(topic.name, topic)
        elif is_private(text):
            raise NotAuthenticated("Log in to hear this topic.")
        else:
            raise UnknownTopic
    return list(topics.values())


def events_blueprint(live: Live) -> Blueprint:
    """The route of the stream, and the telling of gaps to all streams."""
    blueprint = Blueprint("events", __name__)

    def begin_anew() -> None:
        for guest in live.guests:
            if isinstance(guest, EventStream):
                guest.resync()

    live.hub.on_gap(begin_anew)

    @blueprint.get("/events")
    async def events() -> Response:
        asked = request.args.getlist("topic")
        identity = await live.identify() if any(is_private(text) for text in asked) else None
        topics = parse_topics(asked, identity)
        headers = dict(HEADERS)
        if identity is None:
            # Anybody's overlay may show what everybody may hear; no cookie is ever looked at for it.
            headers["Access-Control-Allow-Origin"] = "*"
        if request.method == "HEAD":
            return Response(b"", headers=headers)
        last_event_id = request.headers.get("Last-Event-ID") or request.args.get("last_event_id") or None
        stream = EventStream(live, request.scope, topics, identity, last_event_id)  # type: ignore[arg-type]
        response = Response(stream.body(), headers=headers)
        response.timeout = None  # a stream has no end of its own
        return response

    return blueprint
