"""What a stream of notifications begins with."""

from ..realtime.hub import Snapshot, SnapshotProvider
from ..realtime.sessions import Identity
from .service import Notifications


def unread_snapshot(notifications: Notifications) -> SnapshotProvider:
    async def snapshot(args: tuple[str, ...], identity: Identity | None) -> Snapshot:
        return "unread_count", {"unread_count": await notifications.get_unread_count(int(args[0]))}

    return snapshot
