"""The demo keeps the fictional card going, beside whatever staff do to it."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from racing.feeds.demo import Demo
from racing.models import Race
from racing.services import racecards, races
from racing.statuses import Betting, RaceStatus, RunnerStatus
from tests.support.kept import every_race, history

BEGIN = datetime(2026, 11, 24, 14, 0, 20, tzinfo=UTC)


class Clock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = BEGIN

    def read(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def a_demo(clock: Clock) -> Demo:
    demo = Demo(clock=clock.read, sleep=clock.sleep, races_a_card=6)
    demo.open()
    return demo


def run(demo: Demo, clock: Clock, seconds: float) -> None:
    until = clock.now + timedelta(seconds=seconds)
    demo.run(lambda: clock.now >= until)


def first_races() -> list[Race]:
    return every_race()


def test_the_card_comes_with_prices_that_have_a_past(app: Flask) -> None:
    a_demo(Clock())

    first = first_races()[0]
    assert timedelta(minutes=3) < first.off_time - BEGIN < timedelta(minutes=6)
    card = racecards.card(first.id)
    makers = {offer.bookmaker for runner in card.runners for offer in runner.prices}
    assert makers == {"house", "tote", "harrow", "bexley"}
    assert all(len(runner.prices) == len(makers) for runner in card.runners)
    assert min(change.at for change in history(first.id)) <= BEGIN - timedelta(minutes=50)


def test_a_visitor_sees_a_race_from_start_to_finish_and_a_non_runner(app: Flask) -> None:
    clock = Clock()
    demo = a_demo(clock)

    run(demo, clock, 9 * 60)

    first, second = first_races()[:2]
    assert first.status is RaceStatus.WEIGHEDIN
    assert first.has_result
    assert first.off_at is not None
    assert [runner.status for runner in racecards.card(second.id).runners].count(RunnerStatus.NON_RUNNER) == 1
    assert second.betting is Betting.OPEN


def test_begun_again_the_demo_goes_on_with_the_same_races(app: Flask) -> None:
    clock = Clock()
    a_demo(clock)
    before = len(first_races())
    clock.sleep(60)

    again = a_demo(clock)
    run(again, clock, 300)

    assert len(first_races()) == before
    assert first_races()[0].status in (RaceStatus.OFF, RaceStatus.FINISHED, RaceStatus.PHOTOGRAPH, RaceStatus.RESULT)


def test_begun_again_the_next_day_it_ends_what_was_left_and_declares_a_new_card(app: Flask) -> None:
    clock = Clock()
    a_demo(clock)
    old = {race.id for race in first_races()}
    clock.sleep(24 * 3600)

    a_demo(clock)

    assert {racecards.race(race_id).status for race_id in old} == {RaceStatus.ABANDONED}
    assert {race.id for race in first_races()} - old


def test_when_the_card_runs_out_there_is_another(app: Flask) -> None:
    clock = Clock()
    demo = a_demo(clock)
    declared = len(first_races())
    clock.now = first_races()[-2].off_time

    demo.tick()

    assert len(first_races()) > declared
    assert first_races()[-1].off_time > clock.now + timedelta(minutes=30)


@pytest.mark.parametrize("betting", [Betting.SUSPENDED, Betting.CLOSED])
def test_what_staff_do_to_a_fictional_race_stands(app: Flask, betting: Betting) -> None:
    clock = Clock()
    demo = a_demo(clock)
    race = first_races()[0]
    gone = racecards.card(race.id).runners[0].runner_id
    run(demo, clock, 5)

    races.withdraw(race.id, gone, by=None)
    races.change_betting(race.id, betting, by=None)
    run(demo, clock, 120)

    card = racecards.card(race.id)
    assert card.betting is betting
    assert {offer.price for offer in card.runners[0].prices} == {None}
    assert card.status is not RaceStatus.DORMANT


def test_a_race_that_staff_abandon_is_left_alone(app: Flask) -> None:
    clock = Clock()
    demo = a_demo(clock)
    race_id = first_races()[0].id

    races.change_status(race_id, RaceStatus.ABANDONED, by=None)
    version = racecards.race(race_id).version
    run(demo, clock, 30)

    assert racecards.race(race_id).version == version
