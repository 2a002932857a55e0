"""The one greenlet that publishes, polls and beats, each when its time has come."""

import threading
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from racing.realtime.loop import LiveLoop
from racing.realtime.publisher import Publisher
from tests.realtime.stand import INTERVAL_S, START_S, DatabaseAway, Kept, Stand

HEARTBEAT_S = 5.0


@pytest.fixture
def loop(stand: Stand) -> LiveLoop:
    return LiveLoop(stand.publisher, stand.heartbeat, lambda: stand.now, threading.Event(), HEARTBEAT_S)


def run_to(loop: LiveLoop, stand: Stand, seconds: float) -> None:
    """Step the loop through whatever falls due until `seconds` after the start."""
    while loop.next_step() <= START_S + seconds:
        stand.now = max(stand.now, loop.next_step())
        loop.step()
    stand.now = START_S + seconds


def test_a_change_is_published_as_soon_as_the_loop_steps(loop: LiveLoop, stand: Stand) -> None:
    stand.follow("wexmoor")
    run_to(loop, stand, 0.3)
    stand.price("wexmoor")

    assert loop.next_step() == stand.now
    loop.step()

    assert stand.sent_at() == [pytest.approx(0.3)]


def test_what_another_process_commits_arrives_within_an_interval(loop: LiveLoop, stand: Stand) -> None:
    stand.follow("wexmoor")
    run_to(loop, stand, 0.3)
    stand.price("wexmoor", told=False)

    run_to(loop, stand, 5)

    assert stand.sent_at() == [1]


def test_a_heartbeat_follows_every_note_by_its_grace(loop: LiveLoop, stand: Stand) -> None:
    stand.follow("wexmoor")

    run_to(loop, stand, 12)

    assert stand.sent_at("race_heartbeat") == [1.5, 6.5, 11.5]


def test_no_heartbeat_names_a_version_before_it_was_sent(loop: LiveLoop, stand: Stand) -> None:
    stand.follow("wexmoor")
    for tenth in range(1, 120):
        run_to(loop, stand, tenth / 10)
        stand.price("wexmoor", told=tenth % 3 == 0)
    run_to(loop, stand, 20)

    sent = 0
    for emitted in stand.emitted:
        if emitted.event == "odds_update":
            sent = emitted.versions[1]
        else:
            assert emitted.message["version"] <= sent
    assert sent == stand.races["wexmoor"].version == 119


def test_the_loop_goes_on_when_the_database_comes_back(loop: LiveLoop, stand: Stand) -> None:
    stand.follow("wexmoor")
    run_to(loop, stand, 0.5)
    stand.away.update(("standings", "wexmoor"))
    stand.price("wexmoor")
    for second in range(3):
        stand.now = max(START_S + 1 + second, loop.next_step())
        with pytest.raises(DatabaseAway):
            loop.step()

    stand.away.clear()
    run_to(loop, stand, 10)

    assert [update.versions for update in stand.sent()] == [(0, 1)]
    assert stand.sent("race_heartbeat")[-1].message["version"] == 1


class LookOut:
    """A duty that notes when it was called."""

    def __init__(self, stand: Stand) -> None:
        self._stand, self.polled_at = stand, list[float]()

    def due_in(self) -> float | None:
        return None

    def do_due(self) -> None:
        pass

    def poll(self) -> None:
        self.polled_at.append(self._stand.now - START_S)


def test_the_other_duties_are_done_while_the_database_is_away(stand: Stand) -> None:
    duty = LookOut(stand)
    loop = LiveLoop(stand.publisher, stand.heartbeat, lambda: stand.now, threading.Event(), HEARTBEAT_S, [duty])
    stand.follow("wexmoor")
    stand.away.update(("standings", "wexmoor"))
    for second in range(4):
        stand.now = START_S + second
        with pytest.raises(DatabaseAway):
            loop.step()

    assert duty.polled_at == [0, 1, 2, 3]


def test_where_nobody_follows_a_race_the_loop_reads_none(loop: LiveLoop, stand: Stand) -> None:
    stand.races["wexmoor"] = Kept(version=3)

    run_to(loop, stand, 20)

    assert stand.boards_read == []
    assert not any(stand.standings_asked)
    assert stand.emitted == []


def test_what_waits_is_published_when_the_loop_is_stopped(loop: LiveLoop, stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.price("wexmoor")
    run_to(loop, stand, 0)
    stand.price("wexmoor")

    loop.stop()
    loop.run()

    assert [update.versions for update in stand.sent()] == [(0, 1), (1, 2)]


def test_a_loop_that_always_has_more_to_do_still_lets_others_run(stand: Stand) -> None:
    waits: list[float | None] = []

    class Noted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(None if self.is_set() else timeout)
            stand.price("wexmoor", told=False)  # the next poll will touch the race
            if len(waits) == 3:
                loop.stop()
            return False

    late = count(START_S, 2 * HEARTBEAT_S)  # each look at the clock is later than anything was due
    wake, read = Noted(), (stand.several, stand.standings, stand.emit)
    stand.publisher = Publisher(stand.connections, *read, lambda: next(late), INTERVAL_S, wake.set)
    stand.follow("wexmoor")
    loop = LiveLoop(stand.publisher, stand.heartbeat, lambda: next(late), wake, HEARTBEAT_S)

    loop.run()

    assert all(waited is not None and waited > 0 for waited in waits)
    assert len(waits) == 3


def test_what_takes_too_long_is_ended_and_the_rest_is_done(stand: Stand) -> None:
    def bounded(do: Callable[[], Any], seconds: float) -> Any:
        if do == stand.publisher.poll:
            raise TimeoutError(seconds)
        return do()

    loop = LiveLoop(stand.publisher, stand.heartbeat, lambda: stand.now, threading.Event(), HEARTBEAT_S, (), bounded)
    stand.follow("wexmoor")
    stand.price("wexmoor")

    with pytest.raises(TimeoutError):
        loop.step()

    assert stand.sent_at() == [0]
    assert loop.next_step() > stand.now  # it goes on: the next poll is in an interval
