"""The boards that subscriptions are answered with: few readings, and never one that has been overtaken."""

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from racing.realtime.kept_boards import FRESH_FOR_S, MOST_KEPT, KeptBoards
from racing.realtime.rooms import Variant
from racing.realtime.standing import Broadcast
from tests.realtime.stand import DatabaseAway, Stand

FULL, DELTA, PACKED = Variant("full"), Variant("delta"), Variant("delta", "msgpack")
A_MOMENT_LATER = 1.5 * FRESH_FOR_S


@pytest.fixture
def kept(stand: Stand) -> KeptBoards:
    """The worker's kept boards; one punter follows Wexmoor, which is at version 1."""
    stand.follow("wexmoor")
    stand.price("wexmoor", 3.0)
    stand.step_to(0)
    stand.boards_read.clear()
    stand.standings_asked.clear()
    return kept_of(stand)


def kept_of(stand: Stand) -> KeptBoards:
    return KeptBoards(stand.publisher, stand.board, stand.standings, lambda: stand.now)


def asked(kept: KeptBoards, since: int | None = None, variant: Variant = FULL, race_id: str = "wexmoor") -> Any:
    """Subscribe, and return the board that comes; None where nothing does."""
    assert race_id in kept.standings([race_id])
    update = cast(Any, kept.update(race_id, since, variant))
    return None if update is None else update["payload"]


def test_a_crowd_that_comes_at_once_costs_one_reading(stand: Stand, kept: KeptBoards) -> None:
    boards = [asked(kept) for _ in range(100)]

    assert (stand.boards_read, stand.standings_asked) == (["wexmoor"], [["wexmoor"]])
    assert boards == [stand.board("wexmoor", None)] * 100


def test_it_is_sent_one_message_that_was_made_once(kept: KeptBoards) -> None:
    kept.standings(["wexmoor"])

    assert kept.update("wexmoor", None, FULL) is kept.update("wexmoor", None, DELTA)
    assert kept.update("wexmoor", 0, DELTA) is kept.update("wexmoor", 0, DELTA)
    assert kept.update("wexmoor", 0, PACKED) is kept.update("wexmoor", 0, PACKED)


def test_a_board_that_is_still_the_one_goes_out_under_a_new_time(stand: Stand, kept: KeptBoards) -> None:
    asked(kept)
    before = kept.update("wexmoor", None, FULL)
    stand.now += A_MOMENT_LATER
    asked(kept)

    assert kept.update("wexmoor", None, FULL) is not before


def test_a_change_that_waits_to_be_published_is_in_the_answer(stand: Stand, kept: KeptBoards) -> None:
    asked(kept)
    stand.price("wexmoor", 4.0)

    assert asked(kept)["version"] == 2
    assert asked(kept)["odds"][0]["price"] == 4.0
    assert len(stand.boards_read) == 2


def test_who_joins_while_a_broadcast_leaves_is_answered_with_no_less(stand: Stand, kept: KeptBoards) -> None:
    asked(kept)
    answers = []
    stand.on_emit = lambda: answers.append(asked(kept)["version"])
    stand.price("wexmoor", 4.0, told=False)  # at another worker, whose word of it was lost

    stand.publisher.hear(Broadcast("wexmoor", stand.board("wexmoor", 1), urgent=True))
    stand.publisher.publish_due()

    assert answers == [2]


def test_the_silent_change_of_another_process_is_missed_for_a_moment_only(stand: Stand, kept: KeptBoards) -> None:
    asked(kept)
    stand.price("wexmoor", 4.0, told=False)

    assert asked(kept)["version"] == 1
    stand.now += A_MOMENT_LATER
    assert asked(kept)["version"] == 2


def test_a_board_that_is_still_the_one_is_not_read_again(stand: Stand, kept: KeptBoards) -> None:
    asked(kept)
    stand.now += A_MOMENT_LATER
    asked(kept)
    asked(kept)

    assert (len(stand.boards_read), len(stand.standings_asked)) == (1, 2)


