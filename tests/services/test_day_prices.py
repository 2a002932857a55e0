"""Where a runner's best price opened in the day, its longest and its shortest."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import event

from racing.extensions import db
from racing.feeds import betfair
from racing.models import PriceChange, Runner
from racing.services import odds, racecards, races
from racing.statuses import RaceStatus
from tests.factories import RACE, a_quote, a_race, quotes

MORNING = datetime(2030, 6, 1, 8, tzinfo=UTC)
LAST_MINUTE = datetime(2030, 6, 1, 22, 59, tzinfo=UTC)  # 23:59 at Wexmoor
NEXT_DAY = datetime(2030, 6, 1, 23, 1, tzinfo=UTC)
DAY_COLUMNS = ("opening_price", "longest_price", "shortest_price")


def price(runner_id: str, decimal: str | None, bookmaker: str = "house", at: datetime = MORNING) -> None:
    odds.change_prices(RACE, [a_quote(runner_id, decimal, bookmaker)], None, at=at)


def day_of(runner_id: str = "1") -> tuple[str | None, ...]:
    """Return the day's opening, longest and shortest price of a runner, as decimals are written."""
    runner = next(runner for runner in racecards.card(RACE).runners if runner.runner_id == runner_id)
    return tuple(None if value is None else str(value) for value in (getattr(runner, name) for name in DAY_COLUMNS))


def test_the_first_price_of_the_day_opens_it(either_app: Flask) -> None:
    a_race()
    assert day_of() == (None, None, None)

    price("1", "4")

    assert day_of() == ("4.00", "4.00", "4.00")
    assert day_of("2") == (None, None, None)


def test_the_day_keeps_its_edges_wherever_the_price_goes(either_app: Flask) -> None:
    a_race()
    for decimal in ("4", "5.5", "3.25", "3.5"):
        price("1", decimal)

    assert day_of() == ("4.00", "5.50", "3.25")


def test_only_the_best_of_all_bookmakers_counts(app: Flask) -> None:
    a_race()
    price("1", "4", "tote")
    price("1", "3.5", "exchange")

    # One write, in which the tote shortens and the exchange takes its place: 3.75 is what was ever to be had.
    odds.change_prices(RACE, [a_quote("1", "3", "tote"), a_quote("1", "3.75", "exchange")], None, at=MORNING)

    assert day_of() == ("4.00", "4.00", "3.75")


def test_a_price_that_nobody_offers_any_more_is_no_edge(app: Flask) -> None:
    a_race()
    price("1", "4")
    price("1", None)
    price("1", "6")

    assert day_of() == ("4.00", "6.00", "4.00")


def test_a_new_day_at_the_course_begins_with_the_price_that_stood_overnight(app: Flask) -> None:
    a_race()
    price("1", "4")
    price("1", "9")
    price("1", "5", at=LAST_MINUTE)
    assert day_of() == ("4.00", "9.00", "4.00")

    price("1", "4.5", at=NEXT_DAY)

    assert day_of() == ("5.00", "5.00", "4.50")


def test_a_write_that_comes_late_counts_into_the_day_that_has_begun(app: Flask) -> None:
    a_race()
    price("1", "4", at=NEXT_DAY)
    price("1", "6", at=LAST_MINUTE)

    assert day_of() == ("4.00", "6.00", "4.00")


def test_a_non_runner_keeps_the_day_it_had(app: Flask) -> None:
    a_race()
    price("1", "4")
    price("1", "5")
    races.withdraw(RACE, "1", None)

    assert day_of() == ("4.00", "5.00", "4.00")


def test_the_day_ends_at_the_off(app: Flask) -> None:
    a_race()
    price("1", "4")
    races.change_status(RACE, RaceStatus.OFF, None, at=MORNING + timedelta(hours=1))

    price("1", "1.01", at=MORNING + timedelta(hours=1, minutes=4))
    price("2", "40", at=MORNING + timedelta(hours=1, minutes=4))

    assert day_of() == ("4.00", "4.00", "4.00")
    assert day_of("2") == (None, None, None)
    price("1", "3.5", at=MORNING + timedelta(minutes=59))  # a feed that comes late
    assert day_of() == ("4.00", "4.00", "3.50")


