"""Every worker's own repair: what the database says against what was sent, then a word to the clients."""

from collections.abc import Mapping
from contextlib import nullcontext

from racing.realtime import messages, rooms
from racing.realtime.local_rooms import Emit
from racing.realtime.publisher import Publisher, Together
from racing.realtime.standing import ReadStandings, Standing

# How long a version may be under way by conflation alone: an interval, a grid point, and something to spare.
GRACE_INTERVALS = 1.5


class Heartbeat:
    """Notes the versions of the followed races, waits out conflation, repairs what is behind, and beats."""

    def __init__(
        self, publisher: Publisher, read_standings: ReadStandings, emit: Emit, together: Together = nullcontext
    ) -> None:
        """`emit(event, message, to=room)` reaches local rooms; what is emitted within `together` leaves at one time."""
        self._publisher, self._read_standings, self._emit, self._together = publisher, read_standings, emit, together

    @property
    def grace_s(self) -> float:
        """Seconds to leave between `note` and `beat`."""
        return GRACE_INTERVALS * self._publisher.interval_s

    def note(self) -> Mapping[str, Standing]:
        """Return what the database says of every race followed here."""
        return self._read_standings(self._publisher.races())

    def beat(self, noted: Mapping[str, Standing]) -> None:
        """Send what `noted` shows to be missing, then a heartbeat for each race: never a version still to be sent."""
        for race_id, standing in noted.items():
            self._publisher.repair(race_id, standing.version)
        with self._together():
            # Those followed since the note as well: a first heartbeat that waited for the next note would be late.
            for race_id in self._publisher.races():
                sent = self._publisher.sent(race_id)
                if sent is not None:
                    # `sent` is the lower one where the database was restored to an older state since the note.
                    version = min(noted[race_id].version, sent) if race_id in noted else sent
                    self._emit("race_heartbeat", messages.race_heartbeat(race_id, version), to=rooms.race(race_id))
