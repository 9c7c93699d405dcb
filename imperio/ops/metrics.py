"""Prometheus metrics, all workers of this node counted together.

prometheus-client keeps each process's numbers in files of one directory (`IMPERIO_METRICS_DIR`, made by `serve`) and
adds them up when any worker is asked. What others keep as plain numbers (the live side, the caches) is carried over
once a second, so that hot paths pay nothing for it.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from quart import Quart, Response, g, request

from ..core.settings import Settings
from ..core.tasks import end_tasks
from ..games.rounds import RoundSettled, Unlocked
from ..realtime.stats import LiveStats
from ..wallet.posting import Posting

SYNC_SECONDS: Final = 1.0
LOOP_SECONDS: Final = 0.25
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_PLAIN: Final = (
    "frames_sent",
    "frames_coalesced",
    "resyncs",
    "gaps",
    "events",
    "outbox_told",
    "outbox_retold",
    "outbox_failures",
)

Counts = Callable[[], Mapping[str, tuple[int, int]]]
"""Hits and misses by cache name."""


class Metrics:
    """This worker's numbers, and the sum over all workers for whoever asks."""

    def __init__(self, settings: Settings, live: LiveStats) -> None:
        self._shared = settings.metrics_dir is not None
        self._live = live
        self._caches: Counts | None = None
        self._carried: dict[tuple[str, ...], int] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._registry = CollectorRegistry()
        self._make(None if self._shared else self._registry)
        if self._shared:
            multiprocess.MultiProcessCollector(  # type: ignore[no-untyped-call]
                self._registry, path=str(settings.metrics_dir)
            )

    def _make(self, registry: CollectorRegistry | None) -> None:
        # In shared mode the values live in files; a throw-away registry lets several apps exist in one process.
        where = registry if registry is not None else CollectorRegistry()
        self.requests = Counter("imperio_requests", "Requests answered.", ["method", "route", "status"], registry=where)
        self.latency = Histogram(
            "imperio_request_seconds", "Time to answer, streams aside.", ["route"], buckets=_BUCKETS, registry=where
        )
        self.rounds = Counter("imperio_rounds", "Settled rounds.", ["game"], registry=where)
        self.stakes = Counter("imperio_stakes_coins", "Coins staked in settled rounds.", ["game"], registry=where)
        self.payouts = Counter("imperio_payouts_coins", "Coins paid out.", ["game"], registry=where)
        self.live = Counter("imperio_live", "What the live side did.", ["what"], registry=where)
        self.dropped = Counter("imperio_live_dropped", "Subscribers cut, by reason.", ["reason"], registry=where)
        self.replays = Counter("imperio_live_replays", "Reconnects replayed, by source.", ["source"], registry=where)
        self.cache = Counter("imperio_cache", "Cache look-ups.", ["cache", "result"], registry=where)
        self.streams = Gauge("imperio_streams_open", "Open SSE streams.", registry=where, multiprocess_mode="livesum")
        self.sockets = Gauge("imperio_sockets_open", "Open WebSockets.", registry=where, multiprocess_mode="livesum")
        self.bus_lag = Gauge(
            "imperio_bus_lag_seconds", "From the log to the fan-out.", registry=where, multiprocess_mode="livemax"
        )
        self.loop_lag = Gauge(
            "imperio_loop_lag_seconds", "How late the event loop is.", registry=where, multiprocess_mode="livemax"
        )

        self.findings = Gauge(
            "imperio_reconciliation_findings",
            "What the last scheduled reconciliation found wrong.",
            registry=where,
            multiprocess_mode="livemax",
        )

    def register(self, app: Quart) -> None:
        """Counts every request of this application."""

        @app.before_request
        async def _begin() -> None:
            g.began = time.perf_counter()

        @app.after_request
        async def _count(response: Response) -> Response:
            route = request.url_rule.rule if request.url_rule is not None else "none"
            self.requests.labels(request.method, route, str(response.status_code)).inc()
            if "began" in g and response.timeout is not None:
                self.latency.labels(route).observe(time.perf_counter() - g.began)
            return response

    def watch_caches(self, counts: Counts) -> None:
        self._caches = counts

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._carry_over()), asyncio.create_task(self._watch_loop())]

    async def stop(self) -> None:
        await end_tasks(*self._tasks)

    def text(self) -> bytes:
        """The exposition format, all workers of the node together."""
        self._carry()
        return generate_latest(self._registry)

    def on_round_settled(self, settled: RoundSettled, posting: Posting) -> Sequence[Unlocked]:
        """Counts the round. A posting that is tried twice counts twice: these are rates, the ledger is the truth."""
        self.rounds.labels(settled.game).inc()
        self.stakes.labels(settled.game).inc(settled.stake)
        self.payouts.labels(settled.game).inc(settled.payout)
        return ()

    async def _carry_over(self) -> None:
        while True:
            await asyncio.sleep(SYNC_SECONDS)
            self._carry()

    async def _watch_loop(self) -> None:
        while True:
            due = time.perf_counter() + LOOP_SECONDS
            await asyncio.sleep(LOOP_SECONDS)
            self.loop_lag.set(max(0.0, time.perf_counter() - due))

    def _carry(self) -> None:
        live = self._live
        self.streams.set(live.streams_open)
        self.sockets.set(live.sockets_open)
        self.bus_lag.set(live.bus_lag_seconds)
        for name in _PLAIN:
            self._up_to(self.live.labels(name), ("live", name), getattr(live, name))
        for reason, count in live.dropped.items():
            self._up_to(self.dropped.labels(reason), ("dropped", reason), count)
        for source, count in live.replays.items():
            self._up_to(self.replays.labels(source), ("replays", source), count)
        for cache, (hits, misses) in (self._caches() if self._caches else {}).items():
            self._up_to(self.cache.labels(cache, "hit"), ("hit", cache), hits)
            self._up_to(self.cache.labels(cache, "miss"), ("miss", cache), misses)

    def _up_to(self, counter: Any, key: tuple[str, ...], value: int) -> None:
        counter.inc(value - self._carried.get(key, 0))
        self._carried[key] = value
