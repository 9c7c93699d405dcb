"""The shapes of the wallet's answers, for the API's description."""

from typing import Any

from pydantic import BaseModel, ConfigDict

_TRANSACTION_EXAMPLE: dict[str, Any] = {
    "id": "0193a5f0c2a87d0e8f6a1c5b7e9d2f34",
    "type": "win",
    "game": "slots",
    "amount": 20,
    "balance_before": 990,
    "balance_after": 1010,
    "reference_id": "0193a5f0c2a77b3d8a1f4c6e2b9d0e57",
    "description": "Cherry Charm: paid out",
    "details": {},
    "created_at": "2026-11-23T12:00:00.000000Z",
}


class Balance(BaseModel):
    balance: int


class TransactionView(BaseModel):
    """A line of the ledger: `balance_after = balance_before + amount`. `reference_id` is the round's."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TRANSACTION_EXAMPLE]})

    id: str
    type: str
    game: str | None
    amount: int
    balance_before: int
    balance_after: int
    reference_id: str | None
    description: str
    details: dict[str, Any]
    created_at: str


class TransactionList(BaseModel):
    transactions: list[TransactionView]
    next_cursor: str | None


class RecentTransactions(BaseModel):
    transactions: list[TransactionView]


class TransactionOnly(BaseModel):
    transaction: TransactionView


class DailyBonus(BaseModel):
    """`next_at`: when the next one can be claimed."""

    amount: int
    streak: int
    balance: int
    next_at: str


class Refill(BaseModel):
    amount: int
    balance: int
    next_at: str


class PendingLimits(BaseModel):
    """Only the limits that will be loosened; null lifts one."""

    daily_loss: int | None = None
    session_minutes: int | None = None
    reality_check_minutes: int | None = None


class Limits(BaseModel):
    """The limits in force (null: none), the loosening that waits, and until when a time-out lasts."""

    daily_loss: int | None
    session_minutes: int | None
    reality_check_minutes: int | None
    pending: PendingLimits | None
    pending_from: str | None
    time_out_until: str | None
