"""A player at live tables, over a real socket of a real server."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.support.server import Server

PASSWORD = "a palace at night"


class Refused(Exception):
    """The server answered a command with `error`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class TablePlayer:
    """One socket. `states` is the newest `table_state` by room, `seen` every event in order."""

    path = "/ws/tables"

    def __init__(self, server: Server, name: str, token: str | None) -> None:
        self.server = server
        self.name = name
        self.token = token
        self.seen: list[tuple[str, dict[str, Any]]] = []
        self.states: dict[str, dict[str, Any]] = {}
        self.close_code: int | None = None
        self._refs = 0
        self._answers: dict[int, asyncio.Future[tuple[str, dict[str, Any]]]] = {}
        self._changed = asyncio.Event()
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None

    async def open(self) -> "TablePlayer":
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        self._socket = await connect(
            f"{self.server.ws_url}{self.path}", additional_headers=headers, compression=None, proxy=None
        )
        self._reader = asyncio.create_task(self._read())
        return self

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader

    async def ask(self, event: str, **data: Any) -> dict[str, Any]:
        """Sends a command and waits for its answer. Raises `Refused`."""
        assert self._socket is not None
        self._refs += 1
        future: asyncio.Future[tuple[str, dict[str, Any]]] = asyncio.get_running_loop().create_future()
        self._answers[self._refs] = future
        await self._socket.send(json.dumps({"event": event, "data": data, "ref": self._refs}))
        name, answer = await asyncio.wait_for(future, 10)
        if name == "error":
            raise Refused(answer["code"], answer["message"])
        return answer

    async def create(self, game_type: str, **options: Any) -> dict[str, Any]:
        return await self.ask("create_multiplayer_room", game_type=game_type, **{"max_players": 4, **options})

    async def join(self, room_id: str, **options: Any) -> dict[str, Any]:
        return await self.ask("join_multiplayer_room", room_id=room_id, **options)

    async def until(self, check: Callable[[], object], seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while not check():
                self._changed.clear()
                await self._changed.wait()

    async def phase(self, room_id: str, *phases: str, seconds: float = 10) -> dict[str, Any]:
        """Waits until the table is in one of these phases."""
        await self.until(lambda: self.states.get(room_id, {}).get("phase") in phases, seconds)
        return self.states[room_id]

    def events(self, name: str) -> list[dict[str, Any]]:
        return [data for event, data in self.seen if event == name]

    def _keep(self, state: dict[str, Any]) -> None:
        known = self.states.get(state["room_id"])
        assert known is None or state["version"] >= known["version"], "a table's version only rises"
        self.states[state["room_id"]] = state

    async def _read(self) -> None:
        assert self._socket is not None
        with contextlib.suppress(ConnectionClosed):
            async for message in self._socket:
                frame = json.loads(message)
                if frame["event"] == "table_state":
                    self._keep(frame["data"])
                self.seen.append((frame["event"], frame["data"]))
                future = self._answers.pop(frame.get("ref"), None)
                if future is not None:
                    if frame["event"] == "joined_room":
                        self._keep(frame["data"]["state"])
                    future.set_result((frame["event"], frame["data"]))
                self._changed.set()
        self.close_code = self._socket.close_code
        self._changed.set()


async def sign_up(server: Server, name: str) -> str:
    """A new account's access token."""
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as client:
        body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        answer = await client.post("/api/v1/auth/signup", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["access_token"])


async def balance_of(server: Server, token: str) -> int:
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as client:
        answer = await client.get("/api/v1/wallet", headers={"Authorization": f"Bearer {token}"})
        return int(answer.json()["balance"])


async def player_at(server: Server, name: str) -> TablePlayer:
    """Signs up and opens a socket."""
    return await TablePlayer(server, name, await sign_up(server, name)).open()
