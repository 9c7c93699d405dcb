"""Profiles as programs see them."""

from typing import Any, Final

from quart import Blueprint

from ..accounts.access import Access, Auth, Caller
from ..core.errors import NotFound
from ..core.rates import Rate
from . import schemas
from .service import Profiles

READ: Final = Rate("profiles", count=10, period=1.0, burst=40)


def profiles_api(access: Access, profiles: Profiles) -> Blueprint:
    """`/api/v1/profile` and `/api/v1/profiles/{username}`."""
    bp = Blueprint("profiles_api", __name__, url_prefix="/api/v1")

    @access.endpoint(bp, "GET", "/profile", auth=Auth.PLAYER, rate=READ, answer=schemas.OwnProfile)
    async def get_own_profile(caller: Caller) -> dict[str, Any]:
        """One's own profile."""
        return await profiles.get_own(caller.player_id)

    @access.endpoint(
        bp,
        "GET",
        "/profiles/<username>",
        auth=Auth.PUBLIC,
        rate=READ,
        answer=schemas.PublicProfile,
        errors=(NotFound,),
    )
    async def get_public_profile(username: str) -> dict[str, Any]:
        """A player's public profile."""
        return await profiles.get_public(username)

    return bp
