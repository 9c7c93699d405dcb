"""Counters of one worker's live side. Plain numbers: the ops slice exports them."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class LiveStats:
    """What this worker's streams and sockets did since it started."""

    streams_open: int = 0
    sockets_open: int = 0
    frames_sent: int = 0
    frames_coalesced: int = 0
    """Superseded boards that a slow subscriber was spared."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Subscribers cut or ended early, by reason."""
    replays: Counter[str] = field(default_factory=Counter)
    """Reconnects answered with what was missed, by where it came from: `ring` or `bus`."""
    resyncs: int = 0
    gaps: int = 0
    events: int = 0
    """Events read from the bus."""
    bus_lag_seconds: float = 0.0
    """From the newest event's entry into the log to its fan-out here."""
    outbox_told: int = 0
    outbox_retold: int = 0
    """Outbox rows that had to be found by the sweeper."""
    outbox_failures: int = 0
