"""The shapes on the wire, server to client (PROTOCOL, section 3): one typed dictionary each.

The types are what tests validate every payload against and what the AsyncAPI document is made from; at run time they
are plain dictionaries and cost nothing.
"""

from typing import Annotated, Literal, NotRequired

from pydantic import Field

# pydantic wants the TypedDict of typing_extensions below Python 3.12.
from typing_extensions import TypedDict

from racing.statuses import Betting, RaceStatus, RunnerStatus

INSTANT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"
Instant = Annotated[str, Field(pattern=INSTANT, json_schema_extra={"format": "date-time"})]
"""ISO 8601, UTC, milliseconds, Z."""
StatusWord = Annotated[str, Field(json_schema_extra={"enum": [word.value for word in RaceStatus]})]
BettingWord = Annotated[str, Field(json_schema_extra={"enum": [word.value for word in Betting]})]
RunnerWord = Annotated[str, Field(json_schema_extra={"enum": [word.value for word in RunnerStatus]})]
Reason = Literal[
    "invalid_payload",
    "unknown_race",
    "rate_limited",
    "too_many_subscriptions",
    "too_many_connections",
    "unauthorized",
    "token_invalid",
    "token_expired",
    "server_error",
]
"""Why an `error` is sent."""


class OddsEntry(TypedDict):
    """One bookmaker's price for one runner; decimal odds, null: no price. `version` is that of the change."""

    runnerId: str
    bookmaker: str
    price: float | None
    fractional: str | None
    previous: float | None
    version: int
    updatedAt: Instant


class RunnerChange(TypedDict):
    """What has become of a runner."""

    runnerId: str
    status: RunnerWord
    version: int
    withdrawnAt: NotRequired[Instant]
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
    """Where the race stands; `version` is the one that last changed any of it.

    `cardVersion` is the one that last changed the card, missing while that is as it was declared: whoever holds names,
    title or going from before asks for the race anew.
    """

    status: StatusWord
    betting: BettingWord
    enquiry: bool
    offTime: Instant
    offAt: NotRequired[Instant]
    result: NotRequired[Result]
    cardVersion: NotRequired[int]
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
    updatedAt: Instant


class OddsUpdate(TypedDict):
    """Event `odds_update`."""

    type: Literal["odds_update"]
    raceId: str
    payload: Board
    timestamp: Instant


class StatusPayload(RaceState):
    """The state and the status before it. Its `version` is the race's when this was published."""

    previous: StatusWord


class RaceStatusMessage(TypedDict):
    """Event `race_status`: the bell; the state itself travels in every board."""

    type: Literal["race_status"]
    raceId: str
    payload: StatusPayload
    timestamp: Instant


class RaceHeartbeat(TypedDict):
    """Event `race_heartbeat`: everything up to `version` has been sent."""

    type: Literal["race_heartbeat"]
    raceId: str
    version: int
    timestamp: Instant


class SubscribedRace(TypedDict):
    """Event `subscribed`, to one race."""

    type: Literal["race"]
    raceId: str
    message: str
    version: int
    status: StatusWord


class Standing(TypedDict):
    """Where a race stands, in a word and a number."""

    raceId: str
    version: int
    status: StatusWord


class Rejected(TypedDict):
    """A race that could not be followed, and why (an error type)."""

    raceId: str
    type: Reason


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

    timestamp: Instant


class Error(TypedDict):
    """Event `error`; `type` is the reason."""

    type: Reason
    message: str
    event: NotRequired[str]
    raceId: NotRequired[str]
    retryAfterMs: NotRequired[int]


class NewsPayload(TypedDict):
    """An article, in short; `url` is a path of this site, `raceId` is missing where it is about no one race."""

    id: int
    title: str
    summary: str
    url: str
    raceId: NotRequired[str]
    publishedAt: Instant


class NewsUpdate(TypedDict):
    """Event `news_update`: published, to everybody connected."""

    type: Literal["news_update"]
    payload: NewsPayload
    timestamp: Instant


class NotificationPayload(TypedDict):
    """A word to one user; `url` is null where there is nothing to open."""

    id: int
    kind: str
    title: str
    body: str
    url: str | None
    createdAt: Instant


class Notification(TypedDict):
    """Event `notification`, to all connections of one user and to nobody else."""

    type: Literal["notification"]
    payload: NotificationPayload
    timestamp: Instant


class Replayed(TypedDict):
    """The acknowledgement of `replay`: how many of each were sent, and whether there are more to ask for."""

    news: int
    notifications: int
    more: bool


class Authenticated(TypedDict):
    """Event `authenticated`: whose connection this is now, until when."""

    type: Literal["authenticated"]
    userId: int
    expiresAt: Instant


class ServerRestart(TypedDict):
    """Event `server_restart`: this worker is going down; come back after that delay, which differs by connection."""

    type: Literal["server_restart"]
    retryAfterMs: int
