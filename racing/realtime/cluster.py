"""The other workers: told of changes, given what was published, counted together with us."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypedDict, cast

from flask import current_app

from racing import metrics
from racing.realtime.connections import Connections
from racing.realtime.counts import own_counts, own_delays
from racing.realtime.link import RedisLink
from racing.realtime.publisher import Publisher
from racing.realtime.standing import Broadcast

# A worker that has not been heard of for this long is counted no more.
GONE_AFTER_S = 5.0
ANNOUNCE_EVERY_S = 1.0


class Share(NamedTuple):
    """What one worker has: how many connections, how many followers a race, how many connections an address.

    `counts` is what it has done since it began (counts.py), `delays` how long its broadcasts took; `began` is in epoch
    seconds, `release` says which one it runs. These are empty where it is of the release before.
    """

    connections: int
    races: Mapping[str, int]
    addresses: Mapping[str, int]
    counts: Mapping[str, int]
    delays: Sequence[int] = ()
    began: int = 0
    release: str = ""


class SubscriptionStats(TypedDict):
    """Who follows what, over all workers. `raceRooms`: race id -> connections that follow it."""

    totalConnections: int
    totalRooms: int
    raceRooms: dict[str, int]


class Cluster:
    """All workers that share one Redis, as one of them sees it. Without a link it is alone."""

    def __init__(
        self,
        connections: Connections,
        publisher: Publisher,
        clock: Callable[[], float],
        link: RedisLink | None,
        release: str = "",
        named: Callable[[str], str] = str,
    ) -> None:
        """`clock` returns seconds; the others are told that we run `release`, and addresses by what `named` returns."""
        self._named = named
        self._began, self._release = round(time.time()), release
        self._connections, self._publisher, self._clock, self._link = connections, publisher, clock, link
        self._heard: dict[str, tuple[float, Share]] = {}
        self.own_id = link.host_id if link is not None else "alone"
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
            said = {"raceId": broadcast.race_id, "board": broadcast.board, "urgent": broadcast.urgent}
            self._link.say("board", at=time.time(), **said)

    def _hear_touch(self, message: Mapping[str, Any]) -> None:
        self._publisher.note(message["raceId"], message["version"], urgent=message["urgent"])

    def _hear_board(self, message: Mapping[str, Any]) -> None:
        if "at" in message:
            metrics.LINK_SECONDS.observe(max(0.0, time.time() - message["at"]))
        self._publisher.hear(Broadcast(message["raceId"], message["board"], message["urgent"]))

    # --- who there is -----------------------------------------------------------------------------------------------

    def announce(self) -> None:
        """Say what this worker has, and note how many there are."""
        metrics.WORKERS.set(self.workers())
        if self._link is not None:
            self._link.say("worker", **self._counted()._asdict())

    def leave(self) -> None:
        """Say that this worker ends: it is counted no more."""
        if self._link is not None:
            self._link.say("gone")

    def _hear_worker(self, message: Mapping[str, Any]) -> None:
        races, addresses, counts = (
            {key: int(count) for key, count in dict(message.get(name, {})).items()}
            for name in ("races", "addresses", "counts")
        )
        delays = [int(count) for count in message.get("delays", ())]
        began, release = int(message.get("began", 0)), str(message.get("release", ""))
        share = Share(int(message["connections"]), races, addresses, counts, delays, began, release)
        self._heard[message["host_id"]] = self._clock(), share

    def _hear_gone(self, message: Mapping[str, Any]) -> None:
        self._heard.pop(message["host_id"], None)

    def _own(self) -> Share:
        here = self._connections
        addresses = {self._named(address): count for address, count in here.addresses().items()}
        return Share(here.count(), here.followers(), addresses, {})

    def _counted(self) -> Share:
        return self._own()._replace(counts=own_counts(), delays=own_delays(), began=self._began, release=self._release)

    def _heard_lately(self) -> Mapping[str, Share]:
        now = self._clock()
        self._heard = {host: heard for host, heard in self._heard.items() if now - heard[0] <= GONE_AFTER_S}
        return {host: share for host, (_, share) in self._heard.items()}

    def _shares(self) -> Iterable[Share]:
        return [self._own(), *self._heard_lately().values()]

    def shares(self) -> Mapping[str, Share]:
        """Return worker id -> what it has, this worker first."""
        return {self.own_id: self._counted(), **self._heard_lately()}

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
        named, others = self._named(address), self._heard_lately().values()
        return self._connections.count_from(address) + sum(share.addresses.get(named, 0) for share in others)

    def subscription_stats(self) -> SubscriptionStats:
        """Return who follows what, over all workers."""
        races = dict(self.followers())
        return {"totalConnections": self.count(), "totalRooms": len(races), "raceRooms": races}

    def run(self, sleep: Callable[[float], None]) -> None:
        """Let the others know of us while this worker lives, also while its database keeps its loop waiting."""
        while True:
            self.announce()
            sleep(ANNOUNCE_EVERY_S)


def get_subscription_stats() -> SubscriptionStats:
    """Return who follows what, over all workers of the current application."""
    return cast(Cluster, current_app.extensions["cluster"]).subscription_stats()
