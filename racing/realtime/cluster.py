"""The other workers: told of changes, given what was published, counted together with us."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from racing.realtime.connections import Connections
from racing.realtime.link import RedisLink
from racing.realtime.publisher import Publisher
from racing.realtime.standing import Broadcast

# A worker that has not been heard of for this long is counted no more.
GONE_AFTER_S = 5.0


class Share(NamedTuple):
    """What one worker has: how many connections, how many followers a race, how many connections an address."""

    connections: int
    races: Mapping[str, int]
    addresses: Mapping[str, int]


class Cluster:
    """All workers that share one Redis, as one of them sees it. Without a link it is alone."""

    def __init__(
        self, connections: Connections, publisher: Publisher, clock: Callable[[], float], link: RedisLink | None
    ) -> None:
        """`clock` returns seconds."""
        self._connections, self._publisher, self._clock, self._link = connections, publisher, clock, link
        self._heard: dict[str, tuple[float, Share]] = {}
        if link is not None:
            link.on("touch", self._hear_touch)
            link.on("board", self._hear_board)
            link.on("worker", self._hear_worker)
            link.on("gone", self._hear_gone)

    # --- changes ----------------------------------------------------------------------------------------------------

    def touch(self, race_id: str, version: int, *, urgent: bool) -> None:
        """Tell the other workers that a race has changed."""
        if self._link is not None:
            self._link.say("touch", raceId=race_id, version=version, urgent=urgent)

    def publish(self, broadcast: Broadcast) -> None:
        """Give the other workers what was published, for their rooms."""
        if self._link is not None:
            self._link.say("board", raceId=broadcast.race_id, board=broadcast.board, urgent=broadcast.urgent)

    def _hear_touch(self, message: Mapping[str, Any]) -> None:
        self._publisher.note(message["raceId"], message["version"], urgent=message["urgent"])

    def _hear_board(self, message: Mapping[str, Any]) -> None:
        self._publisher.hear(Broadcast(message["raceId"], message["board"], message["urgent"]))

    # --- who there is -----------------------------------------------------------------------------------------------

    def announce(self) -> None:
        """Say what this worker has."""
        if self._link is not None:
            own = self._own()
            self._link.say("worker", connections=own.connections, races=dict(own.races), addresses=dict(own.addresses))

    def leave(self) -> None:
        """Say that this worker ends: it is counted no more."""
        if self._link is not None:
            self._link.say("gone")

    def _hear_worker(self, message: Mapping[str, Any]) -> None:
        share = Share(message["connections"], message["races"], message["addresses"])
        self._heard[message["host_id"]] = self._clock(), share

    def _hear_gone(self, message: Mapping[str, Any]) -> None:
        self._heard.pop(message["host_id"], None)

    def _own(self) -> Share:
        return Share(self._connections.count(), self._connections.followers(), self._connections.addresses())

    def _shares(self) -> Iterable[Share]:
        now = self._clock()
        self._heard = {host: heard for host, heard in self._heard.items() if now - heard[0] <= GONE_AFTER_S}
        return [self._own(), *(share for _, share in self._heard.values())]

    def workers(self) -> int:
        """Return how many workers there are, this one included."""
        return len(list(self._shares()))

    def count(self) -> int:
        """Return how many connections all workers have."""
        return sum(share.connections for share in self._shares())

    def followers(self) -> Mapping[str, int]:
        """Return race id -> how many connections follow it, over all workers."""
        followers: Counter[str] = Counter()
        for share in self._shares():
            followers.update(share.races)
        return followers

    def count_from(self, address: str) -> int:
        """Return how many connections come from this address, over all workers."""
        return sum(share.addresses.get(address, 0) for share in self._shares())

    # --- duties of the loop -----------------------------------------------------------------------------------------

    def due_in(self) -> float | None:
        """Return None: it only looks round."""
        return None

    def do_due(self) -> None:
        """Do nothing: it only looks round."""

    def poll(self) -> None:
        """Let the others know of us."""
        self.announce()
