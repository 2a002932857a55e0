"""Reads what staff typed: prices, times, placings. What is wrong is told beside its field."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from racing import prices
from racing.errors import InvalidInput
from racing.services import card_fields
from racing.services.cards import SLUG
from racing.services.races import Placing
from racing.views.words import NO_PRICE

E = TypeVar("E", bound=StrEnum)
Form = Mapping[str, str]
LONGEST_TYPED = 20


def typed_price(text: str, stood: Decimal | None = None) -> Decimal | None:
    """Return the price in a field; empty or a dash is no price, "+1" a step from `stood`. Raises InvalidInput."""
    return prices.parse(text, stood) if text.strip() not in ("", "-", NO_PRICE) else None


def bookmaker_slug(text: str) -> str:
    """Return the bookmaker's slug. Raises InvalidInput where it is none."""
    slug = text.strip().lower().replace(" ", "-")
    if not SLUG.fullmatch(slug):
        raise InvalidInput("A bookmaker is written in small letters, digits and dashes, 64 at most.")
    return slug


def whole_number(text: str, refusal: str) -> int:
    """Return the number in a field that our own pages fill in. Raises InvalidInput with `refusal` where it is none."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 15:
        raise InvalidInput(refusal)
    return int(text)


def chosen(form: Form, name: str, vocabulary: type[E]) -> E:
    """Return the word chosen in a field. Raises InvalidInput where it is not of the vocabulary."""
    try:
        return vocabulary(form.get(name, ""))
    except ValueError as error:
        raise InvalidInput("Choose one of the words offered.") from error


def local_time(text: str, zone: ZoneInfo) -> datetime:
    """Return the aware instant of a datetime-local field in the course's zone. Raises InvalidInput."""
    return card_fields.off_time(text, zone)


def typed_placings(form: Form, runner_ids: list[str]) -> list[Placing]:
    """Return the placings as typed; a runner without a position was not placed.

    Raises InvalidInput, `fields` naming each wrong runner.
    """
    placings, wrong = [], {}
    for runner_id in runner_ids:
        position, sp = form.get(f"position-{runner_id}", "").strip(), form.get(f"sp-{runner_id}", "")
        if not position:
            continue
        try:
            placings.append(Placing(runner_id, _position(position), typed_price(sp)))
        except InvalidInput as error:
            wrong[runner_id] = error.message
    if wrong:
        raise InvalidInput("Nothing was written: look at the fields marked.", wrong)
    return sorted(placings, key=lambda placing: placing.position or 0)


def _position(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 2 or int(text) < 1:
        raise InvalidInput("A position is a whole number from 1.")
    return int(text)
