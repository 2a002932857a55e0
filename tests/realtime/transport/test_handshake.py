"""A handshake of a WebSocket is agreed to or refused as RFC 6455 and RFC 7692 have it, and read as PEP 3333 has it."""

from typing import Any

import pytest

from racing.realtime.transport import handshake

KEY, ACCEPTED = "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # the example of RFC 6455, section 1.3
ERRORS = object()


def asked(**headers: str | None) -> dict[str, Any]:
    """A handshake as WSGI has it, with other headers where they are given; None takes one away."""
    made = {
        "HTTP_UPGRADE": "websocket",
        "HTTP_CONNECTION": "Upgrade",
        "HTTP_SEC_WEBSOCKET_KEY": KEY,
        "HTTP_SEC_WEBSOCKET_VERSION": "13",
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    return {name: value for name, value in made.items() if value is not None}


def agreed(**headers: str | None) -> handshake.Agreed:
    answer = handshake.agree(asked(**headers))
    assert isinstance(answer, handshake.Agreed), answer
    return answer


def environ(*head: bytes) -> dict[str, Any]:
    """A request of these lines, read."""
    request = handshake.request(b"\r\n".join([*head, b"Host: house", b"", b""]))
    assert request is not None
    return handshake.environ(request, ("192.0.2.7", 40_000), ("192.0.2.1", 5000), ERRORS)


# --- agreed, or not ---------------------------------------------------------------------------------------------------


def test_the_key_of_the_rfc_is_accepted_with_the_token_of_the_rfc() -> None:
    head, *lines = agreed().answer.decode().split("\r\n")

    assert head == "HTTP/1.1 101 Switching Protocols"
    assert lines == ["Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Accept: {ACCEPTED}", "", ""]


@pytest.mark.parametrize("connection", ["Upgrade", "upgrade", "keep-alive, Upgrade", "keep-alive ,UPGRADE"])
def test_what_else_the_connection_is_to_do_does_no_harm(connection: str) -> None:
    assert agreed(connection=connection).answer.startswith(b"HTTP/1.1 101 ")


@pytest.mark.parametrize(
    "wrong",
    [
        {"sec_websocket_version": None},
        {"sec_websocket_version": "8"},
        {"sec_websocket_key": None},
        {"sec_websocket_key": ""},
        {"connection": None},
        {"connection": "keep-alive"},
    ],
)
def test_what_is_no_handshake_is_refused_in_a_sentence(wrong: dict[str, str | None]) -> None:
    said = handshake.agree(asked(**wrong))

    assert isinstance(said, str)
    assert said.endswith(".")


@pytest.mark.parametrize(
    "offers",
    [
        "permessage-deflate",
        "Permessage-Deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=15",
        "permessage-deflate; client_max_window_bits=9; server_no_context_takeover",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "x-webkit-deflate-frame, permessage-deflate",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate",
    ],
)
def test_compression_is_agreed_on_owing_nothing_to_the_message_before(offers: str) -> None:
    answer = agreed(sec_websocket_extensions=offers)

    assert answer.inflates
    assert answer.answer.endswith(
        b"\r\nSec-WebSocket-Extensions: "
        b"permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n\r\n"
    )


@pytest.mark.parametrize("bits", ["15", '"15"'])
def test_a_window_of_ours_that_is_asked_for_is_agreed_on(bits: str) -> None:
    answer = agreed(sec_websocket_extensions=f"permessage-deflate; server_max_window_bits={bits}")

    assert answer.inflates
    assert b"_no_context_takeover; server_max_window_bits=15\r\n" in answer.answer


@pytest.mark.parametrize(
    "offers",
    [
        "",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=16",
        "x-webkit-deflate-frame",
        "permessage-deflate; server_max_window_bits=10",  # a frame that is made for all has the largest window
        "permessage-deflate; no_such_parameter",
        "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
    ],
)
def test_an_offer_that_cannot_be_kept_is_declined_and_the_websocket_goes_on_without(offers: str) -> None:
    answer = agreed(sec_websocket_extensions=offers)

    assert not answer.inflates
    assert b"Extensions" not in answer.answer


def test_a_window_as_large_as_ours_is_agreed_to_and_said_back() -> None:
    answer = agreed(sec_websocket_extensions="permessage-deflate; client_max_window_bits=15; server_max_window_bits=15")

    assert answer.inflates
    assert answer.answer.endswith(b"client_no_context_takeover; server_max_window_bits=15\r\n\r\n")


def test_a_refusal_is_http_that_ends() -> None:
    told = [("Sec-WebSocket-Version", "13")]
    head, _, body = handshake.refusal("400 Bad Request", told, b"Not so.").partition(b"\r\n\r\n")
    status, *headers = head.decode().split("\r\n")

    assert status == "HTTP/1.1 400 Bad Request"
    assert {"Content-Length: 7", "Connection: close", "Sec-WebSocket-Version: 13"} <= set(headers)
    assert body == b"Not so."


def test_a_refusal_tells_its_length_once_whatever_it_was_told_before() -> None:
    answer = handshake.refusal("404 Not Found", [("content-length", "99"), ("X-Request-ID", "7")], b"gone")

    assert answer.lower().count(b"content-length") == 1
    assert b"Content-Length: 4\r\n" in answer
    assert b"X-Request-ID: 7\r\n" in answer


# --- the request as WSGI has it ---------------------------------------------------------------------------------------


def test_a_request_is_read_as_wsgi_has_it() -> None:
    made = environ(b"GET /socket.io/?EIO=4&transport=websocket&x=%20 HTTP/1.1", b"Origin: https://house.example")

    assert {name: made[name] for name in ("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")} == {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/socket.io/",
        "QUERY_STRING": "EIO=4&transport=websocket&x=%20",
    }
    assert (made["HTTP_ORIGIN"], made["HTTP_HOST"]) == ("https://house.example", "house")
    assert (made["REMOTE_ADDR"], made["REMOTE_PORT"]) == ("192.0.2.7", "40000")
    assert (made["SERVER_NAME"], made["SERVER_PORT"]) == ("192.0.2.1", "5000")
    assert made["wsgi.input"].read() == b""
    assert made["wsgi.errors"] is ERRORS


def test_headers_that_are_repeated_are_joined_in_their_order() -> None:
    made = environ(b"GET / HTTP/1.1", b"X-Forwarded-For: 192.0.2.8", b"x-forwarded-for: 192.0.2.9")

    assert made["HTTP_X_FORWARDED_FOR"] == "192.0.2.8,192.0.2.9"


def test_a_header_with_an_underscore_does_not_pass_for_the_routers_own() -> None:
    made = environ(b"GET / HTTP/1.1", b"X-Forwarded-For: 192.0.2.8", b"X_Forwarded_For: 192.0.2.66")

    assert made["HTTP_X_FORWARDED_FOR"] == "192.0.2.8"


def test_a_path_comes_as_its_bytes_one_character_each() -> None:
    made = environ(b"GET /socket.io/caf%C3%A9?x=caf%C3%A9 HTTP/1.1")

    assert made["PATH_INFO"].encode("latin-1").decode() == "/socket.io/café"
    assert made["QUERY_STRING"] == "x=caf%C3%A9"


def test_a_header_beyond_ascii_comes_as_its_bytes_one_character_each() -> None:
    assert environ(b"GET / HTTP/1.1", b"Cookie: a=\xc3\xa9")["HTTP_COOKIE"].encode("latin-1").decode() == "a=é"


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n\r\n",  # no host
        b"GET /\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: house\r\nno header\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: house\r\nA: \x00\r\n\r\n",
    ],
)
def test_what_is_no_request_is_none(head: bytes) -> None:
    assert handshake.request(head) is None
