"""Punters of every kind on every worker, who are to end up with what the database holds."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from tests.support.board import Board
from tests.support.follower import Follower

KINDS = (
    {"mode": "full"},
    {"mode": "delta"},
    {"mode": "delta"},
    {"mode": "full", "encoding": "msgpack"},
    {"mode": "delta", "encoding": "msgpack"},
    {"mode": "delta", "transport": "polling"},
)


class Crowd:
    """Six followers a worker, each at its own first, at the next where that is gone. Use it as a context."""

    def __init__(
        self, addresses: Sequence[str], race_ids: Sequence[str], kinds: Sequence[dict[str, Any]] = KINDS
    ) -> None:
        self.race_ids = race_ids
        self.followers = [
            Follower([*addresses[n:], *addresses[:n]], race_ids, **kind)
            for n in range(len(addresses))
            for kind in kinds
        ]
        self._entered = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for follower in self.followers:
                stack.enter_context(follower)
            self._entered = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._entered.__exit__(kind, error, trace)

    def converges(
        self,
        read: Callable[[str], Board],
        ended_at: float,
        within_s: float = 10.0,
        seen: Callable[[Board], Board] = lambda board: board,
    ) -> float:
        """Wait until all hold what `read` says of each race; return how long after `ended_at` (monotonic) they did.

        Nothing may be written meanwhile. What each holds is compared as `seen`.
        """
        for race_id in self.race_ids:
            truth = read(race_id)
            for follower in self.followers:
                left_s = ended_at + within_s - time.monotonic()
                what = f"{race_id} at version {truth.version}"
                follower.wait_until(lambda: seen(follower.board(race_id)) == truth, what, max(left_s, 0.0))  # noqa: B023
        return time.monotonic() - ended_at

    def lag(self, race_id: str, version: int, written_at: float) -> float:
        """Return how long after `written_at` the last of them held this version, in s; infinite where one never did."""
        times = [follower.reached(race_id, version) for follower in self.followers]
        return max((float("inf") if at is None else max(at - written_at, 0.0)) for at in times)
