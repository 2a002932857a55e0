"""How fast an address may begin sessions of Socket.IO; whoever is too fast is told when to come again, in HTTP."""

import math
from functools import cache
from typing import Any, Protocol

from racing import metrics
from racing.networks import network_of
from racing.realtime.transport import handshake

STATUS = "429 TOO MANY REQUESTS"
SENTENCE = b"Too many connections at once from this address: come back a little later."


class Allowed(Protocol):
    """An allowance by address."""

    def take(self, key: str) -> int:
        """Return 0, or in how many ms."""

    def wait_ms(self, key: str) -> int:
        """Return what `take` would."""


class Turnstile:
    """Counts the sessions that begin. Nobody is counted where there is no allowance."""

    def __init__(self, allowance: Allowed | None = None) -> None:
        """Each address has a bucket of `allowance`."""
        self._allowance = allowance

    def take(self, address: str) -> int:
        """Count a session that begins. Returns 0, or in how many ms it may where it may not; counted as refused."""
        return self._refused(self._allowance.take(network_of(address))) if self._allowance is not None else 0

    def refuse(self, peer: str) -> bytes | None:
        """Return what a peer is to be told that may begin none now; None where it may. Nothing is counted then.

        Behind a router all peers are the router, which has begun none: there the addresses that it tells decide.
        """
        wait_ms = self._refused(self._allowance.wait_ms(network_of(peer))) if self._allowance is not None else 0
        return _refusal(math.ceil(wait_ms / 1000)) if wait_ms else None

    def _refused(self, wait_ms: int) -> int:
        if wait_ms:
            metrics.REFUSED_CONNECTIONS.labels("rate_limited").inc()
        return wait_ms


def headers(wait_ms: int) -> list[tuple[str, str]]:
    """Return those of the answer to somebody who is to come again after so long."""
    return [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", str(math.ceil(wait_ms / 1000)))]


def turn_away(wait_ms: int, start_response: Any) -> list[bytes]:
    """Answer a request with 429 and a sentence; return the WSGI body."""
    start_response(STATUS, headers(wait_ms))
    return [SENTENCE]


@cache
def _refusal(wait_s: int) -> bytes:
    return handshake.refusal(STATUS, headers(1000 * wait_s), SENTENCE)
