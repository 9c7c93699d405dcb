"""What the stream of big wins begins with."""

from ..realtime.hub import Snapshot, SnapshotProvider
from ..realtime.sessions import Identity
from .service import BigWins


def big_wins_snapshot(big_wins: BigWins) -> SnapshotProvider:
    async def snapshot(args: tuple[str, ...], identity: Identity | None) -> Snapshot:
        return "big_wins_snapshot", {"big_wins": await big_wins.list_recent()}

    return snapshot
