"""A bookmaker whose prices have stopped is late, where a race of its is near and open."""

from datetime import UTC, datetime, timedelta

import pytest

from racing.extensions import db
from racing.models import BookmakerSuspension
from racing.services import feed_ages, odds, races
from racing.services.feed_ages import Feed, FeedAges
from racing.statuses import Betting, RaceStatus
from tests.factories import a_race, quotes
from tests.support.asked import asked, reads_of, steps

pytestmark = pytest.mark.usefixtures("app")
NOW = datetime(2030, 6, 1, 13, 0, tzinfo=UTC)
LATE_AFTER_S = 60


def priced(race_id: str, off_in: timedelta, ago_s: int, bookmaker: str = "tote") -> str:
    """A race with that off, last priced so many seconds ago."""
    a_race(race_id, off_time=NOW + off_in)
    odds.change_prices(race_id, quotes({"1": "3", "2": "4"}, bookmaker), None, at=NOW - timedelta(seconds=ago_s))
    return race_id


def tote() -> Feed:
    (feed,) = feed_ages.feeds(NOW)
    return feed


def is_late() -> bool:
    return tote().is_late(NOW, LATE_AFTER_S)


def test_each_bookmaker_has_its_newest_price_over_all_open_races() -> None:
    priced("near", timedelta(minutes=5), 90)
    priced("far", timedelta(hours=3), 4)
    priced("other", timedelta(minutes=5), 61, "kestrel-sports")

    kestrel, tote = feed_ages.feeds(NOW)

    assert (tote.name, tote.age_s(NOW), tote.races, tote.awaited) == ("Tote", 4, 2, 1)
    assert (kestrel.name, kestrel.age_s(NOW), kestrel.races, kestrel.awaited) == ("Kestrel Sports", 61, 1, 1)
    assert not tote.is_late(NOW, LATE_AFTER_S)
    assert kestrel.is_late(NOW, LATE_AFTER_S)


@pytest.mark.parametrize(
    ("off_in", "late"),
    [
        (timedelta(minutes=30), True),
        (timedelta(minutes=31), False),  # hours before the off nobody moves
        (timedelta(minutes=-40), True),  # due off
        (timedelta(hours=-4), False),  # nobody told how it went
    ],
)
def test_it_is_late_only_near_the_off(off_in: timedelta, late: bool) -> None:
    priced("near", off_in, 61)

    assert is_late() is late


def test_what_is_suspended_off_or_out_waits_for_no_price() -> None:
    race = priced("near", timedelta(minutes=5), 61)
    assert is_late()

    races.change_betting(race, Betting.SUSPENDED, None)
    assert not is_late()

    races.change_betting(race, Betting.OPEN, None)
    db.session.add(BookmakerSuspension(race_id=race, bookmaker="tote", at=NOW, held={}))
    db.session.commit()
    assert not is_late()

    db.session.query(BookmakerSuspension).delete()
    db.session.commit()
    races.change_status(race, RaceStatus.OFF, None, NOW)
    assert not is_late()


def test_a_non_runner_is_no_price_of_the_feed() -> None:
    race = priced("near", timedelta(minutes=5), 61)
    races.withdraw(race, "1", None, NOW)

    assert tote().age_s(NOW) == 61


def test_what_is_over_is_not_listed() -> None:
    priced("yesterday", timedelta(hours=-20), 61)
    races.change_betting(priced("closed", timedelta(minutes=5), 61), Betting.CLOSED, None)

    assert feed_ages.feeds(NOW) == []


def test_however_many_look_it_is_read_once_in_two_seconds() -> None:
    now = [0.0]
    kept = FeedAges(lambda: now[0])
    with asked() as noted:
        for now[0] in (0, 0.5, 1.9):
            kept.feeds()
        (read,) = reads_of(noted, "current_prices")
        now[0] = 2
        kept.feeds()

    assert len(reads_of(noted, "current_prices")) == 2
    assert "current_prices USING INDEX ix_current_prices_race_id_version" in steps(read)
    assert "races USING INDEX ix_races_off_time" in steps(read)
