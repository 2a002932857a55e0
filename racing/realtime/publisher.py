"""When a race's changes leave this worker, and the only emit of odds.

A change is published at once where its race has been quiet for an interval, or where it is urgent. Others wait for
the first point of a grid (a quarter of the interval) that is an interval after the race's last publication, so that
changes conflate, and a client of several races is written to once for all of them.
"""

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import structlog
from flask import current_app

from racing import metrics
from racing.realtime import messages, rooms, shapes
from racing.realtime.connections import Connections

log = structlog.get_logger()
GRID_POINTS_AN_INTERVAL = 4


class Standing(NamedTuple):
    """What the database says of a race, in short. `state_version` last changed the race's own fields."""

    version: int
    state_version: int
    status: str


ReadBoard = Callable[[str, int | None], shapes.Board]
"""(race id, since) -> the delta after `since`, or the image where it is None."""
ReadStandings = Callable[[Collection[str]], Mapping[str, Standing]]
Emit = Callable[..., Any]


@dataclass
class Followed:
    """A race somebody here follows. `sent`: its rooms have all up to this version. Times are the clock's, in s."""

    sent: int
    told_status: str
    told_state_version: int
    published_at: float = -math.inf
    due: float | None = None
    cause: str = "change"


class Publisher:
    """Conflates the changes of the races this worker's clients follow, and sends them to this worker's rooms."""

    def __init__(
        self,
        connections: Connections,
        read_board: ReadBoard,
        read_standings: ReadStandings,
        emit: Emit,
        clock: Callable[[], float],
        interval_s: float,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """`emit(event, message, to=room)` reaches local rooms; `wake` ends the wait of whoever runs `publish_due`."""
        self._connections, self._clock, self._wake = connections, clock, wake
        self._read_board, self._read_standings, self._emit = read_board, read_standings, emit
        self.interval_s = interval_s
        self._followed: dict[str, Followed] = {}

    # --- who follows what -------------------------------------------------------------------------------------------

    def follow(self, race_id: str, standing: Standing) -> None:
        """Begin to keep this race's rooms current. `standing` was read before the first join of them."""
        if race_id not in self._followed:
            self._followed[race_id] = Followed(standing.version, standing.status, standing.state_version)
            metrics.FOLLOWED_RACES.set(len(self._followed))

    def forget(self, race_id: str) -> None:
        """Stop, where nobody here follows the race any more."""
        if not self._connections.variants_of(race_id):
            self._followed.pop(race_id, None)
            metrics.FOLLOWED_RACES.set(len(self._followed))

    def races(self) -> list[str]:
        """Return the races that somebody here follows."""
        return list(self._followed)

    def sent(self, race_id: str) -> int | None:
        """Return the version up to which the race's rooms have everything; None where nobody follows it."""
        followed = self._followed.get(race_id)
        return followed.sent if followed else None

    # --- when -------------------------------------------------------------------------------------------------------

    def touch(self, race_id: str, *, urgent: bool = False) -> None:
        """Note that the race has changed. No database, no network, no wait: the caller is answering a writer."""
        followed = self._followed.get(race_id)
        if followed is None:
            return
        due = self._when(followed, urgent)
        if followed.due is None or due < followed.due:
            followed.due = due
            followed.cause = "urgent" if urgent else "change"
            self._wake()

    def _when(self, followed: Followed, urgent: bool) -> float:
        now = self._clock()
        allowed = followed.published_at + self.interval_s
        if urgent or now >= allowed:
            return now
        grid = self.interval_s / GRID_POINTS_AN_INTERVAL
        return math.ceil(allowed / grid) * grid

    def next_due(self) -> float | None:
        """Return when the next publication falls due, on the clock; None where nothing waits."""
        return min((followed.due for followed in self._followed.values() if followed.due is not None), default=None)

    def publish_due(self) -> None:
        """Publish every race that is due. One whose reading fails stays pending for an interval; then this raises."""
        now = self._clock()
        failure: Exception | None = None
        for race_id, followed in list(self._followed.items()):
            if followed.due is not None and followed.due <= now:
                try:
                    self._publish(race_id, followed)
                except Exception as error:  # noqa: BLE001  # one race's trouble must not hold up the others
                    followed.due = now + self.interval_s
                    failure = error
        if failure is not None:
            raise failure

    def flush(self) -> None:
        """Publish whatever waits, now: the worker is about to end."""
        for race_id, followed in list(self._followed.items()):
            if followed.due is not None:
                try:
                    self._publish(race_id, followed)
                except Exception:
                    # One race's trouble must not take the others' last changes with it.
                    log.exception("a change did not leave before the end", race_id=race_id)

    def poll(self) -> None:
        """Ask the database how far the followed races are: another process (replay, demo) writes without telling us."""
        for race_id, standing in self._read_standings(self.races()).items():
            followed = self._followed.get(race_id)
            if followed is None:
                continue
            if standing.version < followed.sent:
                self._step_back(race_id, followed, standing)
            elif standing.version > followed.sent:
                self.touch(race_id, urgent=standing.state_version > followed.told_state_version)

    def repair(self, race_id: str, version: int) -> None:
        """Send what is missing where the race's rooms are still below `version`."""
        followed = self._followed.get(race_id)
        if followed is not None and followed.sent < version:
            log.warning("rooms were behind the database", race_id=race_id, sent=followed.sent, version=version)
            metrics.REPAIRED.inc()
            followed.cause = "repair"
            self._publish(race_id, followed)

    # --- what -------------------------------------------------------------------------------------------------------

    def _publish(self, race_id: str, followed: Followed) -> None:
        # Cleared before reading: a change that lands during the read (which may yield) is due again.
        followed.due = None
        cause = followed.cause
        delta = self._read_board(race_id, followed.sent)
        if delta["version"] <= followed.sent:
            return
        variants = self._connections.variants_of(race_id)
        boards = {"delta": delta}
        if any(variant.mode == "full" for variant in variants):
            boards["full"] = self._read_board(race_id, None)
        followed.published_at = self._clock()
        if followed.due is not None and followed.cause != "urgent":
            # It landed during the read, measured against the publication before this one.
            followed.due = self._when(followed, urgent=False)
        made = {mode: messages.odds_update(race_id, board) for mode, board in boards.items()}
        for variant in sorted(variants):
            message = messages.encoded(made[variant.mode], variant.encoding)
            self._emit("odds_update", message, to=rooms.variant(race_id, variant))
        followed.sent = max(followed.sent, delta["version"])
        metrics.PUBLISHED.labels(cause).inc()
        self._ring(race_id, followed, delta)

    def _ring(self, race_id: str, followed: Followed, delta: shapes.Board) -> None:
        state = delta.get("race")
        if state is not None and state["version"] > followed.told_state_version:
            bell = messages.race_status(race_id, state, followed.told_status, delta["version"])
            followed.told_status, followed.told_state_version = state["status"], state["version"]
            self._emit("race_status", bell, to=rooms.race(race_id))

    def _step_back(self, race_id: str, followed: Followed, standing: Standing) -> None:
        """Start again from a restored database that is older than what was sent (clients ask anew)."""
        log.warning(
            "the database is older than what was sent", race_id=race_id, sent=followed.sent, now=standing.version
        )
        followed.sent, followed.due = standing.version, None
        followed.told_status, followed.told_state_version = standing.status, standing.state_version


def touch(race_id: str, *, urgent: bool = False) -> None:
    """Mark a race of the current application as changed; see Publisher.touch. Call it after the commit."""
    current_app.extensions["publisher"].touch(race_id, urgent=urgent)
