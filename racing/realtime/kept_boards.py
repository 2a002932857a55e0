"""The boards that subscriptions are answered with: read once for all who come at about the same time.

Whoever is answered has joined the race's rooms before. A board of version V that was read earlier is then as good as
one that is read now, where

- nothing that this worker has sent or heard of is beyond V: whatever is still to come begins at V or below;
- it was seen to be the database's no longer than a moment ago: what another process writes without a word is
  missed no longer than that, and is then sent as to everybody else;
- the client does not hold more already, from another worker or a page: the answer would take it back.

A board that was begun to be read after a client has joined is as good whatever happens meanwhile.
"""

from collections.abc import Callable, Collection, Mapping

from racing import metrics
from racing.realtime import messages, shapes
from racing.realtime.publisher import Publisher
from racing.realtime.rooms import Encoding, Variant
from racing.realtime.single_flight import SingleFlight
from racing.realtime.standing import ReadBoard, ReadStandings, Standing

# Within this a writer in another process, without Redis, may still be shown what was before.
FRESH_FOR_S = 0.025
MOST_KEPT = 64
MOST_MESSAGES = 8
_KEPT, _READ = (metrics.SUBSCRIPTION_BOARDS.labels(way) for way in ("kept", "read"))


class _Kept:
    """An image, when it was last known to be the database's, and the messages that were made of it since."""

    __slots__ = ("image", "made", "past", "seen_at", "standing")

    def __init__(self, image: shapes.Board, seen_at: float, past: int) -> None:
        self.image, self.seen_at, self.past = image, seen_at, past
        state = image["race"]
        self.standing = Standing(image["version"], state["version"], state["status"])
        self.made: dict[tuple[int | None, Encoding], messages.Shared | bytes] = {}


class KeptBoards:
    """Answers subscriptions for one worker."""

    def __init__(
        self,
        publisher: Publisher,
        read_board: ReadBoard,
        read_standings: ReadStandings,
        clock: Callable[[], float],
    ) -> None:
        """`publisher` says what was sent; `clock` returns seconds."""
        self._publisher, self._read_standings, self._clock = publisher, read_standings, clock
        self._read_board = read_board
        self._images = SingleFlight(self._read_image, clock)
        self._kept: dict[str, _Kept] = {}

    def standings(self, race_ids: Collection[str]) -> Mapping[str, Standing]:
        """Return where each of these races stands; a race that is not there is left out."""
        at_hand = {race_id: kept.standing for race_id in race_ids if (kept := self._at_hand(race_id)) is not None}
        unknown = [race_id for race_id in race_ids if race_id not in at_hand]
        if not unknown:
            return at_hand
        now, past = self._clock(), self._publisher.pasts
        read = self._read_standings(unknown)
        for race_id, standing in read.items():
            self._confirm(race_id, standing, now, past)
        return {**at_hand, **read}

    def update(self, race_id: str, since: int | None, variant: Variant) -> messages.Shared | bytes | None:
        """Return what brings up to date a subscriber that holds version `since`; None where it is so already.

        It has joined the race's rooms. Raises RaceNotFound.
        """
        kept = self._at_hand(race_id)
        if kept is None or kept.standing.version < (since or 0):
            kept = self._read(race_id, since or 0)
        else:
            _KEPT.inc()
        return _message(race_id, kept, since if variant.mode == "delta" else None, variant.encoding)

    # --- what is kept -------------------------------------------------------------------------------------------------

    def _at_hand(self, race_id: str) -> _Kept | None:
        """Return the race's board where it can be answered with."""
        kept = self._kept.get(race_id)
        return kept if kept is not None and self._is_good(race_id, kept) else None

    def _is_good(self, race_id: str, kept: _Kept) -> bool:
        return self._clock() - kept.seen_at <= FRESH_FOR_S and self._covers(race_id, kept)

    def _covers(self, race_id: str, kept: _Kept) -> bool:
        known = self._publisher.known(race_id)
        return known is not None and known <= kept.standing.version and kept.past == self._publisher.pasts

    def _confirm(self, race_id: str, standing: Standing, now: float, past: int) -> None:
        """Keep a board for another moment, where the database said at `now` that it is still the one."""
        kept = self._kept.get(race_id)
        if kept is not None and kept.standing == standing and now > kept.seen_at:
            # Its messages are made anew: they carry the time.
            kept.seen_at, kept.past, kept.made = now, past, {}

    def _read(self, race_id: str, since: int) -> _Kept:
        """Return the board as the database has it, read by whoever comes first for all who wait for it."""
        joined_at = self._clock()
        kept = self._images.get(race_id, joined_at - FRESH_FOR_S)
        if kept.seen_at < joined_at and not (self._covers(race_id, kept) and since <= kept.standing.version):
            kept = self._images.get(race_id, joined_at)
        return kept

    def _read_image(self, race_id: str) -> _Kept:
        began_at, past = self._clock(), self._publisher.pasts
        kept = _Kept(self._read_board(race_id, None), began_at, past)
        self._kept.pop(race_id, None)
        self._kept[race_id] = kept
        if len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]  # the one that was read the longest ago
        _READ.inc()
        return kept


def _message(race_id: str, kept: _Kept, since: int | None, encoding: Encoding) -> messages.Shared | bytes | None:
    """Return the message that lifts `since` (None: nothing, or whatever it is) to the kept board."""
    version = kept.standing.version
    if since == version:
        return None
    if since is not None and since > version:
        since = None  # the database was restored: the image replaces all
    made = kept.made.get((since, encoding))
    if made is None:
        board = kept.image if since is None else messages.delta_of(kept.image, since)
        made = messages.encoded(messages.Shared(messages.odds_update(race_id, board)), encoding)
        if len(kept.made) < MOST_MESSAGES:
            kept.made[since, encoding] = made
    return made
