"""The pages punters read, one module a kind of page. Prices of another minute must not come back out of a cache."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, make_response

from racing.views.drawing import drawn
from racing.views.punters import days, refreshed

blueprint = Blueprint("punters", __name__)
blueprint.record_once(days.register)
blueprint.app_context_processor(lambda: {"spread_ms": refreshed.spread_ms})


def site_zone() -> ZoneInfo:
    """Return the zone that lists over several courses are told in."""
    return ZoneInfo(current_app.config["DEFAULT_TIME_ZONE"])


def page(template: str, **shown: Any) -> Response:
    """Return the template as a page that a browser asks for again each time; with "no-store" the way back is slow."""
    response = make_response(drawn(template, **shown))
    response.headers["Cache-Control"] = "no-cache"
    return response


# They add their routes to the blueprint.
from racing.views.punters import (  # noqa: E402
    chart,
    course,
    exports,
    meetings,
    movers,
    next_races,
    others,
    people,
    race,
    results,
    search,
)

__all__ = [
    "blueprint",
    "chart",
    "course",
    "exports",
    "meetings",
    "movers",
    "next_races",
    "others",
    "page",
    "people",
    "race",
    "results",
    "search",
    "site_zone",
]
