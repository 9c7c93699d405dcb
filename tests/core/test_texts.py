"""Times as people read them."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from imperio.core import texts


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "just now"),
        (30, "3[0-9] s ago"),
        (200, "3 min ago"),
        (2 * 3600 + 60, "2 h ago"),
        (3 * 86_400 + 60, "3 d ago"),
        (-5, "just now"),
        (-200, "in 3 min"),
        (-2 * 3600 - 60, "in 2 h"),
        (-3 * 86_400 - 60, "in 3 d"),
        (20 * 86_400, r"\d{1,2} \w{3} \d{4}"),
        (-20 * 86_400, r"\d{1,2} \w{3} \d{4}"),
    ],
)
def test_a_time_is_told_from_now_with_the_exact_one_on_hover(seconds: int, told: str) -> None:
    moment = datetime.now(UTC) - timedelta(seconds=seconds)
    element = texts.ago(moment)
    shown = re.fullmatch(r'<time datetime="([^"]+)Z" title="([^"]+) UTC" data-ago>(.*)</time>', element)
    assert shown is not None
    assert datetime.fromisoformat(shown[1]).replace(tzinfo=UTC) == moment
    assert shown[2] == moment.strftime("%Y-%m-%d %H:%M:%S")
    assert re.fullmatch(told, shown[3]), shown[3]
