"""What a stream of the wallet begins with."""

from ..core.db import Database
from ..core.errors import NotFound
from ..realtime.hub import Snapshot, SnapshotProvider
from ..realtime.sessions import Identity


def balance_snapshot(db: Database) -> SnapshotProvider:
    """The balance with the ledger's newest line, as of one moment."""

    async def snapshot(args: tuple[str, ...], identity: Identity | None) -> Snapshot:
        row = await db.fetch_one(
            "SELECT b.balance, l.id AS transaction_id FROM books b"
            " LEFT JOIN ledger l ON l.player_id = b.player_id AND l.seq = b.ledger_seq"
            " WHERE b.player_id = :player_id",
            player_id=int(args[0]),
        )
        if row is None:
            raise NotFound
        return "balance", {"balance": row["balance"], "transaction_id": row["transaction_id"]}

    return snapshot
