"""The shapes that the API answers in: one typed dictionary each. The OpenAPI document is made from them.

At run time they are plain dictionaries and cost nothing; an answer may carry more keys than are named here.
"""

from typing import Any, NotRequired

# pydantic wants the TypedDict of typing_extensions below Python 3.12.
from typing_extensions import TypedDict

from racing.realtime.shapes import (
    BettingWord,
    Book,
    Instant,
    NewsPayload,
    NotificationPayload,
    OddsEntry,
    Result,
    RunnerWord,
    StatusWord,
)


class RaceSummary(TypedDict):
    """What a list says of a race; null where nothing is known."""

    raceId: str
    course: str
    country: str | None
    timeZone: str
    title: str
    distance: str | None
    going: str | None
    raceClass: str | None
    prize: str | None
    offTime: Instant
    offAt: Instant | None
    status: StatusWord
    betting: BettingWord
    enquiry: bool
    version: int


class RunnerCard(TypedDict):
    """A runner as it stands on the card, and what has become of it. A plain cloth number is a number, "1A" a string."""

    runnerId: str
    number: int | str | None
    name: str
    draw: int | None
    jockey: str | None
    trainer: str | None
    weight: str | None
    age: int | None
    form: str | None
    officialRating: int | None
    silks: str | None
    claim: int | None
    headgear: str | None
    courseDistance: str | None
    status: NotRequired[RunnerWord]
    version: NotRequired[int]
    withdrawnAt: NotRequired[Instant]
    withdrawnPrice: NotRequired[float]
    position: NotRequired[int]
    sp: NotRequired[float]


class RaceInFull(RaceSummary):
    """A race with its runners, prices and book."""

    result: Result | None
    runners: list[RunnerCard]
    odds: list[OddsEntry]
    book: Book


class RaceList(TypedDict):
    """Races, by off time."""

    races: list[RaceSummary]


class HistoryEntry(TypedDict):
    """One change of one price; null: no price any more."""

    runnerId: str
    bookmaker: str
    price: float | None
    version: int
    at: Instant


class History(TypedDict):
    """The newest price changes of a race, oldest first."""

    history: list[HistoryEntry]


class Written(TypedDict):
    """The race's version, committed."""

    version: int


class PriceWarning(TypedDict):
    """Something about prices just written that a trader would be asked about; they are written all the same."""

    kind: str
    runnerId: NotRequired[str | None]
    bookmaker: NotRequired[str | None]
    message: str


class PricesWritten(Written):
    """The race's version, committed, and what looks odd about the prices."""

    warnings: NotRequired[list[PriceWarning]]


class RaceWritten(PricesWritten):
    """One race of several."""

    raceId: str


class RacesWritten(TypedDict):
    """The races' versions, committed, in the order asked."""

    races: list[RaceWritten]
    warnings: NotRequired[list[PriceWarning]]


class Tokens(TypedDict):
    """What a user writes with, until `expiresAt`, and what it gets new ones for."""

    accessToken: str
    refreshToken: str
    expiresAt: Instant


class Sentence(TypedDict):
    """A word to whoever asked."""

    message: str


class ArticlePublished(NewsPayload):
    """The article as it is on the site."""

    slug: str
    body: str


class UserTold(NotificationPayload):
    """What one user was told, and which."""

    userId: int


class Unread(TypedDict):
    """How many notifications a user has not read."""

    unread: int


class UnreadList(Unread):
    """A user's unread notifications, oldest first, at most 100."""

    notifications: list[NotificationPayload]


class WhatIsWrong(TypedDict):
    """Why a request was refused: a word for machines, a sentence for people, and place -> sentence where it has parts.

    In a `stale_price` each place holds the price as it now is.
    """

    type: str
    message: str
    fields: NotRequired[dict[str, Any]]


class Error(TypedDict):
    """A refusal. Nothing has changed."""

    error: WhatIsWrong
