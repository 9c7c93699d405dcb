"""The charts' geometry and what they say to those who do not see them."""

import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quart.typing import TestClientProtocol

from imperio.app import Casino
from imperio.statistics.charts import HEIGHT, WIDTH, balance_chart, profit_chart, short
from imperio.statistics.service import Day
from tests.support.play import play
from tests.support.players import Player

COINS = st.integers(-(2**53), 2**53)


def days(values: list[int]) -> list[Day]:
    first = date(2028, 2, 20)
    return [Day(first + timedelta(days=offset), 1, value, abs(value)) for offset, value in enumerate(values)]


@given(st.lists(COINS, min_size=1, max_size=60))
def test_everything_lies_inside(values: list[int]) -> None:
    line, bars = balance_chart(days(values)), profit_chart(days(values))
    for x, y in re.findall(r"([\d.-]+) ([\d.-]+)", line.path):
        assert 0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT
    for bar in bars.bars:
        assert bar.x >= 0 and bar.x + bar.width <= WIDTH
        assert bar.y >= 0 and bar.y + bar.height <= HEIGHT
    for chart in (line, bars):
        assert 2 <= len(chart.scale) <= 8
        assert 1 <= len(chart.dates) <= 5
        assert [tick.at for tick in chart.scale] == sorted((tick.at for tick in chart.scale), reverse=True)


def test_gains_stand_above_zero_and_losses_hang_below() -> None:
    chart = profit_chart(days([50, -50, 0]))
    gain, loss = chart.bars
    assert gain.gain and gain.y + gain.height == pytest.approx(chart.zero, abs=0.2)
    assert not loss.gain and loss.y == pytest.approx(chart.zero, abs=0.2)
    assert (chart.lowest, chart.highest, chart.last) == (-50, 50, 0)


def test_a_single_day_is_a_level_line() -> None:
    assert re.fullmatch(r"M58\.0 [\d.]+H632", balance_chart(days([5])).path)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (950, "950"), (1000, "1k"), (12_500, "12.5k"), (-3 * 10**6, "\u22123M"), (10**9, "1G"), (10**12, "1T")],
)
def test_numbers_beside_the_axis(value: int, text: str) -> None:
    assert short(value) == text


@pytest.mark.parametrize("path", ["/wallet", "/statistics", "/profile"])
async def test_the_pages_have_both_with_their_tables(
    client: TestClientProtocol, casino: Casino, player: Callable[..., Awaitable[Player]], path: str
) -> None:
    someone = await player()
    await play(casino, someone.id, 10, 0)
    response = await client.get(path, headers=someone.headers)
    html = await response.get_data(as_text=True)
    assert response.status_code == 200
    assert html.count('role="img" aria-label="Balance, thirty days: lowest 0, highest 990, today 990"') == 1
    assert html.count('<svg viewBox="0 0 640 220"') == 2
    assert " style=" not in html
    assert html.count("As a table") == 2
