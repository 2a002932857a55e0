"""What the signed-out wanted to watch is watched once they are signed in, where they were, and nothing else happens."""

import pytest
from flask.testing import FlaskClient

from racing.extensions import db
from racing.models import Role, Watch
from racing.services import accounts, cards, watchlists
from racing.services.cards import RunnerDeclared
from tests.factories import RACE, a_card, a_user
from tests.support.kept import nothing_written
from tests.views.pages import send_form, sign_in

PASSWORD = "going good to firm"
ASKED = f"next=/races/{RACE}&watch=race:{RACE}"


@pytest.fixture(autouse=True)
def race(client: FlaskClient) -> str:
    """A race in which Arkle runs."""
    card = a_card()
    card.runners[0] = RunnerDeclared(runner_id="1", name="Arkle", number="1")
    cards.declare_race(card, None)
    return RACE


def watches() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(each.kind.value, each.key) for each in db.session.query(Watch).order_by(Watch.id)]


def test_who_registers_from_a_star_is_back_where_it_was_and_watches(client: FlaskClient) -> None:
    page = client.get(f"/login?{ASKED}").text
    assert "Once you are signed in, 14:05 Wexmoor, Sat 1 Jun is on your list." in page
    assert f'href="/register?next=/races/{RACE}&amp;watch=race:{RACE}"' in page
    form = client.get(f"/register?{ASKED}").text
    assert f'name="watch" value="race:{RACE}"' in form
    assert watches() == []

    fields = {"email": "ann@example.org", "password": PASSWORD, "next": f"/races/{RACE}", "watch": f"race:{RACE}"}
    registered = send_form(client, f"/register?{ASKED}", "/register", **fields)
    assert "is on your list" in client.get(registered.location).text
    answer = send_form(client, registered.location, "/login", **fields)

    assert (answer.status_code, answer.location) == (303, f"/races/{RACE}")
    assert watches() == [("race", RACE)]
    page = client.get(answer.location).text
    assert "It is on your list now." in page
    assert ">Watching</span>" in page


def test_who_signs_in_from_a_star_watches(client: FlaskClient) -> None:
    accounts.create_user("ann@example.org", PASSWORD)
    wrong = {"email": "ann@example.org", "password": "not that one", "watch": "horse:arkle", "next": "/horses/arkle"}
    refused = send_form(client, "/login", "/login", **wrong)
    assert refused.status_code == 401
    assert 'name="watch" value="horse:arkle"' in refused.text
    assert watches() == []

    assert send_form(client, "/login", "/login", **{**wrong, "password": PASSWORD}).location == "/horses/arkle"
    assert watches() == [("horse", "arkle")]


@pytest.mark.parametrize(
    "watch", ["horse:nobody", "race:", "race", "crown:jewels", "race:a\x00b", "race:nowhere", "<b>:<b>"]
)
def test_what_is_no_such_thing_is_no_wish(client: FlaskClient, watch: str) -> None:
    page = client.get("/login", query_string={"watch": watch})
    assert page.status_code == 200
    assert "is on your list" not in page.text
    assert 'name="watch"' not in page.text
    accounts.create_user("ann@example.org", PASSWORD)
    answer = send_form(client, "/login", "/login", email="ann@example.org", password=PASSWORD, watch=watch)
    assert answer.status_code == 303
    assert watches() == []


def test_an_address_alone_makes_nobody_watch_and_leads_nowhere_else(client: FlaskClient) -> None:
    sign_in(client, a_user(Role.PUNTER, "ann@example.org"))
    with nothing_written():
        assert client.get(f"/login?{ASKED}").location == f"/races/{RACE}"
        assert client.get(f"/register?next=//evil.test&watch=race:{RACE}").location == "/"


def test_a_form_without_its_token_is_refused(client: FlaskClient) -> None:
    accounts.create_user("ann@example.org", PASSWORD)
    with nothing_written():
        fields = {"email": "ann@example.org", "password": PASSWORD, "watch": f"race:{RACE}"}
        assert client.post("/login", data=fields).status_code == 400


def test_a_full_list_says_so_and_one_is_signed_in(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchlists, "MOST", 0)
    accounts.create_user("ann@example.org", PASSWORD)
    fields = {"email": "ann@example.org", "password": PASSWORD, "watch": f"race:{RACE}", "next": f"/races/{RACE}"}
    answer = send_form(client, "/login", "/login", **fields)
    assert answer.location == f"/races/{RACE}"
    assert "Your watchlist is full" in client.get(answer.location).text
