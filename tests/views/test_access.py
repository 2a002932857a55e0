"""Nobody gets in where they do not belong: every way in, tried by everybody, against access_table.txt."""

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

import app as application
from racing.models import Role
from racing.realtime.events import CLIENT_EVENTS
from racing.views import guard, ops
from tests.factories import a_user
from tests.views.access_walk import TABLE, WHO, Walk, read_table, ways_in
from tests.views.pages import sign_in


def test_everybody_gets_where_the_table_says_and_nowhere_else(app: Flask) -> None:
    columns, says = read_table("ways in")
    walk = Walk(app)

    found = {way: walk.tried(method, rule) for way, method, rule in ways_in(app)}

    assert columns == WHO
    new = [f"{way}  {'  '.join(found[way])}" for way in found.keys() - says.keys()]
    assert not new, f"Is this whom these are for? If so, add the lines to {TABLE.name}:\n" + "\n".join(new)
    gone = sorted(says.keys() - found.keys())
    assert not gone, f"These are not ways in any more, take them out of {TABLE.name}: {gone}"
    wrong = {way: dict(zip(WHO, found[way], strict=True)) for way in found if found[way] != says[way]}
    assert not wrong, f"{TABLE.name} says otherwise: {wrong}"


def test_the_table_knows_every_event_of_a_client() -> None:
    _, says = read_table("events")

    assert {event.split()[0] for event in says} == CLIENT_EVENTS.keys(), f"say in {TABLE.name} who may send it"
    keys = {f"{name} {key}" for name, event in CLIENT_EVENTS.items() for key in event.for_users}
    assert {event for event in says if " " in event} == keys


def test_a_view_that_does_not_say_whom_it_is_for_stops_the_start(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    forgotten = Blueprint("forgotten", __name__)
    forgotten.add_url_rule("/forgotten", "page", lambda: "secret")
    monkeypatch.setattr(ops, "blueprint", forgotten)

    with pytest.raises(guard.Undeclared, match=r"forgotten\.page"):
        application.create_app(database_url=app.config["SQLALCHEMY_DATABASE_URI"], instance_path=app.instance_path)


def test_one_that_came_later_is_for_nobody(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    sign_in(client, a_user(Role.ADMIN))

    answer = client.get("/forgotten")

    assert (answer.status_code, "secret" in answer.text) == (403, False)
