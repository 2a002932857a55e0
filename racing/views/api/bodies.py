"""What callers of the API may send, checked on arrival."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, TypeVar

from flask import request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from racing import prices
from racing.errors import InvalidInput, NotJson
from racing.services.card_fields import MOST_RUNNERS
from racing.services.odds import Quote
from racing.services.races import Placing
from racing.statuses import Betting, RaceStatus

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MOST_QUOTES, MOST_RACES = 2000, 200


def _only_numbers(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise PydanticCustomError("price", "A price must be a number.")
    return value


def _on_scale(price: Decimal) -> Decimal:
    try:
        return prices.check(price)
    except InvalidInput as error:
        raise PydanticCustomError("price", "{sentence}", {"sentence": error.message}) from error


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


class Body(BaseModel):
    """A JSON object; unknown keys are ignored. Text holds no control characters: PostgreSQL cannot keep a NUL.

    The fields named in `with_paragraphs` are the exception: whoever publishes them looks at their line breaks.
    """

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)
    with_paragraphs: ClassVar[frozenset[str]] = frozenset()

    @field_validator("*", mode="after")
    @classmethod
    def _printable(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str) and info.field_name not in cls.with_paragraphs and _CONTROL.search(value):
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
