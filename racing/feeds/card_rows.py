"""Makes races of the lines of a card: those of one course and off time are one race, a line is one runner."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from racing.errors import InvalidInput
from racing.feeds.card_csv import Line, WrongCell
from racing.services import card_fields, card_ids, meetings
from racing.services.card_fields import MOST_RUNNERS, RACE_FIELDS, RUNNER_FIELDS
from racing.services.cards import RaceDeclared, RunnerDeclared

_TITLE = "title"
_IN_ANY_LINE = [each._replace(is_needed=each.name == "course") for each in RACE_FIELDS]


@dataclass
class _Race:
    """A race as its lines come."""

    first: Line
    off_time: datetime
    values: dict[str, Any]
    said_at: dict[str, int]
    runners: list[tuple[Line, dict[str, Any]]] = field(default_factory=list)


@dataclass
class Cards:
    """The races, which of them had to be given an id, and what is wrong."""

    races: list[RaceDeclared] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    wrong: list[WrongCell] = field(default_factory=list)


class CardReader:
    """Reads one file."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._races: dict[tuple[str, datetime], _Race] = {}
        self._zones: dict[str, ZoneInfo] = {}
        self._cards = Cards()

    def read(self, lines: Sequence[Line]) -> Cards:
        """Return what they say, the races in the order of the file."""
        for line in lines:
            self._take(line)
        named = {race.values["race_id"] for race in self._races.values()} - {None}
        for race in self._races.values():
            self._finish(race, named)
        return self._cards

    def _take(self, line: Line) -> None:
        values, wrong = card_fields.read(_IN_ANY_LINE, line.texts)
        runner, wrong_of_runner = card_fields.read(RUNNER_FIELDS, line.texts)
        off_time = None
        try:
            off_time = card_fields.off_time(line.texts.get("offTime", ""), self._zone(values))
        except InvalidInput as error:
            wrong["offTime"] = error.message
        for column, sentence in (wrong | wrong_of_runner).items():
            self._cards.wrong.append(line.wrong(column, sentence))
        if off_time is not None and values["course"] is not None:
            race = self._race(line, off_time, values)
            race.runners.append((line, runner))

    def _zone(self, values: dict[str, Any]) -> ZoneInfo:
        if values["time_zone"] is not None:
            return ZoneInfo(values["time_zone"])
        course = (values["course"] or "").lower()
        if course not in self._zones:
            self._zones[course] = ZoneInfo(meetings.zone_of(course))
        return self._zones[course]

    def _race(self, line: Line, off_time: datetime, values: dict[str, Any]) -> _Race:
        """Return the line's race; what it says of the race is to be what the lines before it said."""
        key = values["course"].lower(), off_time
        race = self._races.setdefault(key, _Race(line, off_time, dict.fromkeys(values), {}))
        for each in _IN_ANY_LINE:
            told, known = values[each.attribute], race.values[each.attribute]
            if told is None or told == known or (each.name == "course" and known is not None):
                continue
            if known is None:
                race.values[each.attribute], race.said_at[each.name] = told, line.number
            else:
                sentence = f'It is "{known}" in line {race.said_at[each.name]}, of the same race.'
                self._cards.wrong.append(line.wrong(each.name, sentence))
        return race

    def _finish(self, race: _Race, named: set[str]) -> None:
        if race.values["title"] is None:
            self._cards.wrong.append(race.first.wrong(_TITLE, "A race needs a title in one of its lines."))
        if len(race.runners) > MOST_RUNNERS:
            line = race.runners[MOST_RUNNERS][0]
            self._cards.wrong.append(line.wrong("", f"A race has at most {MOST_RUNNERS} runners."))
        race_id = race.values["race_id"]
        known = {card.race_id for card in self._cards.races}
        if race_id is None:
            local = race.off_time.astimezone(self._zone(race.values))
            race_id = card_ids.race_id(race.values["course"], local, known | named)
            self._cards.made.add(race_id)
        elif race_id in known:
            self._cards.wrong.append(race.first.wrong("raceId", "Another race of this file has this id."))
        declared = {**race.values, "race_id": race_id, "title": race.values["title"] or ""}
        self._cards.races.append(RaceDeclared(off_time=race.off_time, runners=self._runners(race), **declared))

    def _runners(self, race: _Race) -> list[RunnerDeclared]:
        """Return the runners, each with an id; one that comes twice is wrong in its second line."""
        given = {runner["runner_id"] for _, runner in race.runners} - {None}
        made: set[str] = set()
        seen: dict[tuple[str, str], int] = {}
        runners = []
        for line, runner in race.runners:
            for column, attribute in (("runnerId", "runner_id"), ("name", "name")):
                told = runner[attribute]
                earlier = seen.setdefault((column, (told or "").lower()), line.number)
                if told is not None and earlier != line.number:
                    self._cards.wrong.append(line.wrong(column, f'"{told}" is in line {earlier}, of the same race.'))
            name = runner["name"] or ""
            runner_id = runner["runner_id"] or card_ids.runner_id(name, given | made)
            made.add(runner_id)
            runners.append(RunnerDeclared(**{**runner, "runner_id": runner_id, "name": name}))
        return runners
