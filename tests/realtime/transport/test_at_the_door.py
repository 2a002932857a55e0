"""Whoever comes to a real server, and however, is answered: WebSockets by ourselves, the rest by the WSGI server."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.support.servers import RunningServer
from tests.support.wire import all_is_quiet

WITHIN_S = 10.0
HEALTH = b"GET /health HTTP/1.1\r\nHost: house\r\n\r\n"
WEBSOCKET = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: house\r\nUpgrade: websocket\r\n"
    b"Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)
OURS = b"sec-websocket-extensions: permessage-deflate"  # the library's own way declines it
JOIN, JOINED = b"\x81\x82\x00\x00\x00\x0040", b'40{"sid":'


class Visitor:
    """A connection on which anything may be said."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=WITHIN_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._came = b""

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def say(self, data: bytes) -> None:
        self._socket.sendall(data)

    def until(self, word: bytes) -> bytes:
        """Return what comes up to a word, which must come."""
        while word not in self._came:
            more = self._socket.recv(100_000)
            assert more, self._came
            self._came += more
        before, word, self._came = self._came.partition(word)
        return before + word

    def answer(self) -> tuple[int, bytes]:
        """Return status and body of the next HTTP answer."""
        head = self.until(b"\r\n\r\n").lower()
        status = int(head.split()[1])
        assert b"content-length: " in head, head
        length = int(head.partition(b"content-length: ")[2].split(b"\r")[0])
        while len(self._came) < length:
            self._came += self._socket.recv(100_000)
        body, self._came = self._came[:length], self._came[length:]
        return status, body

    def until_the_end(self) -> bytes:
        """Return what comes until the server hangs up, which it must."""
        with suppress(ConnectionResetError):  # of what was said some was not read
            while more := self._socket.recv(100_000):
                self._came += more
        return self._came

    def is_hung_up_on(self) -> bool:
        """Wait for the end; nothing may come before it."""
        try:
            return self._came + self._socket.recv(1) == b""
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False

    def joins(self) -> bool:
        """Tell whether the handshake that was said is answered by ourselves, and Socket.IO can be joined."""
        head = self.until(b"\r\n\r\n").lower()
        if not head.startswith(b"http/1.1 101 ") or OURS not in head:
            return False
        self.until(b'"maxPayload"')
        self.say(JOIN)
        return JOINED in self.until(JOINED)


Come = Callable[[], Visitor]


@pytest.fixture(scope="module")
def open_door(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("door")
    (folder / "racing.db").write_bytes(migrated_sqlite.read_bytes())
    with RunningServer(f"sqlite:///{folder / 'racing.db'}", folder / "instance") as running:
        yield running


@pytest.fixture
def server(open_door: RunningServer) -> Iterator[RunningServer]:
    """A web process that serves WebSockets itself, and must log no error meanwhile."""
    yield open_door
    assert all_is_quiet(open_door), open_door.log


@pytest.fixture
def come(server: RunningServer) -> Iterator[Come]:
    """Connects."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Visitor(server.port))


def test_a_websocket_on_a_connection_that_was_kept_alive(come: Come) -> None:
    visitor = come()
    for _ in range(2):
        visitor.say(HEALTH)
        assert visitor.answer()[0] == 200

    visitor.say(WEBSOCKET)

    assert visitor.joins()


def test_a_handshake_that_comes_byte_by_byte(come: Come) -> None:
    visitor = come()
    for byte in WEBSOCKET:
        visitor.say(bytes([byte]))

    assert visitor.joins()


def test_a_handshake_with_a_head_longer_than_the_door_looks(come: Come) -> None:
    visitor, long = come(), b"".join(b"X-%d: %s\r\n" % (n, b"x" * 4000) for n in range(3))
    visitor.say(WEBSOCKET.removesuffix(b"\r\n") + long + b"\r\n")

    assert visitor.joins()


def test_two_requests_at_once_and_then_a_websocket_are_answered_in_their_order(come: Come) -> None:
    visitor = come()
    visitor.say(HEALTH + HEALTH.replace(b"/health", b"/nowhere"))
    assert [visitor.answer()[0], visitor.answer()[0]] == [200, 404]

    visitor.say(WEBSOCKET)

    assert visitor.joins()


def test_a_post_whose_body_comes_later(come: Come) -> None:
    visitor, body = come(), b'{"email":"nobody@example.org","password":"wrong"}'
    visitor.say(b"POST /api/v1/auth/login HTTP/1.1\r\nHost: house\r\nContent-Type: application/json\r\n")
    visitor.say(b"Content-Length: %d\r\n\r\n" % len(body))
    visitor.say(body)

    assert visitor.answer()[0] == 401


def test_a_client_of_http_1_0(come: Come) -> None:
    visitor = come()
    visitor.say(b"GET /health HTTP/1.0\r\n\r\n")

    assert visitor.answer()[0] == 200
    assert visitor.is_hung_up_on()


@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x55" * 500 + b"\r\n\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: house\r\n\r\n",
        HEALTH.removesuffix(b"\r\n") + b"X: " + b"x" * 100_000 + b"\r\n\r\n",
    ],
    ids=["TLS", "a long address", "a long header"],
)
def test_what_is_no_request_is_refused_and_hung_up_on(come: Come, said: bytes) -> None:
    visitor = come()
    visitor.say(said)

    assert any(code in visitor.until_the_end() for code in (b"400", b"414", b"431"))


def test_a_websocket_to_somewhere_else_is_not_found(come: Come) -> None:
    visitor = come()
    visitor.say(WEBSOCKET.replace(b"/socket.io/", b"/elsewhere/"))

    assert visitor.answer()[0] == 404


@pytest.mark.parametrize(
    ("right", "wrong"), [(b"Version: 13", b"Version: 8"), (b"EIO=4", b"EIO=3"), (b"websocket HTTP", b"abc HTTP")]
)
def test_a_handshake_that_is_none_is_refused_in_words_and_hung_up_on(come: Come, right: bytes, wrong: bytes) -> None:
    visitor = come()
    visitor.say(WEBSOCKET.replace(right, wrong))

    status, body = visitor.answer()

    assert status == 400
    assert body
    assert visitor.is_hung_up_on()


def test_two_hundred_at_once_of_both_kinds(come: Come) -> None:
    visitors = [come() for _ in range(200)]
    for n, visitor in enumerate(visitors):
        visitor.say(WEBSOCKET if n % 2 else HEALTH)

    assert all(visitor.joins() if n % 2 else visitor.answer()[0] == 200 for n, visitor in enumerate(visitors))


def test_a_refusal_leaves_nothing_behind(come: Come, server: RunningServer) -> None:
    descriptors = Path(f"/proc/{server.process.pid}/fd")  # type: ignore[union-attr]
    come().say(HEALTH)
    before = len(list(descriptors.iterdir()))

    for _ in range(50):
        visitor = come()
        visitor.say(WEBSOCKET.replace(b"EIO=4", b"EIO=3"))
        assert visitor.answer()[0] == 400
        assert visitor.is_hung_up_on()

    assert len(list(descriptors.iterdir())) <= before + 1
