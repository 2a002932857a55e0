"""What the day made of a runner's best price: where it opened, its longest, its shortest; written once, as it moves."""

from collections.abc import Hashable, Iterable
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from sqlalchemy import or_, select

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
    The day ends at the off, what comes with it is of the running: there one price falls to nothing and all others rise.
    """
    if after is None or after == before or (race.off_at is not None and at >= race.off_at):
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
    beyond = _beyond(race)
    runners: dict[Hashable, Runner] = {runner.id: runner for runner in race.runners if runner.id in beyond}
    for runner in runners.values():
        runner.priced_day = runner.opening_price = runner.longest_price = runner.shortest_price = None
    stood, offers = dict[Hashable, Decimal | None](), BestOffers()
    changes = select(
        PriceChange.runner_pk, PriceChange.bookmaker, PriceChange.price, PriceChange.version, PriceChange.at
    ).where(PriceChange.runner_pk.in_(runners))
    rows = db.session.execute(changes.order_by(PriceChange.version, PriceChange.id))
    for _, together in groupby(rows, key=lambda change: change.version):
        moved = list(together)
        for key, best_now in offers.take((change.runner_pk, change.bookmaker, change.price) for change in moved):
            note_best(race, runners[key], stood.get(key), best_now, moved[0].at)
            stood[key] = best_now


def _beyond(race: Race) -> set[int]:
    """Return the keys of runners whose best price may have been an edge of the day after the off.

    It goes down to an edge where an offer is withdrawn or goes as low, up to one where an offer goes as high. Most
    have none: to read the whole day of each would keep the prices of others waiting.
    """
    edge = or_(
        PriceChange.price.is_(None),
        PriceChange.price >= Runner.longest_price,
        PriceChange.price <= Runner.shortest_price,
    )
    after_it = PriceChange.race_id == race.id, PriceChange.at >= race.off_at
    keys = select(PriceChange.runner_pk).join(PriceChange.runner).where(*after_it, edge).distinct()
    return set(db.session.scalars(keys))
