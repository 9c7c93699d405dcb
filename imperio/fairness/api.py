"""Seed pairs as programs see them: the current one, changing it, and what was revealed."""

import unicodedata
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError
from quart import Blueprint, Response

from ..accounts.access import Access, Auth, Caller
from ..core.pagination import PageQuery, public_page
from ..core.rates import Rate
from ..core.web import Body
from ..wallet.http import idempotency, posted
from ..wallet.posting import IdempotencyConflict
from .seeds import RoundOpen, Seeds

READ: Final = Rate("fairness_read", count=10, period=1.0, burst=40)
# Each rotation keeps a row for good; nobody needs many.
ROTATE: Final = Rate("fairness_rotate", count=1, period=1.0, burst=20)

MAX_CLIENT_SEED: Final = 64
# Control characters, halves of surrogate pairs, line and paragraph separators: text that cannot be shown again.
_UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def printable_seed(text: str) -> str:
    """The seed as it is. Raises a validation error for characters that cannot be shown."""
    if any(unicodedata.category(character) in _UNPRINTABLE for character in text):
        raise PydanticCustomError("unprintable", "Control characters are not taken")
    return text


ClientSeed = Annotated[
    str,
    Field(min_length=1, max_length=MAX_CLIENT_SEED, description="Any printable text.", examples=["iyAyNGKPsa"]),
    AfterValidator(printable_seed),
]


class RotateRequest(Body):
    """Without a client seed the present one goes on."""

    client_seed: ClientSeed | None = None


class CurrentPair(BaseModel):
    """`nonce` is the next to be used."""

    server_seed_hash: str
    client_seed: str
    nonce: int
    next_server_seed_hash: str


class RevealedPair(BaseModel):
    """`last_nonce` is null if no round was drawn from the pair."""

    server_seed: str
    server_seed_hash: str
    client_seed: str
    last_nonce: int | None


class Rotated(BaseModel):
    revealed: RevealedPair
    current: CurrentPair


class EarlierPair(RevealedPair):
    revealed_at: str


class EarlierPairs(BaseModel):
    seeds: list[EarlierPair]
    next_cursor: str | None


def fairness_api(access: Access, seeds: Seeds) -> Blueprint:
    """Routes under `/api/v1/fairness` for one player's own pairs."""
    bp = Blueprint("fairness_api", __name__, url_prefix="/api/v1/fairness")

    @access.endpoint(bp, "GET", "", auth=Auth.PLAYER, rate=READ, answer=CurrentPair)
    async def current_seeds(caller: Caller) -> dict[str, Any]:
        """The pair that one's next round is drawn from, and the commitment to the pair after it."""
        return await seeds.get_current(caller.player_id)

    @access.endpoint(
        bp,
        "POST",
        "/rotate",
        auth=Auth.PLAYER,
        rate=ROTATE,
        body=RotateRequest,
        answer=Rotated,
        errors=(RoundOpen, IdempotencyConflict),
    )
    async def rotate_seeds(caller: Caller, body: RotateRequest) -> Response:
        """Reveal the current server seed and begin with the next. Refused while a round is open."""
        return posted(
            await seeds.rotate(caller.player_id, caller.session_id, body.client_seed, idempotency=idempotency(body))
        )

    @access.endpoint(bp, "GET", "/seeds", auth=Auth.PLAYER, rate=READ, query=PageQuery, answer=EarlierPairs)
    async def revealed_seeds(caller: Caller, query: PageQuery) -> dict[str, Any]:
        """One's earlier pairs with their server seeds, newest first."""
        page, following = await seeds.list_revealed(caller.player_id, limit=query.limit, cursor=query.cursor)
        return public_page("seeds", page, following)

    return bp
