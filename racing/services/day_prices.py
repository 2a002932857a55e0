"""What the day made of a runner's best price: where it opened, its longest, its shortest; written once, as it moves."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from racing.models import CurrentPrice, Race, Runner


def best(offers: Iterable[CurrentPrice | None]) -> Decimal | None:
    """Return the longest price on offer among these, decimal odds; None where none is."""
    return max((offer.price for offer in offers if offer is not None and offer.price is not None), default=None)


def note_best(race: Race, runner: Runner, before: Decimal | None, after: Decimal | None, at: datetime) -> None:
    """Keep what the best price has become `at`, in the running transaction; one that has not changed changes nothing.

    The day is the course's own. Its first change opens it, at the price that stood until then, if there was one.
    A write that comes late, of a day before, counts into the day that has begun. The runner's version stays.
    """
    if after is None or after == before:
        return
    day = at.astimezone(race.meeting.zone).date()
    if runner.priced_day is None or day > runner.priced_day:
        runner.priced_day = day
        runner.opening_price = runner.longest_price = runner.shortest_price = after if before is None else before
    # A column is written where its value differs: most prices are no new edge of the day, and cost no write.
    runner.longest_price = max(runner.longest_price or after, after)
    runner.shortest_price = min(runner.shortest_price or after, after)
