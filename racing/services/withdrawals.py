"""Runners that come out of a race, what that does to the others' prices, and runners that go back in."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from racing import prices
from racing.errors import Conflict
from racing.models import CurrentPrice, Race, Runner, User
from racing.models.columns import now
from racing.services import audit, offers, racecards, suspensions
from racing.services.offers import Rows
from racing.services.quotes import Quote
from racing.services.race_changes import changing, refuse_settled, runner_at
from racing.statuses import RunnerStatus


class Others(StrEnum):
    """What becomes of the other runners' prices: they stay, are cut by the Rule 4 deduction, or go."""

    KEPT = "kept"
    CUT = "cut"
    REMOVED = "removed"


class Other(NamedTuple):
    """A price that one bookmaker offers for another runner, and what a cut makes of it."""

    runner: Runner
    bookmaker: str
    price: Decimal
    cut: Decimal

    def becoming(self, others: Others) -> Quote:
        """Return what is offered in its place."""
        price = {Others.KEPT: self.price, Others.CUT: self.cut, Others.REMOVED: None}[others]
        return Quote(self.runner.runner_id, price, self.bookmaker)


class Outlook(NamedTuple):
    """What a withdrawal would do.

    `price` is the runner's best price (None: never priced), `pence` its own Rule 4 deduction; `in_force` is that of the
    whole race now and `then` what it becomes. `others` are the prices of the other runners.
    """

    runner: Runner
    price: Decimal | None
    pence: int
    in_force: int
    then: int
    others: Sequence[Other]


def outlook(race_id: str, runner_id: str) -> Outlook:
    """Return what it would do to take a runner out now. Raises RaceNotFound or RunnerNotFound."""
    race = racecards.card(race_id)
    return _outlook(race, runner_at(race, runner_id), offers.current_prices(race_id))


def _outlook(race: Race, runner: Runner, rows: Rows) -> Outlook:
    price = _best(runner, rows)
    out = [each.withdrawn_price for each in race.runners if each.status is RunnerStatus.NON_RUNNER]
    known = [each for each in out if each is not None]
    pence = prices.rule4([] if price is None else [price])
    runners = {each.id: each for each in race.runners if each is not runner}
    others = [
        Other(runners[runner_pk], bookmaker, offer.price, prices.after_rule4(offer.price, pence))
        for (runner_pk, bookmaker), offer in _in_order(rows)
        if runner_pk in runners and offer.price is not None
    ]
    then = prices.rule4(known if price is None else [*known, price])
    return Outlook(runner, price, pence, prices.rule4(known), then, others)


def _best(runner: Runner, rows: Rows) -> Decimal | None:
    held = _of(runner, rows)
    # Out by mistake, back in, out again before anybody priced it anew: its last price still counts.
    return _longest(offer.price for offer in held) or _longest(offer.previous for offer in held)


def _longest(offered: Iterable[Decimal | None]) -> Decimal | None:
    return max((price for price in offered if price is not None), default=None)


def withdraw(
    race_id: str,
    runner_id: str,
    by: User | None,
    at: datetime | None = None,
    *,
    others: Others = Others.KEPT,
    pence: int | None = None,
) -> int:
    """Take a runner out: it keeps the best price of that moment for Rule 4, and no bookmaker offers one any more.

    With `others` their prices are cut by this runner's deduction, or removed, in the same version. `pence` is the
    deduction that was shown to whoever asks. Returns the race's version; a non-runner changes nothing.
    Raises RaceNotFound, RunnerNotFound, or Conflict where the race has a result or the deduction has become another.
    """
    when = at or now()
    with changing(race_id) as race:
        runner = runner_at(race, runner_id)
        if runner.status is not RunnerStatus.NON_RUNNER:
            refuse_settled(race, runner)
            rows = offers.current_prices(race_id)
            then = _outlook(race, runner, rows)
            if pence is not None and then.pence != pence:
                raise Conflict(f"The price of {runner.name} moved: Rule 4 takes {then.pence}p for it now.")
            moving = [*_offered(runner, rows), *_moved(then, others)]
            before = standing(runner, rows, moving)
            runner.version = race.next_version(when)
            runner.status, runner.withdrawn_at, runner.withdrawn_price = RunnerStatus.NON_RUNNER, when, then.price
            offers.move(race, moving, rows, when, by)
            _move_held(race, runner, then, others, by, when)
            after = {**standing(runner, rows, moving), "others": others.value}
            audit.record("withdraw", by, when, race_id=race_id, version=race.version, before=before, **after)
        version = race.version
    return version


