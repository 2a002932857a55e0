"""What callers of the API may send as a race card, checked on arrival."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from racing.errors import InvalidInput
from racing.services import card_fields, card_marks
from racing.services.card_fields import MOST_RUNNERS
from racing.services.cards import RaceDeclared, RunnerDeclared
from racing.views.api.bodies import Body, Instant, RaceId, RunnerId


def _as_printed(check: Callable[[Any], Any]) -> AfterValidator:
    """Return a validator that refuses in the sentence of a card's rule, at the field it came in."""

    def checked(value: Any) -> Any:
        try:
            return check(value)
        except InvalidInput as error:
            raise PydanticCustomError("card", "{sentence}", {"sentence": error.message}) from error

    return AfterValidator(checked)


Zone = Annotated[str, _as_printed(card_fields.time_zone)]


def _text(most: int) -> Any:
    return Annotated[str, Field(min_length=1, max_length=most)]


class RunnerBody(Body):
    """A runner on a new card; numbers and weights may come as numbers."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, coerce_numbers_to_str=True)

    runnerId: RunnerId
    number: Annotated[str, Field(min_length=1, max_length=8)] | None = None
    name: _text(120)  # type: ignore[valid-type]
    draw: Annotated[int, Field(ge=1, le=99)] | None = None
    jockey: _text(120) | None = None  # type: ignore[valid-type]
    trainer: _text(120) | None = None  # type: ignore[valid-type]
    weight: _text(20) | None = None  # type: ignore[valid-type]
    age: Annotated[int, Field(ge=1, le=40)] | None = None
    form: Annotated[str, Field(max_length=40)] | None = None
    officialRating: Annotated[int, Field(ge=0, le=250)] | None = None
    silks: Annotated[str, Field(max_length=200)] | None = None
    claim: Annotated[int, _as_printed(card_marks.claim)] | None = None
    headgear: Annotated[str, _as_printed(card_marks.headgear)] | None = None
    courseDistance: Annotated[str, _as_printed(card_marks.course_distance)] | None = None

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

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, coerce_numbers_to_str=True)

    raceId: RaceId
    course: _text(80)  # type: ignore[valid-type]
    offTime: Instant
    title: _text(200)  # type: ignore[valid-type]
    distance: _text(40) | None = None  # type: ignore[valid-type]
    going: _text(60) | None = None  # type: ignore[valid-type]
    raceClass: _text(40) | None = None  # type: ignore[valid-type]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2,3}$")] | None = None
    timeZone: Zone | None = None
    prize: Annotated[str, _as_printed(card_marks.prize)] | None = None
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
