"""What one reader watches: put on the list with a star, told of or not, taken off it; nobody else sees it."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from racing import extensions
from racing.extensions import db, socketio
from racing.models import Role, User, Watch, WatchKind
from racing.services import cards, watchlists
from racing.services.cards import RunnerDeclared
from tests.factories import OFF_TIME, RACE, a_card, a_race, a_user
from tests.support.asked import asked, reads_of, steps
from tests.support.kept import nothing_written, rows_of
from tests.views.pages import send_form, sign_in


@pytest.fixture
def race(client: FlaskClient) -> str:
    """A priced race in which Arkle runs, ridden by Pat Taaffe."""
    card = a_card(off_time=OFF_TIME)
    card.runners[0] = RunnerDeclared(
        runner_id="1", name="Arkle", number="1", jockey="Pat Taaffe", trainer="Tom Dreaper"
    )
    cards.declare_race(card, None)
    return RACE


@pytest.fixture
def ann(client: FlaskClient) -> User:
    """A punter, signed in."""
    user = a_user(Role.PUNTER, "ann@example.org")
    sign_in(client, user)
    return user


def press(client: FlaskClient, do: str, kind: str = "race", key: str = RACE, **more: str) -> TestResponse:
    return send_form(client, "/settings", "/my/watches", do=do, kind=kind, key=key, **more)


def watched_by(user_id: int) -> list[tuple[str, str, bool]]:
    db.session.rollback()
    return [(each.watch.kind.value, each.watch.key, each.watch.alerts) for each in watchlists.watched(user_id)]


def test_the_signed_out_are_told_what_there_would_be(race: str, client: FlaskClient) -> None:
    page = client.get("/my").text
    assert 'href="/register?next=/my"' in page
    assert 'href="/login?next=/my"' in page


def test_a_star_of_the_signed_out_leads_to_sign_in_and_back(race: str, client: FlaskClient) -> None:
    star = 'class="button star" href="/login?next=/horses/arkle&amp;watch=horse:arkle"'
    assert star in client.get("/horses/arkle").text
    with nothing_written():
        pressed = press(client, "watch", next=f"/races/{RACE}"), press(client, "unwatch")
    assert [answer.location for answer in pressed] == [
        f"/login?next=/races/{RACE}&watch=race:{RACE}", "/login?next=/my",
    ]  # fmt: skip


def test_an_empty_list_teaches_how_to_fill_it(ann: User, client: FlaskClient) -> None:
    page = client.get("/my").text
    for sentence in ("You watch no race.", "Open a horse's, a jockey's or a trainer's page", "You wait for no price."):
        assert sentence in page


def test_a_race_with_a_star_is_listed_with_its_favourite_and_may_be_taken_off(
    race: str, ann: User, client: FlaskClient
) -> None:
    ann_id = ann.id
    answer = press(client, "watch", next=f"/races/{RACE}")

    assert (answer.status_code, answer.location) == (303, f"/races/{RACE}")
    assert watched_by(ann_id) == [("race", RACE, True)]
    page = client.get("/my").text
    assert f'data-race-id="{RACE}"' in page
    assert "14:05 Wexmoor, Sat 1 Jun" in page
    press(client, "hush")
    assert watched_by(ann_id) == [("race", RACE, False)]
    press(client, "tell")
    assert watched_by(ann_id) == [("race", RACE, True)]
    assert press(client, "unwatch").location == "/my"
    assert watched_by(ann_id) == []


def test_horses_and_people_are_listed_with_what_they_run_in_next(race: str, ann: User, client: FlaskClient) -> None:
    assert 'value="watch" data-name="Tom Dreaper"' in client.get("/trainers/tom-dreaper").text
    for kind, slug in (("horse", "arkle"), ("jockey", "pat-taaffe"), ("trainer", "tom-dreaper")):
        press(client, "watch", kind, slug)

    page = client.get("/my").text

    assert 'href="/horses/arkle"><b>Arkle</b>' in page
    assert 'href="/jockeys/pat-taaffe"><b>Pat Taaffe</b>' in page
    assert page.count(f'href="/races/{RACE}">14:05 Wexmoor, Sat 1 Jun 2030</a>') == 3
    assert page.count(f'Arkle, <a class="link" href="/races/{RACE}"') == 2
    assert 'value="unwatch" data-name="Tom Dreaper"' in client.get("/trainers/tom-dreaper").text


def test_what_makes_no_sense_is_refused_and_nothing_is_written(race: str, ann: User, client: FlaskClient) -> None:
    with nothing_written():
        answers = [
            press(client, "watch", key="nowhere"),
            press(client, "watch", "horse", "nobody"),
            press(client, "watch", "meeting"),
            press(client, "buy"),
            press(client, "tell"),
            client.post("/my/watches", data={"do": "watch", "kind": "race", "key": RACE}),
        ]
    assert [answer.status_code for answer in answers] == [404, 404, 422, 422, 404, 400]


def test_nobody_sees_or_changes_what_another_watches(race: str, ann: User, client: FlaskClient) -> None:
    bob_id = a_user(Role.PUNTER, "bob@example.org").id
    watchlists.watch(bob_id, WatchKind.RACE, RACE)

    assert f'data-race-id="{RACE}"' not in client.get("/my").text
    press(client, "unwatch")
    assert rows_of(Watch) == 1


def test_a_script_that_presses_a_star_stays_on_its_page(race: str, ann: User, client: FlaskClient) -> None:
    token = client.get("/settings").text.split('name="csrf_token" value="')[1].split('"')[0]
    fields = {"csrf_token": token, "do": "watch", "kind": "race", "key": RACE}
    answer = client.post("/my/watches", data=fields, headers={"Accept": "application/json"})
    assert answer.json == {"said": "It is on your list now. You are told what happens.", "watching": True}


def test_the_list_that_a_script_holds_already_is_not_sent_again(race: str, ann: User, client: FlaskClient) -> None:
    press(client, "watch")
    mark = client.get("/my").text.split('data-list-mark="')[1].split('"')[0]
    assert client.get("/my", headers={"If-List-Differs": mark}).status_code == 204
    press(client, "hush")
    assert client.get("/my", headers={"If-List-Differs": mark}).status_code == 200
    assert "private" in client.get("/my").headers["Cache-Control"]


def test_of_fifty_one_races_on_a_list_the_last_is_not_live(ann: User, client: FlaskClient) -> None:
    for number in range(51):
        watchlists.watch(ann.id, WatchKind.RACE, a_race(f"race-{number:02}"))
    page = client.get("/my").text
    assert page.count("data-live-line") == 50
    assert page.count("data-race-id=") == 51


def test_that_nothing_changed_is_told_without_reading_a_price(race: str, ann: User, client: FlaskClient) -> None:
    for kind, key in (("race", RACE), ("horse", "arkle"), ("jockey", "pat-taaffe")):
        press(client, "watch", kind, key)
    mark = client.get("/my").text.split('data-list-mark="')[1].split('"')[0]

    with asked() as noted:
        assert client.get("/my", headers={"If-List-Differs": mark}).status_code == 204

    assert reads_of(noted, "current_prices") == []


def test_prices_are_read_once_for_the_races_and_once_for_the_runs(race: str, ann: User, client: FlaskClient) -> None:
    for kind, key in (("race", RACE), ("race", a_race("another")), ("horse", "arkle"), ("jockey", "pat-taaffe")):
        press(client, "watch", kind, key)

    with asked() as noted:
        client.get("/my")

    assert len(reads_of(noted, "current_prices")) == 2


def test_a_long_list_lets_others_go_on_while_it_is_read_and_drawn(
    ann: User, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(25):
        watchlists.watch(ann.id, WatchKind.RACE, a_race(f"race-{number:02}"))
    turns: list[float] = []
    monkeypatch.setattr(extensions, "TURN_S", 0)
    monkeypatch.setattr(socketio, "sleep", turns.append)

    client.get("/my")

    read_in_two_parts, cards_and_drawn_lines = 2, 2 * 25
    assert len(turns) > read_in_two_parts + cards_and_drawn_lines


@pytest.mark.parametrize(
    ("kind", "key", "index"),
    [
        ("horse", "arkle", "ix_runners_horse_slug"),
        ("jockey", "pat-taaffe", "ix_runners_race_id_version"),
        ("trainer", "tom-dreaper", "ix_runners_race_id_version"),
    ],
)
def test_next_runs_are_found_without_reading_a_long_past(
    kind: str, key: str, index: str, race: str, ann: User, client: FlaskClient
) -> None:
    press(client, "watch", kind, key)

    with asked() as noted:
        client.get("/my")

    (way,) = [steps(each) for each in noted if "row_number" in each.statement]
    assert f"SEARCH runners USING INDEX {index}" in way
    assert "SEARCH races USING INDEX ix_races_off_time (off_time>?)" in way
    assert "SCAN runners" not in way
