"""What a race page shows of its reader: whether the race is watched, and whose price is waited for."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from racing.models import Role, User, Wanted, WatchKind
from racing.services import price_alerts, watchlists
from tests.factories import RACE, a_race, a_user
from tests.views.pages import sign_in


@pytest.fixture
def race(client: FlaskClient) -> str:
    """A race of two priced runners."""
    return a_race(runners=2, prices={"1": "5", "2": "3"})


def of_somebody(client: FlaskClient, email: str) -> User:
    user = a_user(Role.PUNTER, email)
    sign_in(client, user)
    return user


def test_to_the_signed_out_the_star_leads_to_sign_in_and_back(race: str, client: FlaskClient) -> None:
    page = client.get(f"/races/{RACE}?order=price").text
    assert f'class="button star" href="/login?next=/races/{RACE}?order%3Dprice&amp;watch=race:{RACE}"' in page
    assert page.count(f'href="/my/alerts/new?race={RACE}&amp;runner=') == 2


def test_it_shows_what_its_reader_watches_and_waits_for_and_of_nobody_else(race: str, client: FlaskClient) -> None:
    ann_id = of_somebody(client, "ann@example.org").id
    page = client.get(f"/races/{RACE}").text
    assert 'value="watch" data-name="this race"' in page
    assert "data-waiting" not in page

    watchlists.watch(ann_id, WatchKind.RACE, RACE)
    price_alerts.set_alert(ann_id, RACE, "2", Wanted.BIGGER, Decimal(9))

    page = client.get(f"/races/{RACE}").text
    assert 'value="unwatch" data-name="this race"' in page
    assert page.count("data-waiting") == 1
    assert page.index("data-waiting") > page.index('data-runner-row="2"')
    of_somebody(client, "bob@example.org")
    page = client.get(f"/races/{RACE}").text
    assert 'value="watch" data-name="this race"' in page
    assert "data-waiting" not in page
