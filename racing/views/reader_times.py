"""The reader's own clock, beside a time that is told in the course's zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from racing.views.reader import reader


def reader_clock(at: datetime, course_zone: ZoneInfo) -> str:
    """Return "15:05 your time", with the weekday where that differs; empty where it says nothing new.

    Nothing is said where nobody knows the reader's zone: the script then asks the browser (ui/reader_time.js).
    """
    zone = reader().zone
    return "" if zone is None else differing_clock(at, course_zone, zone)


def differing_clock(at: datetime, course_zone: ZoneInfo, zone: ZoneInfo) -> str:
    """Return what `reader_clock` does, for a reader of that zone. ui/reader_time.js says the same."""
    here, there = at.astimezone(zone), at.astimezone(course_zone)
    if here.utcoffset() == there.utcoffset():
        return ""
    weekday = "" if here.date() == there.date() else f"{here:%a} "
    return f"{weekday}{here:%H:%M} your time"
