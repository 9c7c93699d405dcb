"""Random evenings at a few tables: people come, bet, drop, return and leave; in the end every coin is accounted for."""

import random
from collections.abc import Awaitable, Callable, Sequence

import pytest

from imperio.app import Casino
from imperio.core.errors import AppError
from imperio.games.blackjack.engine import ACTIONS
from imperio.games.roulette.engine import Bet
from tests.support.players import Player

from .driver import Driver

NewPlayer = Callable[..., Awaitable[Player]]
GAMES = ("roulette", "blackjack", "slots")


class Evening:
    """`rounds` rounds at one table of each kind, decided by a seed."""

    def __init__(self, casino: Casino, players: Sequence[Player], seed: int) -> None:
        self.casino = casino
        self.players = list(players)
        self.random = random.Random(seed)
        self.dealt = 0

    async def play(self, rounds: int) -> None:
        drivers = [await self._open(game) for game in GAMES]
        while self.dealt < rounds:
            for index, driver in enumerate(drivers):
                row = await driver.row()
                if row["status"] == "closed":
                    drivers[index] = await self._open(row["game_type"])
                else:
                    await self._step(driver)

    async def _open(self, game: str) -> Driver:
        host = self.random.choice(self.players)
        while True:
            try:
                room = await self.casino.tables.create(
                    player_id=host.id,
                    username=host.username,
                    session_id="test",
                    game_type=game,  # type: ignore[arg-type]
                )
                return Driver(self.casino, room, [host])
            except AppError:
                host = self.random.choice(self.players)

    async def _step(self, driver: Driver) -> None:
        """Something happens, perhaps something that may not."""
        player, chance = self.random.choice(self.players), self.random.random()
        before = await driver.row()
        try:
            if chance < 0.15:
                await driver.join(player)
            elif chance < 0.2:
                await driver.tables.leave(driver.id, player.id)
            elif chance < 0.27:
                await driver.tables.drop(driver.id, player.id, player.username)
            elif chance < 0.3:
                await driver.run_out("dropped_at")
            elif chance < 0.33:
                await driver.tables.set_ready(driver.id, player.id, self.random.random() < 0.7)
            elif chance < 0.7:
                await self._play(driver, player)
            else:
                await driver.run_out()
        except AppError:
            pass
        after = await driver.row()
        self.dealt += after["nonce"] > before["nonce"]

    async def _play(self, driver: Driver, player: Player) -> None:
        room = await driver.room()
        if room.phase == "waiting":
            await driver.tables.start(driver.id, room.host_id)
        elif room.phase == "betting" and room.game_type == "roulette":
            bet = Bet("straight", (self.random.randrange(37),), self.random.choice((1, 2, 5)))
            await driver.bet(player, bet, done=self.random.random() < 0.7)
        elif room.phase == "betting":
            await driver.stake(player, 2)
        elif room.phase == "acting" and room.dealt is not None and room.dealt.turn is not None:
            entrant = room.dealt.entrants[room.dealt.turn]
            action = self.random.choice(ACTIONS)
            await driver.tables.act(driver.id, entrant.player_id, action, room.version)


async def _evening(casino: Casino, player: NewPlayer, rounds: int, seed: int) -> None:
    await casino.table_clock.stop()
    players = [await player() for _ in range(6)]
    evening = Evening(casino, players, seed)
    await evening.play(rounds)
    report = await casino.reconciler.run()
    assert not report.findings, "\n".join(report.findings)
    # What is still in play is given back, and then nobody has anything at stake.
    for row in await casino.db.fetch("SELECT id FROM rooms WHERE status <> 'closed'"):
        await casino.tables.void(row["id"])
    report = await casino.reconciler.run()
    assert not report.findings, "\n".join(report.findings)
    assert report.rounds >= rounds
    open_stakes = await casino.db.fetch_one("SELECT sum(at_stake) AS coins FROM books")
    assert open_stakes is not None and not open_stakes["coins"]
    assert not await casino.db.fetch("SELECT 1 AS one FROM rounds WHERE status = 'open'")
    assert not await casino.db.fetch("SELECT 1 AS one FROM table_rounds WHERE status = 'open'")


async def test_an_evening_reconciles(casino: Casino, player: NewPlayer) -> None:
    await _evening(casino, player, 30, 1)


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_a_thousand_rounds_reconcile(casino: Casino, player: NewPlayer) -> None:
    await _evening(casino, player, 1_000, 2)
