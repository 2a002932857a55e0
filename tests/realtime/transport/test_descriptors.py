"""Nobody ever gets what was meant for somebody else, though descriptors are used again and again."""

import os
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from racing.realtime.transport import output
from tests.realtime.transport.line_stand import Punter, Stand
from tests.realtime.transport.loop_stand import KINDS


def is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def test_a_descriptor_is_closed_at_once_where_nothing_is_due(lines: Stand) -> None:
    punter = lines.connect()
    descriptor = punter.line.fd

    punter.line.drop()

    assert not is_open(descriptor)


def test_who_comes_next_does_not_get_what_was_due_for_who_has_gone(lines: Stand) -> None:
    gone = lines.connect()
    descriptor = gone.line.fd
    lines.tell(b"private", gone)
    gone.line.drop()

    before = lines.connect()
    lines.hub.run()
    after = lines.connect()
    lines.hub.run()

    assert before.line.fd != descriptor
    assert not is_open(descriptor) or after.line.fd == descriptor
    assert (gone.came(), before.came(), after.came()) == (b"", b"", b"")


def test_who_comes_in_the_middle_of_a_broadcast_gets_nothing_of_it(
    lines: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "SLICE_NS", 0)
    crowd = [lines.connect() for _ in range(64)]
    lines.tell(b"private", *crowd)
    lines.hub.turn()
    assert not lines.output.is_idle
    last = crowd[-1].line.fd

    crowd[-1].line.drop()
    newcomers = [lines.connect() for _ in range(5)]
    lines.hub.run()

    assert last not in [punter.line.fd for punter in newcomers]
    assert not is_open(last)
    assert [punter.came() for punter in newcomers] == [b""] * 5


def test_what_falls_due_in_the_middle_of_a_broadcast_for_who_goes_then_reaches_nobody(
    lines: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "SLICE_NS", 0)
    crowd = [lines.connect() for _ in range(64)]
    lines.tell(b"one", *crowd)
    lines.hub.turn()
    lines.tell(b"private", *crowd)
    last = crowd[-1].line.fd

    crowd[-1].line.drop()
    newcomers = []
    while not lines.output.is_idle:
        newcomers.append(lines.connect())
        assert newcomers[-1].line.fd != last
        lines.hub.turn()

    assert not is_open(last)
    assert b"".join(punter.came() for punter in newcomers) == b""


def test_who_is_still_in_a_room_keeps_the_descriptor_though_the_client_has_gone(lines: Stand) -> None:
    gone = lines.connect()
    gone.owner.is_in_rooms = True
    room = array("i", [gone.line.fd])
    gone.end.close()
    lines.hub.run()
    assert gone.owner.is_gone

    newcomer = lines.connect()
    lines.output.to_many(room, b"private")
    lines.hub.run()

    assert newcomer.line.fd != room[0]
    assert newcomer.came() == b""
    gone.owner.is_in_rooms = False
    gone.owner.leave()
    assert not is_open(room[0])


class House(Stand):
    """Clients that come, go and are told things; each knows what it was told."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.told: dict[Punter, bytes] = {}
        self.there: list[Punter] = []
        self.left: list[Punter] = []
        self.number = 0

    def come(self, count: int) -> None:
        for _ in range(count):
            punter = self.connect()
            punter.owner.is_in_rooms = True
            self.told[punter] = b""
            self.there.append(punter)

    def say(self, who: int) -> None:
        """Tell something to about half of those in the room, among them some whose client has gone."""
        self.number += 1
        word = b"%d;" % self.number
        receivers = [punter for n, punter in enumerate(self.there) if who >> n & 1]
        for punter in receivers:
            self.told[punter] += word
        self.tell(word, *receivers)

    def lose(self, who: int) -> None:
        """Let clients go, of whose end the rooms are still to hear."""
        for n, punter in enumerate(self.there):
            if who >> n & 1:
                self.left.append(punter)
                punter.line.drop()

    def hear_of_the_end(self) -> None:
        """Take those from the rooms that have gone."""
        for punter in self.left:
            if punter in self.there:
                self.there.remove(punter)
                punter.owner.is_in_rooms = False
                punter.owner.leave()
        self.left = []


steps = st.lists(
    st.tuples(st.just("come"), st.integers(1, 10))
    | st.tuples(st.sampled_from(("say", "say", "lose")), st.integers(0, 2**20))
    | st.tuples(st.sampled_from(("hear_of_the_end", "turn")), st.none()),
    max_size=60,
)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None)
@given(steps)
def test_each_gets_what_it_was_told_and_nothing_else_whoever_comes_and_goes(
    kind: str, steps: list[tuple[str, int | None]]
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(output, "SLICE_NS", 0)
        house = House(kind)
        house.come(20)
        came: dict[Punter, bytes] = {}
        for step, number in steps:
            if step == "turn":
                house.hub.run() if house.output.is_idle else house.hub.turn()
            elif number is None:
                house.hear_of_the_end()
            else:
                getattr(house, step)(number)
        house.hub.run(1)
        for punter, told in house.told.items():
            came[punter] = punter.came()
            assert told.startswith(came[punter]) if punter.line.is_dropped else told == came[punter]
        house.hear_of_the_end()
        house.close()
