"""The wallet as programs see it: balance, ledger, bonuses, and the limits players set themselves."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from quart import Blueprint, Response

from ..accounts.access import Access, Auth, Caller
from ..core.errors import NotFound
from ..core.pagination import PageQuery, public_page
from ..core.rates import Rate
from ..core.web import Body, Query
from . import limits_service, schemas
from .export import csv_chunks
from .http import idempotency, posted
from .ledger import TransactionType
from .limits_service import Limits
from .posting import AccountFrozen, IdempotencyConflict
from .service import AlreadyClaimed, RefillUnavailable, Wallet

READ: Final = Rate("wallet_read", count=20, period=1.0, burst=60)
CLAIM: Final = Rate("bonus", count=5, period=1.0, burst=20)
EXPORT: Final = Rate("wallet_export", count=10, period=60.0, burst=10)
LIMITS: Final = Rate("limits", count=5, period=1.0, burst=20)

_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
_UNQUOTED_PLUS: Final = re.compile(r" (?=\d\d:\d\d$)")


def moment(value: object) -> object:
    """An instant from RFC 3339 text with its offset, in UTC. Raises `ValueError`: a time without one is a guess."""
    if not isinstance(value, str):
        raise ValueError("a time as in RFC 3339")
    # In a query string an unescaped `+` arrives as a space; nothing else can be meant by it.
    text = _UNQUOTED_PLUS.sub("+", value)
    if not _RFC3339.fullmatch(text):
        raise ValueError("a time as in RFC 3339, with its offset: 2026-11-23T12:00:00Z")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("there is no such time") from None


Moment = Annotated[datetime, BeforeValidator(moment)]


class LedgerFilter(Query):
    """What to show of the ledger. `from` is inclusive, `to` exclusive."""

    type: TransactionType | None = None
    game: Literal["slots", "roulette", "blackjack"] | None = None
    from_at: Annotated[Moment | None, Field(alias="from")] = None
    to_at: Annotated[Moment | None, Field(alias="to")] = None

    @field_validator("to_at")
    @classmethod
    def _behind_from(cls, to_at: datetime | None, others: ValidationInfo) -> datetime | None:
        from_at = others.data.get("from_at")
        if to_at is not None and from_at is not None and to_at < from_at:
            raise ValueError("lies before `from`")
        return to_at

    def chosen(self) -> dict[str, Any]:
        """The filter as keywords of the wallet's lists."""
        return {"type": self.type, "game": self.game, "from_at": self.from_at, "to_at": self.to_at}


class LedgerQuery(LedgerFilter, PageQuery):
    """The filter and the page."""


class LimitsRequest(Body):
    """All three at once; null (or left out) is no limit."""

    daily_loss: Annotated[int | None, Field(ge=1, le=limits_service.MAX_LOSS, description="Coins a UTC day.")] = None
    session_minutes: Annotated[int | None, Field(ge=1, le=limits_service.MAX_MINUTES)] = None
    reality_check_minutes: Annotated[int | None, Field(ge=1, le=limits_service.MAX_MINUTES)] = None


class TimeOutRequest(Body):
    hours: Annotated[int, Field(ge=1, le=limits_service.MAX_HOURS, examples=[24])]


