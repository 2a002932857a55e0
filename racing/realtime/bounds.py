"""How long something may take: the server hands in what ends it, so that nothing here knows its loop."""

from collections.abc import Callable
from typing import Any

Bounded = Callable[[Callable[[], Any], float], Any]
"""(do, seconds) -> what `do()` returns. Raises TimeoutError, or what `do` makes of it, where it takes longer."""


def unbounded(do: Callable[[], Any], _seconds: float) -> Any:
    """Return `do()`, however long it takes: where no loop serves, nobody waits for it."""
    return do()
