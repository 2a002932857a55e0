"""A broadcast reaches whoever is in the room at that moment, by whatever way they are connected, in order."""

import json
from typing import Any

import engineio
import pytest

from racing.realtime.messages import Shared
from tests.realtime.transport.house import COMPRESSION, Client, House


def join(house: House, client: Client, *rooms: str) -> Client:
    for room in rooms:
        house.server.enter_room(client.sid, room)
    return client


def update(*words: Any) -> str:
    """An event as a client gets it."""
    return "42" + json.dumps(["odds_update", *words], separators=(",", ":"))


def test_a_room_is_told_and_nobody_else(house: House) -> None:
    follower, other = join(house, house.come_in(), "wexmoor"), join(house, house.come_in(), "ascot")

    house.emit("odds_update", 1, to="wexmoor")

    assert follower.came() == [update(1)]
    assert other.came() == []


def test_a_connection_is_told_by_its_own_id(house: House) -> None:
    one, other = house.come_in(), house.come_in()

    house.emit("odds_update", 1, to=one.sid)

    assert (one.came(), other.came()) == ([update(1)], [])


def test_all_are_told_where_no_room_is_named(house: House) -> None:
    everybody = [house.come_in(), house.come_in(COMPRESSION), house.come_in()]

    house.emit("odds_update", 1)

    assert [client.came() for client in everybody] == [[update(1)]] * 3


def test_who_joins_after_a_message_does_not_get_it_and_who_leaves_after_it_does(house: House) -> None:
    early, late = join(house, house.come_in(), "wexmoor"), house.come_in()

    house.emit("odds_update", 1, to="wexmoor")
    house.server.leave_room(early.sid, "wexmoor")
    join(house, late, "wexmoor")
    house.emit("odds_update", 2, to="wexmoor")

    assert early.came() == [update(1)]
    assert late.came() == [update(2)]


def test_a_room_of_nobody_is_told_nothing(house: House) -> None:
    client = join(house, house.come_in(), "wexmoor")
    house.server.leave_room(client.sid, "wexmoor")

    house.emit("odds_update", 1, to="wexmoor")
    house.emit("odds_update", 1, to="nowhere")

    assert client.came() == []
    assert house.direct.output.is_idle


def test_a_room_that_is_closed_is_told_no_more(house: House) -> None:
    client = join(house, house.come_in(), "wexmoor", "ascot")
    house.emit("odds_update", 1, to="wexmoor")

    house.server.close_room("wexmoor")
    house.emit("odds_update", 2, to="wexmoor")
    house.emit("odds_update", 3, to="ascot")

    assert client.came() == [update(1), update(3)]


@pytest.mark.parametrize(
    ("said", "told"),
    [(({"a": 1}, 2), [{"a": 1}, 2]), (None, []), ([1, 2], [[1, 2]]), ("word", ["word"]), ((), []), (0, [0])],
)
def test_one_argument_several_or_none_arrive_as_the_library_has_them(house: House, said: Any, told: list[Any]) -> None:
    client = join(house, house.come_in(), "wexmoor")

    house.server.emit("odds_update", said, to="wexmoor")
    house.server.emit("odds_update", said, to="wexmoor", skip_sid="nobody")  # goes the library's way

    assert client.came() == [update(*told)] * 2


PLACEHOLDER = '{"_placeholder":true,"num":%d}'


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"\x00\x01", [f'451-["odds_update",{PLACEHOLDER % 0}]', b"\x00\x01"]),
        (("race", b"1", b"2"), [f'452-["odds_update","race",{PLACEHOLDER % 0},{PLACEHOLDER % 1}]', b"1", b"2"]),
        ({"deep": [b"1"]}, [f'451-["odds_update",{{"deep":[{PLACEHOLDER % 0}]}}]', b"1"]),
        (bytes(100_000), [f'451-["odds_update",{PLACEHOLDER % 0}]', bytes(100_000)]),
    ],
)
def test_bytes_follow_the_event_they_belong_to_wherever_they_are_in_it(
    house: House, said: Any, told: list[Any]
) -> None:
    plain = join(house, house.come_in(), "wexmoor")
    compact = join(house, house.come_in(COMPRESSION), "wexmoor")

    for _ in range(2):
        house.server.emit("odds_update", said, to="wexmoor")

    assert plain.came() == told * 2
    assert compact.came() == told * 2


def test_who_agreed_on_compression_gets_few_bytes_and_the_same_message(house: House) -> None:
    plain = join(house, house.come_in(), "wexmoor")
    compact = join(house, house.come_in(COMPRESSION), "wexmoor")
    many = [{"price": n % 7} for n in range(200)]

    house.emit("odds_update", many, to="wexmoor")

    assert compact.came() == plain.came() == [update(many)]


