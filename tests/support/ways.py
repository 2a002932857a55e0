"""Which way WebSockets go in a running server, and which way they were to go: none may fall back unasked."""

import re
from typing import NamedTuple

import requests

WAYS = ("direct", "stock")
TOLD = re.compile(r"^racing_transport\{(.*)\} 1\.0$", re.MULTILINE)


class Way(NamedTuple):
    """As `app.extensions["transports"]` has it: direct or stock; compiled or python."""

    kind: str
    send_loop: str


def way_of(url: str) -> Way:
    """Return what the server at `url` tells in its metrics."""
    found = TOLD.search(requests.get(f"{url}/metrics", timeout=10).text)
    assert found is not None, "the server does not tell its transport"
    labels = dict(re.findall(r'(\w+)="(\w+)"', found[1]))
    return Way(labels["kind"], labels["send_loop"])


def strayed(url: str, environ: dict[str, str]) -> str | None:
    """Return how a server that was started with `environ` serves in another way than it was to; None where not."""
    told = way_of(url)
    wanted = Way(environ.get("WEBSOCKET_TRANSPORT") or "direct", environ.get("SEND_LOOP") or "auto")
    loops = ("compiled", "python") if "auto" in wanted or wanted.kind == "stock" else (wanted.send_loop,)
    return None if told.kind == wanted.kind and told.send_loop in loops else f"wanted {wanted}, but serves {told}"
