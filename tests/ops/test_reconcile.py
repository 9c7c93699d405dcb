"""The reconciler agrees with a busy casino, and finds every row that somebody tampered with."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from imperio.app import Casino
from imperio.core.db import Row
from imperio.ops import reconcile
from tests.support.play import another_worker, play
from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]


async def busy(casino: Casino, someone: Player, rounds: int, seed: int) -> None:
    """Plays everything there is, wins and losses, rotates seeds, takes the bonus, leaves a hand open."""
    dice = random.Random(seed)
    await casino.wallet.claim_daily(someone.id, None, None)
    for number in range(rounds):
        stake = dice.randint(1, 9)
        game = dice.choice(("slots", "roulette"))
        payout = dice.choice((0, 0, stake, 3 * stake))
        await play(casino, someone.id, stake, payout, game=game, rounds=casino.rounds)  # type: ignore[arg-type]
        if number % 10 == 9:
            await casino.seeds.rotate(someone.id, None, None)
    for _ in range(5):
        hand = (await casino.blackjack.start(player_id=someone.id, session_id=None, stake=5)).body["round"]
        if hand["status"] == "open":
            break


async def drop_guards(casino: Casino) -> None:
    """What somebody with the database in hand would do first."""
    if casino.db.dialect == "postgres":
        await casino.db.execute("ALTER TABLE ledger DISABLE TRIGGER ALL")
        await casino.db.execute("ALTER TABLE ledger DROP CONSTRAINT ledger_adds_up")
        return
    for trigger in ("ledger_no_update", "ledger_no_delete", "ledger_adds_up"):
        await casino.db.execute(f"DROP TRIGGER {trigger}")


async def findings(casino: Casino) -> list[str]:
    return (await casino.reconciler.run()).findings


async def test_nothing_to_find(casino: Casino, player: MakePlayer) -> None:
    players = [await player() for _ in range(3)]
    for number, someone in enumerate(players):
        await busy(casino, someone, 12, number)
    report = await casino.reconciler.run()
    assert report.findings == []
    assert (report.players, report.seed_pairs) == (3, 9)
    counted = await casino.db.fetch_one("SELECT count(*) AS n FROM ledger")
    assert counted == {"n": report.ledger_lines} and report.ledger_lines > 50
    assert "everything agrees" in report.summary() and report.public()["ok"] is True


async def test_nothing_to_find_in_an_empty_casino(casino: Casino) -> None:
    report = await casino.reconciler.run()
    assert report.findings == [] and report.players == 0


async def test_nothing_to_find_while_coins_move(casino: Casino, player: MakePlayer) -> None:
    players = [await player() for _ in range(3)]
    done = asyncio.Event()

    async def move(someone: Player, seed: int) -> int:
        rounds, dice, played = another_worker(casino), random.Random(seed), 0
        while not done.is_set():
            await play(casino, someone.id, 2, dice.choice((0, 2, 5)), rounds=rounds)
            played += 1
        return played

    movers = [asyncio.create_task(move(someone, number)) for number, someone in enumerate(players * 2)]
    for _ in range(10):
        assert await findings(casino) == []
        await asyncio.sleep(0.02)
    done.set()
    assert sum(await asyncio.gather(*movers)) > 20


async def test_groups_and_chunks_do_not_change_what_is_found(
    casino: Casino, player: MakePlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    players = [await player() for _ in range(5)]
    for number, someone in enumerate(players):
        await busy(casino, someone, 3 + number, number)
    whole = await casino.reconciler.run()
    for players_at_once, weight, chunk in ((1, 1, 3), (2, 30, 7), (5, 1000, 1), (100, 40, 1000)):
        monkeypatch.setattr(reconcile, "_GROUP_PLAYERS", players_at_once)
        monkeypatch.setattr(reconcile, "_GROUP_WEIGHT", weight)
        monkeypatch.setattr(reconcile, "_CHUNK", chunk)
        again = await casino.reconciler.run()
        assert (again.findings, again.checked) == ([], whole.checked)


def spoilt(row: Row, dice: random.Random) -> dict[str, Any]:
    """One column of a ledger line, changed to something that looks right."""
    column = dice.choice(
        (
            "amount",
            "balance_before",
            "balance_after",
            "type",
            "game",
            "reference_id",
            "description",
            "details",
            "created_at",
            "row_hash",
        )
    )
    now = row[column]
    value: Any
    if column in ("amount", "balance_before", "balance_after"):
        value = now + dice.choice((-1, 1))
    elif column == "type":
        value = "adjustment" if now != "adjustment" else "deposit"
    elif column == "game":
        value = "blackjack" if now != "blackjack" else "slots"
    elif column == "details":
        value = '{"reason": "luck"}'
    elif column == "created_at":
        value = now + timedelta(milliseconds=1)
    elif column == "description":
        value = f"{now}."
    else:
        value = "f" * len(now or "x" * 32)
    return {column: value}


async def test_every_tampered_line_is_found(casino: Casino, player: MakePlayer) -> None:
    players = [await player() for _ in range(4)]
    for number, someone in enumerate(players):
        await busy(casino, someone, 60, number)
    await drop_guards(casino)
    rows = await casino.db.fetch("SELECT * FROM ledger")
    dice = random.Random(20261123)
    chosen = dice.sample(rows, 200)
    for row in chosen:
        ((column, value),) = spoilt(row, dice).items()
        await casino.db.execute(f"UPDATE ledger SET {column} = :value WHERE id = :id", value=value, id=row["id"])
    found = "\n".join(await findings(casino))
    assert [row["id"] for row in chosen if f"transaction {row['id']} " not in found] == []


@pytest.mark.parametrize("which", ["first", "middle", "last"])
async def test_a_line_taken_out_is_found(casino: Casino, player: MakePlayer, which: str) -> None:
    someone = await player()
    for _ in range(5):
        await play(casino, someone.id, 1, 0)
    await drop_guards(casino)
    seq = {"first": 1, "middle": 3, "last": 6}[which]
    await casino.db.execute("DELETE FROM ledger WHERE player_id = :id AND seq = :seq", id=someone.id, seq=seq)
    kinds = {finding.partition(":")[0] for finding in await findings(casino)}
    assert {"ledger_hole", "ledger_hash"} <= kinds


async def test_a_forged_line_at_the_end_is_found(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    await drop_guards(casino)
    row = await casino.db.fetch_one("SELECT * FROM ledger WHERE player_id = :id", id=someone.id)
    assert row is not None
    forged = {**row, "id": "f" * 32, "seq": 2, "balance_before": 1000, "balance_after": 2000}
    if casino.db.dialect == "postgres":
        assert isinstance(forged["details"], str)
    await casino.db.insert("ledger", forged)
    assert any(finding.startswith("books") and "ledger_seq" in finding for finding in await findings(casino))


async def test_coins_from_nowhere_are_found(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    await casino.db.execute("UPDATE books SET balance = balance + 500 WHERE player_id = :id", id=someone.id)
    found = await findings(casino)
    assert f"balance: player {someone.id} has 1500 coins, the ledger ends with 1000" in found


BOOKS = (
    "at_stake",
    "rounds",
    "wins",
    "staked",
    "returned",
    "profit",
    "best_win",
    "best_payout",
    "best_stake",
    "streak",
    "nonce",
    "ledger_seq",
    "day_rounds",
    "day_wins",
    "day_profit",
    "day_coins",
    "week_rounds",
    "week_wins",
    "week_profit",
    "week_coins",
)


async def test_each_counter_that_was_moved_is_found(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    await busy(casino, someone, 20, 7)
    places = [
        *(("books", column) for column in BOOKS),
        *(("game_figures", column) for column in ("rounds", "wins", "staked", "returned", "best_win")),
        *(("daily_figures", column) for column in ("rounds", "net_profit", "balance")),
        *(("rounds", column) for column in ("stake", "payout", "nonce")),
    ]
    assert await findings(casino) == []
    for table, column in places:
        key = {"rounds": "id", "books": "player_id"}.get(table, "id")
        row = await casino.db.fetch_one(f"SELECT {key} AS k, {column} AS v FROM {table} ORDER BY {key} LIMIT 1")
        assert row is not None
        change = f"UPDATE {table} SET {column} = :value WHERE {key} = :k"
        await casino.db.execute(change, value=row["v"] + 100_000, k=row["k"])
        assert await findings(casino), f"{table}.{column}"
        await casino.db.execute(change, value=row["v"], k=row["k"])
    assert await findings(casino) == []


async def test_rounds_and_seeds_that_are_not_what_they_were(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    await busy(casino, someone, 20, 3)
    changes = {
        "UPDATE rounds SET status = 'void'": "UPDATE rounds SET status = 'settled'",
        "UPDATE rounds SET game = 'roulette'": "UPDATE rounds SET game = 'slots'",
        "UPDATE rounds SET server_seed_hash = '0'": None,
        "UPDATE rounds SET client_seed = 'another'": None,
        "UPDATE rounds SET settled_at = :long_ago": None,
    }
    for change in changes:
        row = await casino.db.fetch_one(
            "SELECT * FROM rounds WHERE status = 'settled' AND game = 'slots' AND payout > 0 ORDER BY id LIMIT 1"
        )
        assert row is not None
        long_ago = row["created_at"] - timedelta(days=40)
        await casino.db.execute(f"{change} WHERE id = :id", id=row["id"], long_ago=long_ago)
        assert await findings(casino), change
        for column in ("status", "game", "server_seed_hash", "client_seed", "settled_at"):
            await casino.db.execute(f"UPDATE rounds SET {column} = :v WHERE id = :id", v=row[column], id=row["id"])
    assert await findings(casino) == []
    await casino.db.execute("UPDATE seed_pairs SET server_seed = :seed WHERE revealed_at IS NOT NULL", seed="0" * 64)
    assert any(finding.startswith("seeds") for finding in await findings(casino))


async def test_a_round_that_was_taken_out_is_found(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    await busy(casino, someone, 5, 3)
    await casino.db.execute("DELETE FROM rounds WHERE id = (SELECT min(id) FROM rounds)")
    kinds = {finding.partition(":")[0] for finding in await findings(casino)}
    assert {"rounds", "books", "game_figures", "daily_figures", "nonces"} <= kinds


async def test_lines_of_nobody_are_found(casino: Casino, player: MakePlayer) -> None:
    await player()
    gone = await player()
    await casino.db.execute("DELETE FROM books WHERE player_id = :id", id=gone.id)
    found = await findings(casino)
    assert f"no_books: player {gone.id} of a ledger has no books" in found
    assert f"no_books: player {gone.id} of a user has no books" in found


async def test_a_round_open_for_ever_is_told_by_itself(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    hand: dict[str, Any] = {"status": "settled"}
    while hand["status"] != "open":
        hand = (await casino.blackjack.start(player_id=someone.id, session_id=None, stake=2)).body["round"]
    assert await findings(casino) == []
    yesterday = await casino.db.now() - timedelta(hours=25)
    await casino.db.execute("UPDATE rounds SET created_at = :at WHERE id = :id", at=yesterday, id=hand["id"])
    (finding,) = await findings(casino)
    assert finding.startswith(f"open_round: blackjack round {hand['id']} of player {someone.id} is open since")


async def test_findings_are_bounded(casino: Casino, player: MakePlayer, monkeypatch: pytest.MonkeyPatch) -> None:
    someone = await player()
    await busy(casino, someone, 10, 1)
    await drop_guards(casino)
    await casino.db.execute("UPDATE ledger SET description = 'x'")
    monkeypatch.setattr(reconcile, "MAX_FINDINGS", 5)
    report = await casino.reconciler.run()
    assert len(report.findings) == 5 and report.left_off > 5
    assert f"{5 + report.left_off} findings" in report.summary()
