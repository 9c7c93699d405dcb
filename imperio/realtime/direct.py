"""Reaching the transport of a connection from inside an ASGI application on Hypercorn 0.18.

ASGI has no way to write the same bytes to thousands of clients cheaply: each delivery passes six layers and a lock
(some 35 µs). All those layers are reachable from the `send` that the server hands to the application, down to the
asyncio transport, and a plain HTTP/1.1 connection needs nothing from them once its headers are out: an HTTP chunk or a
WebSocket text frame is complete in itself. So `reach` walks inwards once per connection, checks every step, and answers
None whenever something is not exactly as expected (another server, HTTP/2, a wrapped `send`): then the ordinary path is
used, with the same semantics.
"""

import contextlib
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.protocol.h11 import H11Protocol
from hypercorn.protocol.http_stream import HTTPStream
from hypercorn.protocol.ws_stream import WSStream

from .outbound import Transport

SUPPORTED: Final = "0.18."
# What the kernel may hold for a client that does not read; beyond it our own bounds decide. The kernel doubles it.
SEND_BUFFER: Final = 64 * 1024
# A client whose kernel acknowledges nothing for this long is gone.
DEAD_AFTER_SECONDS: Final = 20

SEND_KEY: Final = "imperio.send"
"""Where the connection classes leave the server's `send` in the ASGI scope."""

IS_SUPPORTED: Final = version("hypercorn").startswith(SUPPORTED)
_TRANSPORT_METHODS = ("write", "is_closing", "get_write_buffer_size", "set_write_buffer_limits", "abort")


@dataclass(frozen=True, slots=True)
class Reached:
    """A connection's transport. `plain` says that finished frames may be written to it (HTTP/1.1 without TLS)."""

    transport: Transport
    plain: bool


def server_stream(scope: Mapping[str, Any]) -> object:
    """Hypercorn's own object for a request or socket, the first step inwards; None with any other server."""
    return getattr(scope.get(SEND_KEY), "__self__", None)


def reach(scope: Mapping[str, Any]) -> Reached | None:
    """The transport behind a request or socket, from its ASGI scope; None where it cannot be had."""
    if not IS_SUPPORTED or scope.get("http_version") not in ("1.0", "1.1"):
        return None
    stream = server_stream(scope)
    if type(stream) is not HTTPStream and not isinstance(stream, WSStream):
        return None
    protocol = getattr(getattr(stream, "send", None), "__self__", None)
    if type(protocol) is not H11Protocol:
        return None
    server = getattr(getattr(protocol, "send", None), "__self__", None)
    if type(server) is not TCPServer:
        return None
    transport: Any = getattr(server.writer, "transport", None)
    if not all(callable(getattr(transport, name, None)) for name in _TRANSPORT_METHODS):
        return None
    plain = scope["http_version"] == "1.1" and not protocol.ssl
    return Reached(transport, plain)


def tune(reached: Reached) -> None:
    """Let little pile up below us: `drain` waits until everything has gone to the kernel, which holds little itself."""
    transport: Any = reached.transport
    transport.set_write_buffer_limits(high=0)
    connection = transport.get_extra_info("socket")
    if connection is not None:
        tune_socket(connection)


def tune_socket(connection: Any) -> None:
    """Bound what the kernel holds for a client, and how long it waits for one that is gone.

    For a connection, or for a listening socket, whose connections inherit it (the only way when `reach` fails).
    """
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_AFTER_SECONDS * 1000)
