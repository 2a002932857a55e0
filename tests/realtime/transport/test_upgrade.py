"""A session that polls goes over to a WebSocket: nothing that it is sent is lost, doubled or overtaken."""

from collections.abc import Iterator

import pytest

from tests.realtime.transport.house import House
from tests.realtime.transport.polling import Polling


@pytest.fixture
def polling(house: House) -> Iterator[Polling]:
    """Somebody who has joined, and polls."""
    polling = Polling(house)
    house.server.enter_room(polling.sid, "wexmoor")
    yield polling
    if (session := polling.session) is not None:
        session.close(wait=False, abort=True)
        house.server.eio.sockets.pop(polling.eio_sid, None)


def tell(house: House, number: int) -> str:
    house.emit("odds_update", number, to="wexmoor")
    return f'42["odds_update",{number}]'


def test_what_waits_for_the_poll_comes_over_the_websocket_first(house: House, polling: Polling) -> None:
    told = [tell(house, 1)]
    websocket = polling.go_over()
    told.append(tell(house, 2))
    websocket.send("2probe")
    assert websocket.next() == "3probe"
    told.append(tell(house, 3))

    websocket.send("5")
    house.hub.run()
    told.append(tell(house, 4))

    assert websocket.came() == told


def test_a_poll_that_is_asked_while_it_goes_over_brings_nothing(house: House, polling: Polling) -> None:
    websocket = polling.go_over()
    websocket.send("2probe")
    assert websocket.next() == "3probe"
    tell(house, 1)

    assert polling.get() == ["6"]


def test_a_poll_that_waits_comes_back_with_nothing(house: House, polling: Polling) -> None:
    websocket = polling.go_over()

    websocket.send("2probe")
    assert websocket.next() == "3probe"

    assert polling.session.queue.get_nowait().encode() == "6"


def test_one_that_has_gone_over_gets_the_frame_that_all_get(house: House, polling: Polling) -> None:
    tell(house, 1)
    assert house.manager._receivers["/", "wexmoor"].others == [polling.eio_sid]
    websocket = polling.go_over()
    websocket.send("2probe", "5")
    house.hub.run()

    tell(house, 2)

    assert house.manager._receivers["/", "wexmoor"].others == []
    assert websocket.came() == ["3probe", '42["odds_update",1]', '42["odds_update",2]']


def test_until_it_has_gone_over_the_polls_bring_everything(house: House, polling: Polling) -> None:
    websocket = polling.go_over()

    told = [tell(house, 1), tell(house, 2)]

    assert polling.get() == told
    assert websocket.came() == []


def test_one_that_has_gone_over_is_the_same_session_in_the_same_rooms(house: House, polling: Polling) -> None:
    websocket = polling.go_over()
    websocket.send("2probe", "5")
    house.hub.run()
    assert websocket.next() == "3probe"

    websocket.send('42["say","hello"]')
    house.hub.run()

    assert ("say", "hello") in house.heard
    assert house.manager.get_rooms(polling.sid, "/") == [polling.sid, "wexmoor"]
    told = tell(house, 1)
    assert websocket.came() == [told]
    assert len(house.server.eio.sockets) == 1


def test_one_that_has_gone_over_is_asked_whether_it_is_there(house: House, polling: Polling) -> None:
    websocket = polling.go_over()
    websocket.send("2probe", "5")
    house.hub.run()

    house.hub.run(26)

    assert websocket.came() == ["3probe", "2"]


@pytest.mark.parametrize("said", ["5", "3probe", '42["say","too soon"]', "2"])
def test_whoever_does_not_probe_first_goes_on_polling(house: House, polling: Polling, said: str) -> None:
    websocket = polling.go_over()
    websocket.send(said)

    assert websocket.came() == [1008]
    assert ("say", "too soon") not in house.heard
    told = [tell(house, 1)]
    assert polling.get() == told


def test_one_that_goes_in_the_middle_goes_on_polling(house: House, polling: Polling) -> None:
    websocket = polling.go_over()
    websocket.send("2probe")
    assert websocket.next() == "3probe"
    assert polling.get() == ["6"]
    told = tell(house, 1)

    websocket.hang_up()
    house.hub.run()

    assert told in polling.get()


def test_one_that_never_says_a_word_is_hung_up_on(
    house: House, polling: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("racing.realtime.transport.direct.PROBE_WITHIN_S", 0.0)
    websocket = polling.go_over()

    house.hub.run(1)

    assert websocket.has_been_hung_up_on
    told = [tell(house, 1)]
    assert polling.get() == told


def test_a_second_websocket_for_one_session_is_turned_away(house: House, polling: Polling) -> None:
    polling.go_over()

    with pytest.raises(AssertionError, match=r"HTTP/1\.1 400"):
        polling.go_over()


def test_a_second_try_outlives_the_end_of_one_that_failed(house: House, polling: Polling) -> None:
    first = polling.go_over()
    first.send("2probe", "garbage")
    assert first.came() == ["3probe", 1008]
    second = polling.go_over()
    second.send("2probe")
    assert second.next() == "3probe"
    told = [tell(house, 1)]

    first.hang_up()
    house.hub.run()
    assert polling.get() == ["6"]
    second.send("5")
    house.hub.run()
    told.append(tell(house, 2))

    assert second.came() == told
    second.send('42["say","hello"]')
    house.hub.run()
    assert ("say", "hello") in house.heard


def test_the_end_of_a_try_that_failed_changes_nothing_for_one_made_good(house: House, polling: Polling) -> None:
    first = polling.go_over()
    first.send("garbage")
    assert first.came() == [1008]
    second = polling.go_over()
    second.send("2probe", "5")
    house.hub.run()

    first.hang_up()
    house.hub.run()
    told = tell(house, 1)

    assert second.came() == ["3probe", told]


def test_a_session_that_ends_while_it_goes_over_does_not_come_back(house: House, polling: Polling) -> None:
    websocket = polling.go_over()
    websocket.send("2probe")
    assert websocket.next() == "3probe"
    polling.session.close(wait=False, abort=True)
    del house.server.eio.sockets[polling.eio_sid]

    websocket.send("5")

    assert websocket.came() == [1008]
    assert house.server.eio.sockets == {}
