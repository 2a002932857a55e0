"""A publisher on its own for every test here."""

import pytest

from tests.realtime.stand import Stand


@pytest.fixture
def stand() -> Stand:
    """A worker with a stepped clock and races in memory."""
    return Stand()
