"""The page of one user's notifications, and the count on every page."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from racing.models import Notification, Role, User
from racing.services import notifications
from racing.views.notification_lines import lines_by_day
from tests.factories import a_notification, a_user, an_article
from tests.support.kept import nothing_written
from tests.views.pages import send_form, sign_in, sign_out


@pytest.fixture
def ann(client: FlaskClient) -> User:
    """A punter, signed in."""
    user = a_user(Role.PUNTER, "ann@example.org")
    sign_in(client, user)
    return user


def test_the_signed_out_are_sent_to_sign_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/notifications")

    assert (answer.status_code, answer.location) == (302, "/login?next=/notifications")
    assert "Notifications" not in client.get("/").text


def test_every_page_counts_the_unread_and_says_what_it_was_drawn_with(ann: User, client: FlaskClient) -> None:
    page = client.get("/").text
    assert 'data-notifications-after="0"' in page
    assert "data-unread hidden>0<" in page
    newest = a_notification(ann).id
    a_notification(a_user())

    for path in ("/", "/news", "/notifications"):
        page = client.get(path).text
        assert f'data-notifications-after="{newest}"' in page
        assert "data-unread>1<" in page


def test_a_notification_is_shown_escaped_with_where_it_leads(ann: User, client: FlaskClient) -> None:
    ours = a_notification(ann, "<i>Ours</i>", "/races/x").id
    theirs = a_notification(ann, "Theirs", "https://example.org/a?b").id

    page = client.get("/notifications").text

    assert "<h4>&lt;i&gt;Ours&lt;/i&gt;</h4>" in page
    assert f'href="/notifications/{ours}" rel="noopener noreferrer">Open<' in page
    assert f'href="/notifications/{theirs}" rel="noopener noreferrer">example.org<' in page
    assert page.index("Theirs") < page.index("Ours")


def test_the_way_to_what_it_is_about_marks_it_as_read(ann: User, client: FlaskClient) -> None:
    ann_id = ann.id
    there, elsewhere = a_notification(ann, url="/races/x").id, a_notification(ann, url="https://example.org/a?b").id
    nowhere = a_notification(ann).id
    assert client.get("/notifications/unread").json == {"unread": 3, "read": []}

    ways = [client.get(f"/notifications/{told}") for told in (there, elsewhere, nowhere)]

    assert [(way.status_code, way.location) for way in ways] == [
        (303, "/races/x"), (303, "https://example.org/a?b"), (303, "/notifications"),
    ]  # fmt: skip
    assert client.get("/notifications/unread").json == {"unread": 0, "read": []}
    assert client.get(f"/notifications/{there}").location == "/races/x"
    assert notifications.unread_after(ann_id, 0, 9) == []


def test_the_list_is_by_day_on_the_reader_s_clock_with_a_word_for_each_kind() -> None:
    shown_at = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)
    kinds = {"price_alert": 1, "non_runner": 2, "account.limit": 25, "result": 49}
    told = [
        Notification(id=n, user_id=1, kind=kind, title=kind, body="", created_at=shown_at - timedelta(hours=hours))
        for n, (kind, hours) in enumerate(kinds.items())
    ]

    days = lines_by_day(told, shown_at, ZoneInfo("Asia/Tokyo"))

    # In Tokyo it is half past one in the night.
    assert [(day, [(line.kind, line.at) for line in lines]) for day, lines in days] == [
        ("Today", [("Price", "00:30 JST")]),
        ("Yesterday", [("Non-runner", "23:30 JST"), ("For you", "00:30 JST")]),
        ("Tuesday 24 November 2026", [("Result", "00:30 JST")]),
    ]


def test_nobody_has_nothing_unread_and_the_worker_is_there_for_all(client: FlaskClient) -> None:
    answer = client.get("/notifications/unread")
    assert (answer.json, answer.headers["Cache-Control"]) == ({"unread": 0, "read": []}, "private, no-store")
    worker = client.get("/notifications/worker.js")
    assert worker.mimetype in ("text/javascript", "application/javascript")
    assert "notificationclick" in worker.text


def test_one_is_marked_as_read_and_listed_below(ann: User, client: FlaskClient) -> None:
    ann_id = ann.id
    old, new = a_notification(ann, "Your price").id, a_notification(ann, "Your limit").id

    answer = send_form(client, "/notifications", f"/notifications/{new}/read")

    assert (answer.status_code, answer.location) == (303, "/notifications")
    page = client.get("/notifications").text
    assert page.index("Your price") < page.index("Lately read") < page.index("Your limit")
    assert [told["id"] for told in notifications.unread_after(ann_id, 0, 9)] == [old]


def test_all_that_were_there_when_the_page_was_drawn_are_marked(ann: User, client: FlaskClient) -> None:
    ann_id, shown = ann.id, a_notification(ann).id
    later = a_notification(ann).id

    answer = send_form(client, "/notifications", "/notifications/read", up_to=str(shown))

    assert answer.status_code == 303
    assert [told["id"] for told in notifications.unread_after(ann_id, 0, 9)] == [later]
    assert f'name="up_to" value="{later}"' in client.get("/notifications").text


def test_what_is_not_one_s_own_is_not_found(ann: User, client: FlaskClient) -> None:
    a_notification(ann)
    bobs = a_notification(a_user()).id

    with nothing_written():
        answers = [
            send_form(client, "/notifications", f"/notifications/{bobs}/read"),
            send_form(client, "/notifications", "/notifications/read", up_to="all"),
            send_form(client, "/notifications", "/notifications/read"),
            client.get(f"/notifications/{bobs}"),
        ]

    assert [answer.status_code for answer in answers] == [404, 422, 422, 404]


def test_a_form_of_the_signed_out_leads_to_sign_in(ann: User, client: FlaskClient) -> None:
    told = a_notification(ann).id
    page = client.get("/notifications").text
    sign_out(client)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]

    with nothing_written():
        answer = client.post(f"/notifications/{told}/read", data={"csrf_token": token})

    assert (answer.status_code, answer.location) == (302, "/login?next=/notifications")


def test_an_error_page_is_drawn_without_asking_what_is_unread(ann: User, client: FlaskClient) -> None:
    an_article()

    answer = client.get("/news/nothing")

    assert answer.status_code == 404
    assert "data-news-after" not in answer.text


def test_a_tab_learns_which_of_those_it_shows_are_read_and_nobody_else_s(client: FlaskClient) -> None:
    ann, bob = a_user(Role.PUNTER, "ann@example.org"), a_user(Role.PUNTER, "bob@example.org")
    first, second, bobs = (a_notification(each).id for each in (ann, ann, bob))
    notifications.mark_read(ann.id, first)
    notifications.mark_read(bob.id, bobs)
    asked = f"/notifications/unread?shown={first}&shown={second}&shown={bobs}&shown=x&shown=99999999999999999999"
    assert client.get(asked).json == {"unread": 0, "read": []}
    sign_in(client, ann)
    assert client.get(asked).json == {"unread": 1, "read": [first]}
