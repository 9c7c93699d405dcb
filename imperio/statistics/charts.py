"""The geometry of the two charts of a player's days. Pure: the drawing is in `templates/statistics/_chart.html`."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from .service import Day

WIDTH: Final = 640
HEIGHT: Final = 220
_LEFT: Final = 58  # room for the scale's numbers
_RIGHT: Final = WIDTH - 8
_TOP: Final = 12
_BOTTOM: Final = HEIGHT - 26  # room for the dates
_LINES: Final = 4
_DATES: Final = 5


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis, in pixels of the view box."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's bar; `gain` if the day's value is above zero."""

    x: float
    y: float
    width: float
    height: float
    gain: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A line (`path`) or `bars` over the days, with scales, and the values for the table behind them."""

    name: str
    days: tuple[tuple[str, int], ...]
    path: str
    bars: tuple[Bar, ...]
    scale: tuple[Tick, ...]
    dates: tuple[Tick, ...]
    zero: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = _RIGHT

    @property
    def lowest(self) -> int:
        return min(value for _, value in self.days)

    @property
    def highest(self) -> int:
        return max(value for _, value in self.days)

    @property
    def last(self) -> int:
        return self.days[-1][1]


def balance_chart(days: Sequence[Day]) -> Chart:
    """The balance at the end of each day as a line."""
    values = [day.balance for day in days]
    steps, to_y = _scale(values)
    step = (_RIGHT - _LEFT) / max(1, len(values) - 1)
    points = [f"{_LEFT + index * step:.1f} {to_y(value):.1f}" for index, value in enumerate(values)]
    # A single day would be a point, which nothing draws: let it be a level line.
    path = f"M{points[0]}H{_RIGHT}" if len(points) == 1 else "M" + "L".join(points)
    return _chart("balance", days, values, path, (), steps, to_y, lambda index: _LEFT + index * step)


def profit_chart(days: Sequence[Day]) -> Chart:
    """Each day's net profit as a bar above or below zero."""
    values = [day.net_profit for day in days]
    steps, to_y = _scale(values)
    step = (_RIGHT - _LEFT) / len(values)
    bars = []
    for index, value in enumerate(values):
        if value:
            top, bottom = sorted((to_y(value), to_y(0)))
            x, height = _LEFT + (index + 0.15) * step, max(1.0, bottom - top)
            bars.append(Bar(round(x, 1), round(top, 1), round(step * 0.7, 1), round(height, 1), value > 0))
    return _chart("net_profit", days, values, "", tuple(bars), steps, to_y, lambda index: _LEFT + (index + 0.5) * step)


def _chart(
    name: str,
    days: Sequence[Day],
    values: Sequence[int],
    path: str,
    bars: tuple[Bar, ...],
    steps: Sequence[int],
    to_y: Callable[[float], float],
    to_x: Callable[[int], float],
) -> Chart:
    every = max(1, math.ceil(len(days) / _DATES))
    return Chart(
        name=name,
        days=tuple((day.day.isoformat(), value) for day, value in zip(days, values, strict=True)),
        path=path,
        bars=bars,
        scale=tuple(Tick(round(to_y(value), 1), short(value)) for value in steps),
        dates=tuple(
            Tick(round(to_x(index), 1), days[index].day.strftime("%-d %b")) for index in range(0, len(days), every)
        ),
        zero=round(to_y(0), 1),
    )


def _scale(values: Sequence[int]) -> tuple[list[int], Callable[[float], float]]:
    """Round numbers that span zero and the values, and a value's height in pixels."""
    low, high = min(0, *values), max(0, *values)
    step = _round_step(max(1, high - low) / _LINES)
    bottom, top = math.floor(low / step), max(math.ceil(high / step), math.floor(low / step) + 1)

    def to_y(value: float) -> float:
        return _BOTTOM - (value / step - bottom) / (top - bottom) * (_BOTTOM - _TOP)

    return [number * step for number in range(bottom, top + 1)], to_y


def _round_step(wanted: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that is not below `wanted`."""
    power = 10 ** max(0, math.floor(math.log10(wanted))) if wanted > 1 else 1
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= wanted)


def short(value: int) -> str:
    """`950`, `12.5k`, `−3M`: a number that fits beside an axis."""
    size, sign = abs(value), "\u2212" if value < 0 else ""
    for unit, letter in ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k")):
        if size >= unit:
            return f"{sign}{size / unit:g}{letter}"
    return f"{sign}{size}"
