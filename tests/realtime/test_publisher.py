"""When a race's changes leave this worker."""

import pytest

from racing.realtime.bounds import unbounded
from tests.realtime.stand import Stand


def test_a_change_of_a_quiet_race_leaves_at_once(stand: Stand) -> None:
    stand.follow("wexmoor")

    stand.price("wexmoor", 3.0)
    stand.step_to(0)

    (update,) = stand.sent()
    assert (update.event, update.room, update.versions) == ("odds_update", "race:wexmoor:delta", (0, 1))
    assert update.message["payload"]["odds"][0]["price"] == 3.0


def test_later_changes_leave_together_an_interval_after_the_last(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.price("wexmoor", 3.0)
    stand.step_to(0.1)

    for price in (3.5, 4.0, 4.5):
        stand.price("wexmoor", price)
    stand.step_to(5)

    assert stand.sent_at() == [0, 1]
    assert stand.sent()[1].versions == (1, 4)
    assert [entry["price"] for entry in stand.sent()[1].message["payload"]["odds"]] == [4.5]


def test_conflated_changes_wait_for_a_point_of_the_shared_grid(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.step_to(0.1)
    stand.price("wexmoor")
    stand.step_to(0.2)

    stand.price("wexmoor")
    stand.step_to(5)

    assert stand.sent_at() == [pytest.approx(0.1), 1.25]


def test_two_races_due_about_the_same_time_leave_at_the_same_point(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.follow("castle-ridge")
    for moment, race_id in ((0.05, "wexmoor"), (0.2, "castle-ridge")):
        stand.step_to(moment)
        stand.price(race_id)
        stand.step_to(moment)
        stand.price(race_id)

    stand.step_to(5)

    assert stand.sent_at()[2:] == [1.25, 1.25]


def test_races_that_are_due_at_one_point_are_read_at_once_and_leave_together(stand: Stand) -> None:
    races = ["wexmoor", "castle-ridge", "larkdown"]
    for race_id in races:
        stand.follow(race_id)
        stand.price(race_id)

    stand.step_to(0)

    assert (stand.readings, stand.boards_read) == (1, races)
    assert [(update.room, update.is_together) for update in stand.sent()] == [
        (f"race:{race_id}:delta", True) for race_id in races
    ]


def test_images_and_deltas_are_made_of_one_reading(stand: Stand) -> None:
    stand.follow("wexmoor", "delta", "one")
    stand.follow("wexmoor", "full", "other")
    stand.price("wexmoor", 3.0, "1")
    stand.step_to(0)
    stand.price("wexmoor", 4.0, "2")

    stand.step_to(1)

    assert stand.boards_read == ["wexmoor", "wexmoor"]
    assert [update.message["payload"] for update in stand.sent()[2:]] == [
        stand.board("wexmoor", 1), stand.board("wexmoor", None),
    ]  # fmt: skip


def test_a_race_that_has_been_quiet_for_an_interval_leaves_at_once_again(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.price("wexmoor")
    stand.step_to(1.1)

    stand.price("wexmoor")
    stand.step_to(5)

    assert stand.sent_at() == [0, pytest.approx(1.1)]


def test_an_urgent_change_never_waits_carries_all_and_restarts_the_interval(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.price("wexmoor")
    stand.step_to(0.5)
    stand.price("wexmoor", 9.0)

    stand.status("wexmoor", "OFF")
    stand.step_to(0.5)
    stand.price("wexmoor", 8.0)
    stand.step_to(5)

    assert stand.sent_at() == [0, 0.5, 1.5]
    assert [update.versions for update in stand.sent()] == [(0, 1), (1, 3), (3, 4)]
    assert stand.sent()[1].message["payload"]["odds"][0]["price"] == 9.0


def test_two_urgent_changes_do_not_wait_for_each_other(stand: Stand) -> None:
    stand.follow("wexmoor")

    stand.status("wexmoor", "UNDERORDERS")
    stand.step_to(0.1)
    stand.status("wexmoor", "OFF")
    stand.step_to(0.1)

    assert stand.sent_at() == [0, pytest.approx(0.1)]


def test_each_mode_gets_its_own_board(stand: Stand) -> None:
    stand.follow("wexmoor", "delta", "one")
    stand.follow("wexmoor", "full", "other")
    stand.price("wexmoor", 3.0, "1")
    stand.step_to(0)

    stand.price("wexmoor", 4.0, "2")
    stand.step_to(1)

    full, delta = (
        next(m for m in reversed(stand.sent()) if m.room == f"race:wexmoor:{mode}") for mode in ("full", "delta")
    )
    assert (full.message["payload"]["full"], full.versions, len(full.message["payload"]["odds"])) == (True, (0, 2), 2)
    assert (delta.message["payload"]["full"], delta.versions) == (False, (1, 2))


def test_the_bell_rings_with_the_status_before(stand: Stand) -> None:
    stand.follow("wexmoor")

    stand.status("wexmoor", "GOINGDOWN")
    stand.step_to(0)
    stand.price("wexmoor")
    stand.step_to(1)
    stand.status("wexmoor", "OFF")
    stand.step_to(1)

    bells = [bell.message["payload"] for bell in stand.sent("race_status")]
    assert [(bell["previous"], bell["status"], bell["version"]) for bell in bells] == [
        ("DORMANT", "GOINGDOWN", 1), ("GOINGDOWN", "OFF", 3),
    ]  # fmt: skip
    assert {bell.room for bell in stand.sent("race_status")} == {"race:wexmoor"}


def test_the_board_leaves_before_the_bell(stand: Stand) -> None:
    stand.follow("wexmoor")

    stand.status("wexmoor", "OFF")
    stand.step_to(0)

    assert [emitted.event for emitted in stand.emitted] == ["odds_update", "race_status"]


def test_a_race_nobody_follows_costs_nothing(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.connections.disconnect("punter")
    stand.publisher.forget("wexmoor")

    stand.price("wexmoor")
    stand.status("wexmoor", "OFF")
    stand.step_to(5)

    assert (stand.boards_read, stand.emitted, stand.woken) == ([], [], 0)
    assert stand.publisher.races() == []
    assert stand.publisher.sent("wexmoor") is None


def test_a_race_somebody_else_still_follows_is_not_forgotten(stand: Stand) -> None:
    stand.follow("wexmoor", sid="one")
    stand.follow("wexmoor", sid="other")

    stand.connections.disconnect("one")
    stand.publisher.forget("wexmoor")

    assert stand.publisher.races() == ["wexmoor"]


def test_a_change_already_sent_is_not_sent_again(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.price("wexmoor")
    stand.step_to(2)

    stand.publisher.touch("wexmoor", 1)
    stand.step_to(5)

    assert len(stand.sent()) == 1


def test_a_second_follower_does_not_make_what_waits_look_sent(stand: Stand) -> None:
    stand.follow("wexmoor", sid="one")
    stand.price("wexmoor")

    stand.follow("wexmoor", sid="other")
    stand.step_to(0)

    assert [update.versions for update in stand.sent()] == [(0, 1)]


def test_what_waits_leaves_before_the_worker_ends(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.price("wexmoor")
    stand.step_to(0)
    stand.price("wexmoor")

    stand.publisher.flush(unbounded, 2)

    assert [update.versions for update in stand.sent()] == [(0, 1), (1, 2)]
