"""The shapes on the wire, server to client (PROTOCOL, section 3): one typed dictionary each, and how it is made.

The types are what tests validate every payload against; at run time they are plain dictionaries and cost nothing.
"""

from datetime import UTC, datetime
from typing import Literal, NotRequired

# pydantic, which the tests validate with, wants the TypedDict of typing_extensions below Python 3.12.
from typing_extensions import TypedDict


class OddsEntry(TypedDict):
    """One bookmaker's price for one runner; decimal odds, null: no price. `version` is that of the change."""

    runnerId: str
    bookmaker: str
    price: float | None
    fractional: str | None
    previous: float | None
    version: int
    updatedAt: str


class RunnerChange(TypedDict):
    """What has become of a runner."""

    runnerId: str
    status: str
    version: int
    withdrawnAt: NotRequired[str]
    withdrawnPrice: NotRequired[float]
    position: NotRequired[int]
    sp: NotRequired[float]


class WirePlacing(TypedDict):
    """One line of a result; `position` is missing where a market says "placed" and no more."""

    runnerId: str
    position: NotRequired[int]
    sp: NotRequired[float]


class Result(TypedDict):
    """Who won and who was placed, in order."""

    placings: list[WirePlacing]


class RaceState(TypedDict):
    """Where the race stands; `version` is the one that last changed any of it."""

    status: str
    betting: str
    enquiry: bool
    offTime: str
    offAt: NotRequired[str]
    result: NotRequired[Result]
    version: int


class EachWay(TypedDict):
    """Each-way terms; `fraction` is null where it is win only."""

    places: int
    fraction: str | None


class Book(TypedDict):
    """What the prices add up to, in percent; `best` is null and `overround` empty while nothing is priced."""

    overround: dict[str, float]
    best: float | None
    rule4: int
    eachWay: EachWay


class Board(TypedDict):
    """All (image) or what changed in (base, version] (delta) of one race."""

    version: int
    base: int
    full: bool
    odds: list[OddsEntry]
    runners: list[RunnerChange]
    race: NotRequired[RaceState]
    book: Book
    updatedAt: str


class OddsUpdate(TypedDict):
    """Event `odds_update`."""

    type: Literal["odds_update"]
    raceId: str
    payload: Board
    timestamp: str


class StatusPayload(RaceState):
    """The state and the status before it. Its `version` is the race's when this was published."""

    previous: str


class RaceStatusMessage(TypedDict):
    """Event `race_status`: the bell; the state itself travels in every board."""

    type: Literal["race_status"]
    raceId: str
    payload: StatusPayload
    timestamp: str


class RaceHeartbeat(TypedDict):
    """Event `race_heartbeat`: everything up to `version` has been sent."""

    type: Literal["race_heartbeat"]
    raceId: str
    version: int
    timestamp: str


class SubscribedRace(TypedDict):
    """Event `subscribed`, to one race."""

    type: Literal["race"]
    raceId: str
    message: str
    version: int
    status: str


class Standing(TypedDict):
    """Where a race stands, in a word and a number."""

    raceId: str
    version: int
    status: str


class Rejected(TypedDict):
    """A race that could not be followed, and why (an error type)."""

    raceId: str
    type: str


class SubscribedRaces(TypedDict):
    """Event `subscribed`, to several races."""

    type: Literal["races"]
    raceIds: list[str]
    races: list[Standing]
    rejected: list[Rejected]
    message: str


class Unsubscribed(TypedDict):
    """Event `unsubscribed`."""

    type: Literal["race"]
    raceId: str
    message: str


class Subscriptions(TypedDict):
    """Event `subscriptions`."""

    type: Literal["subscriptions"]
    raceIds: list[str]


class Pong(TypedDict):
    """Event `pong`."""

    timestamp: str


class Error(TypedDict):
    """Event `error`; `type` is the reason."""

    type: str
    message: str
    event: NotRequired[str]
    raceId: NotRequired[str]
    retryAfterMs: NotRequired[int]


def instant(at: datetime) -> str:
    """Return `at` (aware) as the wire has it: ISO 8601, UTC, milliseconds, Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _now() -> str:
    return instant(datetime.now(UTC))


def odds_update(race_id: str, board: Board) -> OddsUpdate:
    """Return the event that carries `board`."""
    return {"type": "odds_update", "raceId": race_id, "payload": board, "timestamp": _now()}


def race_status(race_id: str, state: RaceState, previous: str, version: int) -> RaceStatusMessage:
    """Return the bell for a race that now stands at `state`, `previous` being the status told before."""
    payload: StatusPayload = {**state, "previous": previous, "version": version}
    return {"type": "race_status", "raceId": race_id, "payload": payload, "timestamp": _now()}


def race_heartbeat(race_id: str, version: int) -> RaceHeartbeat:
    """Return the heartbeat of a race whose rooms have everything up to `version`."""
    return {"type": "race_heartbeat", "raceId": race_id, "version": version, "timestamp": _now()}


def subscribed_race(race_id: str, version: int, status: str) -> SubscribedRace:
    """Return the answer to `subscribe_race`."""
    message = f"You follow race {race_id}."
    return {"type": "race", "raceId": race_id, "message": message, "version": version, "status": status}


def subscribed_races(standings: list[Standing], rejected: list[Rejected]) -> SubscribedRaces:
    """Return the answer to `subscribe_races`."""
    message = f"You follow {len(standings)} races." if len(standings) != 1 else "You follow 1 race."
    race_ids = [standing["raceId"] for standing in standings]
    return {"type": "races", "raceIds": race_ids, "races": standings, "rejected": rejected, "message": message}


def unsubscribed(race_id: str) -> Unsubscribed:
    """Return the answer to `unsubscribe_race`."""
    return {"type": "race", "raceId": race_id, "message": f"You no longer follow race {race_id}."}


def subscriptions(race_ids: list[str]) -> Subscriptions:
    """Return the answer to `get_subscriptions`."""
    return {"type": "subscriptions", "raceIds": race_ids}


def pong() -> Pong:
    """Return the answer to `ping`."""
    return {"timestamp": _now()}
