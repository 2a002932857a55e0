"""Every event of a client, sent by everybody, against tests/views/access_table.txt."""

from pathlib import Path
from typing import Any

import pytest
from flask_jwt_extended import create_access_token

from app import create_app
from racing.extensions import db
from racing.models import Role
from tests.factories import a_user
from tests.journeys.test_wire_replay import tell_staff
from tests.support.servers import RunningServer
from tests.support.wire import Punter
from tests.views.access_walk import Line, read_table

RACE = "wire-access"
PAYLOADS: dict[str, Any] = {
    "subscribe_race": {"raceId": RACE},
    "subscribe_races": {"raceIds": [RACE]},
    "unsubscribe_race": {"raceId": RACE},
    "replay notificationsAfter": {"notificationsAfter": 0},
}


@pytest.fixture(scope="module")
def tokens(open_house: RunningServer) -> dict[str, str | None]:
    """What each column of the table has for a token."""
    folder = Path(open_house.env["INSTANCE_PATH"])
    with create_app(database_url=open_house.env["DATABASE_URL"], instance_path=folder).app_context():
        punter = create_access_token(identity=str(a_user(Role.PUNTER, "wire-access@example.org").id))
        db.session.remove()
        db.engine.dispose()
    return {"nobody": None, "punter": punter, "staff": open_house.token}


def tried(house: RunningServer, events: list[str], token: str | None) -> list[str]:
    """Send each event on one connection; return what becomes of each, in the words of the table."""
    with Punter(house.url, token=token) as client:
        answers = []
        for event in events:
            # Whoever is signed out brings a token of somebody: that is what `authenticate` is for.
            payload = {"token": token or house.token} if event == "authenticate" else PAYLOADS.get(event)
            answers.append(client.ask(event.split()[0], payload))
    return ["401" if answer.get("type") == "unauthorized" else "in" for answer in answers]


def test_everybody_may_send_what_the_table_says_and_no_more(
    house: RunningServer, tokens: dict[str, str | None]
) -> None:
    house.declare(RACE)
    who, says = read_table("events")
    # Last, for it makes somebody of nobody.
    events = sorted(says, key=lambda event: event == "authenticate")

    columns = [tried(house, events, tokens[each]) for each in who]

    found: dict[str, Line] = dict(zip(events, zip(*columns, strict=True), strict=True))
    assert found == says


def test_what_another_was_told_is_not_replayed(house: RunningServer, tokens: dict[str, str | None]) -> None:
    tell_staff(house, "For staff alone")
    with Punter(house.url, token=tokens["punter"]) as punter:
        assert punter.ask("replay", {"notificationsAfter": 0}) == {"news": 0, "notifications": 0, "more": False}
