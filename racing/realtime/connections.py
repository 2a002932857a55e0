"""Who is connected to this worker, from where, and which races each of them follows."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from sys import intern

from racing import metrics
from racing.realtime.rooms import Variant

Races = Mapping[str, Variant]
_NONE: Races = {}


class Connections:
    """The subscriptions of this worker's connections. It knows no rooms or sockets: views/live keeps both in step.

    Most connections follow one race: all who follow it in one way share the mapping that says so, which nobody changes.
    """

    def __init__(self) -> None:
        """Start with nobody connected."""
        self._followed: dict[str, Races] = {}
        self._addresses: dict[str, str] = {}
        self._connected_from: Counter[str] = Counter()
        self._followers: defaultdict[str, Counter[Variant]] = defaultdict(Counter)
        self._alone: dict[tuple[str, Variant], Races] = {}

    def connect(self, sid: str, address: str = "") -> None:
        """Note a new connection from `address`, as limits count it."""
        address = intern(address)
        self._followed[sid], self._addresses[sid] = _NONE, address
        self._connected_from[address] += 1
        metrics.CONNECTIONS.set(len(self._followed))

    def __len__(self) -> int:
        """Return how many are connected."""
        return len(self._followed)

    def is_connected(self, sid: str) -> bool:
        """Tell whether this connection is still there."""
        return sid in self._followed

    def address_of(self, sid: str) -> str:
        """Return where a connection comes from; "" where it has gone."""
        return self._addresses.get(sid, "")

    def disconnect(self, sid: str) -> list[str]:
        """Forget a connection; return the races it followed."""
        races = self.races_of(sid)
        for race_id in races:
            self.unfollow(sid, race_id)
        if self._followed.pop(sid, None) is not None:
            address = self._addresses.pop(sid)
            self._connected_from[address] -= 1
            if not self._connected_from[address]:
                del self._connected_from[address]
        metrics.CONNECTIONS.set(len(self._followed))
        return races

    def follow(self, sid: str, race_id: str, variant: Variant) -> Variant | None:
        """Note that `sid` follows the race so; return the variant this replaces, None where it is new."""
        held = self._followed[sid]
        before = held.get(race_id)
        if before == variant:
            return before
        if before is not None:
            self._drop(race_id, before)
        else:
            metrics.SUBSCRIPTIONS.inc()
        self._followers[race_id][variant] += 1
        alone = self._alone.setdefault((race_id, variant), {race_id: variant})
        self._followed[sid] = {**held, **alone} if held.keys() - {race_id} else alone
        return before

    def unfollow(self, sid: str, race_id: str) -> Variant | None:
        """Note that `sid` no longer follows the race; return how it did, None where it did not."""
        held = self._followed.get(sid, _NONE)
        variant = held.get(race_id)
        if variant is not None:
            self._followed[sid] = {other: how for other, how in held.items() if other != race_id} or _NONE
            metrics.SUBSCRIPTIONS.dec()
            self._drop(race_id, variant)
        return variant

    def _drop(self, race_id: str, variant: Variant) -> None:
        variants = self._followers[race_id]
        variants[variant] -= 1
        if not variants[variant]:
            del variants[variant], self._alone[race_id, variant]
        if not variants:
            del self._followers[race_id]

    def races_of(self, sid: str) -> list[str]:
        """Return the races this connection follows, in the order it asked for them."""
        return list(self._followed.get(sid, ()))

    def variants_of(self, race_id: str) -> set[Variant]:
        """Return how the race is followed here; empty where nobody does."""
        return set(self._followers.get(race_id, ()))

    def count(self) -> int:
        """Return how many connections there are."""
        return len(self._followed)

    def count_from(self, address: str) -> int:
        """Return how many of them come from this address."""
        return self._connected_from[address]

    def addresses(self) -> Mapping[str, int]:
        """Return address -> how many connections come from it."""
        return dict(self._connected_from)

    def followers(self) -> Mapping[str, int]:
        """Return race id -> how many connections follow it."""
        return {race_id: variants.total() for race_id, variants in self._followers.items()}

    def sids(self) -> list[str]:
        """Return all connections."""
        return list(self._followed)
