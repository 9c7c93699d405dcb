"""Chores: keys are forgotten in time, a failing chore stops nobody, drift is said loudly."""

from datetime import timedelta

import pytest

from imperio.app import Casino
from imperio.ops.housekeeping import KEYS_KEPT, Housekeeping, ScheduledReconciliation
from imperio.realtime.shared import MemoryLease
from tests.support.players import sign_up


async def test_old_idempotency_keys_are_forgotten(casino: Casino) -> None:
    now = await casino.db.now()
    for key, age in (("old", KEYS_KEPT + timedelta(minutes=1)), ("young", KEYS_KEPT - timedelta(minutes=1))):
        row = {"player_id": 1, "key": key, "fingerprint": "", "status": 201, "body": "{}", "created_at": now - age}
        await casino.db.insert("idempotency_keys", row)
    await casino.housekeeping.sweep()
    assert [row["key"] for row in await casino.db.fetch("SELECT key FROM idempotency_keys")] == ["young"]


async def test_a_failing_chore_does_not_stop_the_others(casino: Casino) -> None:
    done = []

    async def broken() -> None:
        raise RuntimeError("the broom is gone")

    async def fine() -> None:
        done.append("swept")

    await Housekeeping(casino.db, MemoryLease(), [broken, fine]).sweep()
    assert done == ["swept"]


async def test_the_daily_reconciliation_counts_what_it_finds(
    casino: Casino, capsys: pytest.CaptureFixture[str]
) -> None:
    player = await sign_up(casino)
    scheduled = ScheduledReconciliation(casino.reconciler, casino.metrics)
    await scheduled.run()
    assert b"imperio_reconciliation_findings 0.0" in casino.metrics.text()
    await casino.db.execute("UPDATE books SET balance = balance + 1 WHERE player_id = :id", id=player.id)
    await scheduled.run()
    assert b"imperio_reconciliation_findings 0.0" not in casino.metrics.text()
    assert "reconciliation_finding" in "".join(capsys.readouterr())