def test_one_of_the_room_may_be_left_out(house: House) -> None:
    one, other = join(house, house.come_in(), "wexmoor"), join(house, house.come_in(), "wexmoor")

    house.emit("odds_update", 1, to="wexmoor", skip_sid=one.sid)

    assert (one.came(), other.came()) == ([], [update(1)])


def test_who_is_in_one_of_several_rooms_is_told_once(house: House) -> None:
    both, one = join(house, house.come_in(), "wexmoor", "ascot"), join(house, house.come_in(), "ascot")

    house.emit("odds_update", 1, to=["wexmoor", "ascot"])

    assert (both.came(), one.came()) == ([update(1)], [update(1)])


def test_an_acknowledgement_is_asked_for_and_heard(house: House) -> None:
    client, answers = house.come_in(), []

    house.emit("odds_update", 1, to=client.sid, callback=lambda *words: answers.append(words))
    assert client.came() == ['421["odds_update",1]']
    client.send('431["taken"]')
    house.hub.run_until(lambda: bool(answers))

    assert answers == [("taken",)]


def test_whichever_way_messages_go_one_client_gets_them_in_their_order(house: House) -> None:
    client, other = join(house, house.come_in(), "wexmoor"), join(house, house.come_in(), "wexmoor")
    ways: list[dict[str, Any]] = [
        {"to": "wexmoor"},
        {"to": client.sid},
        {"to": "wexmoor", "skip_sid": other.sid},
        {"to": ["wexmoor", "ascot"]},
        {},
    ]

    for number in range(25):
        house.emit("odds_update", number, **ways[number % 5])

    assert client.came() == [update(number) for number in range(25)]
    assert other.came() == [update(number) for number in range(25) if number % 5 not in (1, 2)]


def test_another_namespace_has_rooms_of_its_own(house: House) -> None:
    client = join(house, house.come_in(), "wexmoor")

    house.emit("odds_update", 1, to="wexmoor", namespace="/other")

    assert client.came() == []


def test_a_message_that_many_are_sent_one_by_one_is_made_once(house: House) -> None:
    one, other = house.come_in(), house.come_in(COMPRESSION)
    shared = Shared({"raceId": "wexmoor"})

    house.server.emit("odds_update", shared, to=one.sid)
    made = shared.framed
    house.server.emit("odds_update", shared, to=other.sid)

    assert made is not None
    assert shared.framed is made
    assert one.came() == other.came() == [update({"raceId": "wexmoor"})]


def test_whose_line_is_gone_is_not_written_to_though_still_in_the_room(house: House) -> None:
    gone, here = join(house, house.come_in(), "wexmoor"), join(house, house.come_in(), "wexmoor")
    house.emit("odds_update", 1, to="wexmoor")
    house.hub.run(1)
    session = house.server.eio.sockets[gone.opening["sid"]]

    session.line.drop()
    before = house.direct.output.delivered
    house.emit("odds_update", 2, to="wexmoor")

    assert house.direct.output.delivered == before + 1
    assert here.came() == [update(1), update(2)]


def test_after_a_close_frame_nothing_is_written(house: House) -> None:
    wrong = join(house, house.come_in(), "wexmoor")
    house.emit("odds_update", 1, to="wexmoor")
    assert wrong.came() == [update(1)]
    session = house.server.eio.sockets[wrong.opening["sid"]]

    session.line.finish(1002)  # whoever broke the protocol is in the room until its handlers have heard of the end
    house.emit("odds_update", 2, to="wexmoor")
    house.emit("odds_update", 3, to=wrong.sid)

    assert wrong.came() == [1002]


def test_a_polling_session_gets_the_same_from_the_same_call(house: House) -> None:
    direct = join(house, house.come_in(), "wexmoor")
    sent: list[tuple[str, Any]] = []
    polling = engineio.socket.Socket(house.server.eio, "polling")
    house.server.eio.sockets["polling"] = polling
    house.manager.pre_connect("polling", "/")
    sid = house.manager.sid_from_eio_sid("polling", "/")
    house.manager.connect(sid, "/")
    house.server.enter_room(sid, "wexmoor")
    house.transports._stock_send = lambda eio_sid, packet: sent.append((eio_sid, packet.encode()))

    house.emit("odds_update", 1, to="wexmoor")
    polling.closed = True
    house.manager.forget_receivers()
    house.emit("odds_update", 2, to="wexmoor")

    assert sent == [("polling", update(1))]
    assert direct.came() == [update(1), update(2)]
    house.manager.disconnect(sid, "/")
    del house.server.eio.sockets["polling"]