def test_who_holds_more_than_what_is_kept_is_not_taken_back(stand: Stand, kept: KeptBoards) -> None:
    asked(kept)
    stand.price("wexmoor", 4.0, told=False)  # seen on a page that another worker has drawn

    assert asked(kept, since=2, variant=DELTA) is None
    assert asked(kept, since=2, variant=FULL)["version"] == 2


def test_a_database_that_was_restored_is_not_answered_for_by_what_was_read_before(
    stand: Stand, kept: KeptBoards
) -> None:
    stand.price("wexmoor", 4.0)
    stand.step_to(1.5)
    asked(kept)
    stand.races["wexmoor"].version, stand.races["wexmoor"].prices = 1, {"1": (3.0, 1)}
    stand.publisher.poll()

    assert asked(kept)["version"] == 1
    assert asked(kept, since=2, variant=DELTA)["full"]


def test_of_a_race_that_nobody_followed_meanwhile_nothing_is_kept(stand: Stand, kept: KeptBoards) -> None:
    asked(kept)
    stand.connections.disconnect("punter")
    stand.publisher.forget("wexmoor")
    stand.price("wexmoor", 4.0)

    assert kept.standings(["wexmoor"])["wexmoor"].version == 2


def test_a_board_that_cannot_be_read_is_asked_for_again_by_the_next(stand: Stand, kept: KeptBoards) -> None:
    stand.away.add("wexmoor")
    with pytest.raises(DatabaseAway):
        asked(kept)
    stand.away.clear()

    assert asked(kept)["version"] == 1


def test_a_race_that_is_not_there_is_left_out(kept: KeptBoards) -> None:
    assert kept.standings(["nowhere", "wexmoor"]).keys() == {"wexmoor"}
    assert kept.standings([]) == {}


def test_only_so_many_boards_are_kept(stand: Stand, kept: KeptBoards) -> None:
    races = [f"race-{number}" for number in range(MOST_KEPT + 1)]
    for race_id in races:
        stand.follow(race_id, sid=race_id)
        asked(kept, race_id=race_id)
    stand.boards_read.clear()

    asked(kept, race_id=races[0])  # gone
    asked(kept, race_id=races[-1])

    assert stand.boards_read == [races[0]]


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("price"), st.sampled_from("12"), st.booleans()),
        st.tuples(st.just("status"), st.sampled_from(("OFF", "ATTHEPOST")), st.booleans()),
        st.tuples(st.just("pass"), st.floats(0, 2), st.none()),
        st.tuples(st.just("poll"), st.none(), st.none()),
        st.tuples(st.just("subscribe"), st.none() | st.integers(0, 3), st.sampled_from((FULL, DELTA))),
        st.tuples(st.just("subscribe"), st.integers(0, 12), st.just(DELTA)),
    ),
    max_size=40,
)


@given(CHANGES)
def test_an_answer_is_that_of_the_database_unless_another_process_has_just_written(changes: list[Any]) -> None:
    stand = Stand()
    stand.follow("wexmoor")
    kept, told, since_when = kept_of(stand), 0, {0: stand.now}
    for what, which, how in changes:
        if what in ("price", "status"):
            write = stand.price if what == "price" else stand.status
            write("wexmoor", *((2.5, which) if what == "price" else (which,)), told=how)
            version = stand.races["wexmoor"].version
            told, since_when[version] = version if how else told, stand.now
        elif what == "pass":
            stand.step_to(stand.now - 1000 + which)
        elif what == "poll":
            stand.publisher.poll()
        else:
            _is_answered(stand, kept, which, how, told, since_when)


def _is_answered(
    stand: Stand, kept: KeptBoards, since: int | None, how: Variant, told: int, since_when: dict[int, float]
) -> None:
    now = stand.races["wexmoor"].version
    board = asked(kept, since, how)
    version = since if board is None else board["version"]
    assert version is not None
    assert max(told, stand.publisher.sent("wexmoor") or 0, min(since or 0, now)) <= version <= now
    assert version == now or stand.now - since_when[version + 1] <= FRESH_FOR_S
    if board is not None and version == now:
        assert board == stand.board("wexmoor", since if how.mode == "delta" else None)
