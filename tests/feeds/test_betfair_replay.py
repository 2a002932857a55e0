"""A replayed file leaves a race as it really went: prices, removals, the off, the result."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from racing.errors import FeedError
from racing.feeds import betfair
from racing.models import Race, Runner
from racing.services import racecards
from racing.statuses import Betting, RaceStatus, RunnerStatus
from tests.feeds.streams import (
    FALCON,
    OTTER,
    RACE,
    WALTZ,
    as_text,
    at,
    definition,
    field,
    ltp,
    message,
    packed,
    runner,
    whole_race,
)

pytestmark = pytest.mark.usefixtures("app")
SETTLED = definition("CLOSED", in_play=True, runners=field(otter="WINNER", falcon="LOSER", waltz="LOSER"))


def replayed(folder: Path, messages: list[dict[str, Any]], **options: Any) -> Race:
    """Replay the messages, and return the race with its runners and prices."""
    path = packed(folder / "market", as_text(messages))
    betfair.write(betfair.read(path, **options))
    return racecards.card(options.get("race_id") or RACE)


def runner_of(race: Race, selection: int) -> Runner:
    return next(runner for runner in race.runners if runner.runner_id == str(selection))


def price(race: Race, selection: int) -> str | None:
    """The price of the runner as it is written; None where there is none or never was one."""
    offers = [offer.price for offer in runner_of(race, selection).prices if offer.bookmaker == "betfair"]
    return str(offers[0]) if offers and offers[0] is not None else None


def test_a_race_goes_from_its_opening_to_its_result(tmp_path: Path) -> None:
    race = replayed(tmp_path, whole_race())

    assert (race.status, race.betting, race.off_at) == (RaceStatus.RESULT, Betting.CLOSED, at(10))
    assert (race.meeting.course, race.meeting.country, race.meeting.time_zone) == ("Wexmoor", "GB", "Europe/London")
    assert (race.title, race.distance, race.handicap) == ("1m2f Hcap", "1m2f", True)
    assert [price(race, one) for one in (OTTER, FALCON, WALTZ)] == ["1.01", "4.10", "6.00"]
    assert (runner_of(race, OTTER).status, runner_of(race, OTTER).position) == (RunnerStatus.WINNER, 1)
    assert runner_of(race, WALTZ).status is RunnerStatus.LOSER


def test_history_carries_the_times_of_the_file(tmp_path: Path) -> None:
    race = replayed(tmp_path, whole_race())

    changes = racecards.history(race.id, str(OTTER))
    assert [(str(change.price), change.at) for change in changes] == [
        ("3.00", at(-3000)),
        ("2.80", at(-300)),
        ("1.50", at(40)),
        ("1.01", at(70)),
    ]


def test_settlement_wipes_the_book_but_not_the_prices(tmp_path: Path) -> None:
    messages = whole_race()
    messages.insert(-1, message(190, ltp(OTTER, 2.0, tv=0.0), ltp(WALTZ, 2.0, tv=0, trd=[[6, 0]])))

    race = replayed(tmp_path, messages)

    assert (price(race, OTTER), price(race, WALTZ)) == ("1.01", "6.00")


def test_nothing_is_priced_once_the_race_is_over_but_the_last_message_counts(tmp_path: Path) -> None:
    messages = whole_race()
    messages.insert(-1, message(80, ltp(FALCON, 900, tv=5.0)))

    assert price(replayed(tmp_path, messages), FALCON) == "4.10"


def test_a_price_wiped_before_the_race_is_no_trade(tmp_path: Path) -> None:
    race = replayed(tmp_path, [message(-900, ltp(OTTER, 3), define=definition()), message(-800, ltp(OTTER, 400, tv=0))])

    assert price(race, OTTER) == "3.00"


def test_several_entries_for_a_runner_apply_in_their_order(tmp_path: Path) -> None:
    first = message(-900, ltp(OTTER, 3), ltp(FALCON, 9), ltp(OTTER, 3.1), {"id": OTTER, "tv": 9}, define=definition())

    race = replayed(tmp_path, [first])

    assert (price(race, OTTER), race.version) == ("3.10", 1)


def test_a_price_that_is_only_repeated_raises_no_version(tmp_path: Path) -> None:
    race = replayed(tmp_path, [message(-900, ltp(OTTER, 7), define=definition()), message(-800, ltp(OTTER, 7.0))])

    assert race.version == 1


def test_an_image_that_leaves_prices_out_takes_none_away(tmp_path: Path) -> None:
    messages = [
        message(-900, ltp(OTTER, 3), ltp(FALCON, 4), define=definition()),
        message(-800, ltp(FALCON, 5), define=definition(), img=True),
        message(-700, ltp(WALTZ, 6), img=True),
    ]

    race = replayed(tmp_path, messages)

    assert [price(race, one) for one in (OTTER, FALCON, WALTZ)] == ["3.00", "5.00", "6.00"]


def test_a_removed_runner_keeps_its_price_of_that_moment_and_loses_the_one_on_offer(tmp_path: Path) -> None:
    out = definition(runners=[runner(OTTER, "REMOVED", removalDate="2024-06-01T13:20:00.000Z"), *field()[1:]])
    messages = [
        message(-3600, ltp(OTTER, 4.2), ltp(FALCON, 15), define=definition()),
        message(-2390, ltp(FALCON, 13.93), ltp(OTTER, 1000), define=out),
        message(-2000, ltp(OTTER, 9), ltp(FALCON, 14)),
    ]

    race = replayed(tmp_path, messages)

    gone = runner_of(race, OTTER)
    assert (gone.status, gone.withdrawn_price) == (RunnerStatus.NON_RUNNER, Decimal("4.20"))
    assert gone.withdrawn_at == at(-2400)
    assert (price(race, OTTER), price(race, FALCON)) == (None, "14.00")
    assert "13.93" in [str(change.price) for change in racecards.history(race.id, str(FALCON))]


def test_a_runner_removed_before_the_file_begins_is_declared_a_non_runner(tmp_path: Path) -> None:
    race = replayed(tmp_path, [message(-900, ltp(WALTZ, 5), define=definition(runners=field(waltz="REMOVED")))])

    assert (runner_of(race, WALTZ).status, price(race, WALTZ)) == (RunnerStatus.NON_RUNNER, None)


def test_a_runner_put_back_gets_its_price_back(tmp_path: Path) -> None:
    messages = [
        message(-900, ltp(OTTER, 3), define=definition()),
        message(-800, define=definition(runners=field(otter="REMOVED"))),
        message(-700, define=definition()),
    ]

    race = replayed(tmp_path, messages)

    assert (runner_of(race, OTTER).status, price(race, OTTER)) == (RunnerStatus.ACTIVE, "3.00")


def test_a_short_suspension_is_not_the_off(tmp_path: Path) -> None:
    messages = [
        message(-900, define=definition()),
        message(-100, ltp(OTTER, 3), define=definition("SUSPENDED")),
        message(-99, define=definition()),
    ]

    suspended = replayed(tmp_path, messages[:2], race_id="suspended")
    opened = replayed(tmp_path, messages, race_id="opened")

    assert (suspended.status, suspended.betting, price(suspended, OTTER)) == ("DORMANT", Betting.SUSPENDED, "3.00")
    assert (opened.status, opened.betting, opened.off_at) == ("DORMANT", Betting.OPEN, None)


def test_a_suspension_in_running_that_opens_again_is_not_the_finish(tmp_path: Path) -> None:
    messages = whole_race()
    messages[6:6] = [
        message(50, define=definition("SUSPENDED", in_play=True)),
        message(55, ltp(FALCON, 1.8), define=definition(in_play=True)),
    ]

    race = replayed(tmp_path, messages)

    assert (race.status, price(race, FALCON), price(race, OTTER)) == ("RESULT", "1.80", "1.01")


def test_without_a_suspension_before_it_the_first_message_in_running_is_the_off(tmp_path: Path) -> None:
    assert replayed(
        tmp_path, [message(-900, define=definition()), message(42, define=definition(in_play=True))]
    ).off_at == at(42)


def test_a_recalled_start_is_a_false_start_and_the_second_off_counts(tmp_path: Path) -> None:
    messages = [
        message(-900, define=definition()),
        message(10, define=definition(in_play=True)),
        message(20, define=definition()),
        message(300, define=definition(in_play=True)),
    ]

    assert replayed(tmp_path, messages[:3], race_id="recalled").status == "FALSESTART"
    again = replayed(tmp_path, messages)
    assert (again.status, again.off_at) == (RaceStatus.OFF, at(300))


def test_a_market_that_never_goes_in_play_is_off_at_its_last_suspension(tmp_path: Path) -> None:
    settled = definition("CLOSED", runners=field(otter="LOSER", falcon="WINNER", waltz="LOSER"))
    messages = [
        message(-900, ltp(FALCON, 2), define=definition(turnInPlayEnabled=False)),
        message(-600, define=definition("SUSPENDED")),
        message(-590, define=definition()),
        message(95, ltp(FALCON, 1.9), define=definition("SUSPENDED")),
        message(400, define=settled),
    ]

    race = replayed(tmp_path, messages)

    assert (race.status, race.off_at, price(race, FALCON)) == (RaceStatus.RESULT, at(95), "1.90")
    assert runner_of(race, FALCON).position == 1


def test_a_file_that_just_ends_leaves_the_race_unfinished(tmp_path: Path) -> None:
    race = replayed(tmp_path, whole_race()[:3])

    assert (race.status, race.betting, race.has_result) == (RaceStatus.DORMANT, Betting.OPEN, False)


def test_a_place_market_tells_who_was_placed_but_not_in_which_order(tmp_path: Path) -> None:
    place = {"marketType": "PLACE", "numberOfWinners": 2, "name": None, "raceType": "Chase"}
    placed = field(otter="WINNER", falcon="WINNER", waltz="LOSER")
    messages = [
        message(-900, define=definition(**place)),
        message(10, define=definition(in_play=True, **place)),
        message(300, define=definition("CLOSED", in_play=True, **place | {"runners": placed})),
    ]

    race = replayed(tmp_path, messages)

    outcomes = [(runner_of(race, one).status, runner_of(race, one).position) for one in (OTTER, FALCON, WALTZ)]
    assert outcomes == [("PLACED", None), ("PLACED", None), ("LOSER", None)]
    assert race.title == "Chase (place market)"


def test_a_dead_heat_has_two_winners(tmp_path: Path) -> None:
    shared = definition("CLOSED", in_play=True, runners=field(otter="WINNER", falcon="WINNER", waltz="LOSER"))

    race = replayed(tmp_path, [*whole_race()[:-1], message(200, define=shared)])

    assert [runner_of(race, one).position for one in (OTTER, FALCON, WALTZ)] == [1, 1, None]


def test_a_result_settled_anew_replaces_the_first(tmp_path: Path) -> None:
    amended = definition("CLOSED", in_play=True, runners=field(otter="LOSER", falcon="WINNER", waltz="LOSER"))

    race = replayed(tmp_path, [*whole_race(), message(900, define=amended)])

    assert (runner_of(race, OTTER).status, runner_of(race, FALCON).status) == ("LOSER", "WINNER")


def test_a_race_all_of_whose_runners_were_removed_is_abandoned(tmp_path: Path) -> None:
    nobody = definition("CLOSED", runners=field(otter="REMOVED", falcon="REMOVED", waltz="REMOVED"))

    race = replayed(tmp_path, [*whole_race()[:2], message(0, define=nobody)])

    assert (race.status, race.betting) == (RaceStatus.ABANDONED, Betting.CLOSED)


@pytest.mark.parametrize(
    ("bsp", "sp"), [(7.694215, "7.69"), ("NaN", None), ("Infinity", None), (None, None), (0, None)]
)
def test_the_starting_price_is_taken_where_it_is_one(tmp_path: Path, bsp: object, sp: str | None) -> None:
    won = [runner(OTTER, "WINNER", bsp=bsp), runner(FALCON, "LOSER"), runner(WALTZ, "LOSER")]
    closed = message(200, define=definition("CLOSED", in_play=True, runners=won))

    winner = runner_of(replayed(tmp_path, [*whole_race()[:-1], closed]), OTTER)

    assert (str(winner.sp) if winner.sp else None) == sp


def test_a_delayed_race_moves_its_off_time(tmp_path: Path) -> None:
    later = definition(marketTime="2024-06-01T14:12:00.000Z")

    race = replayed(tmp_path, [message(-900, define=definition()), message(-60, define=later)])

    assert race.off_time == at(12 * 60)


def test_names_lose_their_number_and_the_nameless_are_called_by_selection(tmp_path: Path) -> None:
    runners = [
        runner(OTTER, name="10. Velvet Otter"),
        runner(FALCON, name="2. Paper Falcon"),
        {"id": 900, "status": "ACTIVE"},
    ]

    race = replayed(tmp_path, [message(-900, define=definition(runners=runners))])

    assert [(one.number, one.name) for one in race.runners] == [
        ("2", "Paper Falcon"),
        ("10", "Velvet Otter"),
        (None, "Selection 900"),
    ]


def test_a_definition_without_a_venue_does_not_move_the_race(tmp_path: Path) -> None:
    nameless = definition(venue=None)

    race = replayed(
        tmp_path, [message(-900, define=nameless), message(-800, define=definition()), message(-700, define=nameless)]
    )

    assert race.meeting.course == "Wexmoor"


LADDERS = {
    "batb": [{"id": OTTER, "batb": [[0, 3.2, 5], [1, 3.1, 9]], "batl": [[0, 3.4, 2]], "atb": [[3.3, 0.1]]}],
    "atb": [{"id": OTTER, "atb": [[3.0, 9], [3.2, 5], [1.01, 4]], "atl": [[3.4, 2]]}],
    "atb with the best removed again": [
        {"id": OTTER, "atb": [[3.2, 9], [3.6, 5]], "atl": [[3.8, 2]]},
        {"id": OTTER, "atb": [[3.6, 0]]},
    ],
}


@pytest.mark.parametrize("ladder", LADDERS)
def test_a_file_without_last_traded_prices_shows_the_best_back(tmp_path: Path, ladder: str) -> None:
    race = replayed(tmp_path, [message(-900, *LADDERS[ladder], define=definition())])

    assert price(race, OTTER) == "3.20"


def test_a_book_with_one_side_only_is_no_price_yet(tmp_path: Path) -> None:
    absurd = {"id": FALCON, "atb": [[1.01, 50]]}
    both = {"id": OTTER, "atb": [[3.2, 9]], "atl": [[3.4, 2]]}

    race = replayed(tmp_path, [message(-900, absurd, both, define=definition())])

    assert (price(race, OTTER), price(race, FALCON)) == ("3.20", None)


@pytest.mark.parametrize("nonsense", [0, 1, 1001, "NaN", None, True])
def test_a_number_off_the_scale_is_no_price(tmp_path: Path, nonsense: object) -> None:
    race = replayed(tmp_path, [message(-900, {"id": OTTER, "ltp": nonsense}, ltp(FALCON, 4), define=definition())])

    assert (price(race, OTTER), price(race, FALCON)) == (None, "4.00")


def test_the_same_file_twice_is_refused_with_the_way_out(tmp_path: Path) -> None:
    replayed(tmp_path, whole_race())

    with pytest.raises(FeedError, match="--race-id"):
        replayed(tmp_path, whole_race())
    assert replayed(tmp_path, whole_race(), race_id="once-more").status == "RESULT"


@pytest.mark.parametrize("race_id", ["Not A Slug", "", "a" * 65, "x/y"])
def test_an_id_that_is_no_slug_is_refused(tmp_path: Path, race_id: str) -> None:
    with pytest.raises(FeedError, match="no race id"):
        betfair.read(packed(tmp_path / "market", as_text(whole_race())), race_id or "-")


def test_from_a_moment_the_state_of_then_comes_at_once(tmp_path: Path) -> None:
    out = field(waltz="REMOVED")
    messages = [
        message(-3600, ltp(OTTER, 5), ltp(FALCON, 3), ltp(WALTZ, 8), define=definition()),
        message(-3500, ltp(OTTER, 5.5)),
        message(-3400, ltp(OTTER, 6), ltp(WALTZ, 9)),
        message(-1000, ltp(FALCON, 2.9), define=definition("SUSPENDED", runners=out)),
        message(-999, define=definition(runners=out)),
        message(-200, ltp(OTTER, 6.5)),
    ]
    path = packed(tmp_path / "market", as_text(messages))

    read = betfair.read(path, from_minutes=5)
    betfair.write(read)

    race = racecards.card(RACE)
    assert [step.at for step in read.played] == [at(-200)]
    # One write of the prices, the withdrawal, the price after; the suspension was over by then.
    assert race.version == 3
    assert (price(race, OTTER), price(race, FALCON)) == ("6.50", "2.90")
    assert (runner_of(race, WALTZ).status, runner_of(race, WALTZ).withdrawn_price) == ("NON_RUNNER", Decimal("9.00"))
    assert race.betting is Betting.OPEN


def test_from_a_moment_changes_nothing_of_how_it_ends(tmp_path: Path) -> None:
    race = replayed(tmp_path, whole_race(), from_minutes=0)

    assert (race.status, race.off_at, price(race, OTTER), price(race, WALTZ)) == ("RESULT", at(10), "1.01", "6.00")


class Stopwatch:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.begun = datetime(2026, 1, 1)

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_replay_keeps_the_pace_it_is_asked_for(tmp_path: Path) -> None:
    watch, seen = Stopwatch(), []
    read = betfair.read(packed(tmp_path / "market", as_text(whole_race())), from_minutes=6)

    def note(steps: list[Any]) -> Any:
        for step in steps:
            yield step
            seen.append((step.at, watch.now))

    betfair.write(read, betfair.Pace(10, watch.read, watch.sleep), note)

    start = read.market.off_time - timedelta(minutes=6)
    assert seen == [(moment, pytest.approx((moment - start).total_seconds() / 10)) for moment, _ in seen]
    assert seen[0] == (at(-300), pytest.approx(6.0))
