"""What callers of the API may send, checked on arrival."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)
from pydantic_core import PydanticCustomError

from racing import prices
from racing.errors import InvalidInput, NotJson
from racing.services.cards import RaceDeclared, RunnerDeclared
from racing.services.odds import Quote
from racing.services.races import Placing
from racing.statuses import Betting, RaceStatus

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MOST_QUOTES, MOST_RACES, MOST_RUNNERS = 2000, 200, 60


def _only_numbers(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise PydanticCustomError("price", "A price must be a number.")
    return value


def _on_scale(price: Decimal) -> Decimal:
    try:
        return prices.check(price)
    except InvalidInput as error:
        raise PydanticCustomError("price", "{sentence}", {"sentence": error.message}) from error


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a folder of zones ("America") is an OSError
        raise PydanticCustomError("time_zone", "There is no such time zone.") from error
    return name


def _in_years_of_racing(at: datetime) -> datetime:
    if not 1900 <= at.year <= 2200:
        raise PydanticCustomError("year", "The year must be from 1900 to 2200.")
    return at.astimezone(UTC)


Price = Annotated[Decimal, BeforeValidator(_only_numbers), AfterValidator(_on_scale)]
RaceId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
RunnerId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Version = Annotated[int, Field(ge=0, le=2**53, strict=True)]
Instant = Annotated[AwareDatetime, AfterValidator(_in_years_of_racing)]
Zone = Annotated[str, Field(max_length=40), AfterValidator(_known_zone)]


def _text(most: int) -> Any:
    return Annotated[str, Field(min_length=1, max_length=most)]


class Body(BaseModel):
    """A JSON object; unknown keys are ignored. Text holds no control characters: PostgreSQL cannot keep a NUL."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    @field_validator("*", mode="after")
    @classmethod
    def _printable(cls, value: Any) -> Any:
        if isinstance(value, str) and _CONTROL.search(value):
            raise PydanticCustomError("text", "Control characters are not taken.")
        return value


class QuoteBody(Body):
    """One price to write; `version` is that of the price the writer saw."""

    runnerId: RunnerId
    bookmaker: Slug | None = None
    price: Price | None
    version: Version | None = None

    def quote(self) -> Quote:
        """Return it as the service wants it."""
        return Quote(self.runnerId, self.price, self.bookmaker, self.version)


class OddsBody(Body):
    """`POST /races/{raceId}/odds`."""

    odds: Annotated[list[QuoteBody], Field(min_length=1, max_length=MOST_QUOTES)]
    expectedVersion: Version | None = None


class RaceOddsBody(Body):
    """The prices of one of several races."""

    raceId: RaceId
    odds: Annotated[list[QuoteBody], Field(min_length=1, max_length=MOST_QUOTES)]


class BooksBody(Body):
    """`POST /odds`."""

    races: Annotated[list[RaceOddsBody], Field(min_length=1, max_length=MOST_RACES)]


class StatusBody(Body):
    """`POST /races/{raceId}/status`."""

    status: RaceStatus


class BettingBody(Body):
    """`POST /races/{raceId}/betting`."""

    betting: Betting


class OffTimeBody(Body):
    """`POST /races/{raceId}/off-time`."""

    offTime: Instant


class EnquiryBody(Body):
    """`POST /races/{raceId}/enquiry`."""

    enquiry: Annotated[bool, Field(strict=True)]


class PlacingBody(Body):
    """One line of a result."""

    runnerId: RunnerId
    position: Annotated[int, Field(ge=1, le=MOST_RUNNERS, strict=True)]
    sp: Price | None = None


class ResultBody(Body):
    """`POST /races/{raceId}/result`."""

    placings: Annotated[list[PlacingBody], Field(min_length=1, max_length=MOST_RUNNERS)]

    def declared(self) -> list[Placing]:
        """Return it as the service wants it."""
        return [Placing(placing.runnerId, placing.position, placing.sp) for placing in self.placings]


class RunnerBody(Body):
    """A runner on a new card; numbers and weights may come as numbers."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, coerce_numbers_to_str=True)

    runnerId: RunnerId
    number: Annotated[str, Field(min_length=1, max_length=8)] | None = None
    name: _text(120)  # type: ignore[valid-type]
    draw: Annotated[int, Field(ge=1, le=99)] | None = None
    jockey: _text(120) | None = None  # type: ignore[valid-type]
    trainer: _text(120) | None = None  # type: ignore[valid-type]
    weight: _text(20) | None = None  # type: ignore[valid-type]
    age: Annotated[int, Field(ge=1, le=40)] | None = None
    form: Annotated[str, Field(max_length=40)] | None = None
    officialRating: Annotated[int, Field(ge=0, le=250)] | None = None
    silks: Annotated[str, Field(max_length=200)] | None = None

    def declared(self) -> RunnerDeclared:
        """Return it as the service wants it."""
        return RunnerDeclared(
            runner_id=self.runnerId,
            name=self.name,
            number=self.number,
            draw=self.draw,
            jockey=self.jockey,
            trainer=self.trainer,
            weight=self.weight,
            age=self.age,
            form=self.form,
            official_rating=self.officialRating,
            silks=self.silks,
        )


class RaceBody(Body):
    """`POST /races`."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, coerce_numbers_to_str=True)

    raceId: RaceId
    course: _text(80)  # type: ignore[valid-type]
    offTime: Instant
    title: _text(200)  # type: ignore[valid-type]
    distance: _text(40) | None = None  # type: ignore[valid-type]
    going: _text(60) | None = None  # type: ignore[valid-type]
    raceClass: _text(40) | None = None  # type: ignore[valid-type]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2,3}$")] | None = None
    timeZone: Zone | None = None
    runners: Annotated[list[RunnerBody], Field(min_length=1, max_length=MOST_RUNNERS)]

    def declared(self) -> RaceDeclared:
        """Return it as the service wants it."""
        return RaceDeclared(
            race_id=self.raceId,
            course=self.course,
            off_time=self.offTime,
            title=self.title,
            runners=[runner.declared() for runner in self.runners],
            distance=self.distance,
            going=self.going,
            race_class=self.raceClass,
            country=self.country,
            time_zone=self.timeZone,
        )


class LoginBody(Body):
    """`POST /auth/login`. A password may begin or end with a space."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=False)

    email: Annotated[str, Field(min_length=1, max_length=254)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


B = TypeVar("B", bound=Body)


def read(kind: type[B]) -> B:
    """Return the request's body as `kind`.

    Raises NotJson (400) where it is no JSON, InvalidInput (422) with a sentence for each field that is wrong.
    """
    try:
        return kind.model_validate_json(request.get_data())
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
        if wrong[0]["type"] == "json_invalid":
            raise NotJson("The body is not valid JSON.") from error
        fields = {".".join(str(part) for part in each["loc"]) or "body": each["msg"] for each in wrong}
        place, sentence = next(iter(fields.items()))
        more = f" ({len(fields) - 1} more)" if len(fields) > 1 else ""
        raise InvalidInput(f"{place}: {sentence}{more}", fields) from error
