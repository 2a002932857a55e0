"""The rooms of the desk, as its pages offer them."""

from typing import NamedTuple

from flask import g, request, url_for

from racing.models import Role


class DeskPlace(NamedTuple):
    """A link of the desk's own bar: its page, and whether it is for admins alone."""

    endpoint: str
    name: str
    admins_only: bool = False

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
    DeskPlace("staff.users", "Users", admins_only=True),
    DeskPlace("staff.keys", "API keys", admins_only=True),
)


def desk_places() -> list[DeskPlace]:
    """Return those open to the user whose page is drawn."""
    return [place for place in PLACES if g.user.role is Role.ADMIN or not place.admins_only]
