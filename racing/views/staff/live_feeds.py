"""The feeds on the live desk: "tote: last price 4 s ago", and which of them is late."""

from datetime import datetime
from typing import Any

from flask import current_app

from racing.services.feed_ages import Feed, FeedAges


def feed_lines(at: datetime) -> list[dict[str, Any]]:
    """Return each bookmaker that prices an open race, as the page and its script show it."""
    kept: FeedAges = current_app.extensions["feed_ages"]
    late_after_s = current_app.config["FEED_LATE_SECONDS"]
    return [_line(feed, at, late_after_s) for feed in kept.feeds()]


def _line(feed: Feed, at: datetime, late_after_s: int) -> dict[str, Any]:
    age_s = feed.age_s(at)
    return {
        "bookmaker": feed.bookmaker,
        "name": feed.name,
        "ageMs": round(age_s * 1000),
        "age": age_words(age_s),
        "races": feed.races,
        "awaited": feed.awaited,
        "isLate": feed.is_late(at, late_after_s),
    }


def age_words(seconds: float) -> str:
    """Return "4 s ago", "12 min ago", "3 h ago". ui/feed_ages.js says the same."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s ago"
    return f"{whole // 60} min ago" if whole < 3600 else f"{whole // 3600} h ago"
