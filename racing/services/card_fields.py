"""What the fields of a card may hold, read from the text of a form or a file. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from racing.errors import InvalidInput
from racing.services import card_marks

MOST_RUNNERS: Final = 60
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_WHOLE_NUMBER = re.compile(r"(\d{1,6})(?:\.0+)?")  # a spreadsheet writes 4 as "4.0"
_RACE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_RUNNER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_COUNTRY = re.compile(r"[A-Z]{2,3}")


class CardField(NamedTuple):
    """A field by its name in the API, as our classes call it, in words, and what its text says (InvalidInput)."""

    name: str
    attribute: str
    label: str
    read: Callable[[str], Any]
    is_needed: bool = False


def off_time(text: str, zone: ZoneInfo) -> datetime:
    """Return the aware instant of an off time in ISO 8601, without a zone of its own that of `zone`.

    Raises InvalidInput.
    """
    try:
        typed = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInput("Write the off time as a date and a time, such as 2026-11-24 14:05.") from error
    if not 1900 <= typed.year <= 2200:
        raise InvalidInput("The year must be from 1900 to 2200.")
    return typed if typed.tzinfo else typed.replace(tzinfo=zone)


def time_zone(name: str) -> str:
    """Return the name of a time zone that there is. Raises InvalidInput."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a folder of zones ("America") is an OSError
        raise InvalidInput("There is no such time zone: write one such as Europe/London.") from error
    return _at_most(40)(name)


def _at_most(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > most:
            raise InvalidInput(f"At most {most} characters; these are {len(text)}.")
        return text

    return read


def _spelled(pattern: re.Pattern[str], sentence: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise InvalidInput(sentence)
        return text

    return read


def _from_to(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = _WHOLE_NUMBER.fullmatch(text)
        if number is None or not least <= int(number[1]) <= most:
            raise InvalidInput(f"A whole number from {least} to {most}.")
        return int(number[1])

    return read


_RACE_ID_RULE = "A race's id is of small letters, digits and dashes, 64 at most."
_RUNNER_ID_RULE = "A runner's id is of letters, digits and . _ : -, 64 at most."

TITLE_FIELDS = (
    CardField("title", "title", "Title", _at_most(200), is_needed=True),
    CardField("distance", "distance", "Distance", _at_most(40)),
    CardField("going", "going", "Going", _at_most(60)),
    CardField("raceClass", "race_class", "Class", _at_most(40)),
    CardField("prize", "prize", "Prize", card_marks.prize),
)
"""What of a race can be edited on its card: its off time is moved by race control, its course not at all."""
RACE_FIELDS = (
    CardField("raceId", "race_id", "Race id", _spelled(_RACE_ID, _RACE_ID_RULE)),
    CardField("course", "course", "Course", _at_most(80), is_needed=True),
    CardField("country", "country", "Country", _spelled(_COUNTRY, "Two or three capital letters, such as GB.")),
    CardField("timeZone", "time_zone", "Time zone", time_zone),
    *TITLE_FIELDS,
)
"""`offTime` is beside them: its text needs the zone."""
DETAIL_FIELDS = (
    CardField("number", "number", "No.", _at_most(8)),
    CardField("name", "name", "Horse", _at_most(120), is_needed=True),
    CardField("draw", "draw", "Draw", _from_to(1, 99)),
    CardField("jockey", "jockey", "Jockey", _at_most(120)),
    CardField("claim", "claim", "Claim", lambda text: card_marks.claim(_from_to(0, 99)(text))),
    CardField("trainer", "trainer", "Trainer", _at_most(120)),
    CardField("age", "age", "Age", _from_to(1, 40)),
    CardField("weight", "weight", "Weight", _at_most(20)),
    CardField("headgear", "headgear", "Headgear", card_marks.headgear),
    CardField("officialRating", "official_rating", "Rating", _from_to(0, 250)),
    CardField("form", "form", "Form", _at_most(40)),
    CardField("courseDistance", "course_distance", "Won at", card_marks.course_distance),
    CardField("silks", "silks", "Silks", _at_most(200)),
)
RUNNER_FIELDS = (
    CardField("runnerId", "runner_id", "Runner id", _spelled(_RUNNER_ID, _RUNNER_ID_RULE)),
    *DETAIL_FIELDS,
)


def read(fields: Iterable[CardField], texts: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return (values by attribute, sentences by name) of what `texts` (by name) say; nothing written is None.

    Gaps and line breaks in a text become one space.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in fields:
        text = one_line(texts.get(field.name, ""))
        values[field.attribute] = None
        try:
            values[field.attribute] = _read(field, text)
        except InvalidInput as error:
            wrong[field.name] = error.message
    return values, wrong


def _read(field: CardField, text: str) -> Any:
    if not text:
        if field.is_needed:
            raise InvalidInput("This is needed.")
        return None
    if _CONTROL.search(text):
        raise InvalidInput("Control characters are not taken.")
    return field.read(text)


def one_line(text: str) -> str:
    """Return the text with every gap, line breaks too, as one space and none around it."""
    return " ".join(text.split())


def as_typed(value: Any) -> str:
    """Return a value of a card as its field holds it: nothing is empty."""
    return "" if value is None else str(value)
