"""What this project changes in Hypercorn 0.18, all in one place. `apply` is called by `serve.py`, once per process.

1. permessage-deflate is refused. Hypercorn always accepts it when a client offers it and has no setting for it; it
   costs three times the memory per socket and half as much again per delivery, and frames could not be shared.
2. WebSocket streams note when they last heard from their client (pongs are otherwise swallowed unseen) and say when a
   close frame goes out by itself (message too big, close answered), so that nothing is written after it.
3. After a message that is too big the rest of it is thrown away and the client's close is understood. Hypercorn looks
   at one event per read from then on, so that such a connection hangs.
"""

import time
from collections.abc import Callable
from typing import Any

from hypercorn.protocol import h2, h11, ws_stream
from hypercorn.protocol.events import Data, Event, StreamClosed
from hypercorn.protocol.ws_stream import WSStream
from wsproto.events import CloseConnection
from wsproto.events import Event as WSProtoEvent
from wsproto.frame_protocol import CloseReason

from .direct import IS_SUPPORTED


class LiveWSStream(WSStream):
    """Hypercorn's WebSocket stream with an ear for its client."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.heard_at = time.monotonic()
        self.on_close: Callable[[], None] | None = None
        self._too_big = False

    async def handle(self, event: Event) -> None:
        if isinstance(event, Data):
            self.heard_at = time.monotonic()
        await super().handle(event)

    async def _send_wsproto_event(self, event: WSProtoEvent) -> None:
        if isinstance(event, CloseConnection):
            self._too_big = self._too_big or event.code == CloseReason.MESSAGE_TOO_BIG
            if self.on_close is not None:
                self.on_close()
        await super()._send_wsproto_event(event)

    async def _handle_events(self) -> None:
        if not self._too_big:
            await super()._handle_events()
            return
        for event in self.connection.events():
            if isinstance(event, CloseConnection):
                await self.send(StreamClosed(stream_id=self.stream_id))


def _refuse_extensions(*_: object) -> None:
    """Stands in for `server_extensions_handshake`: no extension is accepted."""


def apply() -> bool:
    """Apply the changes; harmless when repeated. False, and nothing done, with another version of Hypercorn."""
    if not IS_SUPPORTED:
        return False
    ws_stream.server_extensions_handshake = _refuse_extensions  # type: ignore[assignment,attr-defined]
    for protocol in (h11, h2):
        protocol.WSStream = LiveWSStream  # type: ignore[attr-defined]
    return True
