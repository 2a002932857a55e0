"""What callers of the API may send, checked on arrival."""

import re
from typing import Annotated, Any, ClassVar, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from racing.errors import InvalidInput, NotJson
from racing.services.card_fields import MOST_RUNNERS
from racing.services.odds import Quote
from racing.services.races import Placing
from racing.statuses import Betting, RaceStatus
from racing.views.api.fields import Flag, Instant, Price, RaceId, RunnerId, Slug, Version, refused, text
from racing.views.api.sentences import by_place

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MOST_QUOTES, MOST_RACES = 2000, 200
GOING = "going good to firm"  # what the document shows as a password


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
            raise refused("text", "a text without control characters")
        return value


def as_in(example: dict[str, Any], **config: Any) -> ConfigDict:
    """Return the configuration of a body that the document shows by this example."""
    return ConfigDict(json_schema_extra={"examples": [example]}, **config)  # type: ignore[typeddict-item]


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

    model_config = as_in({"odds": [{"runnerId": "7", "bookmaker": "tote", "price": 3.75}], "expectedVersion": 41})

    odds: Annotated[list[QuoteBody], Field(min_length=1, max_length=MOST_QUOTES)]
    expectedVersion: Version | None = None


class RaceOddsBody(Body):
    """The prices of one of several races."""

    raceId: RaceId
    odds: Annotated[list[QuoteBody], Field(min_length=1, max_length=MOST_QUOTES)]


class BooksBody(Body):
    """`POST /odds`."""

    model_config = as_in(
        {"races": [{"raceId": "ascot-1430", "odds": [{"runnerId": "7", "bookmaker": "tote", "price": 3.75}]}]}
    )

    races: Annotated[list[RaceOddsBody], Field(min_length=1, max_length=MOST_RACES)]


class StatusBody(Body):
    """`POST /races/{raceId}/status`."""

    model_config = as_in({"status": "GOINGDOWN"})

    status: RaceStatus


class BettingBody(Body):
    """`POST /races/{raceId}/betting`."""

    model_config = as_in({"betting": "suspended"})

    betting: Betting


class OffTimeBody(Body):
    """`POST /races/{raceId}/off-time`."""

    model_config = as_in({"offTime": "2026-11-24T14:35:00Z"})

    offTime: Instant


class EnquiryBody(Body):
    """`POST /races/{raceId}/enquiry`."""

    model_config = as_in({"enquiry": True})

    enquiry: Flag


class PlacingBody(Body):
    """One line of a result."""

    runnerId: RunnerId
    position: Annotated[int, Field(ge=1, le=MOST_RUNNERS, strict=True)]
    sp: Price | None = None


class ResultBody(Body):
    """`POST /races/{raceId}/result`."""

    model_config = as_in({"placings": [{"runnerId": "7", "position": 1, "sp": 4.5}, {"runnerId": "2", "position": 2}]})

    placings: Annotated[list[PlacingBody], Field(min_length=1, max_length=MOST_RUNNERS)]

    def declared(self) -> list[Placing]:
        """Return it as the service wants it."""
        return [Placing(placing.runnerId, placing.position, placing.sp) for placing in self.placings]


class LoginBody(Body):
    """`POST /auth/login`. A password may begin or end with a space."""

    model_config = as_in({"email": "feed@example.org", "password": GOING}, str_strip_whitespace=False)

    email: text(254)  # type: ignore[valid-type]
    password: text(200)  # type: ignore[valid-type]


B = TypeVar("B", bound=Body)


def read(kind: type[B]) -> B:
    """Return the request's body as `kind`.

    Raises NotJson (400) where it is no JSON, InvalidInput (422) with a sentence for each field that is wrong.
    """
    try:
        return kind.model_validate_json(request.get_data())
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False)[0]["type"] == "json_invalid":
            raise NotJson("The body is not valid JSON.") from error
        fields = by_place(error)
        place, sentence = next(iter(fields.items()))
        more = f" ({len(fields) - 1} more)" if len(fields) > 1 else ""
        raise InvalidInput(f"{place}: {sentence}{more}", fields) from error
