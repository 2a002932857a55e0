"""What the script draws the price chart of a race from."""

from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from racing.models import Race, Runner
from racing.realtime.messages import instant
from racing.services import boards, movements, price_history, racecards
from racing.services.price_charts import PriceChart
from racing.services.thinning import Point
from racing.views.declared import for_anyone
from racing.views.leaders import leaders_first
from racing.views.punters import blueprint


@blueprint.get("/races/<race_id>/chart.json")
@for_anyone
def chart_json(race_id: str) -> AnyResponse:
    """Return the best prices of the race's whole life; 304 where the ETag is that of its version.

    `{ raceId, version, timeZone, start, offTime, offAt, runners: [{ runnerId, number, name, status, withdrawnAt, at,
    prices }] }`, the shortest runner first. `prices[n]` (decimal; null: none) holds from `start` + `at[n]` ms on.
    Of a busy race not every step is there, but every high, every low and the last is.
    """
    current = _tag(race_id, price_history.version_of(race_id))
    for held in request.if_none_match.as_set(include_weak=True):
        if held.partition(":")[0] == current:  # what compresses the answer adds how
            return _tagged(Response(), held)  # nothing is read for who has it already
    chart = movements.chart(race_id)
    return _tagged(jsonify(_body(racecards.card(race_id), chart)), _tag(race_id, chart.version))


def _tag(race_id: str, version: int) -> str:
    return f"{race_id}.chart.{version}"


def _tagged(response: Response, tag: str) -> AnyResponse:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)


def _body(race: Race, chart: PriceChart) -> dict[str, Any]:
    start = min((line[0].at for line in chart.lines.values()), default=0)
    return {
        "raceId": race.id,
        "version": chart.version,
        "timeZone": race.meeting.time_zone,
        "start": start,
        "offTime": instant(race.off_time),
        "offAt": boards.optional_instant(race.off_at),
        "runners": [
            _runner(runner, chart.lines.get(runner.runner_id, ()), start) for runner in leaders_first(race, chart)
        ],
    }


def _runner(runner: Runner, line: Sequence[Point], start: int) -> dict[str, Any]:
    return {
        "runnerId": runner.runner_id,
        "number": runner.number,
        "name": runner.name,
        "status": runner.status.value,
        "withdrawnAt": boards.optional_instant(runner.withdrawn_at),
        "at": [point.at - start for point in line],
        "prices": [None if point.price is None else point.price / 100 for point in line],
    }
