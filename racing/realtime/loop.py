"""The one greenlet of a worker that publishes, polls and beats, so that no two of these ever overlap."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import structlog

from racing.realtime.heartbeat import Heartbeat
from racing.realtime.publisher import Publisher, Standing

log = structlog.get_logger()
# Publications, sign-outs and transports of other making are looked for this often.
LOOK_ROUND_S = 1.0
# A green wait of no time, or for what is set, does not yield: a loop with always more to do would let nobody else run.
BREATH_S = 0.001


class Event(Protocol):
    """A threading.Event, green or not."""

    def set(self) -> None:
        """Wake whoever waits."""

    def clear(self) -> None:
        """Let the next one wait."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait to be woken, at most `timeout` seconds."""


class Duty(Protocol):
    """Something else that falls due now and then, and looks round for what others did."""

    def due_in(self) -> float | None:
        """Return in how many seconds `do_due` has something to do; None where nothing is known."""

    def do_due(self) -> None:
        """Do what is due, if anything."""

    def poll(self) -> None:
        """Look for what nobody told us of."""


class LiveLoop:
    """Calls the publisher, the heartbeat and the other duties when their time has come. Times are the clock's, in s."""

    def __init__(
        self,
        publisher: Publisher,
        heartbeat: Heartbeat,
        clock: Callable[[], float],
        wake: Event,
        heartbeat_interval_s: float,
        duties: Sequence[Duty] = (),
    ) -> None:
        """`wake` is set by whoever touches the publisher or a duty."""
        self._duties = duties
        self._publisher, self._heartbeat, self._clock, self._wake = publisher, heartbeat, clock, wake
        self._heartbeat_interval_s = heartbeat_interval_s
        self._poll_at = self._note_at = self._look_round_at = clock()
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
            # Before it is asked what falls due: the step's own touches are in the answer, later ones end the wait.
            self._wake.clear()
            if self._running:
                self._wake.wait(max(BREATH_S, self.next_step() - self._clock()))

    def stop(self) -> None:
        """End `run`, after whatever waits has been published."""
        self._running = False
        self._wake.set()
        self._publisher.flush()
        for duty in self._duties:
            self._tried(duty.do_due)

    def next_step(self) -> float:
        """Return when something falls due next, on the clock."""
        now = self._clock()
        waits = [duty.due_in() for duty in self._duties]
        times = [self._publisher.next_due(), self._poll_at, self._note_at, self._beat_at]
        if self._duties:
            times += [self._look_round_at, *(now + wait for wait in waits if wait is not None)]
        return min(time for time in times if time is not None)

    def step(self) -> None:
        """Do all that is due now."""
        for duty in self._duties:
            self._tried(duty.do_due)
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
        if self._duties and now >= self._look_round_at:
            self._look_round_at = now + LOOK_ROUND_S
            for duty in self._duties:
                self._tried(duty.poll)

    def _tried(self, do: Callable[[], None]) -> None:
        """Do a duty. One that fails (the database is away) must not hold up the odds, nor another."""
        try:
            do()
        except Exception:
            log.exception("a duty of the live loop failed; it will be tried again")
