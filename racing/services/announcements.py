"""One happening in a race told to many users at once, to each of them once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Select, and_, case, func, insert, literal, or_, select, union

from racing.extensions import db
from racing.models import Notification, OddsFormat, PriceAlert, Race, Runner, User, UserSettings, Watch, WatchKind
from racing.models.columns import UtcTime, now
from racing.services import publication
from racing.services.alert_progress import NAMES, is_armed
from racing.services.alert_words import Words

Audience = Select[Any]
"""The ids of those who are to be told; who comes twice is told once."""
Say = Callable[[OddsFormat], Words]

format_of_user: ColumnElement[str] = func.coalesce(UserSettings.odds_format, OddsFormat.FRACTIONAL.value)
"""How a user who is outer-joined with its settings reads prices."""


def watching_race(race: Race) -> Audience:
    """Return who is told what happens to this race."""
    return select(Watch.user_id).where(Watch.kind == WatchKind.RACE, Watch.key == race.id, Watch.alerts)


def watching_runners(runners: Sequence[Runner]) -> Audience:
    """Return who is told what happens to any of these horses, their jockeys and their trainers."""
    return select(Watch.user_id).where(_is_of(runners), Watch.alerts)


def watching_horse(runner: Runner) -> Audience:
    """Return who is told what happens to this horse."""
    return select(Watch.user_id).where(Watch.kind == WatchKind.HORSE, Watch.key == runner.horse_slug, Watch.alerts)


def waiting_for_price(runner: Runner) -> Audience:
    """Return who waits for a price of this runner."""
    return waiting_in(runner.race_id).where(PriceAlert.runner_pk == runner.id)


def users_of(alerts: Sequence[PriceAlert]) -> Audience:
    """Return whose these alerts are."""
    return select(PriceAlert.user_id).where(PriceAlert.id.in_([alert.id for alert in alerts]))


def waiting_in(race_id: str) -> Audience:
    """Return who waits for a price in this race."""
    return select(PriceAlert.user_id).where(PriceAlert.race_id == race_id, is_armed)


def watched_among(runners: Sequence[Runner]) -> list[Runner]:
    """Return those runners that somebody watches by horse, jockey or trainer."""
    rows = db.session.execute(select(Watch.kind, Watch.key).where(_is_of(runners), Watch.alerts).distinct())
    names = {(kind, key) for kind, key in rows}
    return [runner for runner in runners if not names.isdisjoint(_names(runner))]


def announce(kind: str, race: Race, say: Say, *to: Audience, but_not: Audience | None = None) -> None:
    """Tell all of `to`, in the running change; `say` is asked once for each way of writing prices.

    Disabled users are told nothing. The url is the race's page. Its caller touches the outbox after the commit.
    """
    told = _among(*to)
    if but_not is not None:
        told.append(User.id.not_in(but_not))
    title = _as_read({each: say(each).title for each in OddsFormat})
    body = _as_read({each: say(each).body for each in OddsFormat})
    _tell(kind, title, body, _page(race), told)


def announce_words(kind: str, words: Words, url: str | None, *to: Audience) -> int:
    """Tell all of `to` the same, in the running change; else as `announce`. Returns how many are told."""
    return _tell(kind, literal(words.title), literal(words.body), url, _among(*to))


def reached(*to: Audience) -> int:
    """Return how many users `announce_words` would tell."""
    return db.session.scalar(select(func.count()).select_from(User).where(*_among(*to))) or 0


def _among(*to: Audience) -> list[ColumnElement[bool]]:
    return [User.disabled_at.is_(None), User.id.in_(to[0] if len(to) == 1 else union(*to))]


def _tell(
    kind: str, title: ColumnElement[str], body: ColumnElement[str], url: str | None, told: list[ColumnElement[bool]]
) -> int:
    publication.take_turn(Notification)
    row = {
        "user_id": User.id,
        "kind": literal(kind),
        "title": title,
        "body": body,
        "url": literal(url, Notification.url.type),
        "created_at": literal(now(), UtcTime),
    }
    users = select(*row.values()).outerjoin(UserSettings, UserSettings.user_id == User.id).where(*told)
    # One statement: five thousand watchers never come here.
    telling = insert(Notification).from_select(list(row), users.order_by(User.id), include_defaults=False)
    done = db.session.execute(telling, execution_options={"preserve_rowcount": True})
    return cast(CursorResult[Any], done).rowcount


def tell_each(kind: str, race: Race, words_of: Collection[tuple[int, Words]]) -> None:
    """Tell users (id, words) each its own, in the running change, disabled or not; else as `announce`."""
    publication.take_turn(Notification)
    common = {"kind": kind, "url": _page(race), "created_at": now(), "read_at": None}
    rows = [{"user_id": user_id, **words._asdict(), **common} for user_id, words in words_of]
    db.session.execute(insert(Notification), rows)


def _as_read(texts: Mapping[OddsFormat, str]) -> ColumnElement[str]:
    """Return the text in which a user who is outer-joined with its settings reads it."""
    fractional = texts[OddsFormat.FRACTIONAL]
    others = {each.value: literal(text) for each, text in texts.items() if text != fractional}
    return case(others, value=format_of_user, else_=literal(fractional)) if others else literal(fractional)


def _page(race: Race) -> str:
    return f"/races/{race.id}"


def _is_of(runners: Sequence[Runner]) -> ColumnElement[bool]:
    slugs: dict[WatchKind, list[Any]] = {kind: [] for kind in NAMES}
    for runner in runners:
        for kind, slug in _names(runner):
            slugs[kind].append(slug)
    return or_(*(and_(Watch.kind == kind, Watch.key.in_(keys)) for kind, keys in slugs.items()))


def _names(runner: Runner) -> list[tuple[WatchKind, str]]:
    names = ((kind, getattr(runner, column.key)) for kind, column in NAMES.items())
    return [(kind, slug) for kind, slug in names if slug]
