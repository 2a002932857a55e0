"""Declaring races: a race and its runners come onto the site in one change."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from racing.errors import InvalidInput, RaceExists
from racing.extensions import db
from racing.models import Meeting, Race, Runner, User
from racing.models.columns import now
from racing.realtime import outbox
from racing.services import alerts, audit, card_marks, meetings, name_words
from racing.services.slugs import slugify
from racing.services.transactions import one_change

_HANDICAP = re.compile(r"\b(handicap|hcap|h'cap|nursery)\b", re.IGNORECASE)
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True)
class RunnerDeclared:
    """A runner as it stands on a card. `number` is the saddle cloth's, `weight` as printed ("9-4").

    `claim` is in pounds; `headgear` and `course_distance` are a card's letters ("tp", "CD"); `silks` is in words.
    """

    runner_id: str
    name: str
    number: str | None = None
    draw: int | None = None
    jockey: str | None = None
    trainer: str | None = None
    weight: str | None = None
    age: int | None = None
    form: str | None = None
    official_rating: int | None = None
    silks: str | None = None
    claim: int | None = None
    headgear: str | None = None
    course_distance: str | None = None


@dataclass(frozen=True)
class RaceDeclared:
    """A race as it stands on a card. `prize` is as printed ("£24,500").

    `time_zone` None: as the course's last meeting, else the configured default.
    """

    race_id: str
    course: str
    off_time: datetime
    title: str
    runners: Sequence[RunnerDeclared]
    distance: str | None = None
    going: str | None = None
    race_class: str | None = None
    country: str | None = None
    time_zone: str | None = None
    prize: str | None = None


def declare_race(card: RaceDeclared, by: User | None) -> Race:
    """Put a race with its runners on the site, at version 0, DORMANT and open for betting.

    Returns the race. Raises RaceExists where its id is taken; InvalidInput where a runner comes twice or none comes,
    or where a claim, headgear, course and distance or prize is nothing that a card prints.
    """
    ids = [runner.runner_id for runner in card.runners]
    if not ids:
        raise InvalidInput("A race has at least one runner.")
    if len(set(ids)) < len(ids):
        raise InvalidInput("A runnerId comes twice in this race.")
    card = replace(card, prize=card_marks.prize(card.prize), runners=[_checked(runner) for runner in card.runners])
    try:
        return _declare(card, by)
    except IntegrityError:
        # Another process declared this race, or opened its meeting, at the same moment: now that can be seen.
        return _declare(card, by)


def _checked(declared: RunnerDeclared) -> RunnerDeclared:
    return replace(
        declared,
        claim=card_marks.claim(declared.claim),
        headgear=card_marks.headgear(declared.headgear),
        course_distance=card_marks.course_distance(declared.course_distance),
    )


def _declare(card: RaceDeclared, by: User | None) -> Race:
    with one_change():
        if db.session.get(Race, card.race_id) is not None:
            raise RaceExists(f"There is a race '{card.race_id}' already.")
        race = _new_race(card, _meeting_of(card))
        db.session.add(race)
        db.session.flush()
        audit.record("race", by, now(), race_id=card.race_id, version=0, runners=len(card.runners))
        alerts.tell_declared(race)
        name_words.note(card.race_id)
    outbox.touch()
    return race


def _new_race(card: RaceDeclared, meeting: Meeting) -> Race:
    return Race(
        id=card.race_id,
        meeting=meeting,
        off_time=card.off_time,
        title=card.title,
        distance=card.distance,
        going=card.going,
        race_class=card.race_class,
        prize=card.prize,
        handicap=bool(_HANDICAP.search(card.title)),
        runners=[_new_runner(place, runner) for place, runner in enumerate(card.runners)],
    )


def _new_runner(place: int, declared: RunnerDeclared) -> Runner:
    return Runner(
        position_on_card=place,
        horse_slug=_name_slug(declared.name),
        jockey_slug=_name_slug(declared.jockey),
        trainer_slug=_name_slug(declared.trainer),
        **vars(declared),
    )


def _name_slug(name: str | None) -> str | None:
    return slugify(name or "", "") or None


def _meeting_of(card: RaceDeclared) -> Meeting:
    return meetings.meeting_at(card.course, card.off_time, time_zone=card.time_zone, country=card.country)
