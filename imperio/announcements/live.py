"""What the stream of announcements begins with."""

from ..realtime.hub import Snapshot, SnapshotProvider
from ..realtime.sessions import Identity
from .service import Announcements


def announcements_snapshot(announcements: Announcements) -> SnapshotProvider:
    async def snapshot(args: tuple[str, ...], identity: Identity | None) -> Snapshot:
        return "announcements_snapshot", {"announcements": await announcements.list_recent()}

    return snapshot
