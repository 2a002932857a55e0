"""Several workers, one race: one of them publishes a change, all of them send it on, whatever is lost between them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from racing.realtime.standing import Broadcast
from tests.realtime.stand import INTERVAL_S, START_S, Stand

RACE = "wexmoor"


@dataclass
class Keys:
    """The keys that elect, as Redis would keep them: each held until a time."""

    held: dict[str, float] = field(default_factory=dict)
    is_away: bool = False

    def take(self, key: str, now: float, for_s: float) -> bool:
        """Tell whether the key was free; it is held then."""
        if self.is_away:
            return True
        if self.held.get(key, 0) > now:
            return False
        self.held[key] = now + for_s
        return True


class Ballot:
    """One worker's election, by the keys of all."""

    def __init__(self, keys: Keys, stand: Stand) -> None:
        self._keys, self._stand = keys, stand

    def wins_interval(self, race_id: str) -> bool:
        return self._keys.take(race_id, self._stand.now, 0.9 * INTERVAL_S)

    def wins_change(self, race_id: str, version: int) -> bool:
        return self._keys.take(f"{race_id}:{version}", self._stand.now, 1.0)


class Line:
    """The way to the other worker; what is said while it is cut is lost."""

    def __init__(self, team: "Team", me: int) -> None:
        self._team, self._me = team, me

    def touch(self, race_id: str, version: int, *, urgent: bool) -> None:
        for other in self._team.others(self._me):
            other.publisher.note(race_id, version, urgent=urgent)

    def publish(self, broadcast: Broadcast) -> None:
        for other in self._team.others(self._me):
            other.publisher.hear(broadcast)


class Team:
    """Two workers with a database and keys in common, their clocks stepped together."""

    def __init__(self) -> None:
        self.workers = [Stand(), Stand()]
        self.is_cut = False
        self.keys = Keys()
        self.workers[1].races = self.workers[0].races
        for me, worker in enumerate(self.workers):
            worker.publisher.join(Line(self, me), Ballot(self.keys, worker))
            worker.follow(RACE, "delta")

    def others(self, me: int) -> Iterator[Stand]:
        if not self.is_cut:
            yield from (worker for number, worker in enumerate(self.workers) if number != me)

    def step_to(self, seconds: float, *, only: int | None = None) -> None:
        """Let time pass, every worker (or only one) publishing whatever falls due on the way."""
        running = [worker for number, worker in enumerate(self.workers) if only in (None, number)]
        end = START_S + seconds
        while True:
            due = [when for worker in running if (when := worker.publisher.next_due()) is not None and when <= end]
            if not due:
                break
            for worker in self.workers:
                worker.now = max(worker.now, min(due))
            for worker in running:
                worker.publisher.publish_due()
        for worker in self.workers:
            worker.now = end

    def sent_at(self) -> list[list[float]]:
        return [worker.sent_at() for worker in self.workers]


@pytest.fixture
def team() -> Team:
    return Team()


def test_a_change_at_one_worker_reaches_the_punters_of_both_at_once(team: Team) -> None:
    team.workers[0].price(RACE, 3.0)
    team.step_to(0)

    assert team.sent_at() == [[0], [0]]
    assert [worker.sent()[0].versions for worker in team.workers] == [(0, 1), (0, 1)]


def test_one_worker_reads_and_publishes_the_other_only_relays(team: Team) -> None:
    team.workers[0].price(RACE, 3.0)
    team.step_to(0)

    assert sorted(len(worker.boards_read) for worker in team.workers) == [0, 1]


def test_a_stream_of_changes_at_both_leaves_once_an_interval_over_both(team: Team) -> None:
    for step in range(1, 60):
        team.workers[step % 2].price(RACE, 2 + step / 100)
        team.step_to(step / 10)
    team.step_to(10)

    for worker in team.workers:
        times = worker.sent_at()
        assert all(after - before >= 0.99 * INTERVAL_S for before, after in pairwise(times)), times
        assert worker.sent()[-1].versions[1] == 59
    assert sum(len(worker.boards_read) for worker in team.workers) <= 9


