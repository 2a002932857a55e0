"""What the browser tests begin with."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.pages import RACE, quote
from tests.browser.stock import Stock, stock
from tests.support.servers import RunningServer

_NUMBERS = itertools.count(1)


@pytest.fixture
def race(server: RunningServer) -> str:
    """A race of three priced runners."""
    server.declare(RACE, 3)
    quote(server, r1=2.5, r2=4, r3=9)
    return RACE


@pytest.fixture(scope="module")
def _lasting_server(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("lasting")
    shutil.copy(migrated_sqlite, folder / "racing.db")
    with RunningServer(f"sqlite:///{folder / 'racing.db'}", folder / "instance") as running:
        running.declare(RACE, 3)
        yield running


@pytest.fixture
def lasting(_lasting_server: RunningServer) -> RunningServer:
    """The race of three priced runners, on a web process that a module's tests share: it takes seconds to start."""
    quote(_lasting_server, r1=2.5, r2=4, r3=9)
    return _lasting_server


@pytest.fixture
def race_of_its_own(lasting: RunningServer) -> str:
    """A race of three priced runners that no other test has seen, on the process that they share."""
    race_id = f"own-{next(_NUMBERS)}"
    lasting.declare(race_id, 3)
    quote(lasting, race_id=race_id, r1=2.5, r2=4, r3=9)
    return race_id


@pytest.fixture(scope="session")
def stocked(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningServer, Stock]]:
    """A server with something on every page, and where that is; tests only look at it."""
    folder = tmp_path_factory.mktemp("stocked")
    shutil.copy(migrated_sqlite, folder / "racing.db")
    with RunningServer(f"sqlite:///{folder / 'racing.db'}", folder / "instance") as running:
        yield running, stock(running)
