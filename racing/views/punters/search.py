"""The search over horses, jockeys, trainers and courses."""

from typing import Any

from flask import Response, request, url_for

from racing.errors import InvalidInput
from racing.services import search as names
from racing.services.people import Kind
from racing.services.slugs import LONGEST
from racing.views.punters import blueprint, page
from racing.views.punters.people import PAGES

_HEADINGS = {Kind.HORSE: "Horses", Kind.JOCKEY: "Jockeys", Kind.TRAINER: "Trainers"}


@blueprint.get("/search")
def search() -> Response:
    """Show who and what is found under the beginning of a name; the form alone where nothing is asked."""
    asked = request.args.get("q", "").strip()[:LONGEST]
    groups: list[dict[str, Any]] = []
    refused = ""
    if asked:
        try:
            groups = _groups(names.letters(asked))
        except InvalidInput as refusal:
            refused = refusal.message
    found = sum(len(group["found"]) for group in groups)
    return page("punters/search.html", asked=asked, groups=groups, refused=refused, found=found)


def _groups(wanted: str) -> list[dict[str, Any]]:
    people = [_group(_HEADINGS[kind], PAGES[kind], "race", names.search(kind, wanted)) for kind in Kind]
    courses = _group("Courses", "punters.course", "meeting", names.courses(wanted))
    return [group for group in (*people, courses) if group["found"]]


def _group(heading: str, endpoint: str, unit: str, found: Any) -> dict[str, Any]:
    lines = [
        {
            "name": each.name,
            "path": url_for(endpoint, slug=each.slug),
            "races": f"{each.races} {unit}{'' if each.races == 1 else 's'}",
        }
        for each in found
    ]
    return {"heading": heading, "found": lines, "is_full": len(found) == names.MOST_FOUND}
