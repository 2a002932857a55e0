"""What staff and feeds write through the API."""

from collections.abc import Callable
from typing import Any

from flask import Response, g

from racing import metrics
from racing.errors import (
    BettingClosed,
    Conflict,
    InvalidInput,
    RaceExists,
    RaceNotFound,
    RunnerNotFound,
    RunnerNotInRace,
    RunnerOut,
    StalePrice,
    TransitionForbidden,
)
from racing.services import cards, odds, racecards, races
from racing.services.odds import Written
from racing.views.api import answers, blueprint
from racing.views.api.answering import answered
from racing.views.api.bodies import (
    BettingBody,
    BooksBody,
    EnquiryBody,
    OddsBody,
    OffTimeBody,
    ResultBody,
    StatusBody,
    read,
)
from racing.views.api.card_bodies import RaceBody
from racing.views.api.documented import documented
from racing.views.api.reads import race_summary
from racing.views.declared import writer

PRICE_REFUSALS = (RaceNotFound, RunnerNotInRace, RunnerOut, BettingClosed, StalePrice)


@blueprint.post("/races")
@documented(answers.RaceSummary, status=201, body=RaceBody, refuses=(RaceExists,))
@writer
def create_race() -> Response:
    """Declare a race with its runners; it is on the site at once."""
    card = read(RaceBody).declared()
    return answered(
        lambda: cards.declare_race(card, g.user), lambda: race_summary(racecards.race(card.race_id)), status=201
    )


@blueprint.post("/races/<race_id>/odds")
@documented(answers.PricesWritten, body=OddsBody, refuses=PRICE_REFUSALS)
@writer
def write_odds(race_id: str) -> Response:
    """Move prices in one race, all or none."""
    body = read(OddsBody)
    quotes = [quote.quote() for quote in body.odds]
    written: dict[str, Written] = {}

    def change() -> None:
        odds.write_books({race_id: quotes}, g.user, seen=body.expectedVersion, tell=written.update)
        metrics.PRICES_WRITTEN.labels("api").inc()

    return answered(change, lambda: written[race_id]._asdict())


@blueprint.post("/odds")
@documented(answers.RacesWritten, body=BooksBody, refuses=PRICE_REFUSALS)
@writer
def write_books() -> Response:
    """Move prices in several races, all or none."""
    body = read(BooksBody)
    books = {race.raceId: [quote.quote() for quote in race.odds] for race in body.races}
    if len(books) < len(body.races):
        raise InvalidInput("A race comes twice in one write.")
    written: dict[str, Written] = {}

    def change() -> None:
        odds.write_books(books, g.user, tell=written.update)
        metrics.PRICES_WRITTEN.labels("api").inc()

    return answered(change, lambda: {"races": [{"raceId": race_id, **written[race_id]._asdict()} for race_id in books]})


@blueprint.post("/races/<race_id>/status")
@documented(answers.Written, body=StatusBody, refuses=(RaceNotFound, TransitionForbidden))
@writer
def write_status(race_id: str) -> Response:
    """Say where the race has got to."""
    status = read(StatusBody).status
    return answered(lambda: races.change_status(race_id, status, g.user), _version_of(race_id))


@blueprint.post("/races/<race_id>/betting")
@documented(answers.Written, body=BettingBody, refuses=(RaceNotFound, Conflict))
@writer
def write_betting(race_id: str) -> Response:
    """Open, suspend or close the betting."""
    betting = read(BettingBody).betting
    return answered(lambda: races.change_betting(race_id, betting, g.user), _version_of(race_id))


@blueprint.post("/races/<race_id>/off-time")
@documented(answers.Written, body=OffTimeBody, refuses=(RaceNotFound, Conflict))
@writer
def write_off_time(race_id: str) -> Response:
    """Move the scheduled off."""
    off_time = read(OffTimeBody).offTime
    return answered(lambda: races.change_off_time(race_id, off_time, g.user), _version_of(race_id))


@blueprint.post("/races/<race_id>/enquiry")
@documented(answers.Written, body=EnquiryBody, refuses=(RaceNotFound, Conflict))
@writer
def write_enquiry(race_id: str) -> Response:
    """Announce or end a stewards' enquiry."""
    enquiry = read(EnquiryBody).enquiry
    return answered(lambda: races.change_enquiry(race_id, enquiry, g.user), _version_of(race_id))


@blueprint.post("/races/<race_id>/runners/<runner_id>/withdraw")
@documented(answers.Written, refuses=(RaceNotFound, RunnerNotFound, Conflict))
@writer
def withdraw(race_id: str, runner_id: str) -> Response:
    """Make a runner a non-runner."""
    return answered(lambda: races.withdraw(race_id, runner_id, g.user), _version_of(race_id))


@blueprint.post("/races/<race_id>/runners/<runner_id>/reinstate")
@documented(answers.Written, refuses=(RaceNotFound, RunnerNotFound, Conflict))
@writer
def reinstate(race_id: str, runner_id: str) -> Response:
    """Put a non-runner back."""
    return answered(lambda: races.reinstate(race_id, runner_id, g.user), _version_of(race_id))


@blueprint.post("/races/<race_id>/result")
@documented(answers.Written, body=ResultBody, refuses=(RaceNotFound, RunnerNotInRace, TransitionForbidden))
@writer
def write_result(race_id: str) -> Response:
    """Declare or amend the result."""
    placings = read(ResultBody).declared()
    return answered(lambda: races.declare_result(race_id, placings, g.user), _version_of(race_id))


def _version_of(race_id: str) -> Callable[[], dict[str, Any]]:
    return lambda: {"version": racecards.version_now(race_id)}
