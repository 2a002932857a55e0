"""What a client may do to the WebSocket protocol itself (RFC 6455), on either transport, and what it is told."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import RunningServer
from tests.support.ways import WAYS, way_of
from tests.support.websocket_frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Came, Wire, close, frame
from tests.support.wire import Punter, all_is_quiet

PROTOCOL_ERROR, NO_TEXT, TOO_BIG = 1002, 1007, 1009
LARGEST = 16 * 1024
EVENT, ANSWER = b'42["ping"]', b'42["pong"'
# eventlet's own WebSockets are served as they come: these are told otherwise, or let pass.
STOCK_SAYS = {
    "invalid text": 1011,
    "text cut short": 1011,
    "invalid text in pieces": 1011,
    "a surrogate": 1011,
    "a message too large in pieces": 1005,
    "a reason that is no text": PROTOCOL_ERROR,
}
STOCK_LETS_PASS = {"reserved bit 2", "reserved bit 3", "length in too many bytes", "length in far too many bytes"}
WRONG = {
    "not masked": (frame(TEXT, EVENT, masked=False), PROTOCOL_ERROR),
    "an empty frame not masked": (frame(PING, masked=False), PROTOCOL_ERROR),
    "reserved bit 1": (frame(TEXT, EVENT, reserved=4), PROTOCOL_ERROR),
    "reserved bit 2": (frame(TEXT, EVENT, reserved=2), PROTOCOL_ERROR),
    "reserved bit 3": (frame(TEXT, EVENT, reserved=1), PROTOCOL_ERROR),
    "a reserved bit on a control frame": (frame(PING, reserved=4), PROTOCOL_ERROR),
    **{f"opcode {opcode}": (frame(opcode), PROTOCOL_ERROR) for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "a large ping": (frame(PING, b"x" * 126), PROTOCOL_ERROR),
    "a ping that claims to be large": (frame(PING, claims=2**40), PROTOCOL_ERROR),
    "a ping in pieces": (frame(PING, b"x", final=False), PROTOCOL_ERROR),
    "a close in pieces": (frame(CLOSE, final=False), PROTOCOL_ERROR),
    "a continuation of nothing": (frame(CONTINUATION, EVENT), PROTOCOL_ERROR),
    "a message in a message": (frame(TEXT, EVENT, final=False) + frame(TEXT, EVENT), PROTOCOL_ERROR),
    "another kind in a message": (frame(TEXT, EVENT, final=False) + frame(BINARY, EVENT), PROTOCOL_ERROR),
    "length in too many bytes": (frame(TEXT, EVENT, length_bytes=2), PROTOCOL_ERROR),
    "length in far too many bytes": (frame(TEXT, EVENT, length_bytes=8), PROTOCOL_ERROR),
    "invalid text": (frame(TEXT, b'42["\xff"]'), NO_TEXT),
    "text cut short": (frame(TEXT, b'42["\xe2\x82'), NO_TEXT),
    "invalid text in pieces": (frame(TEXT, b'42["\xe2', final=False) + frame(CONTINUATION, b'"]'), NO_TEXT),
    "a surrogate": (frame(TEXT, b'42["\xed\xa0\x80"]'), NO_TEXT),
    "a message too large": (frame(TEXT, b"4" * (LARGEST + 1)), TOO_BIG),
    "a message too large in pieces": (
        frame(TEXT, b"4" * 9000, final=False) + frame(CONTINUATION, b"4" * 9000),
        TOO_BIG,
    ),
    "a message that claims to be huge": (frame(TEXT, claims=2**62), TOO_BIG),
    "a message that claims to be larger than can be": (frame(TEXT, claims=2**63 + 1), None),
    "a close of one byte": (frame(CLOSE, b"\x03"), PROTOCOL_ERROR),
    "a reason that is no text": (close(1000, b"\xff"), NO_TEXT),
    **{f"close {code}": (close(code), PROTOCOL_ERROR) for code in (0, 999, 1004, 1005, 1006, 1016, 2999)},
}


@pytest.fixture(scope="module", params=WAYS)
def open_way(
    request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    """A web process whose WebSockets go one way."""
    folder = tmp_path_factory.mktemp("way")
    shutil.copy(migrated_sqlite, folder / "racing.db")
    settings = {"WEBSOCKET_TRANSPORT": request.param}
    with RunningServer(f"sqlite:///{folder / 'racing.db'}", folder / "instance", **settings) as running:
        yield running


@pytest.fixture
def way(open_way: RunningServer) -> Iterator[RunningServer]:
    """The web process, which must log no error meanwhile."""
    yield open_way
    assert all_is_quiet(open_way), open_way.log


def is_direct(server: RunningServer) -> bool:
    return server.env["WEBSOCKET_TRANSPORT"] == "direct" and way_of(server.url).kind == "direct"


def answers(wire: Wire) -> bool:
    wire.send(frame(TEXT, EVENT))
    return wire.next().payload.startswith(ANSWER)


@pytest.mark.parametrize("what", WRONG)
def test_what_breaks_the_protocol_ends_its_own_connection_with_the_right_code(way: RunningServer, what: str) -> None:
    broken, code = WRONG[what]
    with Punter(way.url) as other:
        wire = Wire(way.url)
        wire.send(broken + frame(TEXT, EVENT))

        if is_direct(way) or what not in STOCK_LETS_PASS:
            ended = wire.ended_with()
            expected = code if is_direct(way) else STOCK_SAYS.get(what, code)
            assert ended == expected or (code is None and ended in (PROTOCOL_ERROR, TOO_BIG))
        assert "timestamp" in other.ask("ping")
    assert answers(Wire(way.url))


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1011, 3000, 3999, 4000, 4999])
def test_a_close_is_answered_with_its_code(way: RunningServer, code: int) -> None:
    wire = Wire(way.url)
    wire.send(close(code, "gone for tea ☕".encode()) + frame(TEXT, EVENT))

    assert wire.ended_with() == code


def test_a_close_without_a_code_is_answered(way: RunningServer) -> None:
    wire = Wire(way.url)
    wire.send(frame(CLOSE))

    assert wire.ended_with() in (1000, 1005)


@pytest.mark.parametrize("payload", [b"", b"are you there?", b"\x00\xff" * 62 + b"x"])
def test_a_ping_is_answered_with_its_payload(way: RunningServer, payload: bytes) -> None:
    wire = Wire(way.url)
    wire.send(frame(PING, payload) + frame(PONG, b"nobody asked"))

    assert wire.next() == Came(PONG, payload)
    assert answers(wire)


def test_a_message_may_come_in_pieces_with_pings_between(way: RunningServer) -> None:
    wire = Wire(way.url)
    subscribe = '42["subscribe_race",{"raceId":"nowhere","note":"€é☕"}]'.encode()
    pieces = [subscribe[n : n + 1] for n in range(len(subscribe))]  # also within a character
    wire.send(frame(TEXT, pieces[0], final=False))
    for number, piece in enumerate(pieces[1:]):
        wire.send(frame(CONTINUATION, piece, final=False) + (frame(PING, b"%d" % number) if number % 10 == 0 else b""))
    wire.send(frame(CONTINUATION))

    pinged = list(range(0, len(pieces) - 1, 10))
    ponged = []
    while (came := wire.next()).opcode == PONG:
        ponged.append(int(came.payload))
    # The latest may stand for those before it: RFC 6455, section 5.5.3.
    assert ponged == sorted(set(ponged) & set(pinged))
    assert ponged[-1] == pinged[-1]
    assert b"unknown_race" in came.payload


def test_frames_may_come_byte_by_byte(way: RunningServer) -> None:
    wire = Wire(way.url)
    said = frame(PING, b"?") + frame(TEXT, EVENT) + frame(TEXT, EVENT, final=False) + frame(CONTINUATION)
    for n in range(len(said)):
        wire.send(said[n : n + 1])

    assert wire.next() == Came(PONG, b"?")
    assert [wire.next().payload[: len(ANSWER)] for _ in range(2)] == [ANSWER, ANSWER]


def test_many_frames_may_come_at_once(way: RunningServer) -> None:
    wire = Wire(way.url)
    wire.send((frame(TEXT, EVENT) + frame(PING, b"?")) * 100)

    answers = pongs = 0
    while answers < 100 or not pongs:
        came = wire.next()
        answers, pongs = answers + came.payload.startswith(ANSWER), pongs + (came == Came(PONG, b"?"))

    assert answers == 100
    assert pongs <= 100


def test_a_message_may_be_as_large_as_was_told(way: RunningServer) -> None:
    wire = Wire(way.url)
    event = b'42["ping","' + b"x" * (LARGEST - 13) + b'"]'
    assert len(event) == LARGEST
    wire.send(frame(TEXT, event))

    assert wire.next().payload.startswith(ANSWER)
