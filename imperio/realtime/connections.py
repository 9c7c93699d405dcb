"""Quart's ASGI connections, as this package needs them."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, WebsocketScope
from quart import Quart
from quart.asgi import ASGIHTTPConnection, ASGIWebsocketConnection
from quart.wrappers import Request, Websocket

from .direct import SEND_KEY

INBOUND_FRAMES = 64  # received but not yet looked at
CONNECTION_KEY = "imperio.connection"
"""Where a socket's ASGI connection leaves itself in the scope."""


class LiveHTTPConnection(ASGIHTTPConnection):
    """Leaves the server's `send` in the scope, so that a stream can reach its transport."""

    def _create_request_from_scope(self, send: ASGISendCallable) -> Request:
        cast(dict[str, Any], self.scope)[SEND_KEY] = send
        return super()._create_request_from_scope(send)


class LiveWebsocketConnection(ASGIWebsocketConnection):
    """Bounds what a client may have sent ahead (Quart's own queue has no bound).

    When it overflows, `on_flood` is called once and everything further is read and thrown away: Hypercorn deadlocks
    when nobody reads. Inbound and outbound messages are not announced as signals.
    """

    queue: asyncio.Queue[str | bytes]

    def __init__(self, app: Quart, scope: WebsocketScope) -> None:
        super().__init__(app, scope)
        self.queue = asyncio.Queue(INBOUND_FRAMES)
        self.on_flood: Callable[[], None] | None = None
        self._flooded = False

    def _create_websocket_from_scope(self, send: ASGISendCallable) -> Websocket:
        scope = cast(dict[str, Any], self.scope)
        scope[SEND_KEY] = send
        scope[CONNECTION_KEY] = self
        return super()._create_websocket_from_scope(send)

    async def handle_messages(self, receive: ASGIReceiveCallable) -> None:
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            if event["type"] == "websocket.receive" and not self._flooded:
                text = event.get("text")
                self._take(text if text is not None else event.get("bytes") or b"")

    async def send_data(self, send: ASGISendCallable, data: str | bytes) -> None:
        text, binary = (data, None) if isinstance(data, str) else (None, data)
        await send({"type": "websocket.send", "bytes": binary, "text": text})

    def _take(self, message: str | bytes) -> None:
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self._flooded = True
            if self.on_flood is not None:
                self.on_flood()


def use_live_connections(app: Quart) -> None:
    """Make an application use these classes."""
    app.asgi_http_class = LiveHTTPConnection
    app.asgi_websocket_class = LiveWebsocketConnection


