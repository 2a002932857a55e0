"""When what is due by the database alone is told: each second, and at once again while more is due."""

from collections.abc import Callable

import structlog

from racing.realtime.bounds import Bounded, unbounded
from racing.realtime.loop import BREATH_S

log = structlog.get_logger()
LOOK_ROUND_S = 1.0
# Eighty thousand who hear of one result take PostgreSQL a second; one that has gone without a word is given up.
LONGEST_S = 10.0


class Telling:
    """Tells in a greenlet of its own: prices wait neither for thousands of watchers nor for who else is telling."""

    def __init__(
        self,
        tell_due: Callable[[], bool],
        bounded: Bounded = unbounded,
        what: str = "telling users what they watch",
    ) -> None:
        """`tell_due` tells a portion of what is due, whoever wrote it; it returns whether more is due at once.

        `what` says to the log what that is.
        """
        self._tell_due, self._bounded, self._what = tell_due, bounded, what

    def run(self, sleep: Callable[[float], object]) -> None:
        """Tell as long as the process lasts. One that ends in the middle has told all of a change, or nothing."""
        while True:
            sleep(self.step())

    def step(self) -> float:
        """Tell a portion; return after how many seconds to look again. A failure is logged, and waits as long."""
        try:
            is_more_due = self._bounded(self._tell_due, LONGEST_S)
        except Exception:
            log.exception(f"{self._what} failed; it goes on")
            return LOOK_ROUND_S
        return BREATH_S if is_more_due else LOOK_ROUND_S
