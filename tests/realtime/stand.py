"""A publisher on its own: races kept in memory, a clock that is stepped, and all it emits in a list."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from racing.realtime import shapes
from racing.realtime.connections import Connections
from racing.realtime.heartbeat import Heartbeat
from racing.realtime.publisher import Publisher
from racing.realtime.rooms import Mode, Variant
from racing.realtime.standing import Standing

INTERVAL_S = 1.0
START_S = 1000.0
BOOK: shapes.Book = {"overround": {}, "best": None, "rule4": 0, "eachWay": {"places": 1, "fraction": None}}


class DatabaseAway(Exception):
    """The reading of a board or of the standings failed."""


class Emitted(NamedTuple):
    """One message to one room, when, and whether it may wait for others that leave at the same time."""

    at: float
    event: str
    room: str
    message: Mapping[str, Any]
    is_together: bool

    @property
    def versions(self) -> tuple[int, int]:
        """What a board spans: (base, version]."""
        return self.message["payload"]["base"], self.message["payload"]["version"]


@dataclass
class Kept:
    """What the database would keep of one race."""

    version: int = 0
    state_version: int = 0
    status: str = "DORMANT"
    prices: dict[str, tuple[float, int]] = field(default_factory=dict)


class Stand:
    """One worker with its followers, without a server or a database."""

    def __init__(self) -> None:
        self.now = START_S
        self.races: dict[str, Kept] = {}
        self.emitted: list[Emitted] = []
        self.boards_read: list[str] = []
        self.readings = 0
        self.is_together = False
        self.standings_asked: list[list[str]] = []
        self.away: set[str] = set()
        self.woken = 0
        self.on_emit: Callable[[], object] = lambda: None
        self.connections = Connections()
        self.publisher = Publisher(
            self.connections,
            self.several,
            self.standings,
            self.emit,
            lambda: self.now,
            INTERVAL_S,
            self.wake,
            self.together,
        )
        self.heartbeat = Heartbeat(self.publisher, self.standings, self.emit, self.together)

    @contextmanager
    def together(self) -> Iterator[None]:
        self.is_together = True
        yield
        self.is_together = False

    def wake(self) -> None:
        self.woken += 1

    # --- what the publisher is handed --------------------------------------------------------------------------------

    def board(self, race_id: str, since: int | None) -> shapes.Board:
        self.boards_read.append(race_id)
        if race_id in self.away:
            raise DatabaseAway(race_id)
        race = self.races[race_id]
        delta = since is not None and since <= race.version
        after = since if delta and since is not None else -1
        made: shapes.Board = {
            "version": race.version, "base": max(after, 0), "full": not delta,
            "odds": [_entry(runner, *held) for runner, held in race.prices.items() if held[1] > after],
            "runners": [], "book": BOOK, "updatedAt": "2030-06-01T13:05:00.000Z",
        }  # fmt: skip
        if race.state_version > after:
            made["race"] = {
                "status": race.status, "betting": "open", "enquiry": False,
                "offTime": "2030-06-01T13:05:00.000Z", "version": race.state_version,
            }  # fmt: skip
        return made

    def several(self, asked: Mapping[str, int | None]) -> Mapping[str, shapes.Board]:
        self.readings += 1
        return {race_id: self.board(race_id, since) for race_id, since in asked.items()}

    def standings(self, race_ids: Collection[str]) -> Mapping[str, Standing]:
        self.standings_asked.append(list(race_ids))
        if "standings" in self.away:
            raise DatabaseAway("standings")
        return {race_id: self.standing(race_id) for race_id in race_ids if race_id in self.races}

    def emit(self, event: str, message: Mapping[str, Any], *, to: str) -> None:
        self.emitted.append(Emitted(self.now, event, to, message, self.is_together))
        self.on_emit()

    # --- what happens ------------------------------------------------------------------------------------------------

    def standing(self, race_id: str) -> Standing:
        race = self.races[race_id]
        return Standing(race.version, race.state_version, race.status)

    def follow(self, race_id: str, mode: Mode = "delta", sid: str = "punter") -> None:
        """Let a punter follow a race, which begins to exist with that."""
        self.races.setdefault(race_id, Kept())
        if not self.connections.is_connected(sid):
            self.connections.connect(sid)
        self.connections.follow(sid, race_id, Variant(mode))
        self.publisher.follow(race_id, self.standing(race_id))

    def price(self, race_id: str, price: float = 3.0, runner: str = "1", *, told: bool = True) -> None:
        """Commit a price; `told` says whether this process did, and so touches its publisher."""
        race = self.races[race_id]
        race.version += 1
        race.prices[runner] = (price, race.version)
        if told:
            self.publisher.touch(race_id, race.version)

    def status(self, race_id: str, status: str, *, told: bool = True) -> None:
        """Commit a status, which is urgent."""
        race = self.races[race_id]
        race.version += 1
        race.state_version, race.status = race.version, status
        if told:
            self.publisher.touch(race_id, race.version, urgent=True)

    def step_to(self, seconds: float) -> None:
        """Let time pass to `seconds` after the start, publishing whatever falls due on the way."""
        end = START_S + seconds
        while (due := self.publisher.next_due()) is not None and due <= end:
            self.now = max(self.now, due)
            self.publisher.publish_due()
        self.now = end

    def sent(self, event: str = "odds_update") -> list[Emitted]:
        """Return the messages of one event, in order."""
        return [emitted for emitted in self.emitted if emitted.event == event]

    def sent_at(self, event: str = "odds_update") -> list[float]:
        """Return when they left, in seconds after the start."""
        return [emitted.at - START_S for emitted in self.sent(event)]


def _entry(runner: str, price: float, version: int) -> shapes.OddsEntry:
    return {
        "runnerId": runner, "bookmaker": "house", "price": price, "fractional": None, "previous": None,
        "version": version, "updatedAt": "2030-06-01T13:05:00.000Z",
    }  # fmt: skip
