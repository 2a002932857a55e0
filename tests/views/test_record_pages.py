"""The record on the desk: in words, found by what is asked for, and taken away as a spreadsheet without formulas."""

import csv
import json
import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

import racing
from app import create_app
from racing.extensions import db
from racing.models import AuditEntry, Role, User
from racing.services import accounts, audit, cards, odds, races
from racing.services.audit import Origin
from racing.services.races import Placing
from racing.statuses import Betting, RaceStatus
from racing.views.staff.record_words import ACTIONS
from racing.views.words import NO_PRICE
from tests.factories import RACE, a_card, a_race, a_user, quotes
from tests.views.pages import send_form, sign_in

PASSWORD = "a long enough password"


@pytest.fixture
def staff_user(client: FlaskClient) -> User:
    """A member of staff, signed in."""
    user = a_user(email="jo@example.org")
    sign_in(client, user)
    return user


def words(page: str) -> str:
    """What a page says, without its tags and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def rows(client: FlaskClient, asked: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(client.get(f"/staff/record.csv{asked}").text)))


def test_a_price_is_told_as_a_trader_reads_it(client: FlaskClient, staff_user: User) -> None:
    a_race(prices={"1": "3.75"})
    audit.comes_from(Origin("form", "203.0.113.9"))
    odds.change_prices(RACE, quotes({"1": "3.5", "2": "8"}), staff_user)
    audit.comes_from()

    page = client.get("/staff/record").text

    said = words(page)
    assert "jo@example.org from 203.0.113.9 by form" in said
    assert "14:05 Wexmoor, Sat 1 Jun 2030 · Prices" in said
    assert "Horse 1 at house was 11/4 → , is 5/2" in said
    assert f"Horse 2 at house was {NO_PRICE} → , is 7/1" in said
    assert "version 2" in said
    assert f'href="/staff/races/{RACE}"' in page


def test_what_happens_in_a_race_is_told_in_words(client: FlaskClient, staff_user: User) -> None:
    a_race(prices={"4": "6"})
    races.change_betting(RACE, Betting.SUSPENDED, staff_user)
    races.withdraw(RACE, "4", staff_user)
    races.change_off_time(RACE, datetime(2030, 6, 1, 13, 10, tzinfo=UTC), staff_user)
    races.change_status(RACE, RaceStatus.OFF, staff_user)
    races.declare_result(RACE, [Placing("1", 1), Placing("2", 1)], staff_user)
    races.change_enquiry(RACE, True, staff_user)

    told = [row["what"] for row in rows(client)]

    assert told[0] == "Stewards' enquiry: no → yes"
    assert told[1].startswith(
        f"Result: status off → result; betting suspended → closed; placings {NO_PRICE} → 1 Horse 1, 1 Horse 2"
    )
    assert told[2].startswith(f"Status: not begun → off; off at {NO_PRICE} → ")
    assert told[3] == "Off time: 14:05 Sat 1 Jun → 14:10 Sat 1 Jun"
    assert told[4].startswith(f"Non-runner, Horse 4: status active → non runner; withdrawn at {NO_PRICE} → ")
    assert told[4].endswith(
        f"withdrawn price {NO_PRICE} → 5/1; Horse 4 at house 5/1 → {NO_PRICE}; the others' prices kept"
    )
    assert told[5] == "Betting: open → suspended"


def test_what_nobody_has_words_for_is_told_as_it_is(client: FlaskClient, staff_user: User) -> None:
    a_race()
    strange = {"raceClass": "Class 4", "prices": "none", "status": 7, "placings": [3], "offTime": "soon", "kept": None}
    strange["revokedAt"] = "2026-11-27T21:55:02.123325+00:00"
    audit.record("polish_cup", staff_user, datetime.now(UTC), race_id=RACE, before={"raceClass": None}, **strange)
    db.session.commit()

    (entry,) = rows(client)

    assert entry["what"] == (
        f"Polish cup: race class {NO_PRICE} → Class 4; status 7; placings [3]; off time soon; kept {NO_PRICE}; "
        "revoked at 21:55:02 Fri 27 Nov"
    )
    assert client.get("/staff/record?action=polish_cup").status_code == 200


def test_every_action_that_is_recorded_has_a_name_to_be_found_by() -> None:
    calls = re.compile(r'\b_?record\(\s*"(\w+)"')
    sources = (Path(racing.__file__).parent).rglob("*.py")
    recorded = {action for source in sources for action in calls.findall(source.read_text())}

    assert {"api_key", "news_draft", "news_withdrawn"} < recorded
    assert recorded <= ACTIONS.keys()


def test_the_filter_is_in_the_address_and_stays_in_its_fields(client: FlaskClient, staff_user: User) -> None:
    a_race("ayr", course="Ayr")
    a_race()
    odds.change_prices("ayr", quotes({"1": "3"}), staff_user)
    odds.change_prices(RACE, quotes({"1": "3"}), staff_user)

    asked = f"?race=wex&user=jo&action=prices&from={datetime.now(UTC):%Y-%m-%d}"
    page = client.get(f"/staff/record{asked}").text

    assert page.count('id="entry-') == 1
    assert 'name="race" value="wex"' in page
    assert "/staff/record.csv?race=wex&amp;user=jo&amp;action=prices" in page
    assert [row["race_id"] for row in rows(client, asked)] == [RACE]
    assert "Nothing in the record is like that." in client.get("/staff/record?to=2020-01-01").text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("from=yesterday", "Write the day as 2026-11-24."),
        ("to=9999-12-31", "Write the day as 2026-11-24."),
        ("from=2026-05-02&to=2026-05-01", "The last day is before the first."),
        ("key=x", "Choose one of the keys offered."),
        ("before=-1", "This is the number of no entry."),
    ],
)
def test_what_is_no_filter_is_said_beside_its_field(
    asked: str, sentence: str, client: FlaskClient, staff_user: User
) -> None:
    page, taken_away = client.get(f"/staff/record?user=jo&{asked}"), client.get(f"/staff/record.csv?user=jo&{asked}")

    assert (page.status_code, taken_away.status_code) == (422, 422)
    assert sentence in page.text
    assert 'name="user" value="jo"' in page.text


def test_a_long_record_comes_in_pages(client: FlaskClient, staff_user: User) -> None:
    a_race()
    for version in range(60):
        audit.record("prices", staff_user, datetime.now(UTC), race_id=RACE, version=version)
    db.session.commit()

    first = client.get("/staff/record?user=jo").text
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = client.get(older).text

    assert (first.count('id="entry-'), second.count('id="entry-')) == (50, 10)
    assert "user=jo" in older
    assert 'rel="next"' not in second
    assert len(rows(client)) == 60


def test_no_cell_is_a_formula(client: FlaskClient, staff_user: User) -> None:
    card = a_card(title="=1+1", course="@SUM")
    cards.declare_race(card, staff_user)
    evil = a_user(email="=cmd@example.org")
    audit.record("=1+1", evil, datetime.now(UTC), race_id=RACE, **{"=x": "+y"})
    db.session.commit()

    newest, _ = rows(client)

    assert newest["user"] == "'=cmd@example.org"
    assert newest["action"] == "'=1+1"
    assert newest["what"] == "'=1+1: =x +y"
    assert newest["race"] == "14:05 @SUM, Sat 1 Jun 2030"
    assert json.loads(newest["after"]) == {"=x": "+y"}


def test_an_entry_that_was_taken_back_leads_to_what_did_it(client: FlaskClient, staff_user: User) -> None:
    a_race()
    odds.change_prices(RACE, quotes({"1": "3"}), staff_user)
    first = db.session.scalars(select(AuditEntry.id)).one()
    audit.record("undo", staff_user, datetime.now(UTC), race_id=RACE, version=2, undoes_id=first)
    db.session.commit()

    page = client.get("/staff/record").text

    assert f'href="/staff/record?before={first + 1}#entry-{first}">takes back entry {first}<' in page
    assert f'href="/staff/record?before={first + 2}#entry-{first + 1}">taken back<' in page


def test_a_races_page_shows_what_was_done_lately(client: FlaskClient, staff_user: User) -> None:
    a_race()
    assert "Nobody has done anything to this race yet." in client.get(f"/staff/races/{RACE}").text

    for price in range(2, 14):
        odds.change_prices(RACE, quotes({"1": str(price)}), staff_user)

    page = client.get(f"/staff/races/{RACE}").text
    assert page.count('id="entry-') == 10
    assert f'href="/staff/record?race={RACE}"' in page


@pytest.mark.parametrize(("role", "entries"), [(Role.FEED, 1), (Role.PUNTER, 0)])
def test_who_may_write_leaves_a_note_of_signing_in(client: FlaskClient, role: Role, entries: int) -> None:
    accounts.create_user("jo@example.org", PASSWORD, role)

    refused = send_form(client, "/login", "/login", email="jo@example.org", password="something else")
    signed_in = send_form(client, "/login", "/login", email="jo@example.org", password=PASSWORD)

    assert (refused.status_code, signed_in.status_code) == (401, 303)
    found = db.session.scalars(select(AuditEntry)).all()
    assert [(each.action, each.source, each.address) for each in found] == [("sign_in", "form", "127.0.0.1")] * entries


@pytest.mark.parametrize(("app_env", "address"), [("production", "203.0.113.9"), ("development", "127.0.0.1")])
def test_behind_a_router_the_address_is_the_clients(
    app_env: str, address: str, sqlite_url: str, tmp_path: Path
) -> None:
    app = create_app(
        app_env=app_env, database_url=sqlite_url, instance_path=tmp_path, secret_key="s" * 32, jwt_secret="j" * 32
    )
    with app.app_context():
        accounts.create_user("jo@example.org", PASSWORD, Role.STAFF)
        db.session.remove()

    said = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    login = {"email": "jo@example.org", "password": PASSWORD}
    answer = app.test_client().post("/api/v1/auth/login", json=login, headers=said)

    with app.app_context():
        assert answer.status_code == 200
        assert db.session.scalars(select(AuditEntry.address)).all() == [address]
        db.engine.dispose()


@pytest.mark.parametrize("path", ["/staff/record", "/staff/record.csv"])
@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.PUNTER, 403), (Role.FEED, 403)])
def test_it_is_for_staff(path: str, role: Role | None, status: int, client: FlaskClient) -> None:
    if role is not None:
        sign_in(client, a_user(role))

    assert client.get(path).status_code == status


def test_reading_leaves_no_entry(either_client: FlaskClient) -> None:
    sign_in(either_client, a_user())

    page = either_client.get(f"/staff/record?race=%00&user=%25_&key={'9' * 15}&before={'9' * 15}")

    assert page.status_code == 200
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_each_action_has_its_words_and_can_be_asked_for() -> None:
    services = "".join(file.read_text() for file in Path(audit.__file__).parent.glob("*.py"))

    assert set(re.findall(r'record\(\s*"(\w+)"', services)) - ACTIONS.keys() == set()
