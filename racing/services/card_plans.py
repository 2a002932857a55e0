"""What declaring some cards would do: which races would be new, and which are on the site already."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from racing.extensions import db
from racing.models import Meeting, Race
from racing.services.cards import RaceDeclared


@dataclass(frozen=True)
class Plan:
    """`new` would be declared; `there` are left as they are, each with the id of the race that is on the site."""

    new: Sequence[RaceDeclared]
    there: Sequence[tuple[RaceDeclared, str]]

    @property
    def mark(self) -> str:
        """Letters that are the same for the same plan: what was looked at is what is done."""
        return sha256(repr((self.new, [known for _, known in self.there])).encode()).hexdigest()


def plan(cards: Sequence[RaceDeclared], made: Collection[str] = ()) -> Plan:
    """Return what declaring `cards` would do.

    A race is there where its id is; one whose id we `made` also where its course has a race at that very time.
    """
    ids = [card.race_id for card in cards]
    known = set(db.session.scalars(select(Race.id).where(Race.id.in_(ids))))
    at = _races_at([card for card in cards if card.race_id in made])
    new, there = [], []
    for card in cards:
        found = card.race_id if card.race_id in known else None
        if found is None and card.race_id in made:
            found = at.get((card.course.lower(), card.off_time))
        if found is None:
            new.append(card)
        else:
            there.append((card, found))
    return Plan(new, there)


def _races_at(cards: Sequence[RaceDeclared]) -> dict[tuple[str, object], str]:
    """Return the ids of the races at the off times of these cards by (course in small letters, off time)."""
    times = sorted({card.off_time for card in cards})
    query = select(Race.id, Race.off_time, Meeting.course).join(Race.meeting).where(Race.off_time.in_(times))
    return {(row.course.lower(), row.off_time): row.id for row in db.session.execute(query.order_by(Race.id.desc()))}
