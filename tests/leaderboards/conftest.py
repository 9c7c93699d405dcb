"""Players with books as the tests want them."""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from imperio.app import Casino
from imperio.core.clock import week_start
from tests.support.players import Player
from tests.support.rounds import set_books

MakePlayer = Callable[..., Awaitable[Player]]
Crowd = list[tuple[Player, dict[str, Any]]]


@pytest.fixture
async def crowd(casino: Casino, player: MakePlayer) -> Crowd:
    """Twenty-four players with random scores, many of them equal, some reached at the same instant; a few have not
    played today, this week or at all."""
    chosen = random.Random(5011)
    now = await casino.db.now()
    today, monday = now.date(), week_start(now.date())
    people: Crowd = []
    for index in range(24):
        someone = await player(f"crowd-{index:02}")
        books: dict[str, Any] = {
            "day": today if index % 5 else today - timedelta(days=1),
            "week": monday if index % 7 else monday - timedelta(days=7),
            "rounds": 0 if index % 11 == 10 else 5,
            "day_rounds": 0 if index % 11 == 10 else 2,
            "week_rounds": 0 if index % 11 == 10 else 3,
        }
        for score in ("balance", "profit", "wins"):
            books[score] = chosen.randint(0, 4)
        books["profit"] -= 2
        for window in ("day", "week"):
            for score in ("coins", "profit", "wins"):
                books[f"{window}_{score}"] = chosen.randint(0, 3)
        for prefix in ("", "day_", "week_"):
            for score in ("coins", "profit", "wins"):
                books[f"{prefix}{score}_at"] = now - timedelta(seconds=chosen.randint(1, 4))
        await set_books(casino, someone.id, **books)
        people.append((someone, books))
    return people
