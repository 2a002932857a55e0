"""What has happened to a race between two looks at it, told to those who watch the race or somebody in it."""

from collections.abc import Sequence

from sqlalchemy import select

from racing.extensions import db
from racing.models import AlertProgress, PriceAlert, Race, Runner, User
from racing.services import alert_progress, alert_words, price_telling
from racing.services.announcements import (
    announce,
    users_of,
    waiting_for_price,
    waiting_in,
    watched_among,
    watching_race,
    watching_runners,
)
from racing.statuses import BEFORE_THE_OFF, CALLED_OFF, CLOSING, RaceStatus, RunnerStatus

HAS_RESULT = (RaceStatus.RESULT, RaceStatus.WEIGHEDIN)
_FINISHED = (RunnerStatus.WINNER, RunnerStatus.PLACED, RunnerStatus.LOSER)


def tell(race: Race, before: AlertProgress) -> None:
    """Tell what is new since `before`, in the running change: values, so that steps in between are left out."""
    changed = _changed(race, before)
    reopened = _reopen_alerts(race, _still_in(race)) if before.status in CLOSING else []
    if taken_back := alert_words.taken_back(race, before.status):
        _tell_taken_back(race, taken_back, reopened)
    elif race.status in HAS_RESULT:
        if race.has_result and (before.status not in HAS_RESULT or any(each.status in _FINISHED for each in changed)):
            _tell_result(race, amended=before.status in HAS_RESULT)
    elif race.status is not before.status and not _is_off_still(race, before):
        _tell_status(race)
    if race.status in BEFORE_THE_OFF and race.off_time != before.off_time:
        words = alert_words.off_time_moved(race, before.off_time)
        announce("race_status", race, lambda _: words, watching_race(race))
    for runner in changed:
        # Where a result was taken back, all are in the race again that never were out.
        if runner.status not in _FINISHED and not (before.status in CLOSING and runner.status is RunnerStatus.ACTIVE):
            _tell_out_or_in(race, runner)
    _tell_what_holds(race, reopened)


def _is_off_still(race: Race, before: AlertProgress) -> bool:
    """Tell whether it was said of a race that is off that it is over: nobody need hear of the off again."""
    return race.status is RaceStatus.OFF and before.status in (RaceStatus.FINISHED, RaceStatus.PHOTOGRAPH)


def _changed(race: Race, before: AlertProgress) -> Sequence[Runner]:
    """Return the runners that came out, went back in or were placed; what is newer than `race` waits for its turn."""
    # A runner more on the card is told as declared, with its card: it has neither come out nor gone back in.
    is_old = Runner.version > Runner.declared_version
    since = select(Runner).where(Runner.race_id == race.id, Runner.version > before.version, is_old)
    query = since.where(Runner.version <= race.version).order_by(Runner.position_on_card)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def _tell_status(race: Race) -> None:
    if race.status in alert_words.TOLD_STATUSES:
        to = [watching_race(race)]
        if race.status in CALLED_OFF:
            to += [watching_runners(_still_in(race)), waiting_in(race.id)]
        words = alert_words.status(race)
        announce("race_status", race, lambda _: words, *to)


def _tell_taken_back(race: Race, words: alert_words.Words, reopened: Sequence[PriceAlert]) -> None:
    to = [watching_race(race), users_of(reopened)]
    announce("race_status", race, lambda _: words, *to, watching_runners(_still_in(race)))


def _tell_out_or_in(race: Race, runner: Runner) -> None:
    is_out = runner.status is RunnerStatus.NON_RUNNER
    reopened = [] if is_out else _reopen_alerts(race, [runner])
    # One that came out and went in again between two looks closed no alert: nobody need hear that it waits again.
    waiting = waiting_for_price(runner) if is_out else users_of(reopened)
    left = len(_still_in(race))
    for_waiting = alert_words.non_runner(race, runner, left, has_alert=True)
    announce("non_runner", race, lambda _: for_waiting, waiting)
    words = alert_words.non_runner(race, runner, left)
    announce("non_runner", race, lambda _: words, watching_race(race), watching_runners([runner]), but_not=waiting)
    if is_out:
        alert_progress.close_alerts(PriceAlert.runner_pk == runner.id)
    _tell_what_holds(race, reopened)


def _tell_what_holds(race: Race, reopened: Sequence[PriceAlert]) -> None:
    for alert in reopened if race.status in BEFORE_THE_OFF else ():
        price_telling.tell_if_it_holds(alert, alert.runner)


def _reopen_alerts(race: Race, runners: Sequence[Runner]) -> Sequence[PriceAlert]:
    """Let the alerts wait again, for what they waited for, that were closed as these came out or the race was over."""
    if race.status not in (*BEFORE_THE_OFF, RaceStatus.FALSESTART):
        return []
    closed = select(PriceAlert).join(User, User.id == PriceAlert.user_id).where(User.disabled_at.is_(None))
    closed = closed.where(PriceAlert.runner_pk.in_([runner.id for runner in runners]))
    closed = closed.where(~PriceAlert.armed, PriceAlert.told_at.is_(None)).order_by(PriceAlert.id)
    alerts = db.session.scalars(closed.with_for_update(of=PriceAlert)).all()
    for alert in alerts:
        alert.armed = True
    db.session.flush()
    return alerts


def _tell_result(race: Race, *, amended: bool) -> None:
    ran = _still_in(race)
    placed = [runner for runner in ran if runner.status in (RunnerStatus.WINNER, RunnerStatus.PLACED)]
    placed.sort(key=lambda runner: (runner.position is None, runner.position))
    announce("result", race, lambda form: alert_words.result(race, placed, form, amended=amended), watching_race(race))
    for runner in watched_among(ran):
        _tell_finish(race, runner, len(ran), amended=amended)


def _tell_finish(race: Race, runner: Runner, ran: int, *, amended: bool) -> None:
    # Who watches the race has just been told all of it.
    announce(
        "result",
        race,
        lambda form: alert_words.finish(race, runner, ran, form, amended=amended),
        watching_runners([runner]),
        but_not=watching_race(race),
    )


def _still_in(race: Race) -> list[Runner]:
    return [runner for runner in race.runners if runner.status is not RunnerStatus.NON_RUNNER]
