"""Watchlists: the races, horses, jockeys and trainers a user wants to hear of."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.orm import contains_eager, joinedload, load_only, selectinload

from racing.errors import Conflict, NotFound, RaceNotFound
from racing.extensions import db, in_turns
from racing.models import Race, Runner, Watch, WatchKind
from racing.models.columns import now
from racing.services import accounts, alert_progress
from racing.services.alert_progress import NAMES
from racing.services.transactions import one_change
from racing.statuses import ENDED, RaceStatus

MOST = 200
NEXT_RUNS = 3
RUNNERS_AT_ONCE = 100
# A race without a word of its end is not to come for ever.
_STILL_TO_COME = timedelta(minutes=30)
_OVER = (*ENDED, RaceStatus.RESULT)


class Watched(NamedTuple):
    """A watch and what it is of: its race with its meeting, or what a horse or person runs in next.

    `race` is None but for a race. `next_runs`: the next runners of the name with their races, soonest first. Prices are
    read by who shows them.
    """

    watch: Watch
    race: Race | None = None
    next_runs: Sequence[Runner] = ()


def watch(user_id: int, kind: WatchKind, key: str) -> Watch:
    """Put a race (by id), a horse, a jockey or a trainer (by slug) on the user's list, with alerts.

    Returns the watch; what is watched already stays as it is. A full list makes room by the race on it that was over
    first. Raises NotFound where there is no such thing here, Conflict where the list is full of what is still to come.
    """
    with one_change():
        name = name_of(kind, key)
        accounts.hold(user_id)
        watched = _mine(user_id, kind, key)
        if watched is None:
            _make_room(user_id)
            watched = Watch(user_id=user_id, kind=kind, key=key, name=name, alerts=True)
            db.session.add(watched)
            _begin(kind, key)
    return watched


def unwatch(user_id: int, kind: WatchKind, key: str) -> None:
    """Take it off the user's list. What is not on it changes nothing."""
    with one_change():
        db.session.execute(delete(Watch).where(Watch.user_id == user_id, Watch.kind == kind, Watch.key == key))


def set_alerts(user_id: int, kind: WatchKind, key: str, alerts: bool) -> None:
    """Say whether the user is told what happens to it. Raises NotFound where the user does not watch it."""
    with one_change():
        watched = _mine(user_id, kind, key)
        if watched is None:
            raise NotFound("That is not on your watchlist.")
        watched.alerts = alerts
        if alerts:  # nobody may have wanted to hear of it until now
            _begin(kind, key)


def is_watched(user_id: int, kind: WatchKind, key: str) -> bool:
    """Tell whether it is on the user's list."""
    return key in watched_keys(user_id, kind, [key])


def watched_keys(user_id: int, kind: WatchKind, keys: Collection[str]) -> set[str]:
    """Return which of these are on the user's list, in one query: for pages that show many of one kind."""
    mine = select(Watch.key).where(Watch.user_id == user_id, Watch.kind == kind, Watch.key.in_(keys))
    return set(db.session.scalars(mine))


def watched(user_id: int) -> Sequence[Watched]:
    """Return all the user watches: races by off time, those over last; then names, who runs soonest first."""
    watches = db.session.scalars(select(Watch).where(Watch.user_id == user_id).order_by(Watch.name, Watch.id)).all()
    races = _races([each.key for each in watches if each.kind is WatchKind.RACE])
    runs = {kind: _next_runs(kind, [each.key for each in watches if each.kind is kind]) for kind in NAMES}
    names = [Watched(each, None, runs[each.kind].get(each.key, ())) for each in watches if each.kind in NAMES]
    names.sort(key=lambda each: (not each.next_runs, *(run.race.off_time for run in each.next_runs[:1])))
    of_races = [Watched(each, races.get(each.key)) for each in watches if each.kind is WatchKind.RACE]
    of_races = [each for each in of_races if each.race is not None]
    of_races.sort(key=lambda each: (each.race.status in _OVER, each.race.off_time) if each.race else ())
    return of_races + names


