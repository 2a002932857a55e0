"""How long the whole worker stands still now and then: a sleep that ends late says so."""

from collections import deque
from collections.abc import Callable

from racing import metrics

EVERY_S = 0.1
LATELY = 100  # sleeps: ten seconds of them


class LoopLag:
    """Sleeps over and over, and measures by how much each sleep was too long."""

    def __init__(self, sleep: Callable[[float], object], clock: Callable[[], float]) -> None:
        """`sleep` lets everybody else run meanwhile; `clock` returns seconds."""
        self._sleep, self._clock = sleep, clock
        self._lately: deque[float] = deque(maxlen=LATELY)

    def run(self) -> None:
        """Measure as long as the process lasts."""
        while True:
            self.measure()

    def measure(self) -> None:
        """Sleep once, and note how late that ended."""
        before = self._clock()
        self._sleep(EVERY_S)
        late = max(0.0, self._clock() - before - EVERY_S)
        self._lately.append(late)
        metrics.LOOP_LAG.observe(late)
        metrics.LOOP_LAG_WORST.set(max(self._lately))
