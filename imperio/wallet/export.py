"""The ledger as CSV (RFC 4180), line by line. Pure: no I/O."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from ..core.jsonio import dumps_text

COLUMNS: Final = (
    "id",
    "type",
    "game",
    "amount",
    "balance_before",
    "balance_after",
    "reference_id",
    "description",
    "details",
    "created_at",
)
# A spreadsheet takes a cell that starts like this for a formula; an apostrophe in front makes it text again.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> str | int:
    """A value as a CSV cell: numbers stay numbers, None is empty, text cannot become a formula."""
    if isinstance(value, int):
        return value
    if value is None:
        return ""
    text = value if isinstance(value, str) else dumps_text(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def csv_lines(rows: Sequence[Sequence[Any]]) -> bytes:
    """The rows as CSV text in UTF-8."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([[cell(value) for value in row] for row in rows])
    return buffer.getvalue().encode()


async def csv_chunks(chunks: AsyncIterator[list[dict[str, Any]]]) -> AsyncIterator[bytes]:
    """A header and the transactions of each chunk, as they come."""
    yield csv_lines([COLUMNS])
    async for chunk in chunks:
        yield csv_lines([[row[column] for column in COLUMNS] for row in chunk])
