"""A session over a WebSocket of ours: its packets are handled in turn, its end is told once and after them."""

from typing import Any

import pytest

from racing.realtime.transport.session import MOST_UNHANDLED
from tests.realtime.counted import counted
from tests.realtime.transport.house import Client, House
from tests.support.websocket_frames import BINARY, TEXT, close, frame


def session_of(house: House, client: Client) -> Any:
    return house.server.eio.sockets[client.opening["sid"]]


def say(*words: str) -> str:
    return '42["say",' + ",".join(f'"{word}"' for word in words) + "]"


def told(house: House, what: str) -> list[tuple[Any, ...]]:
    """What the handlers heard of one kind."""
    return [words for kind, *words in house.heard if kind == what]


def test_a_session_opens_with_all_that_a_client_must_know(house: House) -> None:
    opening = house.come_in(joined=False).opening

    assert opening.keys() == {"sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"}
    assert (opening["upgrades"], opening["pingInterval"], opening["pingTimeout"]) == ([], 25_000, 20_000)


def test_events_are_handled_in_their_order(house: House) -> None:
    client = house.come_in()

    client.send(*(say(str(n)) for n in range(30)))
    house.hub.run()

    assert told(house, "say") == [[str(n)] for n in range(30)]


def test_an_event_may_come_in_two_frames_with_a_client_that_stalls_between(house: House) -> None:
    client = house.come_in()
    wire = frame(TEXT, b'451-["say",{"_placeholder":true,"num":0}]') + frame(BINARY, b"\x00packed")
    for byte in wire:
        client.socket.send(bytes([byte]))
        house.hub.run()

    assert told(house, "say") == [[b"\x00packed"]]


def test_who_is_silent_is_asked_and_who_answers_is_asked_again(house: House) -> None:
    client = house.come_in()
    for _ in range(3):
        house.hub.run(26)
        assert client.came() == ["2"]
        client.send("3")
        house.hub.run()

    assert told(house, "disconnect") == []


def test_who_does_not_answer_is_closed(house: House) -> None:
    client = house.come_in()

    house.hub.run(50)

    assert client.came() == ["2", 1000]
    assert told(house, "disconnect") == [[client.sid, "ping timeout"]]


def test_a_pong_that_nobody_asked_for_puts_nothing_off(house: House) -> None:
    client = house.come_in()
    house.hub.run(20)
    client.send("3")

    house.hub.run(6)

    assert client.came() == ["2"]


def test_the_last_words_of_who_goes_are_handled_before_the_end(house: House) -> None:
    client = house.come_in()
    client.send(say("going"))
    client.hang_up()

    house.hub.run_until(lambda: bool(told(house, "disconnect")))

    assert house.heard[1:] == [("say", "going"), ("disconnect", client.sid, "transport close")]


@pytest.mark.parametrize("goodbye", [close(1000), close(1001), frame(8), frame(TEXT, b"1"), frame(TEXT, b"\xff")])
def test_however_it_ends_it_ends_once(house: House, goodbye: bytes) -> None:
    client = house.come_in()

    client.socket.send(goodbye)
    house.hub.run()
    client.hang_up()
    house.hub.run(60)

    assert len(told(house, "disconnect")) == 1
    assert house.server.eio.sockets == {}


def test_a_client_that_says_it_goes_is_answered_with_a_close(house: House) -> None:
    client = house.come_in()

    client.send("1")

    assert client.came() == [1000]
    assert told(house, "disconnect") == [[client.sid, "client disconnect"]]


@pytest.mark.parametrize("packet", ["", "x", "7", "0", "2", "2probe", "3probe", "4", "49", "b", "é"])
def test_what_is_no_packet_of_a_client_ends_its_session(house: House, packet: str) -> None:
    client = house.come_in()

    client.send(packet)
    house.hub.run()

    assert house.server.eio.sockets == {}
    assert len(told(house, "disconnect")) == 1


def test_a_packet_of_an_upgrade_and_one_of_nothing_do_no_harm(house: House) -> None:
    client = house.come_in()

    client.send("5", "6", say("still here"))
    house.hub.run()

    assert told(house, "say") == [["still here"]]


