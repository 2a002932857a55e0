"""What staff and feeds write through the API."""

from flask import Response, g, jsonify

from racing import metrics
from racing.errors import InvalidInput
from racing.services import cards, odds, races
from racing.views.api import blueprint
from racing.views.api.bodies import (
    BettingBody,
    BooksBody,
    EnquiryBody,
    OddsBody,
    OffTimeBody,
    ResultBody,
    StatusBody,
    once,
    read,
)
from racing.views.api.card_bodies import RaceBody
from racing.views.api.reads import race_summary
from racing.views.identity import writer


@blueprint.post("/races")
@writer
def create_race() -> tuple[Response, int]:
    """Declare a race with its runners: 201."""
    race = cards.declare_race(read(RaceBody).declared(), g.user)
    return jsonify(race_summary(race)), 201


@blueprint.post("/races/<race_id>/odds")
@writer
def write_odds(race_id: str) -> Response:
    """Move prices in one race, all or none."""
    body = read(OddsBody)
    quotes = [quote.quote() for quote in body.odds]
    written = odds.write_books({race_id: quotes}, g.user, seen=body.expectedVersion, once=once())[race_id]
    metrics.PRICES_WRITTEN.labels("api").inc()
    return jsonify(written._asdict())


@blueprint.post("/odds")
@writer
def write_books() -> Response:
    """Move prices in several races, all or none."""
    body = read(BooksBody)
    books = {race.raceId: [quote.quote() for quote in race.odds] for race in body.races}
    if len(books) < len(body.races):
        raise InvalidInput("A race comes twice in one write.")
    written = odds.write_books(books, g.user, once=once())
    metrics.PRICES_WRITTEN.labels("api").inc()
    return jsonify(races=[{"raceId": race_id, **written[race_id]._asdict()} for race_id in books])


@blueprint.post("/races/<race_id>/status")
@writer
def write_status(race_id: str) -> Response:
    """Say where the race has got to."""
    return jsonify(version=races.change_status(race_id, read(StatusBody).status, g.user))


@blueprint.post("/races/<race_id>/betting")
@writer
def write_betting(race_id: str) -> Response:
    """Open, suspend or close the betting."""
    return jsonify(version=races.change_betting(race_id, read(BettingBody).betting, g.user))


@blueprint.post("/races/<race_id>/off-time")
@writer
def write_off_time(race_id: str) -> Response:
    """Move the scheduled off."""
    return jsonify(version=races.change_off_time(race_id, read(OffTimeBody).offTime, g.user))


@blueprint.post("/races/<race_id>/enquiry")
@writer
def write_enquiry(race_id: str) -> Response:
    """Announce or end a stewards' enquiry."""
    return jsonify(version=races.change_enquiry(race_id, read(EnquiryBody).enquiry, g.user))


@blueprint.post("/races/<race_id>/runners/<runner_id>/withdraw")
@writer
def withdraw(race_id: str, runner_id: str) -> Response:
    """Make a runner a non-runner."""
    return jsonify(version=races.withdraw(race_id, runner_id, g.user))


@blueprint.post("/races/<race_id>/runners/<runner_id>/reinstate")
@writer
def reinstate(race_id: str, runner_id: str) -> Response:
    """Put a non-runner back."""
    return jsonify(version=races.reinstate(race_id, runner_id, g.user))


@blueprint.post("/races/<race_id>/result")
@writer
def write_result(race_id: str) -> Response:
    """Declare or amend the result."""
    return jsonify(version=races.declare_result(race_id, read(ResultBody).declared(), g.user))
