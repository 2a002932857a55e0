"""A feed may tell late when the off was: the open page takes out of the race's day what came after it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from app import create_app
from racing.services import races
from racing.statuses import RaceStatus
from tests.browser.test_race_page import open_live, same_after_reload, tell
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak


def test_a_price_of_running_leaves_the_day_once_the_off_is_told(
    server: RunningServer, sqlite_url: str, tmp_path: Path, page: Any
) -> None:
    race = server.declare(runners=3)
    server.price(race, r1=4.0, r2=2.5)
    open_live(page, server, race)
    row = page.locator('[data-runner-row="1"]')
    best = row.locator("[data-best]")
    server.price(race, r1=3.0)
    expect(best).to_have_attribute("data-price", "3.00")
    off_at = datetime.now(UTC)
    server.price(race, r1=1.5, r3=8.0)
    expect(best).to_have_attribute("data-price", "1.50")
    expect(row.locator("[data-day=shortest]")).to_have_attribute("data-price", "1.50")

    feed = create_app(database_url=sqlite_url, instance_path=tmp_path / "feed")
    with feed.app_context():
        races.change_status(race, RaceStatus.OFF, None, off_at)

    expect(row.locator("[data-day=shortest]")).to_have_attribute("data-price", "3.00", timeout=15_000)
    expect(row.locator("[data-move-points]")).to_have_text("+8.3")
    expect(page.locator('[data-runner-row="3"] [data-day=opened]')).to_have_attribute("data-price", "")
    tell(server, race, "status", {"status": "FINISHED"})
    expect(row.locator("[data-best-at]")).to_have_text("at the off")
    expect(best).to_have_attribute("data-price", "3.00")
    spark = row.locator("[data-spark]")
    points = spark.get_attribute("data-spark")
    same_after_reload(page, server, race)
    assert spark.get_attribute("data-spark") == points
