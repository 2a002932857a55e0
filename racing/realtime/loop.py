"""The one greenlet of a worker that publishes, polls and beats, so that no two of these ever overlap."""

from collections.abc import Callable, Mapping
from typing import Protocol

import structlog

from racing.realtime.heartbeat import Heartbeat
from racing.realtime.publisher import Publisher, Standing

log = structlog.get_logger()


class Event(Protocol):
    """A threading.Event, green or not."""

    def set(self) -> None:
        """Wake whoever waits."""

    def clear(self) -> None:
        """Let the next one wait."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait to be woken, at most `timeout` seconds."""


class LiveLoop:
    """Calls the publisher and the heartbeat when their time has come. Times are the clock's, in seconds."""

    def __init__(
        self,
        publisher: Publisher,
        heartbeat: Heartbeat,
        clock: Callable[[], float],
        wake: Event,
        heartbeat_interval_s: float,
    ) -> None:
        """`wake` is set by Publisher.touch."""
        self._publisher, self._heartbeat, self._clock, self._wake = publisher, heartbeat, clock, wake
        self._heartbeat_interval_s = heartbeat_interval_s
        self._poll_at = self._note_at = clock()
        self._beat_at: float | None = None
        self._noted: Mapping[str, Standing] = {}
        self._running = True

    def run(self) -> None:
        """Do what falls due until `stop`. A failure (the database is away) is logged and tried again in an interval."""
        while self._running:
            try:
                self.step()
            except Exception:
                log.exception("the live loop failed; it goes on")
                self._wake.wait(self._publisher.interval_s)
            self._wake.wait(max(0.0, self.next_step() - self._clock()))
            self._wake.clear()

    def stop(self) -> None:
        """End `run`, after whatever waits has been published."""
        self._running = False
        self._wake.set()
        self._publisher.flush()

    def next_step(self) -> float:
        """Return when something falls due next, on the clock."""
        times = (self._publisher.next_due(), self._poll_at, self._note_at, self._beat_at)
        return min(time for time in times if time is not None)

    def step(self) -> None:
        """Do all that is due now."""
        self._publisher.publish_due()
        now = self._clock()
        if now >= self._poll_at:
            self._poll_at = now + self._publisher.interval_s
            self._publisher.poll()
            self._publisher.publish_due()
        if self._beat_at is not None and now >= self._beat_at:
            self._beat_at = None
            self._heartbeat.beat(self._noted)
        if now >= self._note_at:
            self._note_at = now + max(self._heartbeat_interval_s, self._heartbeat.grace_s)
            self._noted = self._heartbeat.note()
            self._beat_at = now + self._heartbeat.grace_s
