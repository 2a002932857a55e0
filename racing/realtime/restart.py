"""The last word of a worker that is going down."""

import random
from collections.abc import Callable, Collection
from typing import Any

from racing.realtime import messages

SOONEST_MS = 500


def announce(sids: Collection[str], emit: Callable[..., Any], spread_ms: int) -> None:
    """Tell every connection when to come back: each at another moment, so that they do not all return at once."""
    for sid in sids:
        delay_ms = SOONEST_MS + random.randint(0, spread_ms)  # nosec B311  # spreads load, guards nothing
        emit("server_restart", messages.server_restart(delay_ms), to=sid)
