"""What was committed is told once, whoever has to do it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from imperio.realtime import outbox
from imperio.realtime.bus import Bus, BusUnavailable, Event, MemoryBus, Message
from imperio.realtime.outbox import Present, Relay, decode_events, encode_events
from imperio.realtime.redis_bus import RedisBus
from imperio.realtime.shared import MemoryLease
from imperio.realtime.stats import LiveStats
from tests.support.redis import RedisProcess

from .support import eventually


@dataclass
class Table:
    """The outbox as a dictionary."""

    rows: dict[str, str] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)
    deletes: int = 0
    broken: bool = False

    def commit(self, row_id: str, *numbers: int) -> list[Message]:
        messages = [Message("big_wins", "tick", {"number": number}) for number in numbers]
        self.rows[row_id] = encode_events(messages)
        return messages

    async def fetch_stale(self, seconds: float, limit: int) -> Sequence[tuple[str, str]]:
        assert seconds == 2.0
        return [(row_id, events) for row_id, events in sorted(self.rows.items()) if row_id in self.stale][:limit]

    async def delete(self, ids: Sequence[str]) -> None:
        if self.broken:
            raise ConnectionError("the database is away")
        self.deletes += 1
        for row_id in ids:
            self.rows.pop(row_id, None)


class Log:
    """What a bus has told since the test began."""

    def __init__(self, bus: Bus) -> None:
        self.numbers: list[int] = []
        self.bus = bus

    async def start(self) -> "Log":
        self.task = asyncio.create_task(self._read(self.bus.tail(await self.bus.position())))
        return self

    async def _read(self, tail: AsyncIterator[Any]) -> None:
        async for batch in tail:
            self.numbers += [int(item.data[10:-1]) for item in batch if isinstance(item, Event)]


@pytest.fixture
async def told(bus: Bus) -> AsyncIterator[Log]:
    log = await Log(bus).start()
    yield log
    log.task.cancel()


def make(bus: Bus, table: Table, present: Present | None = None) -> Relay:
    return Relay(bus, table.fetch_stale, table.delete, MemoryLease(), LiveStats(), present)


async def test_events_leave_at_once_in_order_and_rows_go_in_batches(bus: Bus, told: Log) -> None:
    table = Table()
    relay = make(bus, table)
    await relay.start()
    for i in range(0, 600, 2):
        relay.told(f"{i:032}", table.commit(f"{i:032}", i, i + 1))
    await eventually(lambda: len(told.numbers) == 600, 1)
    assert told.numbers == [*range(600)]
    await eventually(lambda: not table.rows, 1)
    assert table.deletes <= 3
    await relay.stop()


async def test_rows_left_behind_are_told_once_by_many(bus: Bus, told: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "SWEEP_SECONDS", 0.02)
    monkeypatch.setattr(outbox, "SWEEP_ROWS", 10)
    table = Table()
    for i in range(25):
        table.commit(f"{i:032}", i)
    # The first five had been told when their worker died; their rows were still there.
    await bus.publish([message for i in range(5) for message in decode_events(f"{i:032}", table.rows[f"{i:032}"])])
    table.stale = set(table.rows)
    relays = [make(bus, table) for _ in range(3)]
    for relay in relays:
        await relay.start()
    await eventually(lambda: not table.rows)
    await eventually(lambda: len(told.numbers) >= 25)
    await asyncio.sleep(0.1)
    assert sorted(told.numbers) == [*range(25)]
    for relay in relays:
        await relay.stop()


async def test_what_is_told_late_is_followed_by_what_is_true_now(
    bus: Bus, told: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "SWEEP_SECONDS", 0.02)
    table = Table()
    table.commit("a", 1)
    table.stale.add("a")

    async def present(late: Sequence[Message]) -> list[Message]:
        assert [message.data for message in late] == [{"number": 1}]
        return [Message("big_wins", "tick", {"number": 2})]

    relay = make(bus, table, present)
    await relay.start()
    await eventually(lambda: not table.rows)
    await eventually(lambda: told.numbers == [1, 2])
    await relay.stop()


async def test_a_row_taken_over_twice_is_told_once(bus: Bus, told: Log) -> None:
    """Somebody else hands over what must be told before their own."""
    table = Table()
    relay = make(bus, table)
    for row_id, number in (("a", 1), ("b", 2), ("a", 1), ("c", 3)):
        relay.told(row_id, table.commit(row_id, number))
    await relay.start()
    await eventually(lambda: len(told.numbers) == 3)
    relay.told("b", table.commit("b", 2))
    relay.told("d", table.commit("d", 4))
    await eventually(lambda: not table.rows)
    await eventually(lambda: told.numbers[3:] == [4])
    assert told.numbers == [1, 2, 3, 4]
    await relay.stop()


async def test_a_database_that_is_away_only_delays_deleting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MAX_PAUSE", 0.05)
    bus, table = MemoryBus(), Table(broken=True)
    log = await Log(bus).start()
    relay = make(bus, table)
    await relay.start()
    relay.told("a", table.commit("a", 1))
    await eventually(lambda: log.numbers == [1])
    await asyncio.sleep(0.2)
    assert table.rows
    table.broken = False
    await eventually(lambda: not table.rows)
    await relay.stop()
    log.task.cancel()


async def test_redis_away_and_back(redis: RedisProcess) -> None:
    bus, table = RedisBus(redis.url), Table()
    relay = make(bus, table)
    await bus.start()
    log = await Log(bus).start()
    await relay.start()
    relay.told("a", table.commit("a", 1))
    await eventually(lambda: log.numbers == [1])
    redis.kill()
    for i in range(2, 20):
        relay.told(f"{i:04}", table.commit(f"{i:04}", i))
    await asyncio.sleep(0.3)
    assert len(table.rows) >= 18
    redis.start()
    await eventually(lambda: log.numbers == [*range(1, 20)])
    await eventually(lambda: not table.rows)
    await relay.stop()
    await bus.stop()
    log.task.cancel()


async def test_stopping_tells_what_waits(bus: Bus, told: Log) -> None:
    table = Table()
    relay = make(bus, table)
    await relay.start()
    relay.told("a", table.commit("a", 1, 2))
    await relay.stop()
    assert not table.rows
    await eventually(lambda: told.numbers == [1, 2])


async def test_what_does_not_fit_into_memory_is_left_to_the_sweeper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "SWEEP_SECONDS", 0.05)

    class Away(MemoryBus):
        away = True

        async def publish(self, items: Sequence[Message]) -> list[str]:
            if self.away:
                raise BusUnavailable
            return await super().publish(items)

    bus, table = Away(), Table()
    log = await Log(bus).start()
    relay = make(bus, table)
    await relay.start()
    for i in range(outbox.KEPT_ROWS + 5):
        relay.told(f"{i:08}", table.commit(f"{i:08}", i))
    table.stale = set(table.rows)
    await asyncio.sleep(0.1)
    bus.away = False
    await eventually(lambda: not table.rows)
    await eventually(lambda: len(log.numbers) >= outbox.KEPT_ROWS + 5)
    await asyncio.sleep(0.05)
    assert sorted(log.numbers) == [*range(outbox.KEPT_ROWS + 5)]
    await relay.stop()
    log.task.cancel()
