"""Tables driven by hand: the clocks run when the test says so, and everything is read back from the database."""

from collections.abc import Sequence
from typing import Any

from imperio.app import Casino
from imperio.games.roulette.engine import Bet
from imperio.tables import store
from imperio.tables.rules.room import Room
from imperio.tables.views import state_view
from tests.support.players import Player

RED = Bet("red", (), 10)


class Driver:
    """One table and the players at it."""

    def __init__(self, casino: Casino, room: Room, players: Sequence[Player]) -> None:
        self.casino = casino
        self.tables = casino.tables
        self.id = room.id
        self.players = list(players)

    @property
    def host(self) -> Player:
        return self.players[0]

    async def room(self) -> Room:
        return await self.tables.get_room(self.id)

    async def state(self) -> dict[str, Any]:
        return state_view(await self.room())

    async def row(self) -> dict[str, Any]:
        """The table's row, closed or not."""
        found = await self.casino.db.fetch_one("SELECT * FROM rooms WHERE id = :id", id=self.id)
        assert found is not None
        return found

    async def join(self, player: Player, **options: Any) -> tuple[Room, dict[str, Any]]:
        joined = await self.tables.join(
            self.id, player_id=player.id, username=player.username, session_id="test", **options
        )
        if player not in self.players:
            self.players.append(player)
        return joined

    async def start(self) -> None:
        await self.tables.start(self.id, self.host.id)

    async def bet(self, player: Player, *bets: Bet, done: bool = True) -> None:
        await self.tables.place_bets(self.id, player.id, bets, done)

    async def stake(self, player: Player, stake: int) -> None:
        await self.tables.place_stake(self.id, player.id, stake)

    async def act(self, player: Player, action: str, version: int | None = None) -> None:
        await self.tables.act(self.id, player.id, action, version)

    async def run_out(self, column: str = "deadline_at") -> bool:
        """Lets the table's clock (or the seats' `dropped_at`, or idleness) run out, and does what is due then."""
        past = "now() - interval '1 hour'"
        if self.casino.db.dialect == "sqlite":
            past = "strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now', '-1 hour')"
        table = "seats" if column == "dropped_at" else "rooms"
        key = "room_id" if table == "seats" else "id"
        await self.casino.db.execute(
            f"UPDATE {table} SET {column} = {past} WHERE {key} = :id AND {column} IS NOT NULL", id=self.id
        )
        await self.casino.db.execute(f"UPDATE rooms SET due_at = {past} WHERE id = :id", id=self.id)
        return await self.tables.run_due(self.id)

    async def run_due(self) -> bool:
        return await self.tables.run_due(self.id)

    async def balance(self, player: Player) -> int:
        return await self.casino.wallet.get_balance(player.id)

    async def rounds(self, player: Player) -> list[dict[str, Any]]:
        """The player's rounds, newest first."""
        page, _ = await self.casino.rounds.list_rounds(player.id, limit=200, cursor=None)
        return page

    async def events(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Everything that was told so far on any topic, oldest first: (topic, name, data)."""
        import orjson

        log = await self.casino.bus.read_back(100_000, 3600)
        return [(event.topic, event.name, orjson.loads(event.data)) for event in log]

    async def reconcile(self) -> None:
        report = await self.casino.reconciler.run()
        assert not report.findings, "\n".join(report.findings)


async def find(casino: Casino, room_id: str) -> Room | None:
    return await store.find(casino.db, room_id)
