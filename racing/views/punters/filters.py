"""The filters of the list of races, as its address has them. One that makes no sense is told, and does not count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for

from racing.services import courses, race_lists
from racing.services.race_lists import Asked, Stage
from racing.services.slugs import slugify
from racing.views.punters.days import day_in, day_words

AHEAD = timedelta(days=7)
COUNTRIES = {
    "AE": "UAE", "AU": "Australia", "CA": "Canada", "DE": "Germany", "FR": "France", "GB": "Britain", "HK": "Hong Kong",
    "IE": "Ireland", "IT": "Italy", "JP": "Japan", "NZ": "New Zealand", "SE": "Sweden", "US": "USA",
    "ZA": "South Africa",
}  # fmt: skip
STAGE_WORDS = {Stage.TO_COME: "to come", Stage.RUNNING: "running", Stage.OVER: "over"}
_NEAR_DAYS = {"today": 0, "tomorrow": 1}


@dataclass(frozen=True)
class Choice:
    """One of several a reader may choose, with the address that chooses it."""

    value: str
    words: str
    is_chosen: bool
    path: str = ""


@dataclass(frozen=True)
class Filters:
    """What is asked for, what could be, and what was asked that makes no sense (`refused`, in sentences)."""

    asked: Asked
    chosen: Mapping[str, str]
    days: Sequence[Choice]
    stages: Sequence[Choice]
    countries: Sequence[Choice]
    courses: Sequence[Choice]
    refused: Sequence[str]
    heading: str
    narrowed: str

    @property
    def date(self) -> str:
        """The day asked for, as a date field has it."""
        return self.asked.day.isoformat() if self.asked.day else ""


def read(given: Mapping[str, str], today: date) -> Filters:
    """Return the filters of an address. `today` is the site's."""
    wanted = {name: given.get(name, "").strip() for name in ("day", "country", "course", "status")}
    refused: list[str] = []
    day = _day(wanted, today, refused)
    places = race_lists.places_of(day or today - timedelta(days=1), day or today + AHEAD)
    stage, country = _stage(wanted, refused), _country(wanted, places, refused)
    names = _courses(wanted, refused)
    chosen = {name: value for name, value in wanted.items() if value}
    return Filters(
        asked=Asked(day, names, country, stage),
        chosen=chosen,
        days=_day_choices(chosen, day, today),
        stages=[_link(chosen, "status", word, words) for word, words in (("", "all"), *STAGE_WORDS.items())],
        countries=_country_choices(chosen, places),
        courses=_course_choices(chosen, places, names),
        refused=refused,
        heading=_heading(day, today, stage),
        narrowed=" · ".join([*([COUNTRIES.get(country, country)] if country else []), *(names or [])]),
    )


def _day(wanted: dict[str, str], today: date, refused: list[str]) -> date | None:
    asked = wanted["day"]
    if asked in _NEAR_DAYS:
        return today + timedelta(days=_NEAR_DAYS[asked])
    day = day_in(asked)
    if asked and day is None:
        refused.append(f"'{_short(asked)}' is no day: write it as {today.isoformat()}.")
        wanted["day"] = ""
    return day


def _stage(wanted: dict[str, str], refused: list[str]) -> Stage | None:
    asked = wanted["status"]
    if asked and asked not in list(Stage):
        refused.append(f"'{_short(asked)}' is no status of a race: there are to-come, running and over.")
        wanted["status"] = ""
    return Stage(wanted["status"]) if wanted["status"] else None


def _country(wanted: dict[str, str], places: Sequence[tuple[str, str | None]], refused: list[str]) -> str | None:
    asked = wanted["country"].upper()
    if asked and asked not in COUNTRIES and asked not in {country for _, country in places}:
        refused.append(f"There is no racing in a country '{_short(asked)}'.")
        asked = ""
    wanted["country"] = asked
    return asked or None


def _courses(wanted: dict[str, str], refused: list[str]) -> Sequence[str] | None:
    asked = wanted["course"]
    names = courses.names(asked)
    if asked and not names:
        refused.append(f"There is no course '{_short(asked)}'.")
        wanted["course"] = ""
    return names or None


def _short(text: str) -> str:
    return text[:40]


def _day_choices(chosen: Mapping[str, str], day: date | None, today: date) -> list[Choice]:
    near = [("", "Next"), ("today", "Today"), ("tomorrow", "Tomorrow")]
    days = {today + timedelta(days=offset): word for word, offset in _NEAR_DAYS.items()}
    other = [(day.isoformat(), day_words(day))] if day and day not in days else []
    # Today's date, written out, is today.
    said = {**chosen, "day": days.get(day, day.isoformat()) if day else ""}
    return [_link(said, "day", value, words) for value, words in (*near, *other)]


def _link(chosen: Mapping[str, str], name: str, value: str, words: str) -> Choice:
    others: dict[str, Any] = {each: kept for each, kept in {**chosen, name: value}.items() if kept}
    return Choice(value, words, chosen.get(name, "") == value, url_for("punters.next_races", **others))


def _country_choices(chosen: Mapping[str, str], places: Sequence[tuple[str, str | None]]) -> list[Choice]:
    codes = {country for _, country in places if country} | {chosen[name] for name in ("country",) if name in chosen}
    named = sorted((COUNTRIES.get(code, code), code) for code in codes)
    return [Choice(code, words, chosen.get("country") == code) for words, code in named]


def _course_choices(
    chosen: Mapping[str, str], places: Sequence[tuple[str, str | None]], names: Sequence[str] | None
) -> list[Choice]:
    slugs = {slugify(course): course for course in (*(course for course, _ in places), *(names or ()))}
    return [
        Choice(slug, words, chosen.get("course") == slug)
        for slug, words in sorted(slugs.items(), key=lambda each: each[1])
    ]


def _heading(day: date | None, today: date, stage: Stage | None) -> str:
    when: Any = {None: "", today: "today", today + timedelta(days=1): "tomorrow"}.get(day)
    if when is None and day is not None:
        when = f"on {day_words(day)}"
    if day is None and stage is not Stage.OVER:
        return "Races being run" if stage is Stage.RUNNING else "Next races"
    kind = {None: "Races", Stage.TO_COME: "Races to come", Stage.RUNNING: "Races being run", Stage.OVER: "Races over"}[
        stage
    ]
    return f"{kind} {when}".strip()
