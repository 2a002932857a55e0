"""How many frames and packets that carry no message a client may send: pings, pongs, nothings, pieces of a message.

Messages have limits of their own, and each is answered. These cost as much to read, and nothing else bounds them.
"""

import time

MOST_A_SECOND = 1000
"""A message of 16 kB in pieces of 16 bytes is that many; a client that only lives sends one in 25 s."""
SPAN_S = 1.0


class IdleWords:
    """Those of one client, or of each of many: `who` is whatever tells them apart."""

    def __init__(self) -> None:
        """Count nothing yet."""
        self._counts: dict[object, int] = {}
        self._until = 0.0

    def are_too_many(self, who: object, more: int = 1) -> bool:
        """Count so many more; tell whether they are more than anybody needs in a second."""
        counts = self._counts
        if time.monotonic() >= self._until:
            counts.clear()
            self._until = time.monotonic() + SPAN_S
        count = counts[who] = counts.get(who, 0) + more
        return count > MOST_A_SECOND
