"""The one greenlet of a worker that publishes, polls and beats, so that no two of these ever overlap."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol

import structlog

from racing import metrics
from racing.realtime.bounds import Bounded, unbounded
from racing.realtime.heartbeat import Heartbeat
from racing.realtime.publisher import Publisher
from racing.realtime.standing import Standing

log = structlog.get_logger()
# Publications, sign-outs and transports of other making are looked for this often.
LOOK_ROUND_S = 1.0
# Nothing that the loop does may take longer: punters are to be current within 10 s whatever happens to the database.
LONGEST_S = 3.0
# Of the time that a worker has to end in.
FLUSH_S = 2.0
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
        bounded: Bounded = unbounded,
    ) -> None:
        """`wake` is set by whoever touches the publisher or a duty; `bounded` ends what takes too long."""
        self._duties, self._bounded = duties, bounded
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
                due = self.next_step()
                if not self._wake.wait(max(BREATH_S, due - self._clock())):
                    metrics.LIVE_LOOP_LATE.observe(max(0.0, self._clock() - due))

    def stop(self) -> None:
        """End `run`, after whatever waits has been published."""
        self._running = False
        self._wake.set()
        self._publisher.flush(self._bounded, FLUSH_S)
        for duty in self._duties:
            try:
                self._bounded(duty.do_due, FLUSH_S / 4)
            except Exception:
                # What one could not send any more must not keep the others' last words.
                log.exception("a duty was not done before the end")

    def next_step(self) -> float:
        """Return when something falls due next, on the clock."""
        now = self._clock()
        waits = [duty.due_in() for duty in self._duties]
        times = [self._publisher.next_due(), self._poll_at, self._note_at, self._beat_at]
        if self._duties:
            times += [self._look_round_at, *(now + wait for wait in waits if wait is not None)]
        return min(time for time in times if time is not None)

    def step(self) -> None:
        """Do all that is due now. Where one thing fails the others are still done; then this raises.

        What takes too long ends the step: the rest would wait for the same.
        """
        failure: Exception | None = None
        for do in (*(duty.do_due for duty in self._duties), self._publisher.publish_due, *self._timed()):
            try:
                # Each for itself: a database that has gone without a word would hold up everything for ever.
                self._bounded(do, LONGEST_S)
            except Exception as error:  # noqa: BLE001  # without the database the other workers still hear of this one
                failure = error
                if isinstance(error, TimeoutError):
                    break
        if failure is not None:
            raise failure

    def _timed(self) -> Iterator[Callable[[], None]]:
        """Yield what has its own time, where that has come."""
        now = self._clock()
        if now >= self._poll_at:
            self._poll_at = now + self._publisher.interval_s
            yield self._publisher.poll
            yield self._publisher.publish_due
        if self._beat_at is not None and now >= self._beat_at:
            self._beat_at = None
            yield partial(self._heartbeat.beat, self._noted)
        if now >= self._note_at:
            self._note_at = now + max(self._heartbeat_interval_s, self._heartbeat.grace_s)
            yield partial(self._note, now)
        if self._duties and now >= self._look_round_at:
            self._look_round_at = now + LOOK_ROUND_S
            yield from (duty.poll for duty in self._duties)

    def _note(self, now: float) -> None:
        self._noted = self._heartbeat.note()
        self._beat_at = now + self._heartbeat.grace_s
