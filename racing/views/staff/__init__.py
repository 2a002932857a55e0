"""The staff desk: where staff price, run and describe the races, and see what they and the house have done."""

from flask import Blueprint

from racing.views.staff.places import desk_places

blueprint = Blueprint("staff", __name__, url_prefix="/staff")
blueprint.context_processor(lambda: {"desk_places": desk_places})

# They add their routes to the blueprint.
from racing.views.staff import (  # noqa: E402
    cards,
    cards_clone,
    cards_edit,
    cards_import,
    cards_new,
    desk,
    keys,
    live,
    meetings,
    news,
    news_corrections,
    news_drafts,
    notify,
    odds_grid,
    race,
    race_control,
    record,
    result,
    runners,
    users,
)

__all__ = [
    "blueprint",
    "cards",
    "cards_clone",
    "cards_edit",
    "cards_import",
    "cards_new",
    "desk",
    "keys",
    "live",
    "meetings",
    "news",
    "news_corrections",
    "news_drafts",
    "notify",
    "odds_grid",
    "race",
    "race_control",
    "record",
    "result",
    "runners",
    "users",
]
