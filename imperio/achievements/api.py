"""Achievements as programs see them."""

import hashlib
from typing import Any, Final

from pydantic import BaseModel
from quart import Blueprint, Response, request

from ..accounts.access import Access, Auth, Caller
from ..core.jsonio import dumps
from ..core.rates import Rate
from .service import PUBLIC, AchievementNotFound, Achievements

READ: Final = Rate("achievements", count=10, period=1.0, burst=40)
CACHE_SECONDS: Final = 600

_BODY: Final = dumps(PUBLIC)
_ETAG: Final = hashlib.sha256(_BODY).hexdigest()[:16]


class AchievementView(BaseModel):
    type: str
    name: str
    description: str
    icon: str
    reward_coins: int
    category: str


class OwnAchievement(AchievementView):
    unlocked_at: str
    seen: bool


class ProgressView(BaseModel):
    type: str
    current_value: int
    target_value: int
    progress_percentage: float
    unlocked: bool


class AchievementList(BaseModel):
    achievements: list[AchievementView]


class OwnAchievementList(BaseModel):
    achievements: list[OwnAchievement]


class ProgressList(BaseModel):
    progress: list[ProgressView]


def achievements_api(access: Access, achievements: Achievements) -> Blueprint:
    """`/api/v1/achievements`."""
    bp = Blueprint("achievements_api", __name__, url_prefix="/api/v1")

    @access.endpoint(bp, "GET", "/achievements", auth=Auth.PUBLIC, rate=READ, answer=AchievementList)
    async def list_achievements() -> Response:
        """All achievements. May be kept for ten minutes; the ETag tells whether anything changed."""
        response = Response(_BODY, mimetype="application/json")
        response.headers["Cache-Control"] = f"public, max-age={CACHE_SECONDS}"
        response.set_etag(_ETAG)
        return await response.make_conditional(request)

    @access.endpoint(bp, "GET", "/achievements/mine", auth=Auth.PLAYER, rate=READ, answer=OwnAchievementList)
    async def list_mine(caller: Caller) -> dict[str, Any]:
        """The achievements one has unlocked, newest first, with when that was and whether one has seen it."""
        return {"achievements": await achievements.list_unlocked(caller.player_id)}

    @access.endpoint(bp, "GET", "/achievements/progress", auth=Auth.PLAYER, rate=READ, answer=ProgressList)
    async def list_progress(caller: Caller) -> dict[str, Any]:
        """How far one has come towards each achievement."""
        return {"progress": await achievements.list_progress(caller.player_id)}

    @access.endpoint(
        bp,
        "POST",
        "/achievements/<type>/seen",
        auth=Auth.PLAYER,
        rate=READ,
        status=204,
        errors=(AchievementNotFound,),
    )
    async def mark_seen(caller: Caller, type: str) -> None:
        """Note that one has seen an achievement one unlocked."""
        await achievements.mark_seen(caller.player_id, type)

    return bp
