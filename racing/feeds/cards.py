"""Reads the races of a Betfair market catalogue: real cards, with no prices."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import AliasGenerator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from racing.errors import FeedError, InvalidInput
from racing.feeds.betfair_messages import HORSE_RACING
from racing.feeds.betfair_names import class_of, distance_of, headgear_of, number_and_name, race_id_of, stones
from racing.feeds.card_csv import WrongCell
from racing.services import card_fields
from racing.services.card_fields import MOST_RUNNERS
from racing.services.card_marks import MOST_CLAIMED
from racing.services.cards import RaceDeclared, RunnerDeclared

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


@dataclass(frozen=True)
class Catalogue:
    """What a catalogue declares: the races of its WIN markets, how many other markets it has, and what is wrong."""

    races: Sequence[RaceDeclared] = ()
    other_markets: int = 0
    wrong: Sequence[WrongCell] = ()


def read_catalogue(text: str) -> Catalogue:
    """Return what a list of markets, or one market alone, declares. Raises FeedError where it is no catalogue."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:  # thousands of brackets in one another
        raise FeedError("It is not JSON.") from error
    entries = [content] if isinstance(content, dict) else content
    if not entries:
        raise FeedError("It holds no races.")
    races: list[RaceDeclared] = []
    wrong: list[WrongCell] = []
    others = 0
    for place, entry in enumerate(entries, 1):
        market, wrong_here = _market(f"Entry {place}", entry)
        wrong += wrong_here
        if market is None:
            continue
        if market.description.market_type != "WIN":
            others += 1
            continue
        race, told = _race(f"Entry {place}", market)
        wrong += told
        races.append(race)
    return Catalogue(races, others, [*wrong, *_twice(races)])


def _market(place: str, entry: Any) -> tuple[_Market | None, list[WrongCell]]:
    try:
        return _Market.model_validate(entry), []
    except ValidationError as error:
        wrong = error.errors(include_url=False)
        if not wrong[0]["loc"]:
            return None, [WrongCell(place, "", "This is no market.")]
        return None, [WrongCell(place, ".".join(map(str, each["loc"])), f"{each['msg']}.") for each in wrong]


def _twice(races: Sequence[RaceDeclared]) -> list[WrongCell]:
    counted = Counter(race.race_id for race in races)
    return [WrongCell(race_id, "", "This market comes twice.") for race_id, count in counted.items() if count > 1]


def _race(place: str, market: _Market) -> tuple[RaceDeclared, list[WrongCell]]:
    title, event = market.market_name or market.description.race_type or "Race", market.event
    runners = [_runner(runner) for runner in sorted(market.runners, key=_by_number)]
    race = RaceDeclared(
        race_id=race_id_of(market.market_id),
        course=(event.venue or event.name or "Unknown course")[:80],
        off_time=market.description.market_time,
        title=title[:200],
        distance=distance_of(title),
        race_class=class_of(title),
        country=(event.country_code or "")[:3] or None,
        time_zone=event.timezone,
        runners=runners,
    )
    return race, [WrongCell(place, column, sentence) for column, sentence in _objections(market, title, race)]


def _objections(market: _Market, title: str, race: RaceDeclared) -> Iterator[tuple[str, str]]:
    sport = market.event_type.id if market.event_type else HORSE_RACING
    if sport != HORSE_RACING or _GREYHOUND_RACE.fullmatch(title):
        yield "", f"Market {market.market_id} ({title[:40]}) is another sport."
    if len({runner.runner_id for runner in race.runners}) < len(race.runners):
        yield "runners", "A runner comes twice."
    if len(race.runners) > MOST_RUNNERS:
        yield "runners", f"A race has at most {MOST_RUNNERS} runners."
    if race.time_zone is not None:
        try:
            card_fields.time_zone(race.time_zone)
        except InvalidInput as error:
            yield "event.timezone", error.message


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
