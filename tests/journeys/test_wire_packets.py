"""What Socket.IO v5 refuses of packets, over both transports: as its document has it."""

import base64
from collections.abc import Callable

import pytest
import requests
from websocket import ABNF, WebSocket, WebSocketConnectionClosedException, create_connection

from tests.support.polling import SEPARATOR, WITHIN_S, PollingClient
from tests.support.servers import RunningServer

ATTACHMENT = '51-["ping",{"_placeholder":true,"num":0}]'
Packets = list[str | bytes]


class Polled:
    """Socket.IO packets over long-polling."""

    def __init__(self, url: str) -> None:
        self._client = PollingClient(url)
        self._came: list[str] = []

    def send(self, packet: str | bytes) -> None:
        """Send one Socket.IO packet, or an attachment."""
        encoded = f"4{packet}" if isinstance(packet, str) else "b" + base64.b64encode(packet).decode()
        requests.post(self._client.address(), data=encoded, timeout=WITHIN_S)

    def next(self) -> str:
        """Return the next packet that comes."""
        while not self._came:
            self._came = [packet[1:] for packet in self._client.get().text.split(SEPARATOR) if packet[0] == "4"]
        return self._came.pop(0)

    def is_closed(self) -> bool:
        """Wait for the end of the session, before which nothing but Engine.IO's own packets may come."""
        while (answer := self._client.get()).status_code == 200:
            assert not answer.text.startswith("4"), answer.text
        return answer.status_code == 400


class Framed:
    """Socket.IO packets over a WebSocket."""

    def __init__(self, url: str) -> None:
        address = url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        self._socket: WebSocket = create_connection(address, timeout=WITHIN_S)
        assert self._socket.recv().startswith("0")

    def send(self, packet: str | bytes) -> None:
        """Send one Socket.IO packet, or an attachment."""
        self._socket.send_binary(packet) if isinstance(packet, bytes) else self._socket.send(f"4{packet}")

    def next(self) -> str:
        """Return the next packet that comes."""
        return str(self._socket.recv())[1:]

    def is_closed(self) -> bool:
        """Wait for the end of the WebSocket, with a Close frame or without, before which nothing may come."""
        try:
            return self._socket.recv_data(control_frame=True)[0] == ABNF.OPCODE_CLOSE
        except WebSocketConnectionClosedException:
            return True


Client = Polled | Framed


@pytest.fixture(params=[Polled, Framed])
def opened(request: pytest.FixtureRequest, house: RunningServer) -> Client:
    """An Engine.IO session that has joined no namespace."""
    connect: Callable[[str], Client] = request.param
    return connect(house.url)


@pytest.fixture
def joined(opened: Client) -> Client:
    """A session in the only namespace there is."""
    opened.send("0")
    assert opened.next().startswith('0{"sid":')
    return opened


@pytest.mark.parametrize("asked", ["0/random", "0/random,", '0/random,{"token":"x"}', "0/random?a=b,"])
def test_an_unknown_namespace_is_told_from_one_that_is_closed(opened: Client, asked: str) -> None:
    opened.send(asked)
    assert opened.next() == '4/random,{"message":"Invalid namespace"}'

    opened.send("0")
    assert opened.next().startswith('0{"sid":')
    opened.send(asked)
    assert opened.next() == '4/random,{"message":"Invalid namespace"}'
    opened.send('2["ping"]')
    assert opened.next().startswith('2["pong"')


def test_the_main_namespace_may_be_spelled_out(opened: Client) -> None:
    opened.send("0/,{}")
    assert opened.next().startswith('0{"sid":')

    opened.send('2/,["ping"]')
    assert opened.next().startswith('2["pong"')


@pytest.mark.parametrize("packet", ['2["ping"]', '20["ping"]', "1", '30["x"]', ATTACHMENT, '4{"message":"no"}', "abc"])
def test_whatever_comes_before_connect_ends_the_session(opened: Client, packet: str) -> None:
    opened.send(packet)

    assert opened.is_closed()


@pytest.mark.parametrize(
    "packets",
    [["0"], ["0/"], ["0/,{}"], ['0{"token":null}'], ["1"], ["1/"], ['2/random,["ping"]'], ["1/random,"],
     ['3/random,0["x"]'], ['4{"message":"no"}'], ["7"], ["9"], [""], ["x"], ["2"], ["2{}"], ["2[]"], ["2[1]"],
     ['2["connect"]'], ['2["disconnect"]'], ['2["ping"'], ["5"], ["51-"], [ATTACHMENT, '2["ping"]'],
     [ATTACHMENT, "0"], [ATTACHMENT, b"1", b"2"], [b"0"], [b'2["ping"]'], ["5999999999-[]"]],
)  # fmt: skip
def test_a_packet_that_is_none_ends_the_session(joined: Client, packets: Packets) -> None:
    for packet in packets[:-1]:
        joined.send(packet)
        if isinstance(packet, bytes):
            assert joined.next().startswith('2["')
    joined.send(packets[-1])

    assert joined.is_closed()


def test_an_event_with_an_attachment_is_answered_in_words(joined: Client) -> None:
    joined.send("5" + "1-" + '7["subscribe_race",{"_placeholder":true,"num":0}]')
    joined.send(b"\x01\x02")

    came = [joined.next(), joined.next()]

    assert sum("invalid_payload" in packet for packet in came) == 2
    assert any(packet.startswith("37[") for packet in came)
    joined.send('2["ping"]')
    assert joined.next().startswith('2["pong"')
