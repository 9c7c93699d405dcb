"""What a stream of the wallet begins with."""

from collections.abc import Sequence

from ..core.db import Database, Row
from ..core.errors import NotFound
from ..core.gather import Gathered
from ..realtime.hub import Snapshot, SnapshotProvider
from ..realtime.sessions import Identity


def balance_snapshot(db: Database) -> SnapshotProvider:
    """The balance with the ledger's newest line, as of one moment."""

    async def load(player_ids: Sequence[int]) -> dict[int, Row]:
        chosen, parameters = db.one_of("b.player_id", player_ids)
        rows = await db.fetch(
            "SELECT b.player_id, b.balance, l.id AS transaction_id FROM books b"
            f" LEFT JOIN ledger l ON l.player_id = b.player_id AND l.seq = b.ledger_seq WHERE {chosen}",
            **parameters,
        )
        return {row["player_id"]: row for row in rows}

    balances = Gathered(load)

    async def snapshot(args: tuple[str, ...], identity: Identity | None) -> Snapshot:
        row = await balances.find(int(args[0]))
        if row is None:
            raise NotFound
        return "balance", {"balance": row["balance"], "transaction_id": row["transaction_id"]}

    return snapshot
