"""The kinds of values that a body may hold: each refused in one sentence, which the OpenAPI document says of it too."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationError,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from racing import prices
from racing.errors import InvalidInput
from racing.services import card_fields

_INSTANT = r"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)$"


@dataclass(frozen=True, eq=False)
class Told:
    """Says of a value what it must be: in a refusal, and in the document. `schema` is what JSON Schema has of it."""

    sentence: str
    schema: Mapping[str, Any] = field(default_factory=dict)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Refuse in the sentence whatever the schema inside refuses."""
        return core_schema.no_info_wrap_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe it; where `schema` is given, by that alone."""
        return {**(self.schema or handler(core)), "description": self.sentence}

    def _checked(self, value: Any, inside: Callable[[Any], Any]) -> Any:
        try:
            return inside(value)
        except (ValidationError, InvalidInput) as error:
            raise refused("field", self.sentence) from error


def refused(kind: str, sentence: str) -> PydanticCustomError:
    """Return what a validator raises to refuse a value in a sentence."""
    return PydanticCustomError(kind, "{sentence}", {"sentence": sentence})  # type: ignore[arg-type]


def _only_numbers(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise InvalidInput("A price is a number.")
    return value


def _digits_are_a_number(value: Any) -> Any:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20:
        return int(value)
    return value


def _written_out(value: Any) -> Any:
    if not isinstance(value, str) or not re.match(_INSTANT, value):
        raise InvalidInput("An instant is written out.")
    return value


def _in_years_of_racing(at: datetime) -> datetime:
    if not 1900 <= at.year <= 2200:
        raise InvalidInput("The year must be from 1900 to 2200.")
    return at.astimezone(UTC)


Price = Annotated[
    Decimal,
    BeforeValidator(_only_numbers),
    AfterValidator(prices.check),
    Told(
        f"a number from {prices.LOWEST} to {prices.HIGHEST}, stake included, with at most 2 decimals",
        {"type": "number", "minimum": float(prices.LOWEST), "maximum": float(prices.HIGHEST)},
    ),
]
RaceId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", strip_whitespace=False),
    Told("small letters, digits and dashes, 64 at most, the first no dash"),
]
Slug = RaceId
RunnerId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$", strip_whitespace=False),
    Told("letters, digits, dots, dashes, colons and underscores, 64 at most, a letter or digit first"),
]
Version = Annotated[int, Field(ge=0, le=2**53, strict=True), Told("a version: a whole number from 0")]
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_written_out),
    AfterValidator(_in_years_of_racing),
    Told(
        "an instant as in 2026-11-24T14:05:00Z, with its zone, from 1900 to 2200",
        {"type": "string", "format": "date-time", "pattern": _INSTANT},
    ),
]
Zone = Annotated[
    str, Field(max_length=40), AfterValidator(card_fields.time_zone), Told("a time zone such as Europe/London")
]
Country = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z]{2,3}$", strip_whitespace=False),
    Told("a country in two or three capital letters, such as GB"),
]
Flag = Annotated[bool, Field(strict=True)]


def whole(least: int, most: int) -> Any:
    """Return the type of a whole number from `least` to `most`; digits in a text are one, too."""
    schema = {
        "anyOf": [
            {"type": "integer", "minimum": least, "maximum": most},
            {"type": "string", "pattern": r"^[0-9]{1,19}$"},
        ]
    }
    sentence = f"a whole number from {least} to {most}"
    return Annotated[
        int, BeforeValidator(_digits_are_a_number), Field(ge=least, le=most, strict=True), Told(sentence, schema)
    ]


def text(most: int, least: int = 1) -> Any:
    """Return the type of a text with so many characters."""
    return Annotated[str, StringConstraints(min_length=least, max_length=most)]
