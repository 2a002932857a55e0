"""Telling users of what they watch and wait for, each happening once, whoever wrote it and however many workers look.

The database keeps up to where in each race it has been told (`AlertProgress`). What a worker tells and that it has told
it are one change, and the row is locked meanwhile; so a worker that dies has told all of it, or nothing.
"""

import time
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, exists, or_, select, update
from sqlalchemy.orm import joinedload

from racing.extensions import db
from racing.models import AlertProgress, PriceAlert, Race, Runner
from racing.models.columns import now
from racing.realtime import outbox
from racing.services import alert_progress, alert_words, price_leaving, price_telling, race_telling
from racing.services.announcements import announce, watched_among, watching_horse
from racing.services.transactions import one_change, one_look

# Whoever calls is to come back to the prices: so much at a time, the rest a moment later.
MOST_RACES, LONGEST_S = 50, 0.1


class _Due(NamedTuple):
    """A race that has moved on from where its telling stands."""

    race_id: str
    since: int
    version: int
    has_news: bool


def tell_due() -> bool:
    """Tell what has happened in races that somebody waits for, also where another process wrote it.

    Returns whether more is due at once. Where telling of one race fails, the others are still told; then this raises.
    """
    with one_look():
        due = _due()
        races = _races([each.race_id for each in due])
        moved = {one.race_id for one in price_telling.reached(races)} | price_leaving.where_left(races)
    telling = [each for each in due if each.has_news or each.race_id in moved]
    _pass_over([each for each in due if each not in telling])
    all_told = _tell_each([each.race_id for each in telling])
    return not all_told or len(due) == MOST_RACES


def catch_up(race_id: str) -> None:
    """Tell all that has happened in a race until now, in the running change. Its progress is locked from here on."""
    progress = alert_progress.lock(race_id)
    while progress is not None and not _bring_up(progress):
        pass


def tell_declared(races: Sequence[Race]) -> None:
    """Tell those who watch a horse that it runs, in the change that declares its race.

    From then on what happens in a race is told to whoever watches anybody in it. The outbox is touched by the caller,
    after its commit.
    """
    for start in range(0, len(races), MOST_RACES):
        runners = [runner for race in races[start : start + MOST_RACES] for runner in race.runners]
        tell_runs(watched_among(runners))


def tell_runs(watched: Sequence[Runner]) -> None:
    """As `tell_declared`, of these runners, whom somebody watches."""
    if not watched:
        return
    alert_progress.begin({runner.race.id for runner in watched})
    # A market of years ago that is played again is no declaration. Nor are a trainer's rides one by one news.
    for runner in watched:
        if runner.race.off_time > now():
            _tell_runs(runner.race, runner)


def _tell_runs(race: Race, runner: Runner) -> None:
    words = alert_words.declared(race, runner)
    announce("declared", race, lambda _: words, watching_horse(runner))


def _due() -> list[_Due]:
    """Return races that have moved on, so far as anybody waits for what moved; prices alone are news to alerts only."""
    news = or_(
        Race.state_version > AlertProgress.version,
        Race.version < AlertProgress.version,
        exists().where(Runner.race_id == Race.id, Runner.version > AlertProgress.version),
    )
    waits = exists().where(PriceAlert.race_id == Race.id, alert_progress.is_armed)
    query = (
        select(AlertProgress.race_id, AlertProgress.version, Race.version, news)
        .join(Race, Race.id == AlertProgress.race_id)
        .where(Race.version != AlertProgress.version, or_(news, waits))
    )
    rows = db.session.execute(query.order_by(AlertProgress.race_id).limit(MOST_RACES))
    return [_Due(race_id, since, version, bool(has_news)) for race_id, since, version, has_news in rows]


def _races(race_ids: Collection[str]) -> Sequence[Race]:
    return db.session.scalars(select(Race).where(Race.id.in_(race_ids))).all()


def _pass_over(quiet: Sequence[_Due]) -> None:
    """Move the progress of races in which nothing is to be told, unless somebody has moved it meanwhile."""
    if not quiet:
        return
    table = AlertProgress.__table__
    moved = update(table).where(table.c.race_id == bindparam("race"), table.c.version == bindparam("since"))
    rows = [{"race": each.race_id, "since": each.since, "reached": each.version} for each in quiet]
    with one_change():
        db.session.execute(moved.values(version=bindparam("reached")), rows)


def _tell_each(race_ids: Sequence[str]) -> bool:
    """Tell of each race in a change of its own, as long as there is time; return whether all is told."""
    ends = time.monotonic() + LONGEST_S
    failure: Exception | None = None
    all_told = True
    for race_id in race_ids:
        if time.monotonic() > ends:
            all_told = False
            break
        try:
            all_told = _tell(race_id) and all_told
        except Exception as error:  # noqa: BLE001  # one race's trouble must not silence the others
            failure = failure or error
    if failure is not None:
        raise failure
    return all_told


def _tell(race_id: str) -> bool:
    """Tell what is due of one race; return whether that is all. Nothing where another worker is at it."""
    with one_change():
        progress = alert_progress.lock(race_id, or_skip=True)
        is_all = progress is None or _bring_up(progress)
    outbox.touch()  # after the commit: nobody is told what we may lose
    return is_all


def _bring_up(progress: AlertProgress) -> bool:
    """Tell what happened since `progress`, which is locked, and move it; return False where alerts are left over."""
    query = select(Race).where(Race.id == progress.race_id).options(joinedload(Race.meeting))
    # One statement, after the lock: the version is that of the other fields, and of nobody's earlier look.
    race = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if race.version == progress.version:
        return True
    if race.version < progress.version:
        # A race that was put back to what it was: what comes from here on is news again, what it is now is none.
        alert_progress.advance(progress, race)
        db.session.flush()
        return True
    if not price_telling.tell(race, price_telling.reached([race])):
        return False
    if not price_leaving.let_count(race):
        return False
    race_telling.tell(race, progress)
    alert_progress.advance(progress, race)
    db.session.flush()
    return True
