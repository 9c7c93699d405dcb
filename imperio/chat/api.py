"""Reports by players, and what moderators do."""

from typing import Annotated, Any, Final

from pydantic import BaseModel, Field
from quart import Blueprint

from ..accounts.access import Access, Auth, Caller
from ..core.errors import NotFound
from ..core.rates import Rate
from ..core.web import Body
from .service import MAX_SLOW_SECONDS, Chat, RoomNotFound

WRITE: Final = Rate("chat_api", count=5, period=1.0, burst=20)


class ReportRequest(Body):
    reason: Annotated[str, Field(max_length=200, examples=["insults"])] = ""


class MuteRequest(Body):
    username: Annotated[str, Field(max_length=32)]
    minutes: Annotated[int, Field(ge=0, le=60 * 24 * 30, description="0 ends it.")]
    reason: Annotated[str, Field(min_length=3, max_length=200)]


class SlowModeRequest(Body):
    seconds: Annotated[int, Field(ge=0, le=MAX_SLOW_SECONDS, description="0 switches it off.")]


class Reports(BaseModel):
    reports: list[dict[str, Any]]


def chat_api(access: Access, chat: Chat) -> Blueprint:
    bp = Blueprint("chat_api", __name__, url_prefix="/api/v1/chat")

    @access.endpoint(
        bp,
        "POST",
        "/messages/<message_id>/report",
        auth=Auth.PLAYER,
        rate=WRITE,
        body=ReportRequest,
        errors=(NotFound,),
    )
    async def report(caller: Caller, body: ReportRequest, message_id: str) -> None:
        """Ask the house to look at a message."""
        await chat.report(message_id, caller.player_id, body.reason)

    @access.endpoint(bp, "GET", "/reports", auth=Auth.MODERATOR, rate=WRITE, answer=Reports)
    async def list_reports(caller: Caller) -> dict[str, Any]:
        """Open reports, oldest first."""
        return {"reports": await chat.list_reports()}

    @access.endpoint(bp, "DELETE", "/messages/<message_id>", auth=Auth.MODERATOR, rate=WRITE, errors=(NotFound,))
    async def remove(caller: Caller, message_id: str) -> None:
        """Remove a message for everybody, live."""
        await chat.remove(message_id, caller.player_id)

    @access.endpoint(bp, "POST", "/mutes", auth=Auth.MODERATOR, rate=WRITE, body=MuteRequest, errors=(NotFound,))
    async def mute(caller: Caller, body: MuteRequest) -> None:
        """Let a player read but not write for a while."""
        await chat.mute(body.username, caller.player_id, body.minutes, body.reason)

    @access.endpoint(
        bp,
        "PUT",
        "/rooms/<room>/slow-mode",
        auth=Auth.MODERATOR,
        rate=WRITE,
        body=SlowModeRequest,
        errors=(RoomNotFound,),
    )
    async def slow_mode(caller: Caller, body: SlowModeRequest, room: str) -> None:
        """One message per player in so many seconds."""
        await chat.set_slow_mode(room, body.seconds)

    return bp
