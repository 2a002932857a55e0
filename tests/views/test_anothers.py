"""What is another's is not found: answered as what does not exist at all, and left as it is."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from racing.models import Role, User, Wanted
from racing.services import price_alerts
from tests.factories import RACE, a_notification, a_race, a_user
from tests.support.kept import nothing_written
from tests.views.pages import send_form, sign_in

NOWHERE = 2**31 - 1


@pytest.fixture
def bobs(app: object) -> dict[str, int]:
    """What is Bob's: the id of a notification, and of a price alert."""
    bob = a_user(Role.PUNTER, "bob@example.org")
    a_race(prices={"1": "5"})
    alert = price_alerts.set_alert(bob.id, RACE, "1", Wanted.SHORTER, Decimal(3))
    return {"notification": a_notification(bob).id, "alert": alert.id}


@pytest.fixture
def ann(client: FlaskClient) -> User:
    """A punter, signed in on pages."""
    user = a_user(Role.PUNTER, "ann@example.org")
    sign_in(client, user)
    return user


@pytest.mark.parametrize("path", ["/notifications/{notification}/read", "/my/alerts/{alert}/arm",
                                  "/my/alerts/{alert}/remove"])  # fmt: skip
def test_on_pages(path: str, bobs: dict[str, int], ann: User, client: FlaskClient) -> None:
    nowhere = path.format(notification=NOWHERE, alert=NOWHERE)

    with nothing_written():
        answers = [send_form(client, "/settings", each) for each in (path.format(**bobs), nowhere)]
        if "notification" in path:
            answers += [client.get(each.removesuffix("/read")) for each in (path.format(**bobs), nowhere)]

    assert {(answer.status_code, answer.data) for answer in answers} == {(404, answers[0].data)}
