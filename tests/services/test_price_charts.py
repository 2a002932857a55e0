"""The chart of a race says what its history says, however it came about."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, text

from racing.errors import RaceNotFound
from racing.extensions import db
from racing.models import PriceChange, Race
from racing.services import movements, odds, offers, price_history, races
from racing.services.thinning import thinned
from tests.factories import OFF_TIME, RACE, a_race, quotes
from tests.support.asked import asked, reads_of, rows_taken, steps

BOOKMAKERS = ("exchange", "tote", "williams")


def a_busy_market(changes: int) -> None:
    """Write a history as a busy day leaves it: up to three prices a version."""
    race, random = db.session.get_one(Race, RACE), Random(changes)
    rows, version = [], race.version
    while len(rows) < changes:
        version += 1
        for runner in random.sample(race.runners, random.randint(1, 3)):
            price = random.choice([None, *(Decimal(cents) / 100 for cents in range(110, 900, 5))])
            at = OFF_TIME - timedelta(hours=9) + timedelta(seconds=1.5 * version)
            row = {"race_id": RACE, "runner_pk": runner.id, "bookmaker": random.choice(BOOKMAKERS)}
            rows.append({**row, "price": price, "version": version, "at": at})
    offers.open_bookmakers(BOOKMAKERS)
    db.session.execute(insert(PriceChange), rows)
    race.version = version
    db.session.commit()


def best_by_the_book() -> dict[str, list[tuple[int, int | None]]]:
    """Return each change of the best prices, told version by version from the whole history at once."""
    changes = db.session.query(PriceChange).order_by(PriceChange.id).all()
    lines: dict[str, list[tuple[int, int | None]]] = {}
    for version in sorted({change.version for change in changes}):
        at = next(round(change.at.timestamp() * 1000) for change in changes if change.version == version)
        for runner_id in {change.runner.runner_id for change in changes if change.version == version}:
            offers = {
                change.bookmaker: change.price
                for change in changes
                if change.version <= version and change.runner.runner_id == runner_id
            }
            best = max((int(price * 100) for price in offers.values() if price is not None), default=None)
            line = lines.setdefault(runner_id, [])
            if not line or line[-1][1] != best:
                line.append((at, best))
    return lines


def the_history(race_id: str) -> list[Any]:
    """Read the whole history, as downloads do."""
    return list(price_history.told(race_id, price_history.version_of(race_id)))


def the_chart(race_id: str) -> list[Any]:
    """Read what is drawn."""
    return list(movements.chart(race_id).lines)


def test_a_chart_is_exact(either_app: Flask) -> None:
    a_race(runners=4)
    a_busy_market(600)

    chart = movements.chart(RACE)

    assert chart.lines == {runner_id: thinned(line) for runner_id, line in best_by_the_book().items()}


def test_a_chart_that_goes_on_is_the_one_that_is_read_anew(either_app: Flask) -> None:
    a_race(runners=4, prices={"1": "2.5", "2": "4"})
    first = movements.chart(RACE)
    a_busy_market(1300)
    races.withdraw(RACE, "2", None)
    odds.change_prices(RACE, quotes({"1": "3.5"}), None)

    gone_on = movements.chart(RACE)
    either_app.extensions["kept_charts"]._kept.clear()

    assert first.version == 1
    assert gone_on == movements.chart(RACE)
    assert gone_on.version == db.session.get_one(Race, RACE).version


def test_a_history_that_was_taken_away_is_no_longer_drawn(either_app: Flask) -> None:
    a_race(prices={"1": "2.5"})
    assert movements.chart(RACE).lines

    db.session.execute(delete(PriceChange))
    db.session.commit()

    assert movements.chart(RACE).lines == {}


def test_a_version_that_two_pages_share_is_one_move(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_history, "ROWS_AT_ONCE", 1)
    a_race(prices={"1": "2.5"})
    both = [*quotes({"1": "3"}, "house"), *quotes({"1": "4"}, "tote")]
    odds.change_prices(RACE, both, None)

    assert [point.price for point in movements.chart(RACE).lines["1"]] == [250, 400]


def test_the_history_is_told_whole_in_pages(either_app: Flask) -> None:
    a_race(runners=3)
    a_busy_market(1200)
    version = price_history.version_of(RACE)
    a_busy_market(5)  # after whoever reads it has begun

    pages = list(price_history.told(RACE, version))

    told = [(row.version, row.bookmaker, row.price, row.name) for page in pages for row in page]
    kept = db.session.query(PriceChange).filter(PriceChange.version <= version).order_by(PriceChange.id)
    assert told == [(change.version, change.bookmaker, change.price, change.runner.name) for change in kept]
    assert len(pages) > 2
    assert max(len(page) for page in pages) == price_history.ROWS_AT_ONCE


@pytest.mark.parametrize("read", [the_history, the_chart])
def test_a_page_of_a_long_history_reads_no_more_than_it_tells(either_app: Flask, read: Any) -> None:
    a_race(runners=3)
    a_busy_market(1200)
    db.session.execute(text("ANALYZE"))
    db.session.commit()

    with asked() as noted:
        list(read(RACE))

    pages = [each for each in reads_of(noted, "price_changes") if "LIMIT" in each.statement]
    assert len(pages) == 5
    for page in pages:
        if db.engine.dialect.name == "sqlite":
            of_changes, *_ = steps(page).partition("SCAN anon")
            assert "USING INDEX ix_price_changes_race_id_version_id" in of_changes
            assert "TEMP B-TREE" not in of_changes
        else:
            assert rows_taken(page, "price_changes") <= price_history.ROWS_AT_ONCE
            assert rows_taken(page, "runners") <= price_history.ROWS_AT_ONCE


def test_an_unknown_race_has_no_chart(app: Flask) -> None:
    with pytest.raises(RaceNotFound):
        movements.chart("nowhere-1")
