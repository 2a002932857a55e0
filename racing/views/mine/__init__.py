"""What a page is to one reader: settings, account, watchlist, price alerts. What is another's is not found."""

from flask import Blueprint

blueprint = Blueprint("mine", __name__)

# They add their routes to the blueprint.
from racing.views.mine import account, alerts, marks, settings, watchlist  # noqa: E402

__all__ = ["account", "alerts", "blueprint", "marks", "settings", "watchlist"]
