"""What pages show of what was published: when that was, in which paragraphs, and of which race."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from racing.models import Article, Race
from racing.views import words
from racing.views.race_cards import now

_BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class ArticleLine:
    """An article in a list or as a page; `race` says which race it is about, empty where it is about none.

    `corrected` says when it was put right, empty where it never was.
    """

    article: Article
    at: str
    race: str
    corrected: str = ""


def article_line(article: Article, zone: ZoneInfo) -> ArticleLine:
    """Return an article whose race and meeting are loaded as a list shows it, its time in `zone`."""
    return ArticleLine(
        article,
        at=moment(article.published_at, zone),
        race=race_name(article.race) if article.race else "",
        corrected=moment(article.corrected_at, zone) if article.corrected_at else "",
    )


def race_name(race: Race) -> str:
    """Return "14:05 Wexmoor, Thu 26 Nov" in the course's zone, with the year where it is not this one."""
    zone = race.meeting.zone
    return f"{words.clock(race.off_time, zone)} {race.meeting.course}, {words.day(race.off_time, zone, now())}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Return "Thu 26 Nov 2026, 14:05 GMT" in `zone`."""
    return f"{words.day(at, zone)} {at.astimezone(zone).year}, {words.clock(at, zone)} {words.zone_name(at, zone)}"


def opens(url: str | None) -> str:
    """Return what a link to `url` says: "Open" for our own pages, whose site it is for others."""
    if url is None:
        return ""
    return "Open" if url.startswith("/") else url.removeprefix("https://").partition("/")[0]


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, which blank lines part."""
    return [paragraph.strip() for paragraph in _BLANK_LINES.split(text) if paragraph.strip()]
