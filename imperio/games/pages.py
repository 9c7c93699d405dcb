"""Pages around rounds: one's history, the replay of any round, rules and odds."""

from typing import Any, Final
from urllib.parse import urlencode

from quart import Blueprint, redirect, request
from quart.typing import ResponseReturnValue

from ..accounts.access import Access, Auth, Caller
from ..core.paths import STATIC
from ..core.rates import Rate
from ..core.web import html
from . import catalogue
from .rounds import GAMES, RoundNotFound, Rounds

VIEW: Final = Rate("game_pages", count=10, period=1.0, burst=60)
PAGE_SIZE: Final = 50
# From this payout on, with a gain, a round is told to everyone, and everyone may look at it.
SHARED_PAYOUT: Final = 500
_SEED_FIELDS: Final = ("server_seed", "client_seed", "nonce", "server_seed_hash")


def games_pages(access: Access, rounds: Rounds) -> Blueprint:
    """`/history`, `/rounds/<id>` and `/rules`."""
    bp = Blueprint("games_pages", __name__)

    @access.page(bp, "/history", auth=Auth.PLAYER, rate=VIEW)
    async def history(caller: Caller) -> ResponseReturnValue:
        game = request.args.get("game")
        game = game if game in GAMES else None
        cursor = request.args.get("cursor") or None
        page, following = await rounds.list_rounds(caller.player_id, limit=PAGE_SIZE, cursor=cursor, game=game)
        filters = {"game": game, "cursor": cursor}
        return await html("games/history.html", rounds=page, next_cursor=following, filters=filters)

    @access.page(bp, "/rounds/<round_id>", auth=Auth.OPTIONAL, rate=VIEW)
    async def replay(caller: Caller | None, round_id: str) -> ResponseReturnValue:
        found = await _visible_round(rounds, round_id, caller)
        if found["status"] == "open":
            return redirect("/tables" if found["table_round_id"] else f"/{found['game']}", 303)
        style = f"css/{found['game']}.css"
        return await html(
            "games/round.html",
            round=found,
            replay_of=found.get("username"),
            verify_url=verify_url(found),
            style=style if (STATIC / style).is_file() else None,
        )

    @access.page(bp, "/rules", auth=Auth.OPTIONAL, rate=VIEW)
    async def rules(caller: Caller | None) -> ResponseReturnValue:
        return await html("games/rules.html", games=catalogue.games())

    return bp


async def _visible_round(rounds: Rounds, round_id: str, caller: Caller | None) -> dict[str, Any]:
    """The caller's own round, or anybody's big win with their `username`. Raises `RoundNotFound`."""
    if caller is not None:
        try:
            return await rounds.get_round(round_id, caller.player_id)
        except RoundNotFound:
            pass
    found = await rounds.get_any_round(round_id)
    if found["payout"] < SHARED_PAYOUT or found["net"] <= 0:
        raise RoundNotFound
    return found


def verify_url(round_: dict[str, Any]) -> str | None:
    """Where the round can be recomputed; None while its server seed is sealed."""
    seeds = round_["fairness"]
    if seeds["server_seed"] is None:
        return None
    parts = {"game": round_["game"], **{name: seeds[name] for name in _SEED_FIELDS}}
    return f"/fairness/verify?{urlencode(parts)}"
