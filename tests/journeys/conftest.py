"""One server for all journeys that leave it running, and a second writer beside it."""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app import create_app
from racing.extensions import db
from racing.services import odds
from tests.support.servers import RunningServer
from tests.support.wire import MOST_SUBSCRIPTIONS, ElsewhereWriter, all_is_quiet

# They look at what is said, not at when, and wait more than they work: two of them at a time are done sooner.
IN_COMPANY = {
    "test_alerts.py",
    "test_alerts_over_workers.py",
    "test_artillery.py",
    "test_fuzz.py",
    "test_one_process_on_sqlite.py",
    "test_schemathesis.py",
    "test_stock_clients.py",
    "test_two_traders.py",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run each long journey alone: crowds and faults keep the whole machine busy."""
    for item in items:
        is_long = Path(__file__).parent in item.path.parents and item.get_closest_marker("soak")
        if is_long and item.path.name not in IN_COMPANY:
            item.add_marker(pytest.mark.alone)


@pytest.fixture(scope="session")
def open_house(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A web process that beats every 1.5 s; each journey declares races of its own."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(migrated_sqlite, folder / "racing.db")
    settings = {"MAX_SUBSCRIPTIONS": str(MOST_SUBSCRIPTIONS), "HEARTBEAT_INTERVAL_MS": "1500"}
    with RunningServer(f"sqlite:///{folder / 'racing.db'}", folder / "instance", **settings) as running:
        yield running


@pytest.fixture
def house(open_house: RunningServer) -> Iterator[RunningServer]:
    """The shared web process, which must log no error meanwhile."""
    yield open_house
    assert all_is_quiet(open_house), open_house.log


@pytest.fixture
def price_elsewhere(tmp_path: Path) -> ElsewhereWriter:
    """Writes a price past the web process, as `replay` and `demo` do: `(server, race_id, r1=2.5)` -> version."""

    def write(server: RunningServer, race_id: str, **prices: float) -> int:
        app = create_app(database_url=server.env["DATABASE_URL"], instance_path=tmp_path / "elsewhere")
        quotes = [odds.Quote(runner.removeprefix("r"), Decimal(str(price))) for runner, price in prices.items()]
        with app.app_context():
            version = odds.change_prices(race_id, quotes, None)
            db.session.remove()
            db.engine.dispose()
        return version

    return write
