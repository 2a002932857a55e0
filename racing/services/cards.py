"""Declaring races: a race and its runners come onto the site in one change."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from racing.errors import InvalidInput, RaceExists, sentence_list
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
    return declare_races([card], by)[0]


def declare_races(cards: Sequence[RaceDeclared], by: User | None) -> list[Race]:
    """As `declare_race`, for several: all of them are on the site then, or none; RaceExists names them in `fields`."""
    fit = [_fit(card) for card in cards]
    if len({card.race_id for card in fit}) < len(fit):
        raise InvalidInput("A raceId comes twice.")
    try:
        return _declare(fit, by)
    except IntegrityError:
        # Another process declared one of these, or opened its meeting, at the same moment: now that can be seen.
        return _declare(fit, by)


def _fit(card: RaceDeclared) -> RaceDeclared:
    ids = [runner.runner_id for runner in card.runners]
    if not ids:
        raise InvalidInput("A race has at least one runner.")
    if len(set(ids)) < len(ids):
        raise InvalidInput("A runnerId comes twice in this race.")
    return replace(card, prize=card_marks.prize(card.prize), runners=[checked(runner) for runner in card.runners])


def checked(declared: RunnerDeclared) -> RunnerDeclared:
    """Return the runner with its letters in one spelling. Raises InvalidInput where they are none of a card."""
    return replace(
        declared,
        claim=card_marks.claim(declared.claim),
        headgear=card_marks.headgear(declared.headgear),
        course_distance=card_marks.course_distance(declared.course_distance),
    )


def _declare(cards: Sequence[RaceDeclared], by: User | None) -> list[Race]:
    with one_change():
        _refuse_known([card.race_id for card in cards])
        races = [_new_race(card, meeting) for card, meeting in zip(cards, _meetings_of(cards), strict=True)]
        # Always in one order: two who declare the same races must not wait for each other.
        db.session.add_all(sorted(races, key=attrgetter("id")))
        db.session.flush()
        for race in races:
            audit.record("race", by, now(), race_id=race.id, version=0, runners=len(race.runners))
        alerts.tell_declared(races)
        name_words.note([race.id for race in races])
    outbox.touch()
    return races


def _refuse_known(race_ids: Sequence[str]) -> None:
    if known := db.session.scalars(select(Race.id).where(Race.id.in_(race_ids)).order_by(Race.id)).all():
        told = sentence_list([f"'{race_id}'" for race_id in known[:5]])
        more = f" and {len(known) - 5} more" if len(known) > 5 else ""
        raise RaceExists(f"There is a race {told}{more} already.", dict.fromkeys(known, "this race is there already"))


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
        handicap=is_handicap(card.title),
        runners=[new_runner(place, runner) for place, runner in enumerate(card.runners)],
    )


def is_handicap(title: str) -> bool:
    """Tell from its title whether a race is a handicap: its each-way terms are others."""
    return bool(_HANDICAP.search(title))


def new_runner(place: int, declared: RunnerDeclared) -> Runner:
    """Return a row for a runner at its place on the card, counted from 0."""
    return Runner(
        position_on_card=place,
        horse_slug=name_slug(declared.name),
        jockey_slug=name_slug(declared.jockey),
        trainer_slug=name_slug(declared.trainer),
        **vars(declared),
    )


def name_slug(name: str | None) -> str | None:
    """Return the slug under which a horse, jockey or trainer is found; None where the card names none."""
    return slugify(name or "", "") or None


def _meetings_of(cards: Sequence[RaceDeclared]) -> list[Meeting]:
    """Return each card's meeting; of the races of one course and day only the first asks the database."""
    opened: defaultdict[tuple[str, str | None, str | None], list[Meeting]] = defaultdict(list)
    found = []
    for card in cards:
        of_course = opened[card.course, card.time_zone, card.country]
        meeting = next((each for each in of_course if each.day == card.off_time.astimezone(each.zone).date()), None)
        if meeting is None:
            meeting = meetings.meeting_at(card.course, card.off_time, time_zone=card.time_zone, country=card.country)
            of_course.append(meeting)
        found.append(meeting)
    return found
