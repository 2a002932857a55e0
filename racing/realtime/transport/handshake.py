"""The HTTP of a WebSocket's handshake: read with h11, answered as RFC 6455, section 4.2, and RFC 7692 have it."""

from io import BytesIO
from sys import intern
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

import h11
from wsproto.utilities import generate_accept_token

END = b"\r\n\r\n"
VERSION = "13"
COMPRESSION = "permessage-deflate"
SERVER_WINDOW, OUR_WINDOW = "server_max_window_bits", "15"
# Without these parameters one compressed message would owe something to another, and could not be shared.
AGREED = f"{COMPRESSION}; server_no_context_takeover; client_no_context_takeover"
# What an offer may say and still be agreed to as above.
AGREEABLE = {"server_no_context_takeover", "client_no_context_takeover", "client_max_window_bits", SERVER_WINDOW}
# Said in the handshake and of no meaning after it: kept, it would be most of what a connection weighs.
OF_THE_HANDSHAKE = (
    "HTTP_SEC_WEBSOCKET_KEY", "HTTP_SEC_WEBSOCKET_VERSION", "HTTP_SEC_WEBSOCKET_EXTENSIONS", "HTTP_UPGRADE",
    "HTTP_CONNECTION", "HTTP_PRAGMA", "HTTP_CACHE_CONTROL", "HTTP_ACCEPT_ENCODING", "HTTP_ACCEPT_LANGUAGE",
    "HTTP_ACCEPT", "HTTP_USER_AGENT", "QUERY_STRING", "SERVER_PROTOCOL", "REMOTE_PORT", "wsgi.run_once",
    "wsgi.multithread", "wsgi.multiprocess", "wsgi.version", "wsgi.errors", "werkzeug.proxy_fix.orig",
    "eventlet.input", "eventlet.posthooks", "eventlet.set_idle", "headers_raw", "socket", "RAW_PATH_INFO",
)  # fmt: skip
WITH_A_BODY = (b"content-length", b"transfer-encoding")
_NOTHING = BytesIO()


class Agreed(NamedTuple):
    """What the server says yes to."""

    answer: bytes
    """The whole answer, 101."""
    inflates: bool
    """Compression was agreed on."""


def request(head: bytes) -> h11.Request | None:
    """Return the request, HTTP/1.1 without a body, of which `head` is all; None where it is something else."""
    connection = h11.Connection(h11.SERVER)
    try:
        connection.receive_data(head)
        event = connection.next_event()
    except h11.RemoteProtocolError:
        return None
    if not isinstance(event, h11.Request) or event.http_version != b"1.1":
        return None
    return None if any(name in WITH_A_BODY for name, _ in event.headers) else event


def environ(asked: h11.Request, client: tuple[Any, ...], server: tuple[Any, ...], errors: Any) -> dict[str, Any]:
    """Return the WSGI environment (PEP 3333) of a request without a body, from and to these addresses."""
    path, _, query = asked.target.partition(b"?")
    made: dict[str, Any] = {
        "REQUEST_METHOD": asked.method.decode("latin-1"),
        "SCRIPT_NAME": "",
        "PATH_INFO": intern(unquote_to_bytes(path).decode("latin-1")),
        "QUERY_STRING": query.decode("latin-1"),
        "SERVER_NAME": intern(str(server[0])),
        "SERVER_PORT": intern(str(server[1])),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": str(client[0]),
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": _NOTHING,
        "wsgi.errors": errors,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in asked.headers:
        if b"_" in name:
            continue  # it would pass for the one with a dash, which a router sets: eventlet.wsgi leaves it out as well
        key = (
            "CONTENT_TYPE"
            if name == b"content-type"
            else intern("HTTP_" + name.decode("latin-1").upper().replace("-", "_"))
        )
        text = value.decode("latin-1")
        made[key] = f"{made[key]},{text}" if key in made else text
    return made


def agree(asked: dict[str, Any]) -> Agreed | str:
    """Return the answer to the handshake of this WSGI environment; or a sentence, where it is none."""
    key = asked.get("HTTP_SEC_WEBSOCKET_KEY")
    if asked.get("HTTP_SEC_WEBSOCKET_VERSION") != VERSION:
        return f"Sec-WebSocket-Version must be {VERSION}."
    if not key or not _says(asked.get("HTTP_CONNECTION"), "upgrade"):
        return "This is no handshake of a WebSocket."
    compression = _compression(asked.get("HTTP_SEC_WEBSOCKET_EXTENSIONS", ""))
    lines = [
        b"HTTP/1.1 101 Switching Protocols",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Accept: " + generate_accept_token(key.encode("latin-1")),
    ]
    if compression is not None:
        lines.append(b"Sec-WebSocket-Extensions: " + compression.encode())
    return Agreed(b"\r\n".join(lines) + END, inflates=compression is not None)


def _says(header: str | None, word: str) -> bool:
    return word in (part.strip().lower() for part in (header or "").split(","))


def _compression(offers: str) -> str | None:
    """Return what to answer to the first offer that may be agreed to; None where there is none."""
    for offer in offers.split(","):
        name, *parameters = (part.strip().lower() for part in offer.split(";"))
        asked = {key.strip(): value.strip().strip('"') for key, _, value in (p.partition("=") for p in parameters)}
        is_clear = name == COMPRESSION and asked.keys() <= AGREEABLE and len(asked) == len(parameters)
        if is_clear and asked.get(SERVER_WINDOW, OUR_WINDOW) == OUR_WINDOW:
            return f"{AGREED}; {SERVER_WINDOW}={OUR_WINDOW}" if SERVER_WINDOW in asked else AGREED
    return None


def refusal(status: str, headers: list[tuple[str, str]], body: bytes) -> bytes:
    """Return an HTTP answer after which the connection is closed."""
    told = [*((n, v) for n, v in headers if n.lower() != "content-length"), ("Content-Length", str(len(body)))]
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in told), "Connection: close"]
    return "\r\n".join(lines).encode("latin-1") + END + body
