"""Keys that nobody asked for change nothing: whoever sends `role`, `userId` or `version` along is not heeded."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from racing.extensions import db
from racing.models import Role, User
from tests.factories import RACE, a_race, a_user
from tests.support.kept import everything_kept
from tests.views.conftest import Call
from tests.views.pages import send_form, sign_in
from tests.views.test_api_writes import CARD

# Long enough that no clock shows it by chance.
NUMBER, WORD, DAY = 47_114_711, "mallory", "2001-01-01T00:00:00Z"
NUMBERS = (
    "id user user_id by author author_id version card_version cardVersion apiKeyId api_key_id tokenEpoch token_epoch "
    "position withdrawnPrice"
)
WORDS = "slug source passwordHash password_hash result"
DAYS = (
    "at createdAt created_at publishedAt published_at updatedAt offAt off_at disabledAt disabled_at deletedAt "
    "deleted_at readAt read_at withdrawnAt"
)
SMUGGLED: Mapping[str, Any] = {
    **dict.fromkeys(NUMBERS.split(), NUMBER), **dict.fromkeys(WORDS.split(), WORD), **dict.fromkeys(DAYS.split(), DAY),
    "role": "admin", "is_staff": "true", "email": f"{WORD}@example.org", "status": "ABANDONED", "betting": "suspended",
    "previous": 471.14, "enquiry": True,
}  # fmt: skip
TRACES = (str(NUMBER), WORD, "(2001, 1, 1,", "2001-01-01", "admin", "ABANDONED", "suspended", "471.14")
WRITES: Mapping[str, Any] = {
    "/races": CARD,
    "/odds": {"races": [{"raceId": RACE, "odds": [{"runnerId": "1", "price": 3}]}]},
    f"/races/{RACE}/odds": {"odds": [{"runnerId": "1", "price": 3}]},
    f"/races/{RACE}/status": {"status": "GOINGDOWN"},
    f"/races/{RACE}/betting": {"betting": "closed"},
    f"/races/{RACE}/off-time": {"offTime": "2030-06-01T15:00:00Z"},
    f"/races/{RACE}/enquiry": {"enquiry": False},
    f"/races/{RACE}/runners/2/withdraw": {},
    f"/races/{RACE}/result": {"placings": [{"runnerId": "1", "position": 1}]},
    "/news": {"title": "Rain", "summary": "It eases.", "body": "It rains."},
    "/notifications": {"email": "ann@example.org", "kind": "word", "title": "Rain", "body": "It rains."},
}
OF_A_PRICE = ("version",)  # which price the writer has seen: a price asks that itself
PUNTERS_FORMS: Mapping[str, Mapping[str, str]] = {
    "/settings": {"odds_format": "decimal", "theme": "dark"},
    "/settings/odds-format": {"odds_format": "decimal"},
    "/my/watches": {"do": "watch", "kind": "race", "key": RACE},
    "/my/alerts": {"race": RACE, "runner": "1", "wanted": "bigger", "price": "9"},
}
STAFF_FORMS: Mapping[str, Mapping[str, str]] = {
    "/staff/notify": {"do": "send", "to": "user", "email": "ann@example.org", "title": "T", "body": "B", "key": "k"},
    "/staff/news/new": {"do": "save", "title": "Rain", "summary": "It eases.", "body": "It rains.", "key": "k2"},
    f"/staff/races/{RACE}/status": {"status": "GOINGDOWN"},
    f"/staff/races/{RACE}/runners/1/withdraw": {"others": "kept", "pence": "20"},
}


def with_more(body: Any) -> Any:
    """Return a body with everything smuggled into each of its objects, beside what belongs there."""
    if isinstance(body, list):
        return [with_more(each) for each in body]
    if not isinstance(body, dict):
        return body
    more = {key: value for key, value in SMUGGLED.items() if not ("price" in body and key in OF_A_PRICE)}
    return {**more, **{key: with_more(value) for key, value in body.items()}}


def traces() -> list[str]:
    """Return what of the smuggled stands anywhere in the database."""
    kept = repr(everything_kept())
    return [trace for trace in TRACES if trace in kept]


@pytest.fixture
def ann(app: object) -> User:
    """A punter; there is a race."""
    a_race(prices={"1": "5"})
    return a_user(Role.PUNTER, "ann@example.org")


def test_at_the_api(ann: User, post: Call) -> None:
    for path, body in WRITES.items():
        answer = post(path, with_more(body))

        assert answer.status_code in (200, 201), (path, answer.text)
        assert traces() == [], path


@pytest.mark.parametrize(("role", "forms"), [(Role.PUNTER, PUNTERS_FORMS), (Role.STAFF, STAFF_FORMS)])
def test_on_pages(role: Role, forms: Mapping[str, Mapping[str, str]], ann: User, client: FlaskClient) -> None:
    sign_in(client, a_user(role))
    for path, fields in forms.items():
        sent = {name: str(value) for name, value in {**SMUGGLED, **fields}.items()}

        answer = send_form(client, "/settings", path, **sent)

        assert answer.status_code == 303, (path, answer.text)
        assert traces() == [], path


def test_who_registers_is_a_punter(client: FlaskClient) -> None:
    fields = {**SMUGGLED, "email": "new@example.org", "password": "going good to firm"}

    send_form(client, "/register", "/register", **{name: str(value) for name, value in fields.items()})

    assert db.session.scalars(select(User)).one().role is Role.PUNTER
    assert traces() == []
