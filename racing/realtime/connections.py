"""Who is connected to this worker, and which races each of them follows."""

from collections import Counter, defaultdict

from racing import metrics
from racing.realtime.rooms import Mode


class Connections:
    """The subscriptions of this worker's connections. It knows no rooms or sockets: live.py keeps both in step."""

    def __init__(self) -> None:
        """Start with nobody connected."""
        self._modes: dict[str, dict[str, Mode]] = {}
        self._followers: defaultdict[str, Counter[Mode]] = defaultdict(Counter)

    def connect(self, sid: str) -> None:
        """Note a new connection."""
        self._modes[sid] = {}
        metrics.CONNECTIONS.set(len(self._modes))

    def is_connected(self, sid: str) -> bool:
        """Tell whether this connection is still there."""
        return sid in self._modes

    def disconnect(self, sid: str) -> list[str]:
        """Forget a connection; return the races it followed."""
        races = list(self._modes.get(sid, ()))
        for race_id in races:
            self.unfollow(sid, race_id)
        self._modes.pop(sid, None)
        metrics.CONNECTIONS.set(len(self._modes))
        return races

    def follow(self, sid: str, race_id: str, mode: Mode) -> Mode | None:
        """Note that `sid` follows the race in `mode`; return the mode this replaces, None where it is new."""
        before = self._modes[sid].get(race_id)
        if before is not None:
            self._drop(race_id, before)
        self._modes[sid][race_id] = mode
        self._followers[race_id][mode] += 1
        return before

    def unfollow(self, sid: str, race_id: str) -> Mode | None:
        """Note that `sid` no longer follows the race; return the mode it had, None where it did not follow."""
        mode = self._modes.get(sid, {}).pop(race_id, None)
        if mode is not None:
            self._drop(race_id, mode)
        return mode

    def _drop(self, race_id: str, mode: Mode) -> None:
        modes = self._followers[race_id]
        modes[mode] -= 1
        if not +modes:
            del self._followers[race_id]

    def races_of(self, sid: str) -> list[str]:
        """Return the races this connection follows, in the order it asked for them."""
        return list(self._modes.get(sid, ()))

    def modes_of(self, race_id: str) -> set[Mode]:
        """Return the modes in which somebody here follows the race; empty where nobody does."""
        return set(+self._followers[race_id]) if race_id in self._followers else set()

    def count(self) -> int:
        """Return how many connections there are."""
        return len(self._modes)
