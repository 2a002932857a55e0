"""What callers of the API may send as a race card, checked on arrival."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from racing.services import card_marks
from racing.services.card_fields import MOST_RUNNERS
from racing.services.cards import RaceDeclared, RunnerDeclared
from racing.views.api.bodies import Body, as_in
from racing.views.api.fields import Country, Instant, RaceId, RunnerId, Told, Zone, text, whole

Headgear = Annotated[
    str,
    AfterValidator(card_marks.headgear),
    Told("in a card's letters: b blinkers, v visor, h hood, p cheekpieces, t tongue tie, es eyeshield, ec eyecover"),
]
CourseDistance = Annotated[
    str,
    AfterValidator(card_marks.course_distance),
    Told("where it has won: C (course), D (distance), CD (both at once) or C D (each)"),
]
Prize = Annotated[
    str, AfterValidator(card_marks.prize), Told(f"a prize in {card_marks.LONGEST_PRIZE} characters at most")
]


class RunnerBody(Body):
    """A runner on a new card; numbers and weights may come as numbers."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    runnerId: RunnerId
    number: text(8) | None = None  # type: ignore[valid-type]
    name: text(120)  # type: ignore[valid-type]
    draw: whole(1, 99) | None = None  # type: ignore[valid-type]
    jockey: text(120) | None = None  # type: ignore[valid-type]
    trainer: text(120) | None = None  # type: ignore[valid-type]
    weight: text(20) | None = None  # type: ignore[valid-type]
    age: whole(1, 40) | None = None  # type: ignore[valid-type]
    form: text(40, least=0) | None = None  # type: ignore[valid-type]
    officialRating: whole(0, 250) | None = None  # type: ignore[valid-type]
    silks: text(200, least=0) | None = None  # type: ignore[valid-type]
    claim: whole(1, card_marks.MOST_CLAIMED) | None = None  # type: ignore[valid-type]
    headgear: Headgear | None = None
    courseDistance: CourseDistance | None = None

    def declared(self) -> RunnerDeclared:
        """Return it as the service wants it."""
        return RunnerDeclared(
            runner_id=self.runnerId,
            name=self.name,
            number=self.number,
            draw=self.draw,
            jockey=self.jockey,
            trainer=self.trainer,
            weight=self.weight,
            age=self.age,
            form=self.form,
            official_rating=self.officialRating,
            silks=self.silks,
            claim=self.claim,
            headgear=self.headgear,
            course_distance=self.courseDistance,
        )


class RaceBody(Body):
    """`POST /races`."""

    model_config = as_in(
        {
            "raceId": "ascot-1430",
            "course": "Ascot",
            "offTime": "2026-11-24T14:30:00Z",
            "title": "The Harbour Lights Handicap",
            "runners": [
                {"runnerId": "7", "number": 7, "name": "Quiet Harbour", "jockey": "A Tunnicott", "weight": "9-4"}
            ],
        },
        coerce_numbers_to_str=True,
    )

    raceId: RaceId
    course: text(80)  # type: ignore[valid-type]
    offTime: Instant
    title: text(200)  # type: ignore[valid-type]
    distance: text(40) | None = None  # type: ignore[valid-type]
    going: text(60) | None = None  # type: ignore[valid-type]
    raceClass: text(40) | None = None  # type: ignore[valid-type]
    country: Country | None = None
    timeZone: Zone | None = None
    prize: Prize | None = None
    runners: Annotated[list[RunnerBody], Field(min_length=1, max_length=MOST_RUNNERS)]

    def declared(self) -> RaceDeclared:
        """Return it as the service wants it."""
        return RaceDeclared(
            race_id=self.raceId,
            course=self.course,
            off_time=self.offTime,
            title=self.title,
            runners=[runner.declared() for runner in self.runners],
            distance=self.distance,
            going=self.going,
            race_class=self.raceClass,
            country=self.country,
            time_zone=self.timeZone,
            prize=self.prize,
        )
