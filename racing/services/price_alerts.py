"""Price alerts: "tell me when Arkle is 5/1 or bigger", once, and again when it is armed again."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import joinedload

from racing import prices
from racing.errors import Conflict, NotFound, RaceNotFound, RunnerNotFound, RunnerOut
from racing.extensions import db
from racing.models import PriceAlert, Race, Runner, Wanted
from racing.realtime import outbox
from racing.services import accounts, alert_progress, alerts, price_telling
from racing.services.transactions import one_change
from racing.statuses import BEFORE_THE_OFF, RunnerStatus

MOST_ARMED = 100
_WITH_RACE = (joinedload(PriceAlert.runner), joinedload(PriceAlert.race).joinedload(Race.meeting))


def set_alert(user_id: int, race_id: str, runner_id: str, wanted: Wanted, price: Decimal) -> PriceAlert:
    """Arm an alert for when a runner's best price is `price` (decimal odds) or bigger, or shorter.

    One a runner and side: it takes the place of the user's earlier one. Where it holds at this moment its user is told
    at once: the alert returned is then not `armed`, and has `told_at` and `told_price`.
    Raises InvalidInput, RaceNotFound, RunnerNotFound, RunnerOut, or Conflict where the race is off or too many are
    armed; nothing is armed then.
    """
    prices.check(price)
    with one_change():
        runner = runner_to_wait_for(race_id, runner_id)
        accounts.hold(user_id)
        alert = db.session.scalar(
            select(PriceAlert).where(
                PriceAlert.user_id == user_id, PriceAlert.runner_pk == runner.id, PriceAlert.wanted == wanted
            )
        ) or PriceAlert(user_id=user_id, race_id=race_id, runner_pk=runner.id, wanted=wanted, armed=False)
        _arm(alert, runner, price)
        price_telling.tell_if_it_holds(alert, runner)
    outbox.touch()
    return alert


def arm(user_id: int, alert_id: int) -> PriceAlert:
    """Arm an alert again, as it was set; else as `set_alert`, but that nobody is told twice of one price.

    Where it holds at this moment the alert `must_leave`: it counts once its price has been another. Raises NotFound
    where the user has none by that id.
    """
    with one_change():
        accounts.hold(user_id)
        alert = _of_user(user_id, alert_id)
        _arm(alert, runner_to_wait_for(alert.race_id, alert.runner.runner_id), alert.price)
        alert.must_leave = price_telling.present_for(alert) is not None
    outbox.touch()
    return alert


def remove(user_id: int, alert_id: int) -> None:
    """Remove an alert, armed or told. Raises NotFound where the user has none by that id."""
    with one_change():
        accounts.hold(user_id)
        db.session.execute(delete(PriceAlert).where(PriceAlert.id == _of_user(user_id, alert_id).id))


def remove_ended(user_id: int) -> None:
    """Remove all of the user's alerts that wait no more: told or closed."""
    with one_change():
        accounts.hold(user_id)
        db.session.execute(delete(PriceAlert).where(PriceAlert.user_id == user_id, PriceAlert.armed.is_(False)))


def armed(user_id: int) -> Sequence[PriceAlert]:
    """Return what the user waits for, with runners and races, by off time."""
    query = _alerts(user_id).where(PriceAlert.armed).join(PriceAlert.race)
    return db.session.scalars(query.order_by(Race.off_time, PriceAlert.id)).all()


def ended(user_id: int, most: int = 50) -> Sequence[PriceAlert]:
    """Return the user's alerts that wait no more, told or closed, with runners and races, newest first."""
    query = _alerts(user_id).where(PriceAlert.armed.is_(False)).join(PriceAlert.race)
    ended_at = func.coalesce(PriceAlert.told_at, Race.off_time)
    return db.session.scalars(query.order_by(ended_at.desc(), PriceAlert.id.desc()).limit(most)).all()


def of_race(user_id: int, race_id: str) -> Mapping[str, Sequence[PriceAlert]]:
    """Return the user's alerts in one race: runner id -> alerts, armed and told."""
    alerts_here: dict[str, list[PriceAlert]] = {}
    for alert in db.session.scalars(_alerts(user_id).where(PriceAlert.race_id == race_id).order_by(PriceAlert.id)):
        alerts_here.setdefault(alert.runner.runner_id, []).append(alert)
    return alerts_here


def race_to_wait_in(race_id: str) -> Race:
    """Return a race in which prices can be waited for. Raises RaceNotFound, or Conflict where it is off."""
    race = db.session.get(Race, race_id)
    if race is None:
        raise RaceNotFound(race_id)
    if race.status not in BEFORE_THE_OFF:
        raise Conflict("Prices are waited for until the off, and this race has got further.")
    return race


def runner_to_wait_for(race_id: str, runner_id: str) -> Runner:
    """Return a runner whose price can be waited for.

    Raises RaceNotFound, RunnerNotFound, RunnerOut, or Conflict where the race is off.
    """
    race_to_wait_in(race_id)
    found = select(Runner).where(Runner.race_id == race_id, Runner.runner_id == runner_id)
    runner = db.session.scalar(found)
    if runner is None:
        raise RunnerNotFound(f"Race {race_id} has no runner '{runner_id[:80]}'.")
    if runner.status is RunnerStatus.NON_RUNNER:
        raise RunnerOut(f"{runner.name} is a non-runner: no price is coming.")
    return runner


def _alerts(user_id: int) -> Select[Any]:
    return select(PriceAlert).where(PriceAlert.user_id == user_id).options(*_WITH_RACE)


def _of_user(user_id: int, alert_id: int) -> PriceAlert:
    alert = db.session.scalar(_alerts(user_id).where(PriceAlert.id == alert_id))
    if alert is None:
        raise NotFound("You have no such price alert.")
    return alert


def _arm(alert: PriceAlert, runner: Runner, price: Decimal) -> None:
    _refuse_too_many(alert)
    alert_progress.begin([runner.race_id])
    # What has happened until now is told without this alert, which waits for what is to come.
    alerts.catch_up(runner.race_id)
    if alert.id is not None:
        db.session.refresh(alert)  # it may just have been told
    alert.price, alert.armed, alert.must_leave, alert.told_at, alert.told_price = price, True, False, None, None
    db.session.add(alert)
    db.session.flush()


def _refuse_too_many(alert: PriceAlert) -> None:
    others = select(func.count(PriceAlert.id)).where(
        PriceAlert.user_id == alert.user_id, PriceAlert.armed, PriceAlert.id != (alert.id or 0)
    )
    if (db.session.scalar(others) or 0) >= MOST_ARMED:
        raise Conflict(f"You wait for {MOST_ARMED} prices already. Remove one first.")
