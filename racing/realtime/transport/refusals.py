"""Which HTTP requests Engine.IO v4 refuses, where python-engineio would serve them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

TRANSPORTS = ("polling", "websocket")


def refusal(environ: Mapping[str, Any], sessions: Mapping[str, Any]) -> str | None:
    """Return why a request to Engine.IO is none, to be told with a 400; None where it may go on.

    `sessions` are python-engineio's, by their id. One whose pong is overdue is closed by the asking.
    """
    method = environ["REQUEST_METHOD"]
    if method == "OPTIONS":
        return None  # a browser asks whether it may ask
    query = parse_qs(environ.get("QUERY_STRING", ""))
    transport, *others = query.get("transport", [""])
    if transport not in TRANSPORTS or others:
        return "Transport unknown"
    sid = query["sid"][0] if "sid" in query else None
    wrong = (
        _wrong_handshake(method, query.get("EIO")) if sid is None else _wrong_session(method, transport, sessions, sid)
    )
    if wrong is None and asks_to_upgrade(environ) != (transport == "websocket"):
        return "Bad request"
    return wrong


def begins_session(environ: Mapping[str, Any]) -> bool:
    """Tell whether a request that is not refused begins a session."""
    return environ["REQUEST_METHOD"] == "GET" and "sid" not in parse_qs(environ.get("QUERY_STRING", ""))


def asks_to_upgrade(environ: Mapping[str, Any]) -> bool:
    """Tell whether a request is the handshake of a WebSocket."""
    connection = (option.strip() for option in environ.get("HTTP_CONNECTION", "").lower().split(","))
    return environ.get("HTTP_UPGRADE", "").lower() == "websocket" and "upgrade" in connection


def _wrong_handshake(method: str, protocol: list[str] | None) -> str | None:
    if protocol != ["4"]:
        return "Unsupported protocol version"
    return None if method == "GET" else "Bad handshake method"


def _wrong_session(method: str, transport: str, sessions: Mapping[str, Any], sid: str) -> str | None:
    session = sessions.get(sid)
    # The library looks for overdue pongs once in a while, but answers whoever asks meanwhile.
    if session is None or session.closed or not session.check_ping_timeout():
        return "Session ID unknown"
    may_go_on = session.connected and not session.upgraded and not (session.upgrading and transport == "websocket")
    return None if may_go_on and method in ("GET", "POST") else "Bad request"


def refuse(why: str, start_response: Any, *headers: tuple[str, str]) -> list[bytes]:
    """Answer a request with 400 and a sentence; return the WSGI body."""
    start_response("400 BAD REQUEST", [("Content-Type", "text/plain; charset=utf-8"), *headers])
    return [why.encode()]