def read_prices(runners: Collection[Runner]) -> None:
    """Read the prices of these runners, many at once; others go on in between."""
    ids = [runner.id for runner in runners]
    for some in in_turns(ids[start : start + RUNNERS_AT_ONCE] for start in range(0, len(ids), RUNNERS_AT_ONCE)):
        query = select(Runner).where(Runner.id.in_(some))
        db.session.scalars(query.options(load_only(Runner.id), selectinload(Runner.prices))).all()


def name_of(kind: WatchKind, key: str) -> str:
    """Return how a race, a horse or a person is shown on a list. Raises NotFound where there is none here."""
    if kind is WatchKind.RACE:
        race = db.session.get(Race, key, options=[joinedload(Race.meeting)])
        if race is None:
            raise RaceNotFound(key)
        off = race.off_time.astimezone(race.meeting.zone)
        return f"{off:%H:%M} {race.meeting.course}, {off:%a} {off.day} {off:%b}"
    shown = {WatchKind.HORSE: Runner.name, WatchKind.JOCKEY: Runner.jockey, WatchKind.TRAINER: Runner.trainer}[kind]
    # As the newest card writes it.
    name = db.session.scalar(select(shown).where(NAMES[kind] == key).order_by(Runner.id.desc()).limit(1))
    if name is None:
        raise NotFound(f"There is no {kind} '{key[:80]}' here.")
    return name


def _mine(user_id: int, kind: WatchKind, key: str) -> Watch | None:
    return db.session.scalar(select(Watch).where(Watch.user_id == user_id, Watch.kind == kind, Watch.key == key))


def _make_room(user_id: int) -> None:
    if (db.session.scalar(select(func.count(Watch.id)).where(Watch.user_id == user_id)) or 0) < MOST:
        return
    over = select(Watch.id).join(Race, Race.id == Watch.key).where(
        Watch.user_id == user_id, Watch.kind == WatchKind.RACE, Race.status.in_(_OVER)
    )  # fmt: skip
    oldest = over.order_by(Race.off_time, Watch.id).limit(1).scalar_subquery()
    gone = db.session.execute(delete(Watch).where(Watch.id == oldest))
    if not (isinstance(gone, CursorResult) and gone.rowcount):
        raise Conflict(f"Your watchlist is full: it holds {MOST}. Take something off it first.")


def _begin(kind: WatchKind, key: str) -> None:
    if kind is WatchKind.RACE:
        alert_progress.begin([key])
    else:
        alert_progress.begin_for(kind, key)


def _races(race_ids: Collection[str]) -> Mapping[str, Race]:
    query = select(Race).where(Race.id.in_(race_ids))
    query = query.options(joinedload(Race.meeting))
    return {race.id: race for race in db.session.scalars(query)}


def _next_runs(kind: WatchKind, slugs: Collection[str]) -> Mapping[str, Sequence[Runner]]:
    """Return slug -> the next runners of that name, with their races."""
    if not slugs:
        return {}
    # A jockey's past is longer than all that is to come: found from the races, by no index on the name.
    name = NAMES[kind] if kind is WatchKind.HORSE else NAMES[kind].concat("")
    place = func.row_number().over(partition_by=name, order_by=(Race.off_time, Runner.id))
    ahead = select(Race.id).where(Race.off_time >= now() - _STILL_TO_COME, Race.status.not_in(_OVER))
    to_come = select(Runner.id, place.label("place")).join(Runner.race)
    numbered = to_come.where(name.in_(slugs), Runner.race_id.in_(ahead)).subquery()
    query = select(Runner).join(numbered, numbered.c.id == Runner.id).join(Runner.race)
    query = query.where(numbered.c.place <= NEXT_RUNS).order_by(Race.off_time, Runner.id)
    query = query.options(contains_eager(Runner.race).joinedload(Race.meeting))
    runs: dict[str, list[Runner]] = {}
    for runner in db.session.scalars(query):
        runs.setdefault(getattr(runner, NAMES[kind].key), []).append(runner)
    return runs
