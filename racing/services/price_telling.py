"""Telling those who wait for a price that it has come."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, insert, select

from racing.extensions import db
from racing.models import (
    Bookmaker,
    CurrentPrice,
    Notification,
    OddsFormat,
    PriceAlert,
    Race,
    Runner,
    User,
    UserSettings,
    Wanted,
)
from racing.models.columns import now
from racing.services import alert_words, price_replay, publication
from racing.services.alert_words import Offer
from racing.services.announcements import format_of_user, url_of
from racing.services.price_replay import Best, Course

# So many are told in one change; more of them wait for the next one, a moment later.
MOST_AT_ONCE = 1000


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


def holds(price: Decimal, wanted: Wanted, waited_for: Decimal) -> bool:
    """Tell whether a best price is what somebody waits for."""
    return price >= waited_for if wanted is Wanted.BIGGER else price <= waited_for


def reached(races: Collection[Race]) -> list[Reached]:
    """Return which armed alerts in these races have come true since their telling's progress."""
    nearest = _nearest([race.id for race in races])
    if not nearest:
        return []
    changes = price_replay.changes_since_told(races, {runner_pk for _, runner_pk, _ in nearest})
    books = price_replay.books_when_told(changes) if changes else {}
    came = []
    for (race_id, runner_pk, wanted), waited_for in nearest.items():
        course = price_replay.course_of(books.get(runner_pk, {}), changes.get(runner_pk, ()))
        if course is not None and holds(
            (one := Reached(race_id, runner_pk, wanted, course)).furthest.price, wanted, waited_for
        ):
            came.append(one)
    return came


def tell(race: Race, came_true: list[Reached]) -> bool:
    """Tell those whose alerts came true, in the running change. Returns False where some are left for another."""
    left = MOST_AT_ONCE
    for one in came_true:
        rows = _alerts_of(one, left)
        _tell(race, one, rows)
        left -= len(rows)
        if not left:
            return False
    return True


def tell_if_it_holds(alert: PriceAlert, runner: Runner) -> None:
    """Tell the user of an alert just armed where it holds already, in the running change."""
    rows = select(CurrentPrice.bookmaker, CurrentPrice.price).where(CurrentPrice.runner_pk == runner.id)
    present = price_replay.best({row.bookmaker: row.price for row in db.session.execute(rows)})
    if present is not None and holds(present.price, alert.wanted, alert.price):
        settings = db.session.get(UserSettings, alert.user_id)
        odds_format = settings.odds_format if settings else OddsFormat.FRACTIONAL
        now_true = Reached(runner.race_id, runner.id, alert.wanted, Course(present, present, present))
        _tell(runner.race, now_true, [(alert, odds_format)])


def _nearest(race_ids: Collection[str]) -> Mapping[tuple[str, int, Wanted], Decimal]:
    """Return (race, runner, side) -> the price that the first of its armed alerts waits for."""
    key = (PriceAlert.race_id, PriceAlert.runner_pk, PriceAlert.wanted)
    armed = select(*key, func.min(PriceAlert.price), func.max(PriceAlert.price)).join(
        User, User.id == PriceAlert.user_id
    )
    armed = armed.where(PriceAlert.race_id.in_(race_ids), PriceAlert.armed, User.disabled_at.is_(None))
    rows = db.session.execute(armed.group_by(*key))
    return {
        (race_id, runner_pk, wanted): least if wanted is Wanted.BIGGER else most
        for race_id, runner_pk, wanted, least, most in rows
    }


def _alerts_of(came_true: Reached, most: int) -> list[tuple[PriceAlert, OddsFormat]]:
    """Return alerts that came true, locked, each with how its user reads prices."""
    price = came_true.furthest.price
    within: ColumnElement[bool] = (
        PriceAlert.price <= price if came_true.wanted is Wanted.BIGGER else PriceAlert.price >= price
    )
    rows = (
        select(PriceAlert, format_of_user)
        .join(User, User.id == PriceAlert.user_id)
        .outerjoin(UserSettings, UserSettings.user_id == User.id)
        .where(PriceAlert.runner_pk == came_true.runner_pk, PriceAlert.wanted == came_true.wanted, PriceAlert.armed)
        .where(within, User.disabled_at.is_(None))
        .order_by(PriceAlert.id)
        .limit(most)
        .with_for_update(of=PriceAlert)
    )
    return [(alert, OddsFormat(odds_format)) for alert, odds_format in db.session.execute(rows)]


def _tell(race: Race, came_true: Reached, alerts: list[tuple[PriceAlert, OddsFormat]]) -> None:
    if not alerts:
        return
    runner, at = db.session.get_one(Runner, came_true.runner_pk), now()
    rows: list[dict[str, Any]] = []
    for alert, odds_format in alerts:
        best, stands = came_true.offer_for(alert.price)
        offer = Offer(best.price, db.session.get_one(Bookmaker, best.bookmaker).name, stands)
        words = alert_words.price(race, runner, offer, alert.wanted, alert.price, odds_format)
        rows.append({"user_id": alert.user_id, "kind": "price_alert", "url": url_of(race), "created_at": at})
        rows[-1].update(words._asdict())
        alert.armed, alert.told_at, alert.told_price = False, at, best.price
    publication.take_turn(Notification)
    db.session.execute(insert(Notification), rows)
