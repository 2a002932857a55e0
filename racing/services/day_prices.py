"""What the day made of a runner's best price: where it opened, its longest, its shortest; written once, as it moves."""

from collections.abc import Hashable, Iterable
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from sqlalchemy import select

from racing.extensions import db
from racing.models import CurrentPrice, PriceChange, Race, Runner
from racing.services.best_offers import BestOffers


def best(offers: Iterable[CurrentPrice | None]) -> Decimal | None:
    """Return the longest price on offer among these, decimal odds; None where none is."""
    return max((offer.price for offer in offers if offer is not None and offer.price is not None), default=None)


def note_best(race: Race, runner: Runner, before: Decimal | None, after: Decimal | None, at: datetime) -> None:
    """Keep what the best price has become `at`, in the running transaction; one that has not changed changes nothing.

    The day is the course's own. Its first change opens it, at the price that stood until then, if there was one.
    A write that comes late, of a day before, counts into the day that has begun. The runner's version stays.
    The day ends at the off: in running one price falls to nothing and all others rise.
    """
    if after is None or after == before or (race.off_at is not None and at > race.off_at):
        return
    day = at.astimezone(race.meeting.zone).date()
    if runner.priced_day is None or day > runner.priced_day:
        runner.priced_day = day
        runner.opening_price = runner.longest_price = runner.shortest_price = after if before is None else before
    # A column is written where its value differs: most prices are no new edge of the day, and cost no write.
    runner.longest_price = max(runner.longest_price or after, after)
    runner.shortest_price = min(runner.shortest_price or after, after)


def end_day(race: Race) -> None:
    """Take out of the day what came after the race's off, in the running transaction.

    A feed may say late when the off was: prices of running were then noted as those of before it.
    """
    changes = select(PriceChange).where(PriceChange.race_id == race.id)
    newest = db.session.scalar(changes.order_by(PriceChange.version.desc(), PriceChange.id.desc()).limit(1))
    if newest is None or race.off_at is None or newest.at <= race.off_at:
        return
    for runner in race.runners:
        runner.priced_day = runner.opening_price = runner.longest_price = runner.shortest_price = None
    runners: dict[Hashable, Runner] = {runner.id: runner for runner in race.runners}
    stood, offers = dict[Hashable, Decimal | None](), BestOffers()
    rows = db.session.scalars(changes.order_by(PriceChange.version, PriceChange.id))
    for _, together in groupby(rows, key=lambda change: change.version):
        moved = list(together)
        for key, best_now in offers.take((change.runner_pk, change.bookmaker, change.price) for change in moved):
            note_best(race, runners[key], stood.get(key), best_now, moved[0].at)
            stood[key] = best_now
