"""What `imperio serve` says of itself."""

import pytest

from imperio.serve import address


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://localhost:5011"),
        ("0.0.0.0", "http://localhost:5011"),
        ("::", "http://localhost:5011"),
        ("::1", "http://[::1]:5011"),
        ("2001:db8::7", "http://[2001:db8::7]:5011"),
        ("192.0.2.7", "http://192.0.2.7:5011"),
    ],
)
def test_the_address_works_in_a_browser(host: str, shown: str) -> None:
    assert address(host, 5011) == shown
