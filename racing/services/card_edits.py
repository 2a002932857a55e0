"""Editing the card of a race: its title, distance, going, class and prize, its runners' details, a runner more."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from racing.errors import Conflict, InvalidInput, RunnerNotInRace, StaleCard
from racing.extensions import db
from racing.models import Race, Runner, User
from racing.models.columns import now
from racing.realtime import outbox, publisher
from racing.services import alert_progress, alerts, audit, name_words, racecards
from racing.services.announcements import watched_among
from racing.services.card_fields import DETAIL_FIELDS, MOST_RUNNERS, TITLE_FIELDS, CardField, as_typed
from racing.services.cards import RunnerDeclared, checked, is_handicap, name_slug, new_runner
from racing.services.people import SLUGS, Kind
from racing.services.transactions import one_change
from racing.statuses import BEFORE_THE_OFF

_PEOPLE = {"name": "horse_slug", "jockey": "jockey_slug", "trainer": "trainer_slug"}
_EDITABLE = {False: {each.name: each for each in TITLE_FIELDS}, True: {each.name: each for each in DETAIL_FIELDS}}


class FieldChange(NamedTuple):
    """One field of a card: of a runner, or with `runner_id` None of the race. `field` is its name in the API.

    `was` is what the editor saw in it, as text; `now` the value it is to have, None for nothing.
    """

    runner_id: str | None
    field: str
    was: str
    now: Any

    @property
    def place(self) -> str:
        """Its name among the refused: "going", or "11/jockey"."""
        return self.field if self.runner_id is None else f"{self.runner_id}/{self.field}"


class _Move(NamedTuple):
    of: Race | Runner
    field: CardField
    change: FieldChange

    @property
    def standing(self) -> Any:
        return getattr(self.of, self.field.attribute)


def edit_card(
    race_id: str,
    changes: Sequence[FieldChange],
    added: Sequence[RunnerDeclared],
    by: User | None,
    at: datetime | None = None,
) -> int:
    """Change fields of a card and put runners more at its end, all or nothing, and let the punters know.

    Returns the race's version; what stands already changes nothing. Runners are never taken off: they are withdrawn.
    Raises RaceNotFound, RunnerNotInRace, InvalidInput, StaleCard where a field was changed since its editor looked, or
    Conflict where a runner is added to a race that is off.
    """
    when = at or now()
    with one_change():
        race = racecards.race_for_update(race_id)
        before = race.version
        moves = _moves(race, changes)
        newcomers = _newcomers(race, [checked(runner) for runner in added])
        if moves or newcomers:
            _write(race, moves, newcomers, by, when)
        version = race.version
    if version > before:
        publisher.touch(race_id, version)
        outbox.touch()
    return version


def _moves(race: Race, changes: Sequence[FieldChange]) -> list[_Move]:
    """Return what of `changes` does not stand yet."""
    runners = {runner.runner_id: runner for runner in race.runners}
    moves = []
    for change in changes:
        of = race if change.runner_id is None else runners.get(change.runner_id)
        field = _EDITABLE[change.runner_id is not None].get(change.field)
        if of is None:
            raise RunnerNotInRace(f"Race {race.id} has no runner {change.runner_id}.")
        if field is None:
            raise InvalidInput(f"{change.field} is not edited on a card.")
        if field.is_needed and change.now is None:
            raise InvalidInput(f"{field.label} is needed.", {change.place: "This is needed."})
        moves.append(_Move(of, field, change))
    moves = [move for move in moves if move.standing != move.change.now]
    stale = {move.change.place: as_typed(move.standing) for move in moves if as_typed(move.standing) != move.change.was}
    if stale:
        raise StaleCard("Somebody changed this card since you opened it: look at the fields marked.", stale)
    return moves


def _newcomers(race: Race, added: Sequence[RunnerDeclared]) -> list[Runner]:
    if added and race.status not in BEFORE_THE_OFF:
        raise Conflict(f"A race that is {race.status} takes no more runners.")
    if len(race.runners) + len(added) > MOST_RUNNERS:
        raise InvalidInput(f"A race has at most {MOST_RUNNERS} runners.")
    known = {runner.runner_id for runner in race.runners} | {runner.name.lower() for runner in race.runners}
    for runner in added:
        # The name too: the same form sent twice must not make two of one horse.
        if not known.isdisjoint({runner.runner_id, runner.name.lower()}):
            raise InvalidInput(f"{runner.name} is in this race already.")
        known |= {runner.runner_id, runner.name.lower()}
    last = max((runner.position_on_card for runner in race.runners), default=-1)
    return [new_runner(last + place, runner) for place, runner in enumerate(added, 1)]


def _write(race: Race, moves: Sequence[_Move], newcomers: Sequence[Runner], by: User | None, at: datetime) -> None:
    stood, left = _as_written(moves, newcomers, before=True), _names(move.of for move in moves)
    _put(race, moves, at)
    for runner in newcomers:
        runner.version = runner.declared_version = race.version
        race.runners.append(runner)
    db.session.flush()
    edited = _as_written(moves, newcomers, before=False)
    audit.record("card", by, at, race_id=race.id, version=race.version, before=stood, **edited)
    _tell(race, moves, newcomers)
    name_words.renote(race, left | _names([*(move.of for move in moves), *newcomers]))


def _put(race: Race, moves: Sequence[_Move], at: datetime) -> None:
    race.card_version = race.next_state(at)
    for move in moves:
        setattr(move.of, move.field.attribute, move.change.now)
        if isinstance(move.of, Runner) and move.field.name in _PEOPLE:
            setattr(move.of, _PEOPLE[move.field.name], name_slug(move.change.now))
    if any(move.field.name == "title" for move in moves):
        race.handicap = is_handicap(race.title)


def put_back(race: Race, before: Mapping[str, Any], after: Mapping[str, Any], at: datetime) -> None:
    """Let fields stand again as `before` an edit that left `after` (as its audit entry has them), in this change.

    Raises Conflict where one was edited since, or a runner came onto the card: that one is taken out.
    """
    if "added" in after:
        raise Conflict("A runner came onto the card with it: take it out of the race instead.")
    changes = [*_changes_back(None, before, after)]
    for stood, left in zip(before.get("runners", ()), after.get("runners", ()), strict=True):
        changes += _changes_back(stood["runnerId"], stood, left)
    try:
        moves = _moves(race, changes)
    except StaleCard as error:
        raise Conflict("The card was edited again since.") from error
    names = _names(move.of for move in moves)
    _put(race, moves, at)
    db.session.flush()
    name_words.renote(race, names | _names(move.of for move in moves))


def _changes_back(runner_id: str | None, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[FieldChange]:
    names = before.keys() & _EDITABLE[runner_id is not None].keys()
    return [FieldChange(runner_id, name, as_typed(after[name]), before[name]) for name in sorted(names)]


def _tell(race: Race, moves: Sequence[_Move], newcomers: Sequence[Runner]) -> None:
    """Tell those who watch a horse that is now on the card; who watches a rider or trainer hears from now on."""
    if race.status not in BEFORE_THE_OFF:
        return
    renamed = {move.of for move in moves if isinstance(move.of, Runner) and move.field.name == "name"}
    alerts.tell_runs(watched_among([*renamed, *newcomers]))
    others = {move.of for move in moves if isinstance(move.of, Runner) and move.field.name in _PEOPLE} - renamed
    if watched_among(list(others)):
        alert_progress.begin([race.id])


def _names(edited: Iterable[Race | Runner]) -> set[tuple[Kind, str]]:
    """Return the (kind, slug) of all who are on the card with these runners."""
    runners = [each for each in edited if isinstance(each, Runner)]
    names = {(kind, getattr(runner, column.key)) for runner in runners for kind, column in SLUGS.items()}
    return {(kind, slug) for kind, slug in names if slug}


def _as_written(moves: Sequence[_Move], newcomers: Sequence[Runner], *, before: bool) -> dict[str, Any]:
    """Return the edited fields as the audit trail has them, as they stand now or before what is `before` them."""
    written: dict[str, Any] = {}
    runners: dict[str, dict[str, Any]] = {}
    for move in moves:
        if isinstance(move.of, Runner):
            kept = runners.setdefault(move.of.runner_id, {"runnerId": move.of.runner_id})
        else:
            kept = written
        kept[move.field.name] = move.standing
    if runners:
        written["runners"] = list(runners.values())
    if newcomers:
        written["added"] = [] if before else [{"runnerId": each.runner_id, "name": each.name} for each in newcomers]
    return written
