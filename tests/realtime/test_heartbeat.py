"""Every worker's own repair, and its word to the clients."""

import pytest

from tests.realtime.stand import Kept, Stand


def test_a_heartbeat_tells_everybody_of_the_race_how_far_it_is(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.price("wexmoor")
    stand.step_to(0)

    stand.heartbeat.beat(stand.heartbeat.note())

    (beat,) = stand.sent("race_heartbeat")
    assert (beat.room, beat.message["raceId"], beat.message["version"]) == ("race:wexmoor", "wexmoor", 1)


def test_the_heartbeats_of_all_races_leave_together(stand: Stand) -> None:
    for race_id in ("wexmoor", "larkdown"):
        stand.follow(race_id)

    stand.heartbeat.beat(stand.heartbeat.note())

    assert [beat.is_together for beat in stand.sent("race_heartbeat")] == [True, True]


def test_what_got_lost_is_sent_before_the_heartbeat_names_it(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.price("wexmoor", told=False)

    stand.heartbeat.beat(stand.heartbeat.note())

    assert [(emitted.event, emitted.message.get("version")) for emitted in stand.emitted] == [
        ("odds_update", None), ("race_heartbeat", 1),
    ]  # fmt: skip


def test_a_heartbeat_does_not_name_a_version_committed_after_its_note(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.price("wexmoor")
    stand.step_to(0)
    noted = stand.heartbeat.note()
    stand.price("wexmoor")

    stand.heartbeat.beat(noted)

    assert stand.sent("race_heartbeat")[0].message["version"] == 1
    assert len(stand.sent()) == 1


def test_what_waits_by_conflation_has_left_before_the_heartbeat(stand: Stand) -> None:
    stand.follow("wexmoor")
    stand.price("wexmoor")
    stand.step_to(0)
    stand.price("wexmoor")

    noted = stand.heartbeat.note()
    stand.step_to(stand.heartbeat.grace_s)
    updates = len(stand.sent())
    stand.heartbeat.beat(noted)

    assert updates == len(stand.sent()) == 2
    assert stand.sent("race_heartbeat")[0].message["version"] == 2


def test_a_race_left_between_note_and_beat_gets_no_heartbeat(stand: Stand) -> None:
    stand.follow("wexmoor")
    noted = stand.heartbeat.note()
    stand.connections.disconnect("punter")
    stand.publisher.forget("wexmoor")

    stand.heartbeat.beat(noted)

    assert stand.emitted == []


def test_a_race_followed_since_the_note_is_beaten_like_the_others(stand: Stand) -> None:
    noted = stand.heartbeat.note()
    stand.races["wexmoor"] = Kept(version=4)
    stand.follow("wexmoor")

    stand.heartbeat.beat(noted)

    assert [beat.message["version"] for beat in stand.sent("race_heartbeat")] == [4]


@pytest.mark.parametrize("sent_before", [True, False])
def test_after_a_restore_between_note_and_beat_no_lost_version_is_named(sent_before: bool, stand: Stand) -> None:
    stand.follow("wexmoor")
    for _ in range(3):
        stand.price("wexmoor", told=sent_before)
    stand.step_to(2)
    noted = stand.heartbeat.note()

    stand.races["wexmoor"] = Kept(version=1)
    stand.publisher.poll()
    stand.step_to(3)
    stand.heartbeat.beat(noted)

    assert [beat.message["version"] for beat in stand.sent("race_heartbeat")] == [1]


def test_where_nobody_follows_anything_nobody_beats(stand: Stand) -> None:
    stand.races["wexmoor"] = Kept(version=4)

    stand.heartbeat.beat(stand.heartbeat.note())

    assert stand.emitted == []
    assert stand.standings_asked == [[]]