def test_a_worker_without_followers_lets_the_others_publish_its_change(team: Team) -> None:
    team.workers[0].connections.disconnect("punter")
    team.workers[0].publisher.forget(RACE)

    team.workers[0].price(RACE, 3.0)
    team.step_to(0)

    assert team.sent_at() == [[], [0]]


def test_an_urgent_change_is_published_once_and_at_once(team: Team) -> None:
    team.workers[0].price(RACE, 3.0)
    team.step_to(0.3)
    team.workers[1].status(RACE, "OFF")
    team.step_to(0.3)

    assert team.sent_at() == [[0, pytest.approx(0.3)], [0, pytest.approx(0.3)]]
    for worker in team.workers:
        assert [bell.message["payload"]["status"] for bell in worker.sent("race_status")] == ["OFF"]


def test_a_worker_that_won_and_died_is_replaced_within_the_interval(team: Team) -> None:
    team.keys.take(RACE, START_S, 0.9 * INTERVAL_S)  # the dead one's
    team.workers[1].price(RACE, 3.0)

    team.step_to(2, only=1)

    assert team.sent_at()[1] == [pytest.approx(1.0)]


def test_a_key_that_outlives_its_time_holds_a_change_up_for_two_intervals_at_most(team: Team) -> None:
    team.keys.take(RACE, START_S, 3600.0)
    team.workers[1].price(RACE, 3.0)

    team.step_to(4)

    assert [len(times) for times in team.sent_at()] == [1, 1]
    assert team.sent_at()[1][0] <= 2.5


def test_a_worker_that_won_an_urgent_change_and_died_is_replaced_within_about_a_second(team: Team) -> None:
    team.keys.take(f"{RACE}:1", START_S, 1.0)
    team.workers[1].status(RACE, "OFF")

    team.step_to(3, only=1)

    (at,) = team.sent_at()[1]
    assert at <= 1.25


def test_a_lost_broadcast_is_filled_from_the_database_by_the_next(team: Team) -> None:
    team.is_cut = True
    team.workers[0].price(RACE, 3.0, runner="1")
    team.step_to(1.5)
    team.is_cut = False
    team.workers[0].price(RACE, 4.0, runner="2")
    team.step_to(1.5)

    (update,) = team.workers[1].sent()
    assert update.versions == (0, 2)
    assert {entry["runnerId"] for entry in update.message["payload"]["odds"]} == {"1", "2"}


def test_a_broadcast_that_comes_twice_or_late_is_sent_once(team: Team) -> None:
    team.workers[0].price(RACE, 3.0)
    team.step_to(0)
    late = Broadcast(RACE, team.workers[0].sent()[0].message["payload"], urgent=False)
    team.workers[1].publisher.hear(late)
    team.step_to(2)

    assert team.sent_at()[1] == [0]


def test_while_redis_is_away_each_keeps_its_own_interval_and_afterwards_nobody_is_sent_two_in_one(team: Team) -> None:
    team.keys.is_away = team.is_cut = True
    team.workers[1].price(RACE, 3.0)
    team.step_to(0.5)
    team.keys.is_away = team.is_cut = False

    team.workers[0].price(RACE, 4.0)  # it knows of no publication yet, and wins
    team.step_to(5)

    times = team.sent_at()[1]
    assert times[0] == 0
    assert times[1] - times[0] >= INTERVAL_S
    assert team.workers[1].sent()[-1].versions[1] == 2


def test_a_race_nobody_here_follows_is_not_relayed(team: Team) -> None:
    team.workers[1].publisher.hear(Broadcast("elsewhere", team.workers[0].board(RACE, None), urgent=True))
    team.step_to(1)

    assert team.workers[1].emitted == []
