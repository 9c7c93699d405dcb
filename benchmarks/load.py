"""A small HTTP load generator: keep-alive connections on raw asyncio protocols, one request at a time each.

It costs less than what it measures, and runs in a process of its own. As a program it reads a plan from standard
input (`{host, port, seconds, clients: [[method, path, token, body]]}`) and prints `{requests, errors, latencies}`.
"""

import asyncio
import json
import sys
import time
from typing import Any


class Client(asyncio.Protocol):
    """Sends its request again as soon as the answer is complete, until the deadline."""

    def __init__(self, request: bytes, deadline: float) -> None:
        self.latencies: list[float] = []
        self.errors = 0
        self.done = asyncio.get_running_loop().create_future()
        self._request = request
        self._deadline = deadline
        self._buffer = b""
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        if len(self._buffer) < end + 4 + length:
            return
        now = time.perf_counter()
        self.latencies.append(now - self._sent)
        if not head.startswith((b"http/1.1 200", b"http/1.1 201")):
            self.errors += 1
        self._buffer = b""
        if now < self._deadline:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._request)


def request_bytes(method: str, path: str, token: str, body: str) -> bytes:
    """One HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines.append("Content-Type: application/json")
    return "\r\n".join([*lines, "", body]).encode()


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Plays the plan; latencies in milliseconds."""
    loop = asyncio.get_running_loop()
    deadline = time.perf_counter() + plan["seconds"]
    clients = [Client(request_bytes(*parts), deadline) for parts in plan["clients"]]
    for client in clients:
        await loop.create_connection(lambda client=client: client, plan["host"], plan["port"])  # type: ignore[misc]
    await asyncio.gather(*(client.done for client in clients))
    latencies = sorted(latency * 1000 for client in clients for latency in client.latencies)
    return {
        "requests": len(latencies),
        "errors": sum(client.errors for client in clients),
        "per_second": round(len(latencies) / plan["seconds"], 1),
        "p50_ms": round(latencies[len(latencies) // 2], 2),
        "p99_ms": round(latencies[len(latencies) * 99 // 100], 2),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.load(sys.stdin)))))
