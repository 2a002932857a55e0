"""Up to where in a race those who wait for something in it have been told, kept while anybody may be waiting."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, case, delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from racing.extensions import db
from racing.models import AlertProgress, PriceAlert, Race, Runner, WatchKind
from racing.statuses import CLOSING, ENDED, RaceStatus

# A trainer's whole week: more at once only in a database of many races that nobody ever ended.
MOST_RACES = 200

is_armed = text("price_alerts.armed")
"""As the index of the armed alerts says it: for other words SQLite would go through all alerts there ever were."""

NAMES = {
    WatchKind.HORSE: Runner.horse_slug,
    WatchKind.JOCKEY: Runner.jockey_slug,
    WatchKind.TRAINER: Runner.trainer_slug,
}
"""Under which of a runner's slugs a horse, a jockey or a trainer is found."""


def begin(race_ids: Collection[str]) -> None:
    """Let what happens in these races from now on be told, in the running change; what has happened never is.

    Races begun already stay where they are; in races that have ended nothing can happen.
    """
    columns = [AlertProgress.race_id, AlertProgress.version, AlertProgress.status, AlertProgress.off_time]
    # A result that nobody has written down yet is news when it comes.
    is_unwritten = and_(Race.status == RaceStatus.RESULT, Race.has_result.is_(False))
    status = case((is_unwritten, RaceStatus.FINISHED), else_=Race.status)
    present = select(Race.id, Race.version, status, Race.off_time)
    # Always in one order: two who begin the same races must not wait for each other.
    present = present.where(Race.id.in_(race_ids), Race.status.not_in(ENDED)).order_by(Race.id)
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(AlertProgress).from_select([column.key for column in columns], present)
    db.session.execute(insert.on_conflict_do_nothing())


def begin_for(kind: WatchKind, key: str) -> None:
    """As `begin`, for the races to come of a horse, a jockey or a trainer."""
    runs = select(Race.id).join(Runner, Runner.race_id == Race.id)
    runs = runs.where(NAMES[kind] == key, Race.status.not_in(CLOSING))
    begin(db.session.scalars(runs.order_by(Race.off_time.desc()).limit(MOST_RACES)).all())


def resume(race: Race) -> None:
    """Let what happens from now on be told in a race that had ended, in the running change that takes its end back.

    `race` still is as it ended: that is what was told last, where it has been told at all.
    """
    told = {
        "race_id": race.id, "version": race.version, "status": race.status, "off_time": race.off_time,
    }  # fmt: skip
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    db.session.execute(dialect.insert(AlertProgress).values(told).on_conflict_do_nothing())


def lock(race_id: str, *, or_skip: bool = False) -> AlertProgress | None:
    """Return where the telling of a race stands, locked until the running change ends; None where nobody waits.

    With `or_skip` also None where somebody else holds it. The race itself is not locked: its writers go on.
    """
    row = select(AlertProgress).where(AlertProgress.race_id == race_id)
    return db.session.scalar(row.with_for_update(of=AlertProgress, skip_locked=or_skip))


def close_alerts(waiting: ColumnElement[bool]) -> None:
    """Let alerts of these wait no more, in the running change: neither armed nor told, they are closed."""
    db.session.execute(update(PriceAlert).where(waiting, is_armed).values(armed=False))


def advance(progress: AlertProgress, race: Race) -> None:
    """Note that all that `race` is has been told, in the running change. After its end nobody waits any more."""
    progress.version, progress.off_time = race.version, race.off_time
    # A result that nobody has written down yet has not been told.
    if race.has_result or race.status is not RaceStatus.RESULT:
        progress.status = race.status
    if race.status in CLOSING:
        close_alerts(PriceAlert.race_id == race.id)
    if race.status in ENDED:
        db.session.execute(delete(AlertProgress).where(AlertProgress.race_id == race.id))