def _offered(runner: Runner, rows: Rows) -> list[tuple[Runner, Quote]]:
    priced = [offer for offer in _of(runner, rows) if offer.price is not None]
    return [(runner, Quote(runner.runner_id, None, offer.bookmaker)) for offer in priced]


def _moved(then: Outlook, others: Others) -> list[tuple[Runner, Quote]]:
    quotes = ((other, other.becoming(others)) for other in then.others)
    return [(other.runner, quote) for other, quote in quotes if quote.price != other.price]


def _move_held(race: Race, runner: Runner, then: Outlook, others: Others, by: User | None, at: datetime) -> None:
    """Do the same to what suspended bookmakers will offer once they are back."""
    suspensions.drop_held(race.id, runner.runner_id)
    runners = {each.runner_id: each for each in race.runners}
    held = [
        Other(runners[runner_id], bookmaker, price, prices.after_rule4(price, then.pence))
        for bookmaker, book in suspensions.held_prices(race.id).items()
        for runner_id, price in book.items()
        if price is not None
    ]
    suspensions.hold(race, [other.becoming(others) for other in held], by, at)


def reinstate(race_id: str, runner_id: str, by: User | None, at: datetime | None = None) -> int:
    """Put a non-runner back; bookmakers price it anew.

    Returns the race's version; a runner that is in changes nothing.
    Raises RaceNotFound, RunnerNotFound, or Conflict where the race has a result.
    """
    when = at or now()
    with changing(race_id) as race:
        runner = runner_at(race, runner_id)
        if runner.status is RunnerStatus.NON_RUNNER:
            refuse_settled(race, runner)
            rows = offers.current_prices(race_id)
            before = standing(runner, rows)
            put_back(runner, race.next_version(when))
            after = standing(runner, rows)
            audit.record("reinstate", by, when, race_id=race_id, version=race.version, before=before, **after)
        version = race.version
    return version


def put_back(runner: Runner, version: int) -> None:
    """Let a non-runner be in the race again since `version`, in the running change."""
    runner.status, runner.withdrawn_at, runner.withdrawn_price = RunnerStatus.ACTIVE, None, None
    runner.version = version


def standing(runner: Runner, rows: Rows, also: Sequence[tuple[Runner, Quote]] = ()) -> dict[str, Any]:
    """Return what the audit trail says of a runner that comes out or goes back, its prices (none: as null) included.

    `also` names prices of others that move with it; `held`, where there is any, is what suspended bookmakers hold.
    """
    own = [offers.price_in_words(runner.runner_id, offer.bookmaker, offer.price) for offer in _of(runner, rows)]
    moved = [
        offers.price_in_words(quote.runner_id, quote.maker, rows[(other.id, quote.maker)].price)
        for other, quote in also
        if other is not runner
    ]
    held = [
        offers.price_in_words(runner_id, bookmaker, price)
        for bookmaker, book in suspensions.held_prices(runner.race_id).items()
        for runner_id, price in book.items()
    ]
    return {
        "runnerId": runner.runner_id,
        "status": runner.status.value,
        "withdrawnAt": None if runner.withdrawn_at is None else runner.withdrawn_at.isoformat(),
        "withdrawnPrice": None if runner.withdrawn_price is None else str(runner.withdrawn_price),
        "prices": [*own, *moved],
        **({"held": held} if held else {}),
    }


def _in_order(rows: Rows) -> list[tuple[tuple[int, str], CurrentPrice]]:
    return sorted(rows.items(), key=lambda each: each[0])


def _of(runner: Runner, rows: Rows) -> list[CurrentPrice]:
    return [offer for (runner_pk, _), offer in _in_order(rows) if runner_pk == runner.id]
