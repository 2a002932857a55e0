"""What anyone may read of races, as JSON."""

import re
from datetime import date
from typing import Any

from flask import jsonify, request
from werkzeug.wrappers import Response

from racing.errors import InvalidInput, RaceNotFound
from racing.models import Race, Runner
from racing.realtime.messages import instant
from racing.realtime.shapes import Board
from racing.services import boards, price_history, racecards
from racing.views.api import answers, blueprint
from racing.views.api.documented import documented
from racing.views.declared import for_anyone
from racing.views.paged import json_list

HISTORY_MOST = 5000
_DAY = r"^\d{4}-\d\d-\d\d$"
DAY = {
    "date": {
        "description": "The courses' local day, YYYY-MM-DD; without it all races.",
        "schema": {"type": "string", "format": "date", "pattern": _DAY},
    }
}
SINCE = {
    "since": {
        "description": "The version you hold: what changed after it is enough.",
        "schema": {"type": "integer", "minimum": 0, "maximum": 10**15 - 1},
    }
}
OF_WHOM = {
    "runnerId": {"description": "Of this runner alone.", "schema": {"type": "string"}},
    "bookmaker": {"description": "Of this bookmaker alone.", "schema": {"type": "string"}},
}


@blueprint.get("/races")
@documented(answers.RaceList, query=DAY, refuses=(InvalidInput,))
@for_anyone
def list_races() -> Response:
    """Return the races of a course-local day, or all, by off time."""
    given = request.args.get("date")
    try:
        day = None if given is None else date.fromisoformat(given if re.match(_DAY, given) else "")
    except ValueError as error:
        raise InvalidInput("date: a day, written YYYY-MM-DD", {"date": "a day, written YYYY-MM-DD"}) from error
    if day is None:
        return json_list("races", racecards.every_race(race_summary))
    return jsonify(races=[race_summary(race) for race in racecards.races_of_day(day)])


@blueprint.get("/races/<race_id>")
@documented(answers.RaceInFull, refuses=(RaceNotFound,))
@for_anyone
def show_race(race_id: str) -> Response:
    """Return one race with its runners, prices and book."""
    board = boards.board(race_id)
    race = racecards.card(race_id)
    changes = {change["runnerId"]: change for change in board["runners"]}
    runners = [{**runner_card(runner), **changes.get(runner.runner_id, {})} for runner in race.runners]
    state = board["race"]
    return jsonify(
        {
            **race_summary(race),
            **state,
            "offAt": state.get("offAt"),
            "result": state.get("result"),
            "version": board["version"],
            "runners": runners,
            "odds": board["odds"],
            "book": board["book"],
        }
    )


@blueprint.get("/races/<race_id>/odds")
@documented(Board, query=SINCE, refuses=(RaceNotFound,), conditional=True)
@for_anyone
def show_odds(race_id: str) -> Response:
    """Return the image, or with `since` the delta: the `payload` of an `odds_update`. 304 where the ETag is current."""
    board = boards.board(race_id, _since())
    response = jsonify(board)
    response.set_etag(f"{race_id}.{board['base']}.{board['version']}")
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)


@blueprint.get("/races/<race_id>/history")
@documented(answers.History, query=OF_WHOM, refuses=(RaceNotFound,))
@for_anyone
def show_history(race_id: str) -> Response:
    """Return the newest price changes of a race, oldest first."""
    until, asked = price_history.version_of(race_id), (request.args.get("runnerId"), request.args.get("bookmaker"))
    pages = price_history.newest(race_id, until, HISTORY_MOST, *asked)
    return json_list("history", ([_change(row) for row in page] for page in pages))


def _change(row: Any) -> dict[str, Any]:
    return {
        "runnerId": row.runner_id,
        "bookmaker": row.bookmaker,
        "price": boards.number(row.price),
        "version": row.version,
        "at": instant(row.at),
    }


def race_summary(race: Race) -> dict[str, Any]:
    """Return what a list says of a race."""
    return {
        "raceId": race.id,
        "course": race.meeting.course,
        "country": race.meeting.country,
        "timeZone": race.meeting.time_zone,
        "title": race.title,
        "distance": race.distance,
        "going": race.going,
        "raceClass": race.race_class,
        "prize": race.prize,
        "offTime": instant(race.off_time),
        "offAt": boards.optional_instant(race.off_at),
        "status": race.status.value,
        "betting": race.betting.value,
        "enquiry": race.enquiry,
        "version": race.version,
    }


def runner_card(runner: Runner) -> dict[str, Any]:
    """Return what stands on the card; a plain cloth number is a number, "1A" a string."""
    number: int | str | None = runner.number
    return {
        "runnerId": runner.runner_id,
        "number": int(number) if isinstance(number, str) and number.isdecimal() else number,
        "name": runner.name,
        "draw": runner.draw,
        "jockey": runner.jockey,
        "trainer": runner.trainer,
        "weight": runner.weight,
        "age": runner.age,
        "form": runner.form,
        "officialRating": runner.official_rating,
        "silks": runner.silks,
        "claim": runner.claim,
        "headgear": runner.headgear,
        "courseDistance": runner.course_distance,
    }


def _since() -> int | None:
    given = request.args.get("since")
    if given is None:
        return None
    if not (given.isascii() and given.isdecimal()) or len(given) > 15:
        raise InvalidInput("since: a version is a whole number from 0.", {"since": "a whole number from 0"})
    return int(given)
