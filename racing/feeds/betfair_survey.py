"""What a Betfair stream file holds as a whole: what the translation must know before its first message."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from racing.errors import FeedError
from racing.feeds.betfair_messages import GREYHOUNDS, HORSE_RACING, Definition, Message, RunnerDefinition, messages
from racing.feeds.betfair_names import distance_of, number_and_name, race_id_of
from racing.services import cards
from racing.services.cards import RaceDeclared, RunnerDeclared

_OTHER_SPORTS = {GREYHOUNDS: "a greyhound race", "1": "football", "2": "tennis"}


@dataclass
class Survey:
    """One market from end to end. `finish_line` is the line of the message that ends the race, None where none does.

    `runners` have the definition each came with first; `names` the last name given; `fields` those of runner changes.
    """

    market_id: str
    first: Definition
    last: Definition
    messages: int = 0
    venue: str | None = None
    finish_line: int | None = None
    runners: dict[str, RunnerDefinition] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)

    def take(self, message: Message) -> None:
        """Add what `message` says."""
        self.messages += 1
        for rc in message.change.rc or ():
            self.fields |= rc.keys()
        definition = message.change.market_definition
        if definition is None:
            return
        self._note_finish(message.line, definition)
        self.last = definition
        self.venue = definition.venue or self.venue  # some definitions leave it out
        for runner in definition.runners:
            self.runners.setdefault(runner.runner_id, runner)
            if runner.name:
                self.names[runner.runner_id] = runner.name

    def _note_finish(self, line: int, definition: Definition) -> None:
        """The race ends with the suspension in running that no more betting follows, else with the settlement."""
        if self.last.status == "CLOSED":
            return  # settled: whatever is said later, the race stays over
        if definition.status == "OPEN":
            self.finish_line = None
        elif self.finish_line is None and (definition.status == "CLOSED" or self._stopped_in_running(definition)):
            self.finish_line = line

    @staticmethod
    def _stopped_in_running(definition: Definition) -> bool:
        return definition.status == "SUSPENDED" and definition.in_play

    @property
    def off_time(self) -> datetime:
        """The scheduled off as it was known last."""
        return self.last.market_time

    def race(self, race_id: str | None = None) -> RaceDeclared:
        """Return the race to declare, under `race_id` or the market's own. Raises FeedError where there can be none."""
        own = race_id or race_id_of(self.market_id)
        if not cards.SLUG.fullmatch(own):
            raise FeedError(f"'{own[:80]}' is no race id: it takes lower-case letters, digits and dashes, at most 64.")
        title = self._title()
        return RaceDeclared(
            race_id=own,
            course=(self.venue or self.first.event_name or "Unknown course")[:80],
            off_time=self.first.market_time,
            title=title[:200],
            distance=distance_of(title),
            runners=self._declared(),
            country=(self.first.country_code or "")[:3] or None,
            time_zone=self.first.timezone,
        )

    def _title(self) -> str:
        name = self.last.name or self.first.name
        if name:
            return name
        kind = (self.first.market_type or "WIN").replace("_", " ").lower()
        return self.first.race_type or "Race" if kind == "win" else f"{self.first.race_type or 'Race'} ({kind} market)"

    def _declared(self) -> list[RunnerDeclared]:
        """Return the runners by cloth number, those without by Betfair's own order."""
        named = [
            (runner, *number_and_name(self.names.get(runner_id), runner.id))
            for runner_id, runner in self.runners.items()
        ]
        named.sort(key=lambda one: (one[1] is None, _counted(one[1]), one[0].sort_priority, one[0].id))
        return [RunnerDeclared(runner.runner_id, name[:120], number) for runner, number, name in named]


def survey(path: Path) -> Survey:
    """Read the whole file once, and return what it holds.

    Raises FeedError where it is damaged, cut off, not one market, or not a horse race.
    """
    found: Survey | None = None
    for message in messages(path):
        definition = message.change.market_definition
        if definition is not None:
            _refuse_other_sports(path, definition)
            found = found or Survey(message.change.id, first=definition, last=definition)
        if found is not None:
            found.take(message)
    if found is None:
        raise FeedError(f"{path.name} holds no market: there is no market definition in it.")
    if not found.runners:
        raise FeedError(f"{path.name} names no runners.")
    return found


def _refuse_other_sports(path: Path, definition: Definition) -> None:
    kind = definition.event_type_id
    if kind != HORSE_RACING:
        what = _OTHER_SPORTS.get(kind, f"of event type {kind}")
        raise FeedError(f"{path.name} is not a horse race: it is {what}.")


def _counted(number: str | None) -> int:
    return int("".join(digit for digit in number or "" if digit.isdigit()) or 0)
