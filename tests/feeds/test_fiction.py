"""The fictional card: a race lives its whole life, its market behaves like one, and a seed repeats it."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from racing import prices
from racing.feeds.fictional_card import COURSES, declared
from racing.feeds.fictional_market import MARGINS, Market
from racing.feeds.simulator import Event, RaceLife
from racing.services.cards import SLUG
from racing.statuses import RaceStatus

OFF = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
HORSES = [f"horse-{number}" for number in range(9)]


def lived(seed: int, *, withdrawal: bool = False, from_s: int = -1200) -> list[tuple[int, Event]]:
    """Live a race through, a step a second: (seconds from the off, what happened)."""
    rng = Random(seed)
    life = RaceLife(OFF, Market(HORSES, rng), rng)
    if withdrawal:
        life.plan_withdrawal()
    events = []
    for seconds in range(from_s, 600):
        events.append((seconds, life.step(OFF + timedelta(seconds=seconds))))
        if life.over:
            return events
    raise AssertionError("the race is never over")


def statuses(events: list[tuple[int, Event]]) -> list[RaceStatus]:
    return [event.status for _, event in events if event.status is not None]


def test_a_race_goes_through_its_whole_life() -> None:
    events = lived(1)

    seen = [status for status in statuses(events) if status is not RaceStatus.PHOTOGRAPH]
    assert seen == ["PARADING", "GOINGDOWN", "ATTHEPOST", "UNDERORDERS", "OFF", "FINISHED", "WEIGHEDIN"]
    (result,) = [event.placings for _, event in events if event.placings]
    assert [placing.position for placing in result] == [1, 2, 3]
    assert all(placing.sp is not None for placing in result)


def test_the_same_seed_gives_the_same_race_and_another_seed_another() -> None:
    assert lived(5) == lived(5)
    assert lived(5) != lived(6)


@pytest.mark.parametrize("seed", range(5))
def test_every_price_is_on_the_ladder_and_every_book_over_round(seed: int) -> None:
    ladder = {prices.of_step(place) for place in range(len(prices.LADDER))}
    market = Market(HORSES, Random(seed))

    for minute in range(60):
        market.wander(60, 3600 - minute * 60)
        market.reprice(1.0)
        for maker in MARGINS:
            book = market.held[maker]
            assert set(book.values()) <= ladder
            assert 106 <= (prices.overround(book.values()) or 0) <= 120, (maker, book)


def test_prices_move_more_as_the_off_comes_near() -> None:
    events = lived(3, from_s=-3600)

    early = sum(len(event.quotes) for seconds, event in events if -3000 <= seconds < -2400)
    late = sum(len(event.quotes) for seconds, event in events if -600 <= seconds < 0)
    assert late > 2 * early > 0


def test_prices_move_in_running_and_stop_at_the_finish() -> None:
    events = lived(4)
    times = {event.status: seconds for seconds, event in events if event.status}

    running = [seconds for seconds, event in events if event.quotes and seconds > times[RaceStatus.OFF]]
    assert len(running) > 20
    assert max(running) < times[RaceStatus.FINISHED]


@pytest.mark.parametrize("seed", range(8))
def test_the_winner_is_favourite_at_the_post(seed: int) -> None:
    held = {}
    winner = ""
    for _, event in lived(seed):
        held |= {quote.runner_id: quote.price for quote in event.quotes if quote.bookmaker is None}
        winner = event.placings[0].runner_id if event.placings else winner

    assert held[winner] == min(price for price in held.values() if price is not None)


def test_favourites_win_more_often_than_outsiders() -> None:
    market = Market(HORSES, Random(1), chances={horse: 0.6 if horse == HORSES[0] else 0.05 for horse in HORSES})

    wins = sum(market.draw_order()[0] == HORSES[0] for _ in range(500))
    assert 250 < wins < 350


def test_a_withdrawn_runner_suspends_the_betting_for_a_moment_and_has_no_more_prices() -> None:
    events = lived(2, withdrawal=True)

    ((gone_at, gone),) = [(seconds, event) for seconds, event in events if event.withdrawn]
    ((opened_at, opened),) = [(seconds, event) for seconds, event in events if event.betting == "open"]
    assert gone.betting == "suspended"
    assert 0 < opened_at - gone_at <= 30
    assert opened.quotes
    after = [event for seconds, event in events if seconds >= gone_at]
    assert gone.withdrawn not in {quote.runner_id for event in after for quote in event.quotes}
    assert gone.withdrawn not in {placing.runner_id for event in after for placing in event.placings}


def test_the_card_is_complete_and_repeats_with_its_seed() -> None:
    card = declared(Random(7), OFF)

    assert card == declared(Random(7), OFF)
    assert {race.course for race in card} == {course.name for course in COURSES}
    assert len({race.race_id for race in card}) == len(card)
    assert all(SLUG.fullmatch(race.race_id) for race in card)
    assert [race.off_time for race in card] == sorted(race.off_time for race in card)
    for race in card:
        assert len({runner.runner_id for runner in race.runners}) == len(race.runners) >= 6
        assert all(runner.silks and runner.jockey and runner.trainer and runner.weight for runner in race.runners)
        draws = {runner.draw for runner in race.runners}
        assert draws == ({None} if race.course == "Castle Ridge" else set(range(1, len(race.runners) + 1)))


def test_the_card_shows_every_mark_that_a_card_may_have() -> None:
    card = declared(Random(7), OFF)
    runners = [runner for race in card for runner in race.runners]

    assert {runner.claim for runner in runners} == {None, 3, 5, 7}
    assert {runner.course_distance for runner in runners} == {None, "C", "D", "CD", "C D"}
    assert {"b", "p", "t", "h", "v", "tp", None} <= {runner.headgear for runner in runners}
    assert all(race.prize and race.prize[0] == ("€" if race.country == "IE" else "£") for race in card)