@pytest.mark.parametrize("seed", range(8))
def test_an_off_that_is_told_late_leaves_the_day_that_one_told_in_time_leaves(seed: int, app: Flask) -> None:
    draw, off_at = Random(seed), MORNING + timedelta(minutes=20)
    a_race("late", runners=3)
    a_race("in-time", runners=3)

    for minute in range(40):
        quote = a_quote(draw.choice("123"), draw.choice(["2", "3", "4.5", "6", None]), draw.choice(["house", "tote"]))
        at = MORNING + timedelta(minutes=minute)
        if at > off_at:
            races.change_status("in-time", RaceStatus.OFF, None, at=off_at)
        for race_id in ("late", "in-time"):
            odds.change_prices(race_id, [quote], None, at=at)
    races.change_status("late", RaceStatus.OFF, None, at=off_at)

    assert days_of("late") == days_of("in-time")


def days_of(race_id: str) -> list[tuple[Decimal | None, ...]]:
    return [tuple(getattr(runner, name) for name in DAY_COLUMNS) for runner in racecards.card(race_id).runners]


def test_after_a_false_start_the_day_goes_on(app: Flask) -> None:
    a_race()
    price("1", "4")
    for status in (RaceStatus.OFF, RaceStatus.FALSESTART, RaceStatus.ATTHEPOST):
        races.change_status(RACE, status, None, at=MORNING)

    price("1", "5", at=MORNING + timedelta(minutes=1))

    assert day_of() == ("4.00", "5.00", "4.00")


def test_the_edges_are_no_news_of_the_runner_and_cost_no_read(app: Flask) -> None:
    a_race(prices={"1": "4", "2": "5"})
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    odds.change_prices(RACE, quotes({"1": "4.5", "2": "5.5"}), None)

    assert {runner.version for runner in racecards.card(RACE).runners} == {0}
    assert sum(statement.startswith("UPDATE runners") for statement in statements) == 1
    assert not any(statement.startswith("SELECT") and "FROM meetings" in statement for statement in statements)


@pytest.mark.soak
def test_a_real_market_s_day_is_what_its_history_says(either_app: Flask, racing_data: Path) -> None:
    replayed = betfair.read(racing_data / "markets" / "1.127236622.bz2")
    betfair.write(replayed)

    race = racecards.card(replayed.race.race_id)
    days = {runner.runner_id: day_in_history(runner) for runner in race.runners}

    assert days_of(race.id) == [days[runner.runner_id] for runner in race.runners]
    assert len(set(days.values())) > 8


def day_in_history(runner: Runner) -> tuple[Decimal | None, ...]:
    """Return the day's opening, longest and shortest price as the history of its one bookmaker has them."""
    days: defaultdict[object, list[Decimal]] = defaultdict(list)
    stood: Decimal | None = None
    changes = db.session.query(PriceChange).filter_by(runner_pk=runner.id).order_by(PriceChange.id)
    for change in changes:
        if change.price is not None and (runner.race.off_at is None or change.at <= runner.race.off_at):
            day = days[change.at.astimezone(runner.race.meeting.zone).date()]
            if not day and stood is not None:
                day.append(stood)
            day.append(change.price)
        stood = change.price
    if not days:
        return None, None, None
    last = list(days.values())[-1]
    return last[0], max(last), min(last)


@pytest.mark.parametrize("bookmaker", ["tote", "house"])
def test_prices_of_before_there_were_days_open_one_at_what_stood(app: Flask, bookmaker: str) -> None:
    a_race()
    price("1", "4", "tote")
    for runner in racecards.card(RACE).runners:  # as rows are that no price has touched since the day was kept
        runner.opening_price = runner.longest_price = runner.shortest_price = runner.priced_day = None
    db.session.commit()

    price("1", "5", bookmaker)

    assert day_of() == ("4.00", "5.00", "4.00")
