"""Pages and forms the way a browser without JavaScript uses them."""

import re
from html import unescape
from typing import Any

from quart.typing import TestClientProtocol

from imperio.accounts.cookies import Cookies

from .players import Player

_TOKEN = re.compile(r'<meta name="csrf-token" content="([^"]*)">')
_COOKIES = Cookies.named(secure=False)


class Visitor:
    """Somebody in front of a browser; with a player, logged in by cookie. One test client each."""

    def __init__(self, client: TestClientProtocol, player: Player | None = None) -> None:
        self.client = client
        self.player = player
        if player is not None:
            client.set_cookie("localhost", _COOKIES.access, player.access_token)

    async def get(self, path: str) -> Any:
        """The response to following a link."""
        return await self.client.get(path, headers={"Accept": "text/html"})

    async def read(self, path: str, status: int = 200) -> str:
        """The page's HTML."""
        response = await self.get(path)
        text: str = await response.get_data(as_text=True)
        assert response.status_code == status, f"{path}: {response.status_code}"
        return text

    async def csrf_token(self, path: str = "/rules") -> str:
        found = _TOKEN.search(await self.read(path))
        assert found is not None, "every page carries a token"
        return unescape(found[1])

    async def post(self, path: str, **fields: object) -> Any:
        """The response to sending a form, with a token unless one is given."""
        data = {name: str(value) for name, value in fields.items()}
        if "csrf_token" not in data:
            data["csrf_token"] = await self.csrf_token()
        return await self.client.post(path, form=data, headers={"Accept": "text/html"})

    async def api(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer of a call below /api/v1 that succeeds, as the same player."""
        assert self.player is not None
        response = await self.client.open(f"/api/v1{path}", method=method, json=body, headers=self.player.headers)
        assert response.status_code < 300, await response.get_data(as_text=True)
        return await response.get_json()
