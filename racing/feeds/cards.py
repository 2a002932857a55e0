"""Declares the races of a Betfair market catalogue: real cards, with no prices."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AliasGenerator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from racing.errors import FeedError, RaceExists
from racing.feeds.betfair_messages import HORSE_RACING
from racing.feeds.betfair_names import class_of, distance_of, headgear_of, number_and_name, race_id_of, stones
from racing.services.card_marks import MOST_CLAIMED
from racing.services.cards import RaceDeclared, RunnerDeclared, declare_race

# Catalogues seldom say the sport; Britain's greyhound races are known by name: "A7 480m", "OR 277m".
_GREYHOUND_RACE = re.compile(r"[A-Z]{1,2}\d{0,2} \d{3}m")
_UNKNOWN = frozenset({"", "0", "0.0"})
_WHOLE_NUMBER = re.compile(r"(\d{1,5})(\.0+)?")


class _Wire(BaseModel):
    model_config = ConfigDict(
        alias_generator=AliasGenerator(validation_alias=to_camel), extra="ignore", coerce_numbers_to_str=True
    )


class _EventType(_Wire):
    id: str


class _Event(_Wire):
    venue: str | None = None
    name: str | None = None
    country_code: str | None = None
    timezone: str | None = None


class _Description(_Wire):
    market_time: AwareDatetime
    market_type: str = "WIN"
    race_type: str | None = None


class _Runner(_Wire):
    selection_id: int
    runner_name: str | None = None
    sort_priority: int = 0
    metadata: dict[str, Any] | None = None

    def known(self, field: str, most: int = 120) -> str | None:
        """Return a field of the metadata, at most `most` characters of it; None where it is not known (null, "0")."""
        value = self.written(field)
        return None if value in _UNKNOWN else value[:most]

    def written(self, field: str) -> str:
        """Return a field of the metadata as it is written; empty where it is null or missing."""
        return str((self.metadata or {}).get(field) or "").strip()

    def counted(self, field: str) -> int | None:
        """Return a field of the metadata as a whole number; None where it is not known or no number."""
        number = _WHOLE_NUMBER.fullmatch(self.known(field) or "")
        return int(number[1]) if number else None


class _Market(_Wire):
    market_id: str = Field(pattern=r"^\d{1,3}\.\d{1,40}$")
    market_name: str | None = None
    description: _Description
    event: _Event = _Event()
    event_type: _EventType | None = None
    runners: list[_Runner] = Field(min_length=1)


_CATALOGUE = TypeAdapter(list[_Market])


@dataclass(frozen=True)
class Imported:
    """How many races an import declared, how many were there already, and how many markets were no WIN market."""

    declared: int
    there_already: int
    other_markets: int


def import_cards(path: Path) -> Imported:
    """Declare the races of the catalogue in `path`; a race that is on the site already stays as it is.

    Raises FeedError where anything in the file is not what it should be; nothing is declared then.
    """
    markets = _read(path)
    wins = [market for market in markets if market.description.market_type == "WIN"]
    races = [_race(path, market) for market in wins]
    there_already = 0
    for race in races:
        try:
            declare_race(race, by=None)
        except RaceExists:
            there_already += 1
    return Imported(len(races) - there_already, there_already, len(markets) - len(wins))


def _read(path: Path) -> Sequence[_Market]:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise FeedError(f"{path.name} cannot be read: {error.strerror}.") from error
    if not text.strip():
        raise FeedError(f"{path.name} is empty.")
    try:
        markets = _CATALOGUE.validate_json(text)
    except ValidationError as error:
        raise FeedError(f"{path.name} is not a market catalogue: {_first_wrong(error)}.") from error
    if not markets:
        raise FeedError(f"{path.name} holds no races.")
    return markets


def _first_wrong(error: ValidationError) -> str:
    wrong = error.errors(include_url=False)[0]
    if wrong["type"] == "json_invalid":
        return "it is not JSON"
    if not wrong["loc"]:
        return "it holds no list of markets"
    place, *fields = wrong["loc"]
    where = f"entry {int(place) + 1}"
    if not fields:
        return f"{where} is no market"
    return f"{where}, {'.'.join(str(field) for field in fields)}: {wrong['msg'].lower()}"


def _race(path: Path, market: _Market) -> RaceDeclared:
    title, event = market.market_name or market.description.race_type or "Race", market.event
    sport = market.event_type.id if market.event_type else HORSE_RACING
    if sport != HORSE_RACING or _GREYHOUND_RACE.fullmatch(title):
        which = f"market {market.market_id} ({title[:40]})"
        raise FeedError(f"{path.name} is not a horse racing card: {which} is another sport.")
    runners = [_runner(runner) for runner in sorted(market.runners, key=_by_number)]
    if len({runner.runner_id for runner in runners}) < len(runners):
        raise FeedError(f"{path.name} names a runner of market {market.market_id} twice.")
    return RaceDeclared(
        race_id=race_id_of(market.market_id),
        course=(event.venue or event.name or "Unknown course")[:80],
        off_time=market.description.market_time,
        title=title[:200],
        distance=distance_of(title),
        race_class=class_of(title),
        country=(event.country_code or "")[:3] or None,
        time_zone=_zone(path, event.timezone),
        runners=runners,
    )


def _runner(runner: _Runner) -> RunnerDeclared:
    number, name = number_and_name(runner.runner_name, runner.selection_id)
    return RunnerDeclared(
        runner_id=str(runner.selection_id),
        name=name[:120],
        number=runner.known("CLOTH_NUMBER", 8) or number,
        draw=runner.counted("STALL_DRAW"),
        jockey=_rider(runner),
        trainer=runner.known("TRAINER_NAME"),
        weight=_weight(runner),
        age=runner.counted("AGE"),
        form=runner.written("FORM")[-40:] or None,  # here "0" is known: it ran out of the first nine
        official_rating=runner.counted("OFFICIAL_RATING"),
        silks=runner.known("COLOURS_DESCRIPTION", 200),
        claim=_claim(runner),
        headgear=headgear_of(runner.written("WEARING")),
    )


def _rider(runner: _Runner) -> str | None:
    """Return the jockey; of a horse that does not run, catalogues say that its jockey is "Non Runner"."""
    jockey = runner.known("JOCKEY_NAME")
    return None if jockey == "Non Runner" else jockey


def _claim(runner: _Runner) -> int | None:
    pounds = runner.counted("JOCKEY_CLAIM")
    return pounds if pounds is not None and 1 <= pounds <= MOST_CLAIMED else None


def _by_number(runner: _Runner) -> tuple[bool, int, str, int]:
    number = runner.known("CLOTH_NUMBER", 8) or ""
    digits = re.match(r"\d+", number)
    return (digits is None, int(digits[0]) if digits else 0, number, runner.sort_priority)


def _weight(runner: _Runner) -> str | None:
    """Return the weight as it is printed: in stones and pounds, whatever else it comes in as it came."""
    pounds, units = runner.counted("WEIGHT_VALUE"), (runner.known("WEIGHT_UNITS") or "pounds").lower()
    if pounds is not None and units == "pounds":
        return stones(pounds)
    value = runner.known("WEIGHT_VALUE", 8)
    return f"{value} {units}"[:20] if value else None


def _zone(path: Path, zone: str | None) -> str | None:
    if zone is not None:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise FeedError(f"{path.name} names a time zone that there is none of: '{zone[:40]}'.") from error
    return zone
