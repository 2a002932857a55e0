"""Who was refused what, told once in the log: enough to see somebody try the doors, and nothing of who it was."""

import hmac
from collections.abc import Callable

import structlog

from racing import metrics

log = structlog.get_logger()
MOST_LINES_A_SECOND = 20
WHO_LETTERS = 8


class Refused:
    """Counts and logs refusals. A flood of them is counted in full, and logged in part."""

    def __init__(self, secret: str, clock: Callable[[], float]) -> None:
        """`secret` makes a mark of an address that nobody turns back into it; `clock` returns seconds."""
        self._secret, self._clock = secret.encode(), clock
        self._second, self._lines, self._untold = 0, 0, 0

    def request(self, kind: str, edge: str, where: str, method: str, address: str, user_id: int | None = None) -> None:
        """Count and log an HTTP request refused as `kind`, at `where`: a route, never a path that somebody typed."""
        metrics.REFUSED_REQUESTS.labels(kind, edge).inc()
        self.tell(kind, edge, where, address, user_id, method=method)

    def tell(self, kind: str, edge: str, where: str, address: str, user_id: int | None = None, **more: str) -> None:
        """Log a refusal that is counted elsewhere; no more than MOST_LINES_A_SECOND."""
        second = int(self._clock())
        if second != self._second:
            untold, self._second, self._lines, self._untold = self._untold, second, 0, 0
            if untold:
                log.info("refused more", count=untold)
        if self._lines == MOST_LINES_A_SECOND:
            self._untold += 1
            return
        self._lines += 1
        log.info("refused", type=kind, edge=edge, where=where, user_id=user_id, who=self.mark_of(address), **more)

    def mark_of(self, address: str) -> str:
        """Return the letters that stand for an address: the same in every line and at every worker."""
        return hmac.digest(self._secret, address.encode(), "sha256").hex()[:WHO_LETTERS]
