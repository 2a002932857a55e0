"""Cards of one day made into cards of another: the same races at the same clock, the runners as they were declared."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from racing.models import Meeting, Race
from racing.services import card_ids, racecards
from racing.services.cards import RaceDeclared, RunnerDeclared


def clones(day: date, onto: date) -> list[RaceDeclared]:
    """Return the races of the courses' own `day` as they would be on the day `onto`, with ids made for them.

    Non-runners run again; prices, results and what has become of a race stay behind.
    """
    made: list[RaceDeclared] = []
    for meeting in racecards.meetings_with_runners(day):
        for race in meeting.races:
            made.append(_clone(meeting, race, onto, {each.race_id for each in made}))
    return made


def _clone(meeting: Meeting, race: Race, onto: date, taken: set[str]) -> RaceDeclared:
    # By the clock on the course's wall: over the night that summer time begins it is another time of the world's.
    local = datetime.combine(onto, race.off_time.astimezone(meeting.zone).time(), tzinfo=meeting.zone)
    off_time = local.astimezone(UTC)
    return RaceDeclared(
        race_id=card_ids.race_id(meeting.course, off_time.astimezone(meeting.zone), taken),
        course=meeting.course,
        off_time=off_time,
        title=race.title,
        runners=list(_runners(race)),
        distance=race.distance,
        going=race.going,
        race_class=race.race_class,
        country=meeting.country,
        time_zone=meeting.time_zone,
        prize=race.prize,
    )


def _runners(race: Race) -> Iterator[RunnerDeclared]:
    declared = RunnerDeclared.__dataclass_fields__
    for runner in race.runners:
        yield RunnerDeclared(**{name: getattr(runner, name) for name in declared})
