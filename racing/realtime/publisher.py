"""When a race's changes leave, and the only emit of odds.

A change is published at once where its race has been quiet for an interval, or where it is urgent. Others wait for
the first point of a grid (a quarter of the interval) that is an interval after the race's last publication, so that
changes conflate, and a client of several races is written to once for all of them.

Of several workers one publishes a change (election.py); the others relay it to their own rooms.
"""

import math
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

import structlog
from flask import current_app

from racing import metrics
from racing.realtime import messages, shapes
from racing.realtime.bounds import Bounded
from racing.realtime.connections import Connections
from racing.realtime.election import Alone, Election
from racing.realtime.local_rooms import Emit, LocalRooms
from racing.realtime.readings import Begun, Readings
from racing.realtime.standing import Broadcast, Followed, Nobody, Others, ReadBoards, ReadStandings, Standing

log = structlog.get_logger()
GRID_POINTS_AN_INTERVAL = 4
# Broadcasts of others that wait for the loop; of more the oldest go, and the database fills the gap.
MOST_CAME = 1000
# A broadcast is relayed at once where the one before it is this much of an interval old: less is lost on the way.
RELAY_AFTER = 0.9

Together = Callable[[], AbstractContextManager[Any]]


class Publisher:
    """Conflates the changes of the races this worker's clients follow, and sends them to this worker's rooms."""

    def __init__(
        self,
        connections: Connections,
        read_boards: ReadBoards,
        read_standings: ReadStandings,
        emit: Emit,
        clock: Callable[[], float],
        interval_s: float,
        wake: Callable[[], None] = lambda: None,
        together: Together = nullcontext,
    ) -> None:
        """`emit(event, message, to=room)` reaches local rooms; `wake` ends the wait of whoever runs `publish_due`.

        What is emitted within `together` leaves at one time.
        """
        self._connections, self._clock, self._wake, self._together = connections, clock, wake, together
        self._boards, self._read_standings = Readings(read_boards), read_standings
        self._rooms = LocalRooms(connections, emit)
        self.interval_s = interval_s
        self._followed: dict[str, Followed] = {}
        self._others: Others = Nobody()
        self._election: Election = Alone()
        self._came: deque[Broadcast] = deque(maxlen=MOST_CAME)
        self.pasts = 0
        """How often a database was found to be older than what was sent: what was read before is of another past."""

    def join(self, others: Others, election: Election) -> None:
        """Publish together with other workers from now on: each change by one of them, to the rooms of all."""
        self._others, self._election = others, election

    # --- who follows what -------------------------------------------------------------------------------------------

    def follow(self, race_id: str, standing: Standing) -> None:
        """Begin to keep this race's rooms current. `standing` was read before the first join of them."""
        if race_id not in self._followed:
            self._followed[race_id] = Followed(standing.version, standing.status, standing.state_version)
            metrics.ROOMS.set(len(self._followed))

    def forget(self, race_id: str) -> None:
        """Stop, where nobody here follows the race any more."""
        if not self._connections.variants_of(race_id):
            self._followed.pop(race_id, None)
            metrics.ROOMS.set(len(self._followed))

    def races(self) -> list[str]:
        """Return the races that somebody here follows."""
        return list(self._followed)

    def sent(self, race_id: str) -> int | None:
        """Return the version up to which the race's rooms have everything; None where nobody follows it."""
        followed = self._followed.get(race_id)
        return followed.sent if followed else None

    def known(self, race_id: str) -> int | None:
        """Return the highest version sent or heard of; None where nobody follows the race."""
        followed = self._followed.get(race_id)
        return max(followed.sent, followed.wanted) if followed else None

    # --- when -------------------------------------------------------------------------------------------------------

    def touch(self, race_id: str, version: int, *, urgent: bool = False) -> None:
        """Note that the race has changed. No database, no network, no wait: the caller is answering a writer."""
        self._others.touch(race_id, version, urgent=urgent)
        self.note(race_id, version, urgent=urgent)

    def note(self, race_id: str, version: int, *, urgent: bool = False) -> None:
        """As `touch`, where the other workers know of the change already."""
        followed = self._followed.get(race_id)
        if followed is None or version <= followed.sent:
            return
        followed.wanted = max(followed.wanted, version)
        followed.heard_at = self._clock() if followed.heard_at is None else followed.heard_at
        due = self._when(followed, urgent)
        if followed.due is None or due < followed.due:
            followed.due, followed.is_ours = due, False
            followed.cause = "urgent" if urgent else "change"
            self._wake()

    def hear(self, broadcast: Broadcast) -> None:
        """Keep what another worker has published for the next `publish_due`. May be called outside the loop."""
        self._came.append(broadcast)
        self._wake()

    def _when(self, followed: Followed, urgent: bool) -> float:
        now = self._clock()
        allowed = followed.published_at + self.interval_s
        return now if urgent or now >= allowed else self._grid_point(allowed)

    def _grid_point(self, not_before: float) -> float:
        grid = self.interval_s / GRID_POINTS_AN_INTERVAL
        return math.ceil(not_before / grid) * grid

    def next_due(self) -> float | None:
        """Return when the next publication falls due, on the clock; None where nothing waits."""
        if self._came:
            return self._clock()
        return min((followed.due for followed in self._followed.values() if followed.due is not None), default=None)

    def publish_due(self) -> None:
        """Publish every race that is due. One whose reading fails stays pending for an interval; then this raises."""
        failures: list[Exception] = []
        with self._together():
            while self._came:
                broadcast = self._came.popleft()
                self._attempt(failures, broadcast.race_id, partial(self._relay, broadcast))
            begun = [self._begin(race_id, followed) for race_id, followed in self._due_now()]
            boards = self._boards.together(begun)
            for one in begun:
                self._attempt(failures, one.race_id, partial(self._finish, one, boards))
        if failures:
            raise failures[-1]

    def _attempt(self, failures: list[Exception], race_id: str, publish: Callable[[], None]) -> None:
        try:
            publish()
        except Exception as error:  # noqa: BLE001  # one race's trouble must not hold up the others
            failures.append(error)
            if (followed := self._followed.get(race_id)) is not None:
                followed.due = self._clock() + self.interval_s

    def _due_now(self) -> list[tuple[str, Followed]]:
        now = self._clock()
        return [
            (race_id, followed)
            for race_id, followed in list(self._followed.items())
            if followed.due is not None and followed.due <= now and self._is_elected(race_id, followed)
        ]

    def flush(self, bounded: Bounded, within_s: float) -> None:
        """Publish whatever waits, now: the worker is about to end. What takes longer is left to the other workers."""
        until = self._clock() + within_s
        for race_id, followed in list(self._followed.items()):
            if followed.due is not None and (left_s := until - self._clock()) > 0:
                try:
                    bounded(partial(self._publish, race_id, followed), left_s)
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
                self.note(race_id, standing.version, urgent=standing.state_version > followed.told_state_version)

    def repair(self, race_id: str, version: int) -> None:
        """Send what is missing where the race's rooms are still below `version`, at the end of a running interval."""
        followed = self._followed.get(race_id)
        if followed is not None and followed.sent < version:
            log.warning("rooms were behind the database", race_id=race_id, sent=followed.sent, version=version)
            metrics.REPAIRED.inc()
            if self._has_just_published(followed):
                self._hold_back(followed, version)
            else:
                followed.cause, followed.is_ours = "repair", True
                self._publish(race_id, followed)

    # --- what -------------------------------------------------------------------------------------------------------
    def _is_elected(self, race_id: str, followed: Followed) -> bool:
        left_to_others = not (followed.is_ours or followed.cause != "change" or self._has_waited(followed))
        if left_to_others and not self._election.wins_interval(race_id):
            self._leave_to_others(followed)
            return False
        return True

    def _has_waited(self, followed: Followed) -> bool:
        """Whoever was to send it would have by now: a key outlives its time where Redis' clock is put back."""
        return followed.heard_at is not None and self._clock() - followed.heard_at > 2 * self.interval_s

    def _leave_to_others(self, followed: Followed) -> None:
        """Stay pending until a broadcast has brought what we want; who was to send it may have died."""
        followed.due = self._grid_point(self._clock() + self.interval_s / GRID_POINTS_AN_INTERVAL / 2)

    def _publish(self, race_id: str, followed: Followed) -> None:
        self._finish(self._begin(race_id, followed), {})

    def _begin(self, race_id: str, followed: Followed) -> Begun:
        # Cleared before reading: a change that lands during the read (which may yield) is due again.
        followed.due = None
        needs_image = self._rooms.need_image(race_id)
        return Begun(race_id, followed, followed.sent, followed.cause, followed.is_ours, needs_image)

    def _finish(self, begun: Begun, boards: Mapping[str, shapes.Board]) -> None:
        race_id, followed, since, cause, is_ours, _ = begun
        board = boards.get(race_id) or self._boards.one(race_id, begun.asks_since)
        if board["version"] <= followed.sent:
            followed.heard_at = None
            return
        delta = messages.delta_of(board, since) if board["full"] else board
        urgent = cause == "urgent"
        if urgent and not is_ours and not self._election.wins_change(race_id, delta["version"]):
            self._leave_to_others(followed)
            return
        if not is_ours:
            self._others.publish(Broadcast(race_id, delta, urgent))
            metrics.CONFLATED.inc(delta["version"] - followed.sent - 1)
        metrics.PUBLISHED.labels(cause).inc()
        self._send(race_id, followed, delta, board if board["full"] else None)
        self._measure(followed, "published")

    def _relay(self, broadcast: Broadcast) -> None:
        """Send what another worker has published to our own rooms, unless they have it, or had something just now."""
        race_id, board, urgent = broadcast
        followed = self._followed.get(race_id)
        if followed is None or board["version"] <= followed.sent:
            return
        if not urgent and self._has_just_published(followed):
            # Two workers have published in one interval: Redis was away meanwhile.
            self._hold_back(followed, board["version"])
            return
        # A base above what our rooms have: something was lost on the way, and the database fills the gap.
        fits = not board["full"] and board["base"] <= followed.sent
        self._send(race_id, followed, board if fits else self._boards.one(race_id, followed.sent))
        metrics.RELAYED.inc()
        if followed.sent >= followed.wanted:
            followed.due = None
        self._measure(followed, "relayed")

    def _has_just_published(self, followed: Followed) -> bool:
        return self._clock() < followed.published_at + RELAY_AFTER * self.interval_s

    def _hold_back(self, followed: Followed, version: int) -> None:
        """Let what only our own rooms lack wait for the end of the interval; what is due sooner takes it along."""
        followed.wanted, followed.is_ours = max(followed.wanted, version), True
        due = self._when(followed, urgent=False)
        if followed.due is None or due < followed.due:
            followed.due, followed.cause = due, "change"

    def _send(self, race_id: str, followed: Followed, delta: shapes.Board, image: shapes.Board | None = None) -> None:
        if image is None and self._rooms.need_image(race_id):
            image = self._boards.one(race_id, None)
        followed.published_at, followed.is_ours = self._clock(), False
        if followed.due is not None and followed.cause != "urgent":
            # It landed during the read, measured against the publication before this one.
            followed.due = self._when(followed, urgent=False)
        # Before the first of them has it: who joins while it leaves must not be answered with less.
        followed.wanted = max(followed.wanted, delta["version"])
        self._rooms.send(race_id, followed, delta, image)

    def _measure(self, followed: Followed, way: str) -> None:
        """Note how long what was just sent had waited; what came meanwhile waits from now on."""
        now = self._clock()
        if followed.heard_at is not None:
            metrics.PUBLISH_TO_SEND.labels(way).observe(now - followed.heard_at)
        followed.heard_at = None if followed.due is None else now

    def _step_back(self, race_id: str, followed: Followed, standing: Standing) -> None:
        """Start again from a restored database that is older than what was sent (clients ask anew)."""
        log.warning(
            "the database is older than what was sent", race_id=race_id, sent=followed.sent, now=standing.version
        )
        self.pasts += 1
        followed.sent, followed.due, followed.wanted, followed.heard_at = standing.version, None, 0, None
        followed.told_status, followed.told_state_version = standing.status, standing.state_version


def touch(race_id: str, version: int, *, urgent: bool = False) -> None:
    """Mark a race of the current application as changed to `version`; see Publisher.touch. Call it after the commit."""
    current_app.extensions["publisher"].touch(race_id, version, urgent=urgent)
