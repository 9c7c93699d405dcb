"""Players for the tests."""

from dataclasses import dataclass, field
from itertools import count
from typing import Final

from imperio.app import Casino

PASSWORD: Final = "a palace at night"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who has signed up; `headers` log them in as Bearer."""

    id: int
    username: str
    email: str
    password: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access_token}"}


async def sign_up(casino: Casino, username: str | None = None) -> Player:
    """A new player with the sign-up grant of 1,000 coins."""
    name = username or f"player-{next(_numbers)}"
    email = f"{name}@example.com"
    login = await casino.accounts.signup(name, email, PASSWORD)
    return Player(login.account.id, name, email, PASSWORD, login.access_token, login.refresh_token)
