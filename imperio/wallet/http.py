"""Postings over HTTP: the idempotency header in, the answer (or the first one again) out."""

import hashlib
from typing import Final

from pydantic import BaseModel
from quart import Response, request

from ..core.errors import InvalidRequest
from ..core.web import json_response
from .posting import Idempotency, Posted

KEY_HEADER: Final = "Idempotency-Key"
REPLAYED_HEADER: Final = "Idempotency-Replayed"
_MAX_KEY: Final = 128


def idempotency(body: BaseModel | None = None) -> Idempotency | None:
    """The client's key with a fingerprint of this request (method, path, meaning of the body); None without a key.

    Raises `InvalidRequest` for a key that is not 1 to 128 printable ASCII characters.
    """
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= _MAX_KEY or not key.isascii() or not key.isprintable():
        message = f"1 to {_MAX_KEY} printable characters"
        raise InvalidRequest("That Idempotency-Key cannot be used.", errors=[{"field": KEY_HEADER, "message": message}])
    # By pydantic, which writes numbers of any size: whether one makes sense is for the game to say.
    meaning = "" if body is None else body.model_dump_json(exclude_unset=True)
    return Idempotency(key, hashlib.sha256(f"{request.method} {request.path} {meaning}".encode()).hexdigest())


def posted(answer: Posted) -> Response:
    """The posting's answer; a repeated one says so."""
    return json_response(answer.body, answer.status, {REPLAYED_HEADER: "true"} if answer.replayed else None)
