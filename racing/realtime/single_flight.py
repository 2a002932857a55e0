"""One reading for all who ask for the same while it is under way."""

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Reads by key, each key once at a time. A reading may yield; who asks meanwhile waits for it, or for the next."""

    def __init__(
        self, read: Callable[[str], T], clock: Callable[[], float], future: Callable[[], "Future[T]"] = Future
    ) -> None:
        """`read(key)` is shared; `clock` returns seconds; others wait for a `future` of what it finds."""
        self._read, self._clock, self._future = read, clock, future
        self._under_way: dict[str, tuple[float, Future[T]]] = {}

    def get(self, key: str, not_before: float) -> T:
        """Return what a reading found that did not begin before that time; raise what it raised."""
        while (under_way := self._under_way.get(key)) is not None:
            began_at, outcome = under_way
            try:
                found = outcome.result()
            except CancelledError:
                continue  # whoever read was ended meanwhile
            except Exception:
                if began_at >= not_before:
                    raise
                continue
            if began_at >= not_before:
                return found
        return self._lead(key)

    def _lead(self, key: str) -> T:
        outcome = self._future()
        self._under_way[key] = self._clock(), outcome
        try:
            found = self._read(key)
        except Exception as error:
            self._under_way.pop(key, None)
            outcome.set_exception(error)
            raise
        except BaseException:
            self._under_way.pop(key, None)
            outcome.cancel()
            raise
        self._under_way.pop(key, None)
        outcome.set_result(found)
        return found
