"""Clients of `/ws/chat` for the tests."""

import asyncio
import json
from typing import Any

from httpx import AsyncClient
from websockets.asyncio.client import ClientConnection, connect

from tests.support.server import Server


async def sign_up(server: Server, name: str) -> dict[str, Any]:
    """A new player over the API: the JSON answer."""
    async with AsyncClient(base_url=server.base_url) as http:
        body = {"username": name, "email": f"{name}@example.com", "password": "a palace at night"}
        answer = await http.post("/api/v1/auth/signup", json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


class Talker:
    """A player's socket: sends commands and keeps everything that comes."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.heard: list[dict[str, Any]] = []

    @classmethod
    async def enter(cls, server: Server, login: dict[str, Any]) -> "Talker":
        talker = cls(await connect(f"{server.ws_url}/ws/chat"))
        answer = await talker.ask("authenticate", token=login["access_token"])
        assert answer["event"] == "authenticated", answer
        return talker

    async def ask(self, event: str, **data: Any) -> dict[str, Any]:
        """Sends a command and waits for the frame that repeats its ref."""
        ref = f"{event}-{len(self.heard)}"
        await self._socket.send(json.dumps({"event": event, "data": data, "ref": ref}))
        return await self.wait_for(lambda frame: frame.get("ref") == ref)

    async def hear(self, event: str, **fields: Any) -> dict[str, Any]:
        """The first frame (already come, or still to come) of this event with these fields."""

        def fits(frame: dict[str, Any]) -> bool:
            return frame["event"] == event and all(frame["data"].get(name) == value for name, value in fields.items())

        for frame in self.heard:
            if fits(frame):
                return frame
        return await self.wait_for(fits)

    async def wait_for(self, fits: Any) -> dict[str, Any]:
        async with asyncio.timeout(10):
            while True:
                frame = json.loads(await self._socket.recv())
                self.heard.append(frame)
                if fits(frame):
                    return dict(frame)

    async def close(self) -> None:
        await self._socket.close()
