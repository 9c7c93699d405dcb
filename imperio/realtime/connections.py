"""Quart's ASGI connections, as this package needs them."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, WebsocketScope
from quart import Quart
from quart.asgi import ASGIHTTPConnection, ASGIWebsocketConnection
from quart.wrappers import Request, Websocket

from .direct import SEND_KEY

INBOUND_FRAMES = 64  # received and admitted, but not yet looked at
CONNECTION_KEY = "imperio.connection"
"""Where a socket's ASGI connection leaves itself in the scope."""

Admit = Callable[[str | bytes], bool]


class LiveHTTPConnection(ASGIHTTPConnection):
    """Leaves the server's `send` in the scope, so that a stream can reach its transport."""

    def _create_request_from_scope(self, send: ASGISendCallable) -> Request:
        cast(dict[str, Any], self.scope)[SEND_KEY] = send
        return super()._create_request_from_scope(send)


class LiveWebsocketConnection(ASGIWebsocketConnection):
    """Lets a socket refuse frames as they arrive, before they are queued (Quart's own queue has no bound).

    Frames are read to the end of the connection whatever happens, because Hypercorn deadlocks when nobody reads. One
    that was admitted waits for its place in the queue. Messages are not announced as signals.
    """

    queue: asyncio.Queue[str | bytes]

    def __init__(self, app: Quart, scope: WebsocketScope) -> None:
        super().__init__(app, scope)
        self.queue = asyncio.Queue(INBOUND_FRAMES)
        self.admit: Admit | None = None

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
            if event["type"] == "websocket.receive":
                text = event.get("text")
                message = text if text is not None else event.get("bytes") or b""
                if self.admit is None or self.admit(message):
                    await self.queue.put(message)

    async def send_data(self, send: ASGISendCallable, data: str | bytes) -> None:
        text, binary = (data, None) if isinstance(data, str) else (None, data)
        await send({"type": "websocket.send", "bytes": binary, "text": text})


def use_live_connections(app: Quart) -> None:
    """Make an application use these classes."""
    app.asgi_http_class = LiveHTTPConnection
    app.asgi_websocket_class = LiveWebsocketConnection
