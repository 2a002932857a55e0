"""A session that polls leaves with its end: nobody takes it for somebody who never joined."""

import pytest

from tests.realtime.counted import counted
from tests.realtime.transport.house import House
from tests.realtime.transport.polling import Polling

LONG_AGO = 1.0
A_TICK_S = 1.0
LOOKS = 40  # more than anybody is given to join


def test_one_that_said_it_goes_has_left_with_the_next_tick(house: House) -> None:
    polling = Polling(house)
    polling.post("1")

    house.hub.run(A_TICK_S)

    assert house.server.eio.sockets == {}


def test_one_that_does_not_answer_is_given_up_and_leaves(house: House) -> None:
    polling = Polling(house)
    polling.session.last_ping = LONG_AGO

    house.hub.run(2 * A_TICK_S)

    assert ("disconnect", polling.sid, "ping timeout") in house.heard
    assert house.server.eio.sockets == {}


def test_one_that_is_there_stays(house: House) -> None:
    polling, leaving = Polling(house), Polling(house)
    leaving.post("1")

    house.hub.run(3 * A_TICK_S)

    assert list(house.server.eio.sockets) == [polling.eio_sid]
    polling.post("1")
    house.hub.run(A_TICK_S)


@pytest.mark.parametrize("end", ["said", "silent"])
def test_whoever_has_left_is_not_cut_for_never_having_joined(house: House, end: str) -> None:
    polling = Polling(house)
    if end == "said":
        polling.post("1")
    else:
        polling.session.last_ping = LONG_AGO

    with counted() as counts:
        for _ in range(LOOKS):
            house.hub.run(A_TICK_S)
            house.transports.poll()

    assert counts("racing_transports_cut_total", cause="never_joined") == 0
