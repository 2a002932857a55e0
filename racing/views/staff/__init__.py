"""The staff desk: where staff price, run and describe the races, and see what they and the house have done."""

from flask import Blueprint

from racing.views.staff.places import desk_places

blueprint = Blueprint("staff", __name__, url_prefix="/staff")
blueprint.context_processor(lambda: {"desk_places": desk_places})

# They add their routes to the blueprint.
from racing.views.staff import (  # noqa: E402
    desk,
    live,
from racing.views.staff import (  # noqa: E402
)

__all__ = [
    "blueprint",
]
