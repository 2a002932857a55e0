"""What the publisher does when readings fail, others write, or changes land while it reads."""

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from racing.realtime import shapes
from racing.realtime.bounds import unbounded
from racing.realtime.publisher import Publisher
from tests.realtime.stand import INTERVAL_S, DatabaseAway, Kept, Stand


def test_a_failed_reading_stays_pending_for_an_interval(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.away.add("wexmoor")
    stand.price("wexmoor")

    with pytest.raises(DatabaseAway):
        stand.publisher.publish_due()
    stand.away.clear()
    stand.step_to(0.9)
    assert stand.sent() == []

    stand.step_to(1)
    assert [update.versions for update in stand.sent()] == [(0, 1)]


def test_one_race_that_cannot_be_read_does_not_hold_up_the_others(stand: Stand) -> None:
    stand.follow("castle-ridge")
    stand.follow("wexmoor")
    stand.away.add("castle-ridge")
    stand.price("castle-ridge")
    stand.price("wexmoor")

    with pytest.raises(DatabaseAway):
        stand.publisher.publish_due()

    assert [update.room for update in stand.sent()] == ["race:wexmoor:delta"]


def test_one_race_that_cannot_be_read_does_not_keep_the_others_when_the_worker_ends(stand: Stand) -> None:
    stand.follow("castle-ridge")
    stand.follow("wexmoor")
    stand.away.add("castle-ridge")
    stand.price("castle-ridge")
    stand.price("wexmoor")

    stand.publisher.flush(unbounded, 2)

    assert [update.room for update in stand.sent()] == ["race:wexmoor:delta"]


def test_a_poll_finds_what_another_process_has_committed(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.price("wexmoor", told=False)
    stand.step_to(3)
    assert stand.sent() == []

    stand.publisher.poll()
    stand.step_to(3)

    assert [update.versions for update in stand.sent()] == [(0, 1)]


def test_a_status_another_process_has_committed_is_urgent_and_rings(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.price("wexmoor")
    stand.step_to(0.25)
    stand.status("wexmoor", "OFF", told=False)

    stand.publisher.poll()
    stand.step_to(0.25)

    assert stand.sent_at() == [0, 0.25]
    assert stand.sent("race_status")[0].message["payload"]["previous"] == "DORMANT"


def test_a_poll_asks_only_for_the_races_that_are_followed(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.races["castle-ridge"] = Kept(version=7)

    stand.publisher.poll()

    assert stand.standings_asked == [["wexmoor"]]
    assert stand.boards_read == []


def test_a_restored_database_is_followed_back_and_forth_again(stand: Stand) -> None:
    stand.follow("wexmoor")
    for price in (3.0, 4.0, 5.0):
        stand.price("wexmoor", price)
    stand.step_to(2)

    stand.races["wexmoor"] = Kept(version=1, prices={"1": (3.0, 1)})
    stand.publisher.poll()
    assert stand.publisher.sent("wexmoor") == 1

    stand.price("wexmoor", 6.0)
    stand.step_to(4)
    assert stand.sent()[-1].versions == (1, 2)


def test_a_repair_waits_out_the_interval_too(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.price("wexmoor")
    stand.step_to(0)
    stand.price("wexmoor", told=False)
    stand.step_to(0.3)

    stand.publisher.repair("wexmoor", 2)

    assert stand.sent_at() == [0]
    stand.step_to(3)
    assert stand.sent_at() == [0, 1]


def test_a_repair_sends_what_is_missing_and_once(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.status("wexmoor", "OFF", told=False)

    stand.publisher.repair("wexmoor", 1)
    stand.publisher.repair("wexmoor", 1)

    assert [update.versions for update in stand.sent()] == [(0, 1)]
    assert [bell.message["payload"]["previous"] for bell in stand.sent("race_status")] == ["DORMANT"]


def test_a_change_that_lands_while_the_board_is_read_is_not_lost_and_waits_its_interval() -> None:
    stand = Stand()

    def slow_boards(asked: Mapping[str, int | None]) -> Mapping[str, shapes.Board]:
        made = stand.several(asked)
        if len(stand.boards_read) == 1:
            stand.now += 0.125
            stand.price("wexmoor", 4.0)
        return made

    stand.publisher = Publisher(
        stand.connections, slow_boards, stand.standings, stand.emit, lambda: stand.now, INTERVAL_S
    )
    stand.follow("wexmoor")

    stand.price("wexmoor", 3.0)
    stand.step_to(5)

    assert [update.versions for update in stand.sent()] == [(0, 1), (1, 2)]
    assert stand.sent_at() == [0.125, 1.25]


def test_an_urgent_change_that_lands_while_the_board_is_read_does_not_wait() -> None:
    stand = Stand()

    def slow_boards(asked: Mapping[str, int | None]) -> Mapping[str, shapes.Board]:
        made = stand.several(asked)
        if len(stand.boards_read) == 1:
            stand.status("wexmoor", "OFF")
        return made

    stand.publisher = Publisher(
        stand.connections, slow_boards, stand.standings, stand.emit, lambda: stand.now, INTERVAL_S
    )
    stand.follow("wexmoor")

    stand.price("wexmoor", 3.0)
    stand.step_to(5)

    assert stand.sent_at() == [0, 0]


happenings = st.lists(
    st.tuples(st.integers(0, 700), st.sampled_from(["price", "untold price", "status", "poll", "beat"])), max_size=60
)


@given(happenings)
def test_whatever_happens_punters_get_all_of_it_in_order_and_never_too_often(told: list[tuple[int, str]]) -> None:
    stand = Stand()
    stand.follow("wexmoor")
    moment, urgent_at = 0.0, set()
    for wait_ms, happening in told:
        moment += wait_ms / 1000
        stand.step_to(moment)
        if happening == "status":
            stand.status("wexmoor", "OFF")
            urgent_at.add(stand.now)
        elif happening == "poll":
            stand.publisher.poll()
        elif happening == "beat":
            stand.heartbeat.beat({"wexmoor": stand.standing("wexmoor")})
            urgent_at.add(stand.now)
        else:
            stand.price("wexmoor", told=happening == "price")
    stand.step_to(moment + 3)
    stand.publisher.poll()
    stand.step_to(moment + 6)

    updates = stand.sent()
    spans = [update.versions for update in updates]
    assert all(after[0] == before[1] for before, after in pairwise(spans))
    assert stand.publisher.sent("wexmoor") == stand.races["wexmoor"].version == (spans[-1][1] if spans else 0)
    assert all(
        later.at - earlier.at >= INTERVAL_S - 1e-9 for earlier, later in pairwise(updates) if later.at not in urgent_at
    )
    _every_heartbeat_was_true(stand)


def _every_heartbeat_was_true(stand: Stand) -> None:
    sent = 0
    for emitted in stand.emitted:
        if emitted.event == "odds_update":
            sent = emitted.versions[1]
        if emitted.event == "race_heartbeat":
            assert emitted.message["version"] <= sent
