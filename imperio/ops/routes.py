"""`/health…` and `/metrics`: for machines and the people who watch them."""

import hmac
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict
from quart import Blueprint, Response, request

from ..accounts.access import Access, Auth
from ..core.errors import NotFound, Unavailable
from ..core.rates import Rate
from ..core.settings import Settings
from ..core.web import client_address, json_response
from .health import Health
from .metrics import Metrics

PROBE: Final = Rate("probe", count=20, period=1.0, burst=60)
_LOCAL: Final = frozenset({"127.0.0.1", "::1"})
_FORWARDED: Final = ("X-Forwarded-For", "X-Real-IP", "Forwarded")


class Check(BaseModel):
    """One thing that was asked, and how long it took."""

    status: Literal["ok", "down"]
    latency_ms: float


class HealthView(BaseModel):
    """`degraded`: play goes on, but something (Redis) is away. `down`: nothing works without the database."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "status": "ok",
                    "checks": {
                        "database": {"status": "ok", "latency_ms": 0.41},
                        "redis": {"status": "ok", "latency_ms": 0.23},
                    },
                }
            ]
        }
    )

    status: Literal["ok", "degraded", "down"]
    checks: dict[str, Check]


class Alive(BaseModel):
    status: Literal["ok"]


def ops_routes(access: Access, settings: Settings, health: Health, metrics: Metrics) -> Blueprint:
    """Routes without the `/api` prefix."""
    bp = Blueprint("ops", __name__)

    async def answer() -> Response:
        found = await health.check()
        if found["status"] == "down":
            return json_response(found, 503, Unavailable().headers)
        return json_response(found)

    @access.endpoint(bp, "GET", "/health", auth=Auth.PUBLIC, rate=PROBE, answer=HealthView, also=(503,))
    async def whole() -> Response:
        """Database and Redis with their latencies; 503 when the casino is down."""
        return await answer()

    @access.endpoint(bp, "GET", "/health/ready", auth=Auth.PUBLIC, rate=PROBE, answer=HealthView, also=(503,))
    async def ready() -> Response:
        """Whether this worker should get requests."""
        return await answer()

    @access.endpoint(bp, "GET", "/health/live", auth=Auth.PUBLIC, rate=PROBE, answer=Alive)
    async def live() -> dict[str, Any]:
        """Whether the process runs at all; asks nobody else."""
        return {"status": "ok"}

    @access.endpoint(bp, "GET", "/metrics", auth=Auth.PUBLIC, rate=PROBE, media="text/plain", errors=(NotFound,))
    async def exposition() -> Response:
        """Prometheus text. For this machine itself, or whoever carries IMPERIO_METRICS_TOKEN."""
        if not _may_read(settings):
            raise NotFound
        return Response(metrics.text(), mimetype="text/plain", headers={"Content-Type": _EXPOSITION})

    return bp


_EXPOSITION: Final = "text/plain; version=0.0.4; charset=utf-8"


def _may_read(settings: Settings) -> bool:
    wanted = settings.metrics_token.get_secret_value()
    if wanted:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), wanted.encode())
    # A proxy on this machine that nobody declared would make the whole world look local.
    return client_address() in _LOCAL and not any(name in request.headers for name in _FORWARDED)
