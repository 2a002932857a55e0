"""All that is due for a client in a turn leaves in one send(), in order, and soon."""

from contextlib import ExitStack
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from racing.realtime.transport import output
from racing.realtime.transport.output import CROWD, HOLD_S
from tests.realtime.transport.line_stand import Stand, standing
from tests.realtime.transport.loop_stand import KINDS


@pytest.fixture
def in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """No slice lasts longer than until the first look at the clock."""
    monkeypatch.setattr(output, "SLICE_NS", 0)


def test_what_is_due_in_a_turn_leaves_in_one_send(lines: Stand) -> None:
    follower, other = lines.crowd(2)
    lines.tell(b"wexmoor", follower, other)
    follower.line.write(b"answer")
    lines.tell(b"ascot", follower)
    assert follower.came() == b""

    lines.hub.run()

    assert follower.came_at_once() == [b"wexmooranswerascot"]
    assert other.came_at_once() == [b"wexmoor"]


def test_a_page_of_forty_races_is_sent_once(lines: Stand) -> None:
    [page] = lines.crowd(1)
    for race in range(40):
        lines.tell(b"%d;" % race, page)

    lines.hub.run()

    assert page.came_at_once() == [b"".join(b"%d;" % race for race in range(40))]


def test_what_falls_due_in_the_next_turn_leaves_then(lines: Stand) -> None:
    [punter] = lines.crowd(1)
    for word in (b"one", b"two"):
        lines.tell(word, punter)
        lines.hub.run()

    assert punter.came_at_once() == [b"one", b"two"]


def test_nothing_waits_where_nothing_more_is_on_its_way(lines: Stand) -> None:
    [punter] = lines.crowd(1)

    lines.tell(b"one", punter)

    assert lines.hub.next_in == 0


def test_what_is_held_together_leaves_together_though_others_have_their_turn(lines: Stand) -> None:
    [punter] = lines.crowd(1)
    with lines.output.held():
        lines.tell(b"one", punter)
        lines.hub.run()
        assert punter.came() == b""
        lines.tell(b"two", punter)

    assert lines.hub.next_in == 0
    lines.hub.run()
    assert punter.came_at_once() == [b"onetwo"]


def test_what_is_held_for_long_leaves_in_time(lines: Stand) -> None:
    [punter] = lines.crowd(1)
    with lines.output.held(), lines.output.held():
        lines.tell(b"one", punter)
        lines.hub.run(HOLD_S)

        assert punter.came_at_once() == [b"one"]


def test_holding_ends_with_whoever_began_first(lines: Stand) -> None:
    [punter] = lines.crowd(1)
    with lines.output.held():
        with lines.output.held():
            lines.tell(b"one", punter)
        lines.hub.run()
        assert punter.came() == b""

    lines.hub.run()
    assert punter.came() == b"one"


def test_right_after_a_broadcast_a_message_waits_a_moment_for_more(lines: Stand) -> None:
    crowd = lines.crowd(CROWD)
    lines.tell(b"one", *crowd)
    lines.hub.run()

    lines.tell(b"two", *crowd)
    assert 0 < lines.hub.next_in <= HOLD_S  # type: ignore[operator]
    lines.tell(b"three", crowd[0])
    lines.hub.run(HOLD_S)

    assert crowd[0].came_at_once() == [b"one", b"twothree"]


def test_after_a_message_to_a_few_the_next_waits_for_nothing(lines: Stand) -> None:
    crowd = lines.crowd(CROWD - 1)
    lines.tell(b"one", *crowd)
    lines.hub.run()

    lines.tell(b"two", *crowd)

    assert lines.hub.next_in == 0


@pytest.mark.usefixtures("in_slices")
def test_a_large_room_is_written_to_in_slices_between_which_others_have_their_turn(lines: Stand) -> None:
    crowd = lines.crowd(100)
    lines.tell(b"one", *crowd)
    reached = [0]

    while not lines.output.is_idle:
        lines.hub.turn()
        reached.append(sum(punter.has_mail for punter in crowd))

    assert reached[-1] == 100
    assert all(after - before <= 16 for before, after in pairwise(reached))


@pytest.mark.usefixtures("in_slices")
def test_what_falls_due_while_a_room_is_written_to_comes_after_it(lines: Stand) -> None:
    crowd = lines.crowd(100)
    lines.tell(b"one", *crowd)
    lines.hub.turn()
    assert not lines.output.is_idle

    lines.tell(b"two", *crowd)
    lines.hub.run(HOLD_S)

    assert [punter.came() for punter in crowd] == [b"onetwo"] * 100


def test_deliveries_are_counted(lines: Stand) -> None:
    one, other = lines.crowd(2)

    lines.tell(b"one", one, other)
    one.line.write(b"two")

    assert lines.output.delivered == 3


who = st.integers(0, 19)
steps = st.lists(
    st.tuples(st.just("one"), who)
    | st.tuples(st.just("many"), st.sets(who))
    | st.tuples(st.sampled_from(("turn", "hold", "let go", "moment")), st.none()),
    max_size=60,
)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None)
@given(steps=steps, slice_ns=st.sampled_from((0, output.SLICE_NS)))
def test_each_gets_everything_in_order_whatever_is_held_and_written_when(
    kind: str, steps: list[tuple[str, object]], slice_ns: int
) -> None:
    with pytest.MonkeyPatch.context() as patched, standing(kind) as stand:
        patched.setattr(output, "SLICE_NS", slice_ns)
        punters = [stand.connect() for _ in range(20)]
        expected = [b""] * 20
        holds: list[ExitStack] = []
        for number, (step, whom) in enumerate(steps):
            if step in ("one", "many"):
                receivers = sorted(whom) if isinstance(whom, set) else [whom]
                for n in receivers:
                    expected[n] += b"%d;" % number
                stand.tell(b"%d;" % number, *(punters[n] for n in receivers))
            elif step == "hold":
                holds.append(ExitStack())
                holds[-1].enter_context(stand.output.held())
            elif step == "let go" and holds:
                holds.pop().close()
            elif step != "let go":
                stand.hub.run(HOLD_S if step == "moment" else 0)

        for hold in holds:
            hold.close()
        stand.hub.run(2 * HOLD_S)

        assert stand.output.is_idle
        assert [punter.came() for punter in punters] == expected
