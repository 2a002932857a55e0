"""What the first words of a connection are, as far as the door can tell before it parses anything."""

import re

LARGEST_HEAD = 8192
"""Bytes; of a longer one the door sees no end, and leaves it to the WSGI server."""
MAYBE_HTTP = re.compile(rb"[A-Z]{1,20}( [^\r\n]*)?\r?\Z|[A-Z]{1,20} [^\r\n]+ HTTP/1\.[01]\r?\n")
"""What a request may begin with; whatever else somebody says the WSGI server refuses at once."""
HEAD_ENDS = b"\n\r\n", b"\n\n"


def is_unfinished(said: bytes) -> bool:
    """Tell whether this is the beginning of the head of a request, and worth waiting for the rest."""
    if not said or len(said) >= LARGEST_HEAD or any(end in said for end in HEAD_ENDS):
        return False
    return MAYBE_HTTP.match(said) is not None


def is_websocket(said: bytes) -> bool:
    """Tell whether a request may be the handshake of a WebSocket to Socket.IO: whether it is worth the parsing."""
    return said.startswith(b"GET /socket.io/") and b"upgrade: websocket" in said.lower()


def begins_session(said: bytes) -> bool:
    """Tell whether a request is one to Socket.IO that names no session yet."""
    return said.startswith(b"GET /socket.io/") and b"sid=" not in said[: said.find(b"\n")]
