"""Telling those who wait for a price that it has come."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, select, update

from racing.extensions import db
from racing.models import (
    Bookmaker,
    CurrentPrice,
    OddsFormat,
    PriceAlert,
    Race,
    Runner,
    User,
    UserSettings,
    Wanted,
)
from racing.models.columns import now
from racing.services import alert_words, price_replay
from racing.services.alert_progress import is_armed
from racing.services.alert_words import Offer, Words
from racing.services.announcements import format_of_user, tell_each
from racing.services.price_replay import Best, Course
from racing.statuses import RunnerStatus

# So many are told in one change; more wait for the next one, a moment later, and all others have their turn between.
MOST_AT_ONCE = 500


class Reached(NamedTuple):
    """Alerts of one runner and side that have come true, and the course its best price took."""

    race_id: str
    runner_pk: int
    wanted: Wanted
    course: Course

    @property
    def furthest(self) -> Best:
        """The price of that course that most alerts of this side waited for."""
        return self.course.longest if self.wanted is Wanted.BIGGER else self.course.shortest

    def offer_for(self, waited_for: Decimal) -> tuple[Best, bool]:
        """Return what its user is told of, and whether it still stands: the present price if that will do."""
        last = self.course.last
        if last is not None and holds(last.price, self.wanted, waited_for):
            return last, True
        return self.furthest, False


class _Waiting(NamedTuple):
    """An alert, and how its user reads prices."""

    alert_id: int
    user_id: int
    price: Decimal
    odds_format: OddsFormat


def holds(price: Decimal, wanted: Wanted, waited_for: Decimal) -> bool:
    """Tell whether a best price is what somebody waits for."""
    return price >= waited_for if wanted is Wanted.BIGGER else price <= waited_for


def reached(races: Collection[Race]) -> list[Reached]:
    """Return which armed alerts in these races have come true since their telling's progress."""
    nearest = _nearest([race.id for race in races])
    if not nearest:
        return []
    steps = price_replay.steps_since_told(races, {runner_pk for _, runner_pk, _ in nearest})
    came = []
    for (race_id, runner_pk, wanted), waited_for in nearest.items():
        course = price_replay.course_through(steps.get(runner_pk, ()))
        if course is not None and holds(
            (one := Reached(race_id, runner_pk, wanted, course)).furthest.price, wanted, waited_for
        ):
            came.append(one)
    return came


def tell(race: Race, came_true: list[Reached]) -> bool:
    """Tell those whose alerts came true, in the running change. Returns False where some are left for another."""
    left = MOST_AT_ONCE
    for one in came_true:
        rows = _waiting(one, left)
        if rows:  # none where its user has removed it meanwhile
            _tell(race, one, rows)
        left -= len(rows)
        if not left:
            return False
    return True


def present_for(alert: PriceAlert) -> Best | None:
    """Return its runner's best price of this moment where that is what an alert waits for, else None."""
    rows = select(CurrentPrice.bookmaker, CurrentPrice.price).where(CurrentPrice.runner_pk == alert.runner_pk)
    present = price_replay.best({row.bookmaker: row.price for row in db.session.execute(rows)})
    return present if present is not None and holds(present.price, alert.wanted, alert.price) else None


def tell_if_it_holds(alert: PriceAlert, runner: Runner) -> None:
    """Tell the user of an alert just armed where it holds already and need not leave, in the running change."""
    present = None if alert.must_leave else present_for(alert)
    if present is not None:
        came_true = Reached(alert.race_id, alert.runner_pk, alert.wanted, Course(present, present, present))
        tell_together(runner.race, came_true, [alert.id])


def tell_together(race: Race, came_true: Reached, alert_ids: Collection[int]) -> None:
    """Tell the users of these alerts, of one runner and side, that they have come true, in the running change."""
    _tell(race, came_true, _read(_waiting_rows().where(PriceAlert.id.in_(alert_ids))))


def _nearest(race_ids: Collection[str]) -> Mapping[tuple[str, int, Wanted], Decimal]:
    """Return (race, runner, side) -> the price that the first of its armed alerts waits for.

    Not of who is out meanwhile: that is what its alerts' users are told then.
    """
    key = (PriceAlert.race_id, PriceAlert.runner_pk, PriceAlert.wanted)
    armed = select(*key, func.min(PriceAlert.price), func.max(PriceAlert.price)).join(PriceAlert.runner)
    armed = armed.join(User, User.id == PriceAlert.user_id).where(Runner.status != RunnerStatus.NON_RUNNER)
    armed = armed.where(PriceAlert.race_id.in_(race_ids), is_armed, ~PriceAlert.must_leave, User.disabled_at.is_(None))
    rows = db.session.execute(armed.group_by(*key))
    return {
        (race_id, runner_pk, wanted): least if wanted is Wanted.BIGGER else most
        for race_id, runner_pk, wanted, least, most in rows
    }


def _waiting(came_true: Reached, most: int) -> list[_Waiting]:
    """Return alerts that came true, locked, each with how its user reads prices."""
    price = came_true.furthest.price
    within: ColumnElement[bool] = (
        PriceAlert.price <= price if came_true.wanted is Wanted.BIGGER else PriceAlert.price >= price
    )
    rows = (
        _waiting_rows()
        .where(PriceAlert.runner_pk == came_true.runner_pk, PriceAlert.wanted == came_true.wanted)
        .where(PriceAlert.race_id == came_true.race_id, is_armed, ~PriceAlert.must_leave, within)
        .where(User.disabled_at.is_(None))
        .limit(most)
        .with_for_update(of=PriceAlert)
    )
    return _read(rows)


def _waiting_rows() -> Select[int, int, Decimal, str]:
    columns = select(PriceAlert.id, PriceAlert.user_id, PriceAlert.price, format_of_user)
    users = columns.join(User, User.id == PriceAlert.user_id)
    return users.outerjoin(UserSettings, UserSettings.user_id == User.id).order_by(PriceAlert.id)


def _read(rows: Select[int, int, Decimal, str]) -> list[_Waiting]:
    return [_Waiting(*row[:3], OddsFormat(row[3])) for row in db.session.execute(rows)]


def _tell(race: Race, came_true: Reached, waiting: list[_Waiting]) -> None:
    runner, at = db.session.get_one(Runner, came_true.runner_pk), now()
    offered_by = _names(came_true.course)

    @cache
    def say(waited_for: Decimal, odds_format: OddsFormat) -> Words:
        best, stands = came_true.offer_for(waited_for)
        offer = Offer(best.price, offered_by[best.bookmaker], stands)
        return alert_words.price(race, runner, offer, came_true.wanted, waited_for, odds_format)

    tell_each("price_alert", race, [(one.user_id, say(one.price, one.odds_format)) for one in waiting])
    # Two statements, however many prices they waited for.
    told = [
        {"id": one.alert_id, "armed": False, "told_at": at, "told_price": came_true.offer_for(one.price)[0].price}
        for one in waiting
    ]
    db.session.execute(update(PriceAlert), told)


def _names(course: Course) -> dict[str, str]:
    slugs = {best.bookmaker for best in course if best is not None}
    rows = db.session.execute(select(Bookmaker.slug, Bookmaker.name).where(Bookmaker.slug.in_(slugs)))
    return {row.slug: row.name for row in rows}
