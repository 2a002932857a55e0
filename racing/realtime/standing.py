"""What a worker knows of a race: what the database says, what its own rooms have, what another worker has published."""

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from racing.realtime import shapes


class Standing(NamedTuple):
    """What the database says of a race, in short. `state_version` last changed the race's own fields."""

    version: int
    state_version: int
    status: str


ReadBoard = Callable[[str, int | None], shapes.Board]
"""(race id, since) -> the delta after `since`, or the image where it is None."""
ReadBoards = Callable[[Mapping[str, int | None]], Mapping[str, shapes.Board]]
"""race id -> since, to race id -> board, as ReadBoard; a race that is not there is left out."""
ReadStandings = Callable[[Collection[str]], Mapping[str, Standing]]


@dataclass
class Followed:
    """A race somebody here follows. `sent`: its rooms have all up to this version. Times are the clock's, in s.

    `wanted` is the highest version heard of; `is_ours`: what is pending goes to our own rooms, whoever published it.
    `heard_at` is when the oldest change that has not been sent was heard of, None where nothing waits.
    """

    sent: int
    told_status: str
    told_state_version: int
    published_at: float = -math.inf
    due: float | None = None
    cause: str = "change"
    wanted: int = 0
    is_ours: bool = False
    heard_at: float | None = None


class Broadcast(NamedTuple):
    """A delta that a worker has published."""

    race_id: str
    board: shapes.Board
    urgent: bool


class Others(Protocol):
    """The other workers."""

    def touch(self, race_id: str, version: int, *, urgent: bool) -> None:
        """Tell them that a race has changed."""

    def publish(self, broadcast: Broadcast) -> None:
        """Give them what was published, for their rooms."""


class Nobody:
    """The other workers of a process without Redis."""

    def touch(self, race_id: str, version: int, *, urgent: bool) -> None:
        """Tell nobody."""

    def publish(self, broadcast: Broadcast) -> None:
        """Give it to nobody."""
