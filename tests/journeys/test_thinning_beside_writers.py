"""A table that has grown large is thinned while the house is open: no write fails, none waits long."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, insert

from racing.models import AuditEntry
from tests.support.servers import RunningServer

OLD_ROWS = 50_000
LONGEST_WRITE_S = 1.0


def fill_the_audit_trail(url: str) -> None:
    """Leave entries of three years ago."""
    engine = create_engine(url)
    long_ago = datetime.now(UTC) - timedelta(days=1100)
    row = {"at": long_ago, "user_id": 1, "action": "prices", "detail": {"prices": []}}
    with engine.begin() as connection:
        connection.execute(insert(AuditEntry.__table__), [row] * OLD_ROWS)
    engine.dispose()


@pytest.mark.soak
def test_writers_do_not_notice_a_thinning(server: RunningServer, sqlite_url: str) -> None:
    race = server.declare()
    fill_the_audit_trail(sqlite_url)
    said: list[str] = []
    thinning = threading.Thread(target=lambda: said.append(server.flask("thin").stdout))
    thinning.start()
    took = []
    while thinning.is_alive():
        began = time.monotonic()
        server.price(race, r1=2 + len(took) % 50 / 10)
        took.append(time.monotonic() - began)
    thinning.join()

    print(f"{len(took)} writes beside it, the slowest {max(took) * 1000:.0f} ms")
    assert f"{OLD_ROWS} audit entries" in said[0]
    assert len(took) > 10
    assert max(took) < LONGEST_WRITE_S
