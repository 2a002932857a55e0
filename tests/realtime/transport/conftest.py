"""Lines of WebSockets for every test here, written to by each loop."""

from collections.abc import Iterator

import pytest

from tests.realtime.transport.house import House, open_house
from tests.realtime.transport.line_stand import Stand, standing
from tests.realtime.transport.loop_stand import KINDS


@pytest.fixture(params=KINDS)
def lines(request: pytest.FixtureRequest) -> Iterator[Stand]:
    """All lines of a worker, once for each send loop."""
    with standing(request.param) as stand:
        yield stand


@pytest.fixture
def house() -> Iterator[House]:
    """A whole transport: sessions, rooms, a door."""
    with open_house() as house:
        yield house