def wallet_api(access: Access, wallet: Wallet) -> Blueprint:
    """Routes under `/api/v1`: balance, transactions and bonuses."""
    bp = Blueprint("wallet_api", __name__, url_prefix="/api/v1")

    @access.endpoint(bp, "GET", "/wallet", auth=Auth.PLAYER, rate=READ, answer=schemas.Balance)
    async def get_wallet(caller: Caller) -> dict[str, Any]:
        """One's own balance."""
        return {"balance": await wallet.get_balance(caller.player_id)}

    @access.endpoint(
        bp, "GET", "/transactions", auth=Auth.PLAYER, rate=READ, query=LedgerQuery, answer=schemas.TransactionList
    )
    async def list_transactions(caller: Caller, query: LedgerQuery) -> dict[str, Any]:
        """One's own ledger, newest first."""
        page, following = await wallet.list_transactions(
            caller.player_id, limit=query.limit, cursor=query.cursor, **query.chosen()
        )
        return public_page("transactions", page, following)

    @access.endpoint(bp, "GET", "/transactions/recent", auth=Auth.PLAYER, rate=READ, answer=schemas.RecentTransactions)
    async def recent_transactions(caller: Caller) -> dict[str, Any]:
        """The last ten lines of one's own ledger."""
        page, _ = await wallet.list_transactions(caller.player_id, limit=10)
        return {"transactions": page}

    @access.endpoint(
        bp, "GET", "/transactions.csv", auth=Auth.PLAYER, rate=EXPORT, query=LedgerFilter, media="text/csv"
    )
    async def export_transactions(caller: Caller, query: LedgerFilter) -> Response:
        """One's own ledger as CSV, newest first, streamed."""
        lines = csv_chunks(wallet.stream_transactions(caller.player_id, **query.chosen()))
        response = Response(lines, mimetype="text/csv")
        response.headers["Content-Disposition"] = 'attachment; filename="transactions.csv"'
        response.timeout = None  # a long ledger over a slow line takes its time
        return response

    @access.endpoint(
        bp,
        "GET",
        "/transactions/<transaction_id>",
        auth=Auth.PLAYER,
        rate=READ,
        answer=schemas.TransactionOnly,
        errors=(NotFound,),
    )
    async def get_transaction(caller: Caller, transaction_id: str) -> dict[str, Any]:
        """One line of one's own ledger."""
        return {"transaction": await wallet.get_transaction(caller.player_id, transaction_id)}

    @access.endpoint(
        bp,
        "POST",
        "/bonus/daily",
        auth=Auth.CLAIMED,
        rate=CLAIM,
        answer=schemas.DailyBonus,
        status=201,
        errors=(AlreadyClaimed, AccountFrozen, IdempotencyConflict),
    )
    async def claim_daily(caller: Caller) -> Response:
        """Claim the daily bonus, once per UTC day."""
        return posted(await wallet.claim_daily(caller.player_id, caller.session_id, idempotency()))

    @access.endpoint(
        bp,
        "POST",
        "/bonus/refill",
        auth=Auth.CLAIMED,
        rate=CLAIM,
        answer=schemas.Refill,
        status=201,
        errors=(RefillUnavailable, AccountFrozen, IdempotencyConflict),
    )
    async def refill(caller: Caller) -> Response:
        """Take a refill to 100 coins when fewer than 10 are left."""
        return posted(await wallet.refill(caller.player_id, caller.session_id, idempotency()))

    return bp


def limits_api(access: Access, limits: Limits) -> Blueprint:
    """Routes under `/api/v1/limits`: responsible play."""
    bp = Blueprint("limits_api", __name__, url_prefix="/api/v1")

    @access.endpoint(bp, "GET", "/limits", auth=Auth.PLAYER, rate=READ, answer=schemas.Limits)
    async def get_limits(caller: Caller) -> dict[str, Any]:
        """One's own limits, and what waits."""
        return await limits.get_limits(caller.player_id)

    @access.endpoint(bp, "PUT", "/limits", auth=Auth.CLAIMED, rate=LIMITS, body=LimitsRequest, answer=schemas.Limits)
    async def set_limits(caller: Caller, body: LimitsRequest) -> Response:
        """Set all three limits. Tightening counts at once, loosening after 24 hours."""
        return posted(await limits.set_limits(caller.player_id, caller.session_id, **body.model_dump()))

    @access.endpoint(
        bp, "POST", "/limits/time-out", auth=Auth.CLAIMED, rate=LIMITS, body=TimeOutRequest, answer=schemas.Limits
    )
    async def take_time_out(caller: Caller, body: TimeOutRequest) -> Response:
        """Stop taking stakes for some hours. It can be made longer, not shorter."""
        return posted(await limits.take_time_out(caller.player_id, caller.session_id, hours=body.hours))

    return bp
