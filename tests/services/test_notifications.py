"""Notifications: for one user, kept until read."""

import pytest
from sqlalchemy import select

from racing.errors import InvalidInput, NotFound
from racing.extensions import db
from racing.models import AuditEntry, Notification, Role, WatchKind
from racing.realtime.messages import instant
from racing.services import accounts, notifications, racecards, watchlists, words_to_watchers
from racing.services.idempotency import Once
from tests.factories import RACE, a_notification, a_race, a_user
from tests.support.kept import nothing_written

pytestmark = pytest.mark.usefixtures("either_app")


def test_a_user_is_told_and_nobody_else() -> None:
    ann, bob, staff = a_user(Role.PUNTER, "ann@e.org"), a_user(Role.PUNTER, "bob@e.org"), a_user()

    told = notifications.notify(ann, "account.limit", " Limit ", "Raised.\r\nTo 200.", "/account", staff)

    payload = {
        "id": told.id, "kind": "account.limit", "title": "Limit", "body": "Raised.\nTo 200.", "url": "/account",
        "createdAt": instant(told.created_at),
    }  # fmt: skip
    ann_id, bob_id = ann.id, bob.id
    assert notifications.unread_after(ann_id, 0, 10) == [payload]
    assert notifications.after(0, 10) == [(ann_id, payload)]
    assert notifications.unread_after(bob_id, 0, 10) == []
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.after) == ("notification", {"notification": told.id, "user": ann_id})


def test_a_reader_goes_on_after_the_last_one_it_has() -> None:
    ann, bob = a_user(email="ann@e.org"), a_user(email="bob@e.org")
    ids = [a_notification(user).id for user in (ann, bob, ann, ann)]
    ann_id, bob_id = ann.id, bob.id

    assert [told["id"] for told in notifications.unread_after(ann_id, ids[0], 10)] == ids[2:]
    assert [told["id"] for told in notifications.unread_after(ann_id, 0, 2)] == [ids[0], ids[2]]
    assert [(user_id, told["id"]) for user_id, told in notifications.after(ids[0], 2)] == [
        (bob_id, ids[1]), (ann_id, ids[2]),
    ]  # fmt: skip
    assert notifications.newest_id() == ids[3]
    assert notifications.inbox(bob_id) == (ids[1], 1)


def test_what_is_read_is_not_told_again() -> None:
    ann = a_user()
    first, second, third = (a_notification(ann).id for _ in range(3))
    ann_id = ann.id

    notifications.mark_read(ann_id, second)
    when = db.session.get(Notification, second).read_at
    notifications.mark_read(ann_id, second)

    assert [told["id"] for told in notifications.unread_after(ann_id, 0, 10)] == [first, third]
    assert db.session.get(Notification, second).read_at == when
    assert notifications.inbox(ann_id) == (third, 2)
    assert [told.id for told in notifications.newest_unread(ann_id, 10)] == [third, first]
    assert [told.id for told in notifications.lately_read(ann_id, 10)] == [second]


def test_all_are_read_but_those_that_came_after_the_page_was_drawn() -> None:
    ann, bob = a_user(email="ann@e.org"), a_user(email="bob@e.org")
    _first, shown, bobs, later = (a_notification(user).id for user in (ann, ann, bob, ann))
    ann_id, bob_id = ann.id, bob.id

    notifications.mark_all_read(ann_id, up_to=shown)
    assert [told["id"] for told in notifications.unread_after(ann_id, 0, 10)] == [later]

    notifications.mark_all_read(ann_id)
    assert notifications.unread(ann_id) == 0
    assert [told["id"] for told in notifications.unread_after(bob_id, 0, 10)] == [bobs]


def test_another_user_s_notification_is_not_found_and_stays_unread() -> None:
    ann, bob = a_user(email="ann@e.org"), a_user(email="bob@e.org")
    anns, bob_id = a_notification(ann).id, bob.id

    with nothing_written():
        for notification_id in (anns, anns + 1):
            with pytest.raises(NotFound):
                notifications.mark_read(bob_id, notification_id)


def test_a_text_that_is_none_tells_nobody() -> None:
    ann = a_user()

    with nothing_written(), pytest.raises(InvalidInput) as refused:
        notifications.notify(ann, "k", " ", "b" * 1001, None, None)

    assert refused.value.fields.keys() == {"title", "body"}


def test_the_user_meant_is_found_by_id_or_address_unless_it_is_disabled() -> None:
    ann, gone = a_user(Role.PUNTER, "ann@e.org"), a_user(Role.PUNTER, "gone@e.org")
    ann_id, gone_id = ann.id, gone.id
    accounts.disable("gone@e.org")

    assert notifications.addressee(ann_id).id == notifications.addressee(email=" Ann@E.org ").id == ann_id
    for meant in ({"user_id": gone_id}, {"user_id": 4711}, {"email": "gone@e.org"}, {"email": "nobody@e.org"}):
        with pytest.raises(InvalidInput) as refused:
            notifications.addressee(**meant)
        assert refused.value.fields.keys() < {"userId", "email"}


def test_all_who_watch_a_race_are_told_once_and_it_is_one_entry() -> None:
    a_race()
    staff, once_key = a_user(), "form-1"
    for name, watched in (
        ("ann", [(WatchKind.RACE, RACE)]), ("bob", [(WatchKind.HORSE, "horse-2")]), ("cy", []),
        ("dee", [(WatchKind.RACE, RACE), (WatchKind.HORSE, "horse-1")]), ("off", [(WatchKind.RACE, RACE)]),
    ):  # fmt: skip
        user_id = a_user(Role.PUNTER, f"{name}@e.org").id
        for kind, key in watched:
            watchlists.watch(user_id, kind, key)
    accounts.disable("off@e.org")
    race = racecards.card(RACE)
    assert words_to_watchers.watchers(race, of_runners_too=False) == 2
    assert words_to_watchers.watchers(race, of_runners_too=True) == 3

    once = Once(staff, once_key, b"asked")
    told = [
        words_to_watchers.tell_watchers(RACE, "T", "B", "/news", staff, once, of_runners_too=True) for _ in range(2)
    ]

    assert told == [3, 3]
    assert len(notifications.after(0, 10)) == 3
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.race_id, entry.after["users"]) == ("notification", RACE, 3)


def test_a_word_for_nobody_is_refused() -> None:
    a_race()
    staff = a_user()

    with nothing_written(), pytest.raises(InvalidInput) as refused:
        words_to_watchers.tell_watchers(RACE, "T", "B", None, staff, Once(staff, "k", b"a"), of_runners_too=True)

    assert refused.value.fields.keys() == {"raceId"}
