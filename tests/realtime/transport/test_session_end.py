"""A session over a WebSocket of ours ends once, after what was said before, and gives nothing back until it has."""

import pytest

from tests.realtime.transport.house import House, Slow, say, session_of, told
from tests.support.websocket_frames import TEXT, close, frame


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
