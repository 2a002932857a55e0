"""How much was counted while something happened: the counters are the process's, and other tests count too."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import REGISTRY


class Counted:
    """What each series has gone up by; known once the block has ended."""

    def __init__(self) -> None:
        self._before, self._after = _samples(), {}

    def end(self) -> None:
        """Take the second look."""
        self._after = _samples()

    def __call__(self, series: str, **labels: str) -> float:
        """Return by how much a series has gone up."""
        key = series, tuple(sorted(labels.items()))
        return self._after.get(key, 0.0) - self._before.get(key, 0.0)


def _samples() -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in REGISTRY.collect()
        for sample in family.samples
    }


@contextmanager
def counted() -> Iterator[Counted]:
    """Count what happens in the block."""
    counts = Counted()
    yield counts
    counts.end()
