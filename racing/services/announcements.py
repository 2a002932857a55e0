"""One happening in a race told to many users at once, to each of them once."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, literal, or_, select, union

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
    return select(PriceAlert.user_id).where(
        PriceAlert.race_id == runner.race_id, PriceAlert.runner_pk == runner.id, is_armed
    )


def watched_among(runners: Sequence[Runner]) -> list[Runner]:
    """Return those runners that somebody watches by horse, jockey or trainer."""
    rows = db.session.execute(select(Watch.kind, Watch.key).where(_is_of(runners), Watch.alerts).distinct())
    names = {(kind, key) for kind, key in rows}
    return [runner for runner in runners if not names.isdisjoint(_names(runner))]


def announce(kind: str, race: Race, say: Say, *to: Audience, but_not: Audience | None = None) -> None:
    """Tell all of `to`, in the running change; `say` is asked once for each way of writing prices.

    Disabled users are told nothing. The url is the race's page. Its caller touches the outbox after the commit.
    """
    told: list[ColumnElement[bool]] = [User.disabled_at.is_(None), User.id.in_(to[0] if len(to) == 1 else union(*to))]
    if but_not is not None:
        told.append(User.id.not_in(but_not))
    words = {odds_format: say(odds_format) for odds_format in OddsFormat}
    publication.take_turn(Notification)
    if len(set(words.values())) == 1:
        _insert(kind, race, words[OddsFormat.FRACTIONAL], told)
        return
    for odds_format, theirs in words.items():
        _insert(kind, race, theirs, [*told, format_of_user == odds_format.value])


def tell_users(kind: str, race: Race, words: Words, user_ids: Collection[int]) -> None:
    """Tell these users the same, in the running change; else as `announce`."""
    publication.take_turn(Notification)
    _insert(kind, race, words, [User.disabled_at.is_(None), User.id.in_(user_ids)])


def _insert(kind: str, race: Race, words: Words, told: Sequence[ColumnElement[bool]]) -> None:
    # Set by set: five thousand watchers are one statement, and their rows never come here.
    row = {
        "user_id": User.id,
        "kind": literal(kind),
        "title": literal(words.title),
        "body": literal(words.body),
        "url": literal(f"/races/{race.id}"),
        "created_at": literal(now(), UtcTime),
    }
    users = select(*row.values()).outerjoin(UserSettings, UserSettings.user_id == User.id)
    statement = insert(Notification).from_select(
        list(row), users.where(*told).order_by(User.id), include_defaults=False
    )
    db.session.execute(statement)


def _is_of(runners: Sequence[Runner]) -> ColumnElement[bool]:
    slugs: dict[WatchKind, list[Any]] = {kind: [] for kind in NAMES}
    for runner in runners:
        for kind, slug in _names(runner):
            slugs[kind].append(slug)
    return or_(*(and_(Watch.kind == kind, Watch.key.in_(keys)) for kind, keys in slugs.items()))


def _names(runner: Runner) -> list[tuple[WatchKind, str]]:
    names = ((kind, getattr(runner, column.key)) for kind, column in NAMES.items())
    return [(kind, slug) for kind, slug in names if slug]
