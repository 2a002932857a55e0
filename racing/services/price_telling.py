"""Telling those who wait for a price that it has come."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select, update

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
from racing.services.alert_words import Offer
from racing.services.announcements import format_of_user, tell_users
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
        rows = _waiting(one, left)
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
        _tell(runner.race, now_true, [_Waiting(alert.id, alert.user_id, alert.price, odds_format)])


def _nearest(race_ids: Collection[str]) -> Mapping[tuple[str, int, Wanted], Decimal]:
    """Return (race, runner, side) -> the price that the first of its armed alerts waits for."""
    key = (PriceAlert.race_id, PriceAlert.runner_pk, PriceAlert.wanted)
    armed = select(*key, func.min(PriceAlert.price), func.max(PriceAlert.price)).join(
        User, User.id == PriceAlert.user_id
    )
    armed = armed.where(PriceAlert.race_id.in_(race_ids), is_armed, User.disabled_at.is_(None))
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
        select(PriceAlert.id, PriceAlert.user_id, PriceAlert.price, format_of_user)
        .join(User, User.id == PriceAlert.user_id)
        .outerjoin(UserSettings, UserSettings.user_id == User.id)
        .where(PriceAlert.runner_pk == came_true.runner_pk, PriceAlert.wanted == came_true.wanted)
        .where(PriceAlert.race_id == came_true.race_id, is_armed, within, User.disabled_at.is_(None))
        .order_by(PriceAlert.id)
        .limit(most)
        .with_for_update(of=PriceAlert)
    )
    return [_Waiting(*row[:3], OddsFormat(row[3])) for row in db.session.execute(rows)]


def _tell(race: Race, came_true: Reached, waiting: list[_Waiting]) -> None:
    runner, at = db.session.get_one(Runner, came_true.runner_pk), now()
    # Alerts are set at the few prices of the ladder: who waits for the same is told in the same words, at once.
    alike: dict[tuple[Decimal, OddsFormat], list[_Waiting]] = {}
    for one in waiting:
        alike.setdefault((one.price, one.odds_format), []).append(one)
    for (price, odds_format), ones in alike.items():
        best, stands = came_true.offer_for(price)
        offer = Offer(best.price, db.session.get_one(Bookmaker, best.bookmaker).name, stands)
        words = alert_words.price(race, runner, offer, came_true.wanted, price, odds_format)
        tell_users("price_alert", race, words, [one.user_id for one in ones])
        told = update(PriceAlert).where(PriceAlert.id.in_([one.alert_id for one in ones]))
        told = told.values(armed=False, told_at=at, told_price=best.price)
        db.session.execute(told, execution_options={"synchronize_session": "fetch"})
