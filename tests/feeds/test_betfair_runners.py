"""Runners that come out of a race, go back in, or have no name."""

from decimal import Decimal
from pathlib import Path

import pytest

from racing.statuses import RunnerStatus
from tests.feeds.replays import price, replayed, runner_of
from tests.feeds.streams import (
    FALCON,
    OTTER,
    WALTZ,
    at,
    definition,
    field,
    ltp,
    message,
    runner,
)
from tests.support.kept import history

pytestmark = pytest.mark.usefixtures("app")


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
    assert "13.93" in [str(change.price) for change in history(race.id, str(FALCON))]


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
