"""Lines of WebSockets for every test here, written to by each loop."""

from collections.abc import Iterator

import pytest

from tests.realtime.transport.line_stand import Stand, standing
from tests.realtime.transport.loop_stand import KINDS


@pytest.fixture(params=KINDS)
def lines(request: pytest.FixtureRequest) -> Iterator[Stand]:
    """All lines of a worker, once for each send loop."""
    with standing(request.param) as stand:
        yield stand
