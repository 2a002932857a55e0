"""The AsyncAPI document: valid by AsyncAPI's own schema, complete, and true of what is really sent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask

from racing.realtime import asyncapi, messages
from racing.realtime.events import CLIENT_EVENTS, SERVER_EVENTS
from racing.services import boards
from tests.factories import a_race
from tests.support import node
from tests.support.needs import lacking, need_program

SCHEMA_FOLDER = Path(__file__).parent / "asyncapi"
SPECIFICATION = SCHEMA_FOLDER / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0-without-$id.json"


def references(value: Any) -> Iterator[str]:
    """Yield every `$ref` in the document."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def payload_schema(event: str) -> dict[str, Any]:
    """Return the JSON schema of one event's payload, with what it refers to."""
    document = asyncapi.document()
    return {**document["components"]["messages"][event]["payload"], "components": document["components"]}


def test_it_is_valid_by_asyncapis_own_schema() -> None:
    need_program(("npm",), "npm")
    if wrong := node.install(SCHEMA_FOLDER):
        lacking(f"AsyncAPI's schema: {wrong}")

    jsonschema.Draft7Validator(json.loads(SPECIFICATION.read_text())).validate(asyncapi.document())


def test_every_reference_leads_somewhere() -> None:
    document = asyncapi.document()
    for reference in set(references(document)):
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_every_event_of_the_protocol_is_in_it() -> None:
    document = asyncapi.document()

    assert document["components"]["messages"].keys() >= CLIENT_EVENTS.keys() | SERVER_EVENTS.keys()
    operations = document["operations"]
    assert operations.keys() == {f"receive_{event}" for event in CLIENT_EVENTS} | {
        f"send_{event}" for event in SERVER_EVENTS
    }


def test_a_real_board_is_what_it_says(app: Flask) -> None:
    update = messages.odds_update("wexmoor-1405", boards.board(a_race(prices={"1": "2.5", "2": None})))

    jsonschema.validate(update, payload_schema("odds_update"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**update, "timestamp": "today"}, payload_schema("odds_update"))


def test_it_says_which_words_a_status_may_be() -> None:
    state = asyncapi.document()["components"]["schemas"]["RaceState"]["properties"]

    assert "UNDERORDERS" in state["status"]["enum"]
    assert state["betting"]["enum"] == ["open", "suspended", "closed"]


def test_it_is_published(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/asyncapi.json")

    assert answer.status_code == 200
    assert answer.json == asyncapi.document("localhost")
    assert answer.json["servers"]["site"]["host"] == "localhost"
