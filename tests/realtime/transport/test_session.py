"""A session over a WebSocket of ours: it is asked whether it is there, and its packets are handled in turn."""

from racing.realtime.transport.session import MOST_UNHANDLED
from tests.realtime.counted import counted
from tests.realtime.transport.house import House, Slow, say, session_of, told
from tests.support.websocket_frames import BINARY, TEXT, frame


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


def test_who_says_much_at_once_does_not_have_the_loop_for_itself(house: House) -> None:
    talker, other = house.come_in(), house.come_in()
    talker.send(*[say("much")] * 5)
    other.send(say("me"))

    house.hub.run()

    assert told(house, "say").index(["me"]) < 5


def test_while_one_is_handled_the_others_have_their_turn(house: House) -> None:
    busy, other = house.come_in(), house.come_in()
    slow = Slow(house, "slow")
    busy.send('42["slow"]')

    other.send(say("me"))
    house.hub.run(1)

    assert (slow.began, told(house, "say")) == (1, [["me"]])
    slow.may_go_on = True
    house.hub.run(1)


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