def test_what_was_sent_before_a_close_arrives_before_it(house: House) -> None:
    client = house.come_in()
    house.emit("odds_update", "x" * 250_000, to=client.sid)

    session_of(house, client).close()

    *_, update, code = client.came()
    assert update.startswith('42["odds_update"')
    assert code == 1000
    assert told(house, "disconnect") == [[client.sid, "server disconnect"]]


def test_who_is_cut_gets_nothing_more(house: House) -> None:
    client = house.come_in()
    house.emit("odds_update", 1, to=client.sid)

    session_of(house, client).cut()

    assert client.came() == []
    assert house.server.eio.sockets == {}


class Slow:
    """A handler that waits for something."""

    def __init__(self, house: House, event: str) -> None:
        self.house, self.began, self.may_go_on = house, 0, False
        house.server.on(event, self)

    def __call__(self, *_: Any) -> None:
        self.began += 1
        while not self.may_go_on:
            self.house.hub.sleep(0.01)


def test_of_who_says_more_than_can_be_handled_no_more_is_read(house: House) -> None:
    client, slow = house.come_in(), Slow(house, "slow")
    line = session_of(house, client).line
    client.send(*['42["slow"]'] * (MOST_UNHANDLED - 1))
    house.hub.run()
    assert line.listens

    client.send(*['42["slow"]'] * 2)
    house.hub.run()
    assert not line.listens
    client.send(say("later"))
    house.hub.run(1)
    assert slow.began == 1

    slow.may_go_on = True
    house.hub.run(1)
    assert told(house, "say") == [["later"]]
    assert line.listens


def test_while_one_is_handled_the_others_have_their_turn(house: House) -> None:
    busy, other = house.come_in(), house.come_in()
    slow = Slow(house, "slow")
    busy.send('42["slow"]')

    other.send(say("me"))
    house.hub.run(1)

    assert (slow.began, told(house, "say")) == (1, [["me"]])
    slow.may_go_on = True
    house.hub.run(1)


def test_who_goes_while_an_event_is_handled_is_in_the_rooms_until_it_has_been(house: House) -> None:
    client, slow = house.come_in(), Slow(house, "slow")
    client.send('42["slow"]')
    house.hub.run()
    descriptor = session_of(house, client).line.fd

    client.hang_up()
    house.hub.run(1)
    newcomer = house.come_in()
    house.emit("odds_update", "private", to=client.sid)

    assert session_of(house, newcomer).line.fd != descriptor
    assert newcomer.came() == []
    slow.may_go_on = True
    house.hub.run(1)
    assert told(house, "disconnect") == [[client.sid, "transport close"]]


def test_who_goes_while_the_end_is_told_keeps_the_descriptor_until_it_has_been(house: House) -> None:
    client, slow = house.come_in(), Slow(house, "disconnect")
    session = session_of(house, client)
    house.hub.spawn(session.close)
    house.hub.run()
    assert slow.began == 1

    client.hang_up()
    house.hub.run(1)
    assert session.line.is_dropped
    assert session.line.fd >= 0

    slow.may_go_on = True
    house.hub.run(1)
    assert session.line.fd == -1
    assert slow.began == 1


def test_an_idle_session_keeps_no_box_and_no_parser(house: House) -> None:
    session = session_of(house, house.come_in())

    assert session._inbox is None
    assert session.line._parser is None
    assert session.line.backlog is None


def test_a_client_that_does_not_read_is_cut_and_counted_once(house: House) -> None:
    slow, here = house.come_in(), house.come_in()
    with counted() as counts:
        for _ in range(100):  # ten megabytes, of which the system takes some
            house.emit("odds_update", "x" * 100_000, to=slow.sid)
            house.hub.run(0.01)

    assert counts("racing_slow_clients_closed_total") == 1
    assert told(house, "disconnect") == [[slow.sid, "server disconnect"]]
    house.emit("odds_update", 1)
    assert here.came()
