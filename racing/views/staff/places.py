"""The rooms of the desk, as its pages offer them."""

from typing import NamedTuple

from flask import current_app, g, request, url_for

from racing.access import is_admitted
from racing.views.declared import declared


class DeskPlace(NamedTuple):
    """A link of the desk's own bar: its page."""

    endpoint: str
    name: str

    @property
    def path(self) -> str:
        """Where it is."""
        return url_for(self.endpoint)

    @property
    def is_current(self) -> bool:
        """Whether the page being drawn is there, or below it."""
        below = self.path if self.path.endswith("/") else f"{self.path}/"
        if self.endpoint == "staff.desk":
            return request.path == self.path or request.path.startswith((f"{self.path}races/", f"{self.path}meetings/"))
        return request.path == self.path or request.path.startswith(below)


PLACES = (
    DeskPlace("staff.desk", "Races"),
    DeskPlace("staff.cards", "Cards"),
    DeskPlace("staff.news", "News"),
    DeskPlace("staff.notify", "Notify"),
    DeskPlace("staff.record", "Record"),
    DeskPlace("staff.live", "Live now"),
    DeskPlace("staff.users", "Users"),
    DeskPlace("staff.keys", "API keys"),
)


def desk_places() -> list[DeskPlace]:
    """Return those open to the user whose page is drawn."""
    says = {place: declared(current_app.view_functions[place.endpoint]) for place in PLACES}
    return [place for place, whom in says.items() if whom is not None and is_admitted(g.user.role, whom.access)]
