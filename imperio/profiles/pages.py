"""The pages of profiles. The forms on the own one belong to the accounts slice."""

from typing import Final

from quart import Blueprint, Response, redirect, url_for
from quart.typing import ResponseReturnValue

from ..accounts.access import Access, Auth, Caller
from ..accounts.service import Accounts
from ..core.rates import Rate
from ..core.web import html
from ..statistics.pages import Charts
from .service import Profiles

VIEW: Final = Rate("profile_page", count=5, period=1.0, burst=30)


def profiles_pages(access: Access, profiles: Profiles, accounts: Accounts, charts: Charts) -> Blueprint:
    """`/profile` and `/profiles/{username}` (also by its older name, `/players/{username}`)."""
    bp = Blueprint("profiles_pages", __name__)

    @access.page(bp, "/profile", auth=Auth.PLAYER, rate=VIEW)
    async def show_own(caller: Caller) -> Response:
        sessions = await accounts.list_sessions(caller.player_id)
        return await html(
            "profiles/profile.html",
            profile=await profiles.get_own(caller.player_id),
            charts=await charts(caller.player_id),
            sessions=[
                {
                    "user_agent": session.user_agent,
                    "created_at": session.created_at,
                    "current": session.id == caller.session_id,
                }
                for session in sessions
            ],
        )

    @access.page(bp, "/profiles/<username>", auth=Auth.OPTIONAL, rate=VIEW)
    async def show_public(caller: Caller | None, username: str) -> Response:
        return await html("profiles/public.html", profile=await profiles.get_public(username))

    @access.page(bp, "/players/<username>", auth=Auth.OPTIONAL, rate=VIEW)
    async def show_public_by_other_name(caller: Caller | None, username: str) -> ResponseReturnValue:
        return redirect(url_for("profiles_pages.show_public", username=username), 308)

    return bp
