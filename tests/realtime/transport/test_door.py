"""At the door WebSockets are told from the rest: they are let in or turned away in words, the rest is handed over."""

import socket
import time
from collections.abc import Callable, Iterator

import pytest

from racing.realtime.allowance import Allowance
from racing.realtime.transport import door, first_words, handshake
from racing.realtime.transport.turnstile import Turnstile
from racing.realtime.transport.waiting import Waiting
from tests.realtime.transport.house import KEY, House

ASKED = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", "Host: house", "Upgrade: websocket", "Connection: Upgrade",
    f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13",
)  # fmt: skip


def asked(*lines: str) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode()


class Visitor:
    """Somebody at the door."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.socket = socket.create_connection(house.address)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def say(self, data: bytes) -> None:
        self.socket.send(data)
        self._house.hub.run()

    def came(self) -> bytes:
        try:
            return self.socket.recv(100_000)
        except BlockingIOError:
            return b""

    def has_been_hung_up_on(self) -> bool:
        try:
            return self.socket.recv(1) == b""
        except BlockingIOError:
            return False
        except ConnectionResetError:
            return True


@pytest.fixture
def visit(house: House) -> Iterator[Callable[[], Visitor]]:
    """Comes to the door; whoever it was goes in the end."""
    visitors: list[Visitor] = []

    def come() -> Visitor:
        visitors.append(Visitor(house))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.socket.close()


def handed_over(house: House) -> bytes | None:
    """What the WSGI server finds on the next connection that is its own; None where there is none."""
    other = house.door.next_other()
    if other is None:
        return None
    taken, address = other
    with taken:
        assert address[0] == "127.0.0.1"
        return bytes(taken.recv(100_000))


# --- let in -----------------------------------------------------------------------------------------------------------


def test_a_websocket_is_let_in(house: House, visit: Callable[[], Visitor]) -> None:
    visitor = visit()

    visitor.say(asked(*ASKED))

    assert visitor.came().startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
    assert handed_over(house) is None
    assert len(house.server.eio.sockets) == 1


def test_what_is_said_right_behind_a_handshake_is_heard(house: House, visit: Callable[[], Visitor]) -> None:
    visitor = visit()

    visitor.say(asked(*ASKED) + b"\x81\x82\x00\x00\x00\x0040")

    assert b'40{"sid":' in visitor.came()


def test_what_the_application_keeps_of_a_handshake_is_little(house: House, visit: Callable[[], Visitor]) -> None:
    kept: list[dict[str, object]] = []
    house.server.eio.on("connect", lambda sid, environ: kept.append(environ))

    visit().say(asked(*ASKED, "Origin: http://house", "User-Agent: " + "x" * 500, "Cookie: a=b"))

    assert (kept[0]["HTTP_ORIGIN"], kept[0]["HTTP_COOKIE"], kept[0]["REMOTE_ADDR"]) == (
        "http://house", "a=b", "127.0.0.1",
    )  # fmt: skip
    assert not kept[0].keys() & {*handshake.OF_THE_HANDSHAKE, door.KEY}


def test_two_hundred_are_let_in_at_once(house: House, visit: Callable[[], Visitor]) -> None:
    visitors = [visit() for _ in range(200)]
    for visitor in visitors:
        visitor.socket.send(asked(*ASKED))

    house.hub.run()

    assert all(visitor.came().startswith(b"HTTP/1.1 101 ") for visitor in visitors)


# --- turned away ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        [*ASKED[:5], "Sec-WebSocket-Version: 8"],
        [*ASKED[:4], ASKED[5]],
        [ASKED[0].replace("EIO=4", "EIO=3"), *ASKED[1:]],
        [ASKED[0].replace("websocket", "polling"), *ASKED[1:]],
        [ASKED[0].replace("websocket", "websocket&sid=nobody"), *ASKED[1:]],
        [ASKED[0].replace("/socket.io/?", "/socket.io/x?").replace("EIO=4&", ""), *ASKED[1:]],
    ],
)
def test_who_is_turned_away_is_told_so_in_http_and_hung_up_on(
    house: House, visit: Callable[[], Visitor], wrong: list[str]
) -> None:
    visitor = visit()

    visitor.say(asked(*wrong))

    head, _, body = visitor.came().partition(b"\r\n\r\n")
    status, *headers = head.decode().split("\r\n")
    assert status.startswith("HTTP/1.1 400 ")
    assert f"Content-Length: {len(body)}" in headers
    assert "Connection: close" in headers
    assert body
    assert visitor.has_been_hung_up_on()
    assert house.server.eio.sockets == {}


def test_an_application_that_fails_is_no_end_of_the_door(house: House, visit: Callable[[], Visitor]) -> None:
    def fail(*_: object) -> list[bytes]:
        raise LookupError("no such house")

    works, house.door._application = house.door._application, fail
    visitor = visit()
    visitor.say(asked(*ASKED))
    assert visitor.came().startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert visitor.has_been_hung_up_on()

    house.door._application = works
    after = visit()
    after.say(asked(*ASKED))
    assert after.came().startswith(b"HTTP/1.1 101 ")


# --- handed over ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        asked("GET /health HTTP/1.1", "Host: house"),
        asked("GET /health HTTP/1.0"),
        asked("GET /races HTTP/1.1", "Host: house") + asked("GET /news HTTP/1.1", "Host: house"),
        asked("POST /socket.io/?EIO=4&transport=polling&sid=a HTTP/1.1", "Host: house", "Content-Length: 2") + b"40",
        asked("GET /socket.io/?EIO=4&transport=polling HTTP/1.1", "Host: house"),
        asked("GET /elsewhere HTTP/1.1", *ASKED[1:]),
        asked(*ASKED, "X-Long: " + "x" * first_words.LARGEST_HEAD),
        asked(*ASKED, "no header"),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
        b"GET /health HTTP/1.0\n\n",
        b"get /health",
    ],
)
def test_all_the_rest_is_handed_over_with_every_byte_it_said(
    house: House, visit: Callable[[], Visitor], said: bytes
) -> None:
    woken: list[None] = []
    house.door.wake = lambda: woken.append(None)
    visitor = visit()

    visitor.say(said)

    assert woken == [None]
    assert handed_over(house) == said
    assert visitor.came() == b""


HALVES = [b"", b"G", b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost", b"POST /login HTTP/1.1\r\n"]


@pytest.mark.parametrize("said", HALVES)
def test_half_a_request_is_waited_for_at_the_door_and_hung_up_on_in_the_end(
    house: House, visit: Callable[[], Visitor], monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(door, "REQUEST_WITHIN_S", 0.0)
    visitor = visit()
    visitor.say(said)
    assert house.door.next_other() is None
    assert house.hub.next_in is None or house.hub.next_in > 0  # and costs nothing meanwhile

    house.door.look_round()

    assert visitor.came()[:12] == (b"HTTP/1.1 408" if said else b"")  # no word to a browser that only stands by
    assert visitor.has_been_hung_up_on()
    assert house.door._visitors == {}


def test_of_too_many_with_nothing_to_say_the_first_must_go(house: House, visit: Callable[[], Visitor]) -> None:
    house.door._unfinished = Waiting(3)
    visitors = [visit() for _ in range(4)]
    for visitor in visitors:
        visitor.say(b"GET /")

    assert [visitor.has_been_hung_up_on() for visitor in visitors] == [True, False, False, False]

    visitors[3].say(b" HTTP/1.1\r\n\r\n")
    visit()
    house.hub.run()
    assert not visitors[1].has_been_hung_up_on()  # who has said it is none of them


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_who_begins_too_many_sessions_is_told_so_before_anything_is_parsed(
    house: House, visit: Callable[[], Visitor], transport: str
) -> None:
    house.door._refuse = Turnstile(Allowance(1, 2, time.monotonic)).refuse
    house.door._refuse.__self__._allowance.take("127.0.0.1", 2)  # type: ignore[attr-defined]
    visitor, neighbour = visit(), visit()

    visitor.say(asked(f"GET /socket.io/?EIO=4&transport={transport} HTTP/1.1", *ASKED[1:]))
    neighbour.say(asked(f"GET /socket.io/?EIO=4&transport={transport}&sid=abc HTTP/1.1", "Host: house"))

    came = visitor.came()
    assert came.startswith(b"HTTP/1.1 429 TOO MANY REQUESTS\r\n")
    assert b"\r\nRetry-After: 1\r\n" in came
    assert visitor.has_been_hung_up_on()
    assert handed_over(house) is not None


def test_who_has_not_waited_for_long_is_waited_for(house: House, visit: Callable[[], Visitor]) -> None:
    visitor = visit()
    house.hub.run()
    house.door.look_round()
    assert house.door.next_other() is None

    visitor.say(asked(*ASKED))

    assert visitor.came().startswith(b"HTTP/1.1 101 ")


def test_who_goes_without_a_word_is_nobody(house: House, visit: Callable[[], Visitor]) -> None:
    visitor = visit()
    house.hub.run()

    visitor.socket.close()
    house.hub.run()

    assert house.door._visitors == {}
    assert house.door.next_other() is None


def test_who_waits_outside_when_the_door_is_shut_is_let_in_and_nobody_after(
    house: House, visit: Callable[[], Visitor]
) -> None:
    visitor = visit()
    visitor.socket.send(asked(*ASKED))

    house.door.shut()
    house.hub.run()

    assert visitor.came().startswith(b"HTTP/1.1 101 ")
    with pytest.raises(ConnectionRefusedError):
        visit()
