"""What one worker made for a reader, kept for a moment: all who look at the same page ask at the same time."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")

KEPT_FOR_S = 1.0
"""A countdown and "moved in the last minute" may be so old; all that has a version is as new as that."""
MOST_KEPT = 500


class KeptBriefly(Generic[T]):
    """The things that one worker made last."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` returns seconds."""
        self._clock = clock
        self._kept: OrderedDict[Hashable, tuple[int, float, T]] = OrderedDict()

    def get(self, key: Hashable, version: int) -> T | None:
        """Return what was made of that key and version within KEPT_FOR_S; None where nothing was."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        of_version, until, made = kept
        return made if of_version == version and self._clock() < until else None

    def keep(self, key: Hashable, version: int, made: T) -> None:
        """Keep what was made just now."""
        self._kept[key] = version, self._clock() + KEPT_FOR_S, made
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
