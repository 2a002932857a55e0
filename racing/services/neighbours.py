"""The races before and after one, by time over all meetings, and the one that goes off next."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import joinedload

from racing.extensions import db
from racing.models import Race
from racing.services.racecards import STILL_NEXT
from racing.statuses import BEFORE_THE_OFF


class Neighbours(NamedTuple):
    """Races with their meetings; None where there is none. `next_off` may be the race itself."""

    before: Race | None
    after: Race | None
    next_off: Race | None


def neighbours(race: Race, now: datetime) -> Neighbours:
    """Return what stands beside `race`. One that nobody says anything of is due off for a while, then forgotten."""
    place, here = tuple_(Race.off_time, Race.id), tuple_(race.off_time, race.id)
    return Neighbours(
        before=_first(place < here, descending=True),
        after=_first(place > here),
        next_off=_first(Race.off_time >= now - STILL_NEXT, Race.status.in_(BEFORE_THE_OFF)),
    )


def _first(*which: ColumnElement[bool], descending: bool = False) -> Race | None:
    order = (Race.off_time.desc(), Race.id.desc()) if descending else (Race.off_time, Race.id)
    return db.session.scalar(select(Race).where(*which).options(joinedload(Race.meeting)).order_by(*order).limit(1))
