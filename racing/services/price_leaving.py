"""Price alerts armed again while their price was there: they wait for it to leave first, then for it to come back."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import bindparam, select, update

from racing.extensions import db
from racing.models import PriceAlert, Race, User
from racing.services import price_replay, price_telling
from racing.services.alert_progress import is_armed
from racing.services.price_replay import Best
from racing.services.price_telling import Reached

Steps = Mapping[int, Sequence[Best | None]]
"""The best prices that runners (by their key) had one after the other."""


def where_left(races: Collection[Race]) -> set[str]:
    """Return the ids of those races in which a price has left that an alert waits to see leave."""
    alerts = _must_see_leave(races)
    steps = _steps(races, alerts)
    return {alert.race_id for alert in alerts if _since_left(alert, steps)}


def let_count(race: Race) -> bool:
    """Let alerts whose price has left wait for it, in the running change; tell of those to which it came back.

    Returns False where some of these are left for another change.
    """
    alerts = _must_see_leave([race], locked=True)
    steps = _steps([race], alerts)
    left = [(alert.id, _came_back(alert, since)) for alert in alerts if (since := _since_left(alert, steps))]
    back = [(alert_id, came) for alert_id, came in left if came is not None]
    told = back[: price_telling.MOST_AT_ONCE]
    is_all = len(told) == len(back)
    # Those that only left wait from the last change on: the next one looks at the same steps again.
    _let_wait([alert_id for alert_id, _ in (left if is_all else told)])
    alike: defaultdict[Reached, list[int]] = defaultdict(list)
    for alert_id, came in told:
        alike[came].append(alert_id)
    for came, alert_ids in alike.items():
        price_telling.tell_together(race, came, alert_ids)
    return is_all


def _came_back(alert: PriceAlert, since_left: Sequence[Best | None]) -> Reached | None:
    course = price_replay.course_through(since_left)
    if course is None:
        return None
    came = Reached(alert.race_id, alert.runner_pk, alert.wanted, course)
    return came if price_telling.holds(came.furthest.price, alert.wanted, alert.price) else None


def _let_wait(alert_ids: Sequence[int]) -> None:
    table = PriceAlert.__table__
    seen = update(table).where(table.c.id == bindparam("alert")).values(must_leave=False)
    if alert_ids:
        db.session.execute(seen, [{"alert": alert_id} for alert_id in alert_ids])


def _must_see_leave(races: Collection[Race], *, locked: bool = False) -> Sequence[PriceAlert]:
    query = select(PriceAlert).join(User, User.id == PriceAlert.user_id).where(User.disabled_at.is_(None))
    query = query.where(PriceAlert.race_id.in_([race.id for race in races]), is_armed, PriceAlert.must_leave)
    if locked:
        query = query.with_for_update(of=PriceAlert).execution_options(populate_existing=True)
    return db.session.scalars(query.order_by(PriceAlert.id)).all()


def _steps(races: Collection[Race], alerts: Collection[PriceAlert]) -> Steps:
    return price_replay.steps_since_told(races, {alert.runner_pk for alert in alerts}) if alerts else {}


def _since_left(alert: PriceAlert, steps: Steps) -> Sequence[Best | None]:
    """Return the steps from where the alert's price was another, none where it never was; no price is no other."""
    taken = steps.get(alert.runner_pk, ())
    left_at = (place for place, step in enumerate(taken) if step is not None and not _holds(alert, step))
    return taken[next(left_at, len(taken)) :]


def _holds(alert: PriceAlert, step: Best | None) -> bool:
    return step is not None and price_telling.holds(step.price, alert.wanted, alert.price)
