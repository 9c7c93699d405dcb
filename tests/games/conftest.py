"""What tests of the games' pages ask for."""

from collections.abc import Callable

import pytest
from quart.typing import TestClientProtocol

from imperio.app import CasinoApp


@pytest.fixture
def app_clients(app: CasinoApp) -> Callable[[], TestClientProtocol]:
    """Makes browsers that share no cookies."""
    return app.test_client
