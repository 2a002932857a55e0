"""The news desk: written, previewed, kept, scheduled, published, put right, withdrawn; and words to users."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from racing.extensions import db
from racing.models import Article, ArticleDraft, Notification, Role, User, WatchKind
from racing.services import drafts, news, watchlists
from racing.services.news import Written
from tests.factories import RACE, a_race, a_user, an_article
from tests.support.kept import nothing_written, rows_of
from tests.views.pages import send_form, sign_in

NEW = "/staff/news/new"
TYPED = {"title": "Rain at Wexmoor", "summary": "It eases.", "body": "One.\r\n\r\n**Two**.", "key": "k-1"}
LONDON = ZoneInfo("Europe/London")
TOLD = {"title": "Off put back", "body": "It is 14:15 now.", "key": "k-1"}


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """A member of staff at the desk."""
    sign_in(client, a_user())
    return client


def send(desk: FlaskClient, do: str, page: str = NEW, **typed: str) -> TestResponse:
    return send_form(desk, page, page, **{**TYPED, "do": do, **typed})


def hour_hence(hours: int = 1) -> str:
    return f"{datetime.now(LONDON) + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def the_draft() -> ArticleDraft:
    db.session.rollback()
    return db.session.query(ArticleDraft).one()


def test_staff_publish_and_are_shown_the_article(desk: FlaskClient) -> None:
    a_race()

    answer = send(desk, "publish", raceId=RACE)

    assert (answer.status_code, answer.location) == (303, "/news/rain-at-wexmoor")
    read = desk.get(answer.location).text
    assert "The article is published." in read
    assert "<p><strong>Two</strong>.</p>" in read
    db.session.rollback()
    assert news.article("rain-at-wexmoor").race_id == RACE


def test_what_is_refused_is_told_beside_its_field_and_the_rest_is_kept(desk: FlaskClient) -> None:
    with nothing_written():
        answer = send(desk, "publish", title="", body="\r\n<b>First</b>", otherRace="nowhere")

    assert answer.status_code == 422
    for expected in (
        'id="wrong-title">A title is needed.', "There is no race &#39;nowhere&#39;.", 'value="nowhere"', "It eases.",
        "&lt;b&gt;First&lt;/b&gt;", 'aria-describedby="wrong-raceId"',
    ):  # fmt: skip
        assert expected in answer.text
    assert 'id="wrong-summary"' not in answer.text


def test_a_form_sent_twice_publishes_once(desk: FlaskClient) -> None:
    answers = [send(desk, "publish") for _ in range(2)]
    other = send(desk, "publish", title="Another")

    assert [answer.location for answer in answers] == ["/news/rain-at-wexmoor"] * 2
    assert (other.status_code, "This form was sent already" in other.text) == (422, True)
    assert rows_of(Article) == 1


@pytest.mark.parametrize(("do", "status"), [("publish", 422), ("save", 422), ("", 200), ("preview", 200)])
def test_a_form_without_its_key_or_its_button_keeps_nothing(do: str, status: int, desk: FlaskClient) -> None:
    with nothing_written():
        assert send(desk, do, key="").status_code == status


def test_a_preview_shows_the_article_and_keeps_nothing(desk: FlaskClient) -> None:
    with nothing_written():
        page = send(desk, "preview", body="[x](javascript:alert(1)) **Two**").text
        alone = send_form(desk, NEW, "/staff/news/preview", **TYPED).text

    assert "<p>[x](javascript:alert(1)) <strong>Two</strong></p>" in page
    assert "<strong>Two</strong>" in alone
    assert "<html" not in alone


def test_a_draft_is_kept_written_on_and_published(desk: FlaskClient) -> None:
    kept = send(desk, "save", title="", body="")
    assert "The draft is saved." in desk.get(kept.location).text
    assert "Without a title" in desk.get("/staff/news").text

    seen = drafts.seen(the_draft())
    published = send(desk, "publish", kept.location, seen=seen, key="k-2")

    assert (published.status_code, published.location) == (303, "/news/rain-at-wexmoor")
    assert rows_of(ArticleDraft) == 0
    assert desk.get(kept.location).status_code == 404
    again = send_form(desk, NEW, kept.location, **{**TYPED, "do": "save", "key": "k-3"})
    assert (again.status_code, "What you wrote is here." in again.text, "One." in again.text) == (404, True, True)


def test_an_article_is_scheduled_in_the_time_of_the_house(desk: FlaskClient) -> None:
    typed = hour_hence()
    answer = send(desk, "schedule", publishAt=typed)

    assert answer.location == "/staff/news"
    assert "It will be published on" in desk.get("/staff/news").text
    draft = the_draft()
    assert draft.publish_at == datetime.fromisoformat(typed).replace(tzinfo=LONDON).astimezone(UTC)
    assert f'value="{typed}"' in desk.get(f"/staff/news/drafts/{draft.id}").text


@pytest.mark.parametrize("typed", ["", "soon", "2001-01-01T00:00"])
def test_a_time_that_is_none_or_past_is_refused_beside_its_field(typed: str, desk: FlaskClient) -> None:
    with nothing_written():
        answer = send(desk, "schedule", publishAt=typed)

    assert (answer.status_code, 'id="wrong-publishAt"' in answer.text) == (422, True)


def test_a_draft_saved_by_somebody_else_comes_back_with_both(desk: FlaskClient) -> None:
    author = db.session.query(User).one()
    draft = drafts.begin(Written("Rain at Wexmoor", "It eases.", "It pours."), None, author)
    page = f"/staff/news/drafts/{draft.id}"

    answer = send(desk, "save", page, seen="long ago")

    assert answer.status_code == 409
    assert '<span class="moved" id="stands-body">It says now: <q>It pours.</q></span>' in answer.text
    assert "**Two**" in answer.text
    assert 'id="stands-title"' not in answer.text
    assert send(desk, "save", page, seen=drafts.seen(the_draft())).status_code == 303


def test_a_discarded_draft_is_asked_about_once_more(desk: FlaskClient) -> None:
    page = send(desk, "save").location
    assert "Discard the draft" in desk.get(f"{page}/discard").text
    assert rows_of(ArticleDraft) == 1

    send_form(desk, f"{page}/discard", f"{page}/discard")

    assert rows_of(ArticleDraft) == 0


def test_a_correction_stands_above_the_article_and_in_the_feed(desk: FlaskClient) -> None:
    page = f"/staff/news/articles/{an_article().id}"
    seen = desk.get(page).text.split('name="seen" value="')[1].split('"')[0].replace("&#43;", "+")

    refused = send(desk, "correct", page, seen=seen)
    assert (refused.status_code, 'id="wrong-correction"' in refused.text) == (422, True)
    answer = send(desk, "correct", page, seen=seen, correction="It rained <b>more</b>.", title="Rain & more")

    assert answer.location == "/news/rain-at-wexmoor"
    read, feed = desk.get(answer.location).text, desk.get("/news.atom").text
    assert "Rain &amp; more</h1>" in read
    assert ":</b> It rained &lt;b&gt;more&lt;/b&gt;.</p>" in read
    assert "It rained &amp;lt;b&amp;gt;more" in feed
    assert '<span class="tag">corrected</span>' in desk.get("/staff/news").text
    stale = send(desk, "correct", page, seen=seen, correction="Other", title="Sun")
    assert (stale.status_code, "<q>Rain &amp; more</q>" in stale.text) == (409, True)


def test_a_withdrawn_article_says_so_and_comes_back(desk: FlaskClient) -> None:
    a_race()
    page = f"/staff/news/articles/{an_article(race_id=RACE).id}"
    assert "Withdraw “Rain at Wexmoor”?" in desk.get(f"{page}/withdraw").text

    send_form(desk, f"{page}/withdraw", f"{page}/withdraw")

    gone = desk.get("/news/rain-at-wexmoor")
    assert (gone.status_code, "was withdrawn" in gone.text) == (410, True)
    for path in ("/news", "/news.atom", f"/news?race={RACE}", f"/races/{RACE}", "/sitemap.xml"):
        assert "rain-at-wexmoor" not in desk.get(path).text, path
    assert '<span class="tag">withdrawn</span>' in desk.get("/staff/news").text
    assert send(desk, "correct", page, correction="x").status_code == 409

    send_form(desk, page, f"{page}/restore")
    assert desk.get("/news/rain-at-wexmoor").status_code == 200


def tell(desk: FlaskClient, do: str, **typed: str) -> TestResponse:
    return send_form(desk, "/staff/notify", "/staff/notify", **{**TOLD, "do": do, **typed})


def test_one_user_is_told_once(desk: FlaskClient) -> None:
    a_user(Role.PUNTER, "ann@example.org")

    shown = tell(desk, "preview", to="user", email="Ann@example.org")
    assert "It goes to ann@example.org." in shown.text
    assert rows_of(Notification) == 0
    for _ in range(2):
        assert tell(desk, "send", to="user", email="Ann@example.org").status_code == 303

    assert "ann@example.org is told." in desk.get("/staff/notify").text
    assert rows_of(Notification) == 1


def test_all_who_watch_a_race_are_counted_then_told(desk: FlaskClient) -> None:
    a_race()
    for name in ("ann", "bob"):
        watchlists.watch(a_user(Role.PUNTER, f"{name}@example.org").id, WatchKind.RACE, RACE)

    assert "It goes to 2 users watching the 14:05 Wexmoor" in tell(desk, "preview", to="race", otherRace=RACE).text
    for _ in range(2):
        assert tell(desk, "send", to="race", otherRace=RACE).status_code == 303

    db.session.rollback()
    told = db.session.query(Notification).all()
    assert [(each.title, each.url, each.kind) for each in told] == [("Off put back", f"/races/{RACE}", "message")] * 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"to": "user", "email": "nobody@example.org"}, "email"), ({"to": "user", "email": "a\x00b"}, "email"),
     ({"to": "race"}, "raceId"), ({"to": "race", "otherRace": "no\x00where"}, "raceId"),
     ({"to": "race", "otherRace": RACE}, "raceId"), ({"title": ""}, "title"), ({"url": "javascript:x"}, "url")],
)  # fmt: skip
def test_a_word_that_cannot_be_sent_is_refused_beside_its_field(
    wrong: dict[str, Any], field: str, desk: FlaskClient
) -> None:
    a_race()
    a_user(Role.PUNTER, "ann@example.org")

    with nothing_written():
        answers = [tell(desk, do, **{"to": "user", "email": "ann@example.org", **wrong}) for do in ("preview", "send")]

    assert [answer.status_code for answer in answers] == [422, 422]
    for answer in answers:
        assert f'id="wrong-{field}"' in answer.text
        assert "It is 14:15 now." in answer.text


@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.PUNTER, 403), (Role.FEED, 403), (Role.ADMIN, 200)])
def test_the_desk_is_for_staff(role: Role | None, status: int, client: FlaskClient) -> None:
    if role is not None:
        sign_in(client, a_user(role))
    article = an_article().id

    for path in ("/staff/news", NEW, f"/staff/news/articles/{article}", "/staff/notify"):
        assert client.get(path).status_code == status
