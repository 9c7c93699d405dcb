"""Being somebody, over JSON."""

import itertools
from dataclasses import dataclass
from typing import Any

from quart.typing import TestClientProtocol

PASSWORD = "a palace at night"
_numbers = itertools.count(1)


def new_name() -> str:
    """A name that nobody has in this process's databases."""
    return f"Person_{next(_numbers)}"


@dataclass(frozen=True)
class Person:
    """Somebody signed up."""

    username: str
    user: dict[str, Any]
    access: str
    refresh: str

    @property
    def id(self) -> int:
        return int(self.user["id"])

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}"}


async def sign_up(client: TestClientProtocol, username: str | None = None, **changes: Any) -> Person:
    username = username or new_name()
    body = {"username": username, "email": f"{username}@example.org", "password": PASSWORD} | changes
    response = await client.post("/api/v1/auth/signup", json=body)
    answer = await response.get_json()
    assert response.status_code == 201, answer
    return Person(username, answer["user"], answer["access_token"], answer["refresh_token"])
