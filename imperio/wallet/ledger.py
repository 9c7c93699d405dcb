"""A line of the ledger, its hash chain and how the outside sees it. Pure: no I/O."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import orjson

from ..core.clock import rfc3339
from ..core.jsonio import loads

TransactionType = Literal["bet", "win", "refund", "bonus", "adjustment", "deposit", "withdrawal"]
TYPES: Final[tuple[TransactionType, ...]] = ("bet", "win", "refund", "bonus", "adjustment", "deposit", "withdrawal")


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of coins. `amount` is signed; `seq` counts a player's entries from 1 without a hole."""

    id: str
    player_id: int
    seq: int
    type: TransactionType
    game: str | None
    amount: int
    balance_before: int
    balance_after: int
    reference_id: str | None
    description: str
    details: dict[str, Any]
    created_at: datetime

    def row_hash(self, head: str) -> str:
        """SHA-256 over the previous line's hash and every column of this one: a changed line breaks the chain."""
        facts = [
            head,
            self.id,
            self.player_id,
            self.seq,
            self.type,
            self.game,
            self.amount,
            self.balance_before,
            self.balance_after,
            self.reference_id,
            self.description,
            self.details,
            rfc3339(self.created_at),
        ]
        return hashlib.sha256(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def from_row(row: dict[str, Any]) -> Entry:
    """The entry from a row of `ledger`."""
    return Entry(
        id=row["id"],
        player_id=row["player_id"],
        seq=row["seq"],
        type=row["type"],
        game=row["game"],
        amount=row["amount"],
        balance_before=row["balance_before"],
        balance_after=row["balance_after"],
        reference_id=row["reference_id"],
        description=row["description"],
        details=loads(row["details"]),
        created_at=row["created_at"],
    )


def public(entry: Entry) -> dict[str, Any]:
    """The contract's transaction."""
    return {
        "id": entry.id,
        "type": entry.type,
        "game": entry.game,
        "amount": entry.amount,
        "balance_before": entry.balance_before,
        "balance_after": entry.balance_after,
        "reference_id": entry.reference_id,
        "description": entry.description,
        "details": entry.details,
        "created_at": rfc3339(entry.created_at),
    }
