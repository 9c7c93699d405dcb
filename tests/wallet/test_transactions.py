"""The ledger as players read it: pages, filters, export."""

import csv
import io
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from quart.typing import TestClientProtocol

from imperio.app import Casino
from imperio.wallet.export import COLUMNS, cell
from tests.support.play import play, stop_clock
from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]


async def get(client: TestClientProtocol, someone: Player, path: str, status: int = 200) -> Any:
    response = await client.get(f"/api/v1{path}", headers=someone.headers)
    assert response.status_code == status, await response.get_data(as_text=True)
    return await response.get_json()


async def test_a_round_in_the_ledger(client: TestClientProtocol, casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    round_ = (await play(casino, someone.id, 10, 30)).body["round"]
    win, bet, grant = (await get(client, someone, "/transactions"))["transactions"]
    assert set(bet) == set(COLUMNS)
    assert (grant["type"], grant["amount"], grant["balance_before"], grant["balance_after"]) == ("bonus", 1000, 0, 1000)
    assert (bet["type"], bet["amount"], bet["balance_before"], bet["balance_after"]) == ("bet", -10, 1000, 990)
    assert (win["type"], win["amount"], win["balance_before"], win["balance_after"]) == ("win", 30, 990, 1020)
    assert bet["reference_id"] == win["reference_id"] == round_["id"] and grant["reference_id"] is None
    assert bet["game"] == "slots" and grant["game"] is None
    assert await get(client, someone, "/wallet") == {"balance": 1020}
    assert await get(client, someone, f"/transactions/{bet['id']}") == {"transaction": bet}
    assert await get(client, someone, "/transactions/recent") == {"transactions": [win, bet, grant]}


async def test_other_peoples_lines_are_not_there(client: TestClientProtocol, player: MakePlayer) -> None:
    alice, other = await player(), await player()
    line = (await get(client, alice, "/transactions"))["transactions"][0]
    assert (await get(client, other, f"/transactions/{line['id']}", 404))["code"] == "not_found"
    for strange in ("nonsense", "%00", "0" * 32, "0" * 33):
        await get(client, alice, f"/transactions/{strange}", 404)
    lists = ("/transactions", "/transactions/recent", "/transactions.csv")
    for path in ("/wallet", *lists, f"/transactions/{line['id']}"):
        assert (await client.get(f"/api/v1{path}")).status_code == 401


async def test_pages_are_complete_while_lines_are_added(
    client: TestClientProtocol, casino: Casino, player: MakePlayer
) -> None:
    someone = await player()
    for _ in range(12):
        await play(casino, someone.id, 1, 2)
    whole = (await get(client, someone, "/transactions?limit=200"))["transactions"]
    read, cursor = [], ""
    while True:
        page = await get(client, someone, f"/transactions?limit=4{cursor}")
        assert len(page["transactions"]) <= 4
        read += page["transactions"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
        await play(casino, someone.id, 1, 0)  # newer lines do not push older ones out of the next page
    assert read == whole and len(whole) == 25
    assert [line["balance_before"] for line in whole[:-1]] == [line["balance_after"] for line in whole[1:]]


async def test_a_page_that_ends_exactly_at_the_end(
    client: TestClientProtocol, casino: Casino, player: MakePlayer
) -> None:
    someone = await player()
    await play(casino, someone.id, 1, 2)
    page = await get(client, someone, "/transactions?limit=3")
    assert len(page["transactions"]) == 3 and page["next_cursor"] is None


async def test_filters(
    client: TestClientProtocol, casino: Casino, player: MakePlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = await player()
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
    for hours, game in ((0, "slots"), (1, "roulette"), (2, "slots")):
        stop_clock(monkeypatch, noon + timedelta(hours=hours))
        await play(casino, someone.id, 5, 10 * hours, game=game)  # type: ignore[arg-type]

    async def found(query: str) -> list[tuple[str, str | None]]:
        lines = (await get(client, someone, f"/transactions?{query}"))["transactions"]
        return [(line["type"], line["game"]) for line in lines]

    bet, win = ("bet", "slots"), ("win", "slots")
    assert await found("type=bet") == [bet, ("bet", "roulette"), bet]
    assert await found("type=refund") == []
    assert await found("game=roulette") == [("win", "roulette"), ("bet", "roulette")]
    assert await found("type=win&game=slots") == [win]
    at = [(noon + timedelta(hours=hours)).isoformat().replace("+00:00", "Z") for hours in range(3)]
    assert await found(f"from={at[2]}") == [win, bet]  # inclusive
    assert await found(f"from={at[1]}&to={at[2]}") == [("win", "roulette"), ("bet", "roulette")]  # exclusive
    assert await found(f"from={at[1]}&to={at[1]}") == []
    # 14:00 at +02:00 is noon in UTC; an unescaped plus is understood as well.
    east = (noon + timedelta(hours=2)).replace(tzinfo=None).isoformat()
    assert await found(f"type=bet&to={east}%2B02:00") == []
    assert len(await found(f"type=bet&from={east}+02:00")) == 3


@pytest.mark.parametrize(
    "query",
    [
        "type=gift",
        "game=poker",
        "limit=0",
        "limit=201",
        "limit=ten",
        "limit=",
        "cursor=djE6LTE",
        "cursor=%F0%9F%8D%92",
        "from=yesterday",
        "from=2026-11-23",
        "from=2026-11-23T00:00:00",
        "from=1700000000",
        "from=2026-02-30T00:00:00Z",
        "from=0001-01-01T00:00:00%2B23:59",
        "to=9999-12-31T23:59:59-23:59",
        "from=2026-11-23T00:00:00Z&to=2026-11-22T00:00:00Z",
        "type=bet&type=win",
        "colour=red",
    ],
)
async def test_nonsense_is_refused(client: TestClientProtocol, player: MakePlayer, query: str) -> None:
    someone = await player()
    problem = await get(client, someone, f"/transactions?{query}", 422)
    assert problem["code"] == "invalid_request" and problem["errors"]


async def test_csv_says_what_json_says(client: TestClientProtocol, casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    for number in range(30):
        await play(casino, someone.id, 3, number % 7)
    await client.post("/api/v1/bonus/daily", headers=someone.headers)
    for query in ("", "?type=bet", "?type=deposit"):
        lines = (await get(client, someone, f"/transactions{query}{'&' if query else '?'}limit=200"))["transactions"]
        response = await client.get(f"/api/v1/transactions.csv{query}", headers=someone.headers)
        assert response.mimetype == "text/csv" and "attachment" in response.headers["Content-Disposition"]
        rows = list(csv.DictReader(io.StringIO(await response.get_data(as_text=True), newline="")))
        assert len(rows) == len(lines)
        for row, line in zip(rows, lines, strict=True):
            assert list(row) == list(COLUMNS)
            typed = {
                **{name: value or None for name, value in row.items()},
                **{name: int(row[name]) for name in ("amount", "balance_before", "balance_after")},
                "details": json.loads(row["details"]),
            }
            assert typed == line


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("Daily bonus, day 3", "Daily bonus, day 3"),
        ("", ""),
        (None, ""),
        (-250, -250),
        ({"a": 1}, '{"a":1}'),
    ],
)
def test_a_cell_is_no_formula_and_a_number_stays_one(value: Any, written: str | int) -> None:
    assert cell(value) == written
