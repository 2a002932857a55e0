"""Requests that are too much, or none at all: each is answered at once, and whoever comes next is served."""

import gzip
import json
import socket

import pytest

from tests.support.servers import RunningServer

WITHIN_S = 10.0
HEAD = b"Host: house\r\nConnection: close\r\n"
A_MEGABYTE = 1024 * 1024


def answer(server: RunningServer, line: bytes, headers: bytes = b"", *body: bytes) -> bytes:
    """Send a request as it is; return all that comes back until the connection is closed."""
    came = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=WITHIN_S) as sock:
        sock.sendall(line + b" HTTP/1.1\r\n" + HEAD + headers + b"\r\n")
        try:
            for part in body:
                sock.sendall(part)
            while part := sock.recv(65536):
                came += part
        except ConnectionError:
            pass  # refused before all was sent: what was said before counts
    return came


def status(said: bytes) -> int:
    return int(said.split(maxsplit=2)[1])


def post(server: RunningServer, headers: bytes, *body: bytes) -> bytes:
    """Send prices of a race in this body, as staff."""
    token = f"Authorization: Bearer {server.token}\r\nContent-Type: application/json\r\n".encode()
    return answer(server, b"POST /api/v1/races/bodies/odds", token + headers, *body)


def chunks(*parts: bytes) -> list[bytes]:
    return [*(b"%x\r\n%s\r\n" % (len(part), part) for part in parts), b"0\r\n\r\n"]


@pytest.mark.parametrize(
    ("line", "headers", "expected"),
    [(b"GET /" + b"a" * 9000, b"", 414), (b"GET /socket.io/?" + b"a" * 9000, b"Upgrade: websocket\r\n", 414),
     (b"GET /", b"X: " + b"a" * 9000 + b"\r\n", 400), (b"GET /", b"X: a\r\n" * 300, 431),
     (b"GET /", (b"X: " + b"a" * 4000 + b"\r\n") * 30, 400),
     (b"GET /socket.io/?EIO=4&transport=websocket", b"X: a\r\n" * 300, 431),
     (b"POST /login", b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", 400),
     (b"POST /login", b"Content-Length: -3\r\n", 400),
     (b"GET /%0d%0aX-Evil:%20here", b"", 404), (b"GET /static/%2e%2e/app.py", b"", 404),
     (b"GET /static/..%5capp.py", b"", 404),
     (b"GET /static/..%2f..%2fetc/passwd", b"", 404), (b"GET /static/css/base.css%00", b"", 404),
     (b"GET /static/" + b"a" * 300 + b".css", b"Accept-Encoding: gzip\r\n", 404),
     (b"GET /health", b"X-Request-ID: a\x0bSet-Cookie: evil=1\r\n", 200), (b"GET //evil.test/staff", b"", 404)],
)  # fmt: skip
def test_what_is_too_much_or_leads_elsewhere_is_answered_at_once(
    line: bytes, headers: bytes, expected: int, house: RunningServer
) -> None:
    said = answer(house, line, headers)

    assert status(said) == expected, said
    head = said.partition(b"\r\n\r\n")[0].lower()
    assert b"evil" not in head
    assert b"\r\nlocation:" not in head


def test_bodies_in_chunks_are_read_and_bounded(house: RunningServer) -> None:
    house.declare("bodies")
    body = json.dumps({"odds": [{"runnerId": "1", "price": 3}]}).encode()
    in_chunks = b"Transfer-Encoding: chunked\r\n"

    assert status(post(house, in_chunks, *chunks(body[:9], body[9:]))) == 200
    assert status(post(house, in_chunks, *chunks(*[b" " * 65536] * 32))) == 413
    assert status(post(house, in_chunks, b"zzz\r\n")) == 400
    assert status(post(house, in_chunks, b"1" * 100_000)) == 400
    assert status(post(house, b"Transfer-Encoding: gzip, chunked\r\n", *chunks(body))) == 415
    assert status(post(house, b"Content-Length: %d\r\n" % (2 * A_MEGABYTE), b" " * 1000)) == 413
    two = b"Content-Length: %d\r\nContent-Length: 3\r\n" % len(body)
    assert status(post(house, two, body)) == 400


def test_a_compressed_body_is_refused_and_never_inflated(house: RunningServer) -> None:
    bomb = gzip.compress(b" " * (50 * A_MEGABYTE))

    said = post(house, b"Content-Encoding: gzip\r\nContent-Length: %d\r\n" % len(bomb), bomb)

    assert status(said) == 415
    assert b"not compressed" in said


@pytest.mark.parametrize(
    ("body", "expected"),
    [(b"[" * 100_000, 400), (b'{"odds":' * 20_000, 400),
     (b'{"odds": [{"runnerId": "1", "price": ' + b"9" * 100_000 + b"}]}", 400),
     (b'{"odds": [{"runnerId": "1", "price": 1e999}]}', 422),
     (b'{"odds": [{"runnerId": "1", "price": -Infinity}]}', 422),
     (b'{"odds": [{"runnerId": "\\ud800", "price": 3}]}', 400),
     (b'{"odds": [{"runnerId": "\xed\xa0\x80", "price": 3}]}', 400),
     (b'{"odds": [{"runnerId": "1\\u0000", "price": 3}]}', 422), (b"\xff\xfe{}", 400), (b"", 400)],
)  # fmt: skip
def test_json_that_is_none_or_too_deep_is_refused(body: bytes, expected: int, house: RunningServer) -> None:
    said = post(house, b"Content-Length: %d\r\n" % len(body), body)

    assert status(said) == expected, said[-300:]
