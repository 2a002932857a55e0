"""Notifications: a word to one user, told to all its connections and kept until it is read."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, update

from racing.errors import InvalidInput, NotFound
from racing.extensions import db
from racing.models import Notification, User
from racing.models.columns import now
from racing.realtime import outbox
from racing.realtime.messages import instant
from racing.realtime.shapes import NotificationPayload
from racing.services import audit, publication
from racing.services.idempotency import Once, earlier_answer, keep_answer
from racing.services.transactions import one_change, one_look

LONGEST = {"title": 150, "body": 1000}


class Inbox(NamedTuple):
    """Where a user's notifications stand: the newest one's id (0: none), and how many are unread."""

    newest: int
    unread: int


def addressee(user_id: int | None = None, email: str | None = None) -> User:
    """Return the user meant by either. Raises InvalidInput where there is none, or it is disabled."""
    meant = User.id == user_id if email is None else User.email == email.strip().lower()
    user = db.session.scalar(select(User).where(meant, User.disabled_at.is_(None)))
    if user is None:
        field, given = ("userId", str(user_id)) if email is None else ("email", email[:80])
        sentence = f"There is no user '{given}' who could be told."
        raise InvalidInput(sentence, {field: sentence})
    return user


def notify(
    user: User, kind: str, title: str, body: str, url: str | None, by: User | None, once: Once | None = None
) -> Notification:
    """Tell one user something. `url` is a path of this site or an https address.

    Returns the notification, committed; the earlier one where `once` was answered before. Raises InvalidInput, `fields`
    naming what is wrong, or KeyReused; nobody is told anything then.
    """
    texts = publication.fit_texts({"title": title, "body": body}, LONGEST)
    with one_change():
        publication.take_turn(Notification)
        if answered := earlier_answer(once):
            return db.session.get_one(Notification, answered["notification"])
        at = now()
        told = Notification(user_id=user.id, kind=kind, url=url, created_at=at, **texts)
        db.session.add(told)
        db.session.flush()
        audit.record("notification", by, at, notification=told.id, user=user.id)
        keep_answer(once, {"notification": told.id}, at)
    outbox.touch()  # after the commit: nobody is told what we may lose
    return told


def after(notification_id: int, most: int) -> list[tuple[int, NotificationPayload]]:
    """Return what all users were told after that id, oldest first, at most `most`: each with whom it is for."""
    query = select(Notification).where(Notification.id > notification_id).order_by(Notification.id).limit(most)
    with one_look():
        return [(each.user_id, payload(each)) for each in db.session.scalars(query)]


def unread_after(user_id: int, notification_id: int, most: int) -> list[NotificationPayload]:
    """Return what this user was told after that id and has not read, oldest first, at most `most`."""
    query = _unread(user_id).where(Notification.id > notification_id).order_by(Notification.id).limit(most)
    with one_look():
        return [payload(each) for each in db.session.scalars(query)]


def newest_id() -> int:
    """Return the id of the newest notification of anybody, 0 where there is none."""
    with one_look():
        return db.session.scalar(select(func.max(Notification.id))) or 0


def inbox(user_id: int) -> Inbox:
    """Return where a user's notifications stand, both numbers of one moment."""
    newest = select(func.max(Notification.id)).where(Notification.user_id == user_id).scalar_subquery()
    unread_ones = select(func.count()).select_from(_unread(user_id).subquery()).scalar_subquery()
    with one_look():
        stands = db.session.execute(select(newest, unread_ones)).one()
    return Inbox(stands[0] or 0, stands[1])


def unread(user_id: int) -> int:
    """Return how many notifications this user has not read."""
    return inbox(user_id).unread


def read_among(user_id: int, ids: Collection[int]) -> list[int]:
    """Return which of these this user has read."""
    read = select(Notification.id).where(Notification.user_id == user_id, Notification.read_at.is_not(None))
    with one_look():
        return list(db.session.scalars(read.where(Notification.id.in_(ids)).order_by(Notification.id)))


def newest_unread(user_id: int, most: int) -> Sequence[Notification]:
    """Return what this user has not read, newest first, at most `most`."""
    return db.session.scalars(_unread(user_id).order_by(Notification.id.desc()).limit(most)).all()


def lately_read(user_id: int, most: int) -> Sequence[Notification]:
    """Return what this user has read, newest first, at most `most`."""
    read = select(Notification).where(Notification.user_id == user_id, Notification.read_at.is_not(None))
    return db.session.scalars(read.order_by(Notification.id.desc()).limit(most)).all()


def mark_read(user_id: int, notification_id: int) -> Notification:
    """Note that the user has read it, and return it. Raises NotFound where the user has none by that id."""
    with one_change():
        told = db.session.get(Notification, notification_id, with_for_update=True)
        if told is None or told.user_id != user_id:
            raise NotFound("You have no such notification.")
        told.read_at = told.read_at or now()
    return told


def mark_all_read(user_id: int, up_to: int | None = None) -> None:
    """Note that the user has read all; with `up_to`, all up to that id: what it has not been shown stays unread."""
    mine = update(Notification).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    with one_change():
        db.session.execute((mine if up_to is None else mine.where(Notification.id <= up_to)).values(read_at=now()))


def payload(told: Notification) -> NotificationPayload:
    """Return a notification as the wire has it."""
    return {
        "id": told.id,
        "kind": told.kind,
        "title": told.title,
        "body": told.body,
        "url": told.url,
        "createdAt": instant(told.created_at),
    }


def _unread(user_id: int) -> Select[Any]:
    return select(Notification).where(Notification.user_id == user_id, Notification.read_at.is_(None))
