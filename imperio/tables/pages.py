"""The pages of live tables: the list with a form to open one, and the table itself, which lives over `/ws/tables`."""

from typing import Any, Final
from urllib.parse import urlencode

from quart import Blueprint, Response, redirect, request
from quart.typing import ResponseReturnValue

from ..accounts.access import Access, Auth, Caller, form
from ..core.clock import rfc3339, utc_now
from ..core.errors import AppError, RateLimited
from ..core.rates import Rate
from ..core.web import html
from ..games.blackjack.engine import ACTIONS
from ..games.forms import whole
from ..games.roulette import engine as roulette
from ..wallet.posting import AccountFrozen
from .rules.errors import InvalidBet, RoomNotFound, TooManyTables
from .rules.room import MAX_SEATS, STAKES, GameType
from .service import Tables

VIEW: Final = Rate("table_pages", count=10, period=1.0, burst=60)
OPEN: Final = Rate("table_open", count=20, period=60.0, burst=10)
CHIPS: Final = (1, 5, 10, 25, 100, 500)
GAMES: Final[tuple[GameType, ...]] = ("roulette", "blackjack", "slots")
_SHOWN: Final = (InvalidBet, TooManyTables, AccountFrozen, RateLimited)
_KEYS: Final = {
    "hit": "H",
    "stand": "S",
    "double": "D",
    "split": "P",
    "surrender": "R",
    "insurance": "I",
    "decline_insurance": "N",
}


def tables_pages(access: Access, tables: Tables) -> Blueprint:
    """`/tables` and `/tables/<id>`."""
    bp = Blueprint("tables_pages", __name__)

    async def listing(
        caller: Caller | None, *, fields: dict[str, str] | None = None, error: AppError | None = None
    ) -> Response:
        game = request.args.get("game")
        game = game if game in GAMES else None
        return await html(
            "tables/tables.html",
            error.status if error else 200,
            rooms=await tables.list_rooms(game),
            own=await tables.list_own(caller.player_id) if caller is not None else [],
            game=game,
            seats=MAX_SEATS,
            stakes=STAKES,
            fields=fields or {"game_type": game or "roulette"},
            error=error,
        )

    @access.page(bp, "/tables", auth=Auth.OPTIONAL, rate=VIEW)
    async def list_tables(caller: Caller | None) -> ResponseReturnValue:
        return await listing(caller)

    @access.page(bp, "/tables", methods=("POST",), auth=Auth.PLAYER, rate=OPEN)
    async def open_table(caller: Caller) -> ResponseReturnValue:
        fields = await form()
        try:
            room = await tables.create(
                player_id=caller.player_id, username=caller.username, session_id=caller.session_id, **_wanted(fields)
            )
        except _SHOWN as error:
            return await listing(caller, fields=fields, error=error)
        return redirect(f"/tables/{room.id}", 303)

    @access.page(bp, "/tables/<room_id>", auth=Auth.OPTIONAL, rate=VIEW)
    async def show_table(caller: Caller | None, room_id: str) -> ResponseReturnValue:
        try:
            room = await tables.get_room(room_id)
        except RoomNotFound:
            return await html("tables/closed.html", 404)
        seated = caller is not None and room.find_seat(caller.player_id) is not None
        return await html(
            "tables/table.html",
            room=room,
            now=rfc3339(utc_now()),
            invite=room.invite_code if seated else request.args.get("invite", "")[:64],
            chips=CHIPS,
            spots=roulette.SPOTS if room.game_type == "roulette" else (),
            limits=(room.min_stake, room.max_stake),
            max_bet=roulette.MAX_BET,
            max_bets=roulette.MAX_BETS,
            actions=[(action, _KEYS[action]) for action in ACTIONS],
        )

    @access.page(bp, "/tables/rounds/<round_id>", auth=Auth.OPTIONAL, rate=VIEW)
    async def replay(caller: Caller | None, round_id: str) -> ResponseReturnValue:
        found = await tables.get_round(round_id, None if caller is None else caller.player_id)
        return await html("tables/round.html", round=found, verify=_verify_url)

    return bp


def _verify_url(round_: dict[str, Any], nonce: int) -> str | None:
    """Where one draw of the round can be recomputed; None while the seed is sealed."""
    if round_["fairness"]["server_seed"] is None:
        return None
    return f"/fairness/verify?{urlencode({'game': round_['game'], **round_['fairness'], 'nonce': nonce})}"


def _wanted(fields: dict[str, str]) -> dict[str, Any]:
    """The form's wishes. Raises `InvalidBet` for what is no number or no game."""
    game = fields.get("game_type")
    if game not in GAMES:
        raise InvalidBet("Choose one of the games.")
    wanted: dict[str, Any] = {"game_type": game, "private": "private" in fields}
    for name, least, most in (("max_players", 1, 8), ("betting_seconds", 5, 60)):
        number = whole(fields.get(name, ""))
        if number is None or not least <= number <= most:
            raise InvalidBet(f"{name.replace('_', ' ').capitalize()}: {least} to {most}.")
        wanted[name] = number
    for name in ("min_stake", "max_stake"):
        if fields.get(name, "").strip():
            number = whole(fields[name])
            if number is None:
                raise InvalidBet("Stakes are whole coins.")
            wanted[name] = number
    wanted["max_players"] = min(wanted["max_players"], MAX_SEATS[game])
    return wanted
