"""What the browser tests begin with."""

import pytest

from tests.browser.pages import RACE, quote
from tests.support.servers import RunningServer


@pytest.fixture
def race(server: RunningServer) -> str:
    """A race of three priced runners."""
    server.declare(RACE, 3)
    quote(server, r1=2.5, r2=4, r3=9)
    return RACE
