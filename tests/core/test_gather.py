"""Look-ups that meet are made together, and each sees what was there after it was asked for."""

import asyncio
from collections.abc import Sequence

import pytest

from imperio.core import gather
from imperio.core.errors import Unavailable
from imperio.core.gather import Gathered


class Store:
    """Numbers by name; each look-up waits until it is let go."""

    def __init__(self) -> None:
        self.values = {"one": 1, "two": 2}
        self.asked: list[list[str]] = []
        self.gate = asyncio.Event()
        self.error: Exception | None = None

    async def load(self, keys: Sequence[str]) -> dict[str, int]:
        self.asked.append(list(keys))
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return {key: self.values[key] for key in keys if key in self.values}


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_one_alone_is_looked_up_at_once() -> None:
    store = Store()
    store.gate.set()
    found = Gathered(store.load)
    assert [await found.find("one"), await found.find("nobody"), await found.find("two")] == [1, None, 2]
    assert store.asked == [["one"], ["nobody"], ["two"]]


async def test_those_who_meet_are_looked_up_together_and_see_what_is_new() -> None:
    store = Store()
    found = Gathered(store.load)
    first = asyncio.create_task(found.find("one"))
    await turns()
    others = [asyncio.create_task(found.find(key)) for key in ("one", "two", "two", "nobody")]
    await turns()
    store.values["one"] = 10
    store.gate.set()
    assert await asyncio.gather(first, *others) == [10, 10, 2, 2, None]
    assert store.asked == [["one"], ["one", "two", "nobody"]]
    assert await found.find("two") == 2


async def test_no_statement_asks_for_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "MOST_AT_ONCE", 3)
    store = Store()
    found = Gathered(store.load)
    asking = [asyncio.create_task(found.find(f"key {number}")) for number in range(8)]
    await turns()
    store.gate.set()
    await asyncio.gather(*asking)
    assert [len(keys) for keys in store.asked] == [1, 3, 3, 1]


async def test_a_failure_reaches_everybody_who_asked_and_nobody_after() -> None:
    store = Store()
    store.error = Unavailable()
    found = Gathered(store.load)
    asking = [asyncio.create_task(found.find(key)) for key in ("one", "two", "two")]
    await turns()
    store.gate.set()
    outcomes = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Unavailable] * 3
    store.error = None
    assert await found.find("two") == 2


async def test_who_goes_away_takes_nobody_along() -> None:
    store = Store()
    found = Gathered(store.load)
    asking = [asyncio.create_task(found.find(key)) for key in ("one", "two", "two", "one")]
    await turns()
    asking[0].cancel()
    asking[1].cancel()
    store.gate.set()
    outcomes = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes[:2]] == [asyncio.CancelledError] * 2
    assert outcomes[2:] == [2, 1]


async def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "WAIT_SECONDS", 0.05)
    store = Store()
    found = Gathered(store.load)
    first = asyncio.create_task(found.find("one"))
    await turns()
    with pytest.raises(Unavailable):
        await found.find("two")
    store.gate.set()
    assert await first == 1
    await turns()
    assert await found.find("two") == 2
