"""The OpenAPI document: valid, complete, true of what is answered; and the page to read it."""

import json
import re
from typing import Any

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient

from racing.views.api import openapi
from tests.factories import RACE, a_race
from tests.views.conftest import Call
from tests.views.test_api_refusals import WRONG_SHAPES
from tests.views.test_api_writes import CARD, ONCE

RAW_WORDS = ("Input should", "Field required", "String should", "Value error", "List should", "validation")


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    """The document of the application."""
    return openapi.document(app)


def schema_of(document: dict[str, Any], path: str, method: str, status: int) -> dict[str, Any]:
    """Return the JSON schema of an answer, with what it refers to."""
    content = document["paths"][f"/api/v1{path}"][method]["responses"][str(status)]["content"]
    return {**content["application/json"]["schema"], "components": document["components"]}


def template(path: str) -> str:
    """Return the document's name of a path."""
    return re.sub(r"/runners/\w+", "/runners/{runnerId}", path.replace(RACE, "{raceId}"))


def test_every_route_says_what_it_takes_and_answers_and_nothing_else_is_told(
    app: Flask, document: dict[str, Any]
) -> None:
    told = {(path, method) for path, methods in document["paths"].items() for method in methods}

    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")]
    methods = {(rule.endpoint, m.lower()) for rule in rules for m in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    assert len(told) == len(methods) == len(list(openapi.routes(app)))
    names = [operation["operationId"] for each in document["paths"].values() for operation in each.values()]
    assert {f"api.{name}" for name in names} == {rule.endpoint for rule in rules}


def test_it_is_published_and_every_reference_leads_somewhere(document: dict[str, Any], client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json")

    assert answer.get_json() == json.loads(json.dumps(document))
    for reference in set(re.findall(r'"\$ref": ?"#/([^"]+)"', json.dumps(document))):
        place: Any = document
        for step in reference.split("/"):
            place = place[step]


def test_writes_are_answered_and_refused_as_it_says(
    document: dict[str, Any], post: Call, client: FlaskClient, staff: dict[str, str]
) -> None:
    def held(answer: Any, status: int) -> None:
        assert answer.status_code == status, (path, answer.data)
        jsonschema.validate(answer.get_json(), schema_of(document, template(path), "post", status))

    for number, (path, body) in enumerate(ONCE):
        race_id = a_race(f"race-{number}", prices={"2": "5"})
        place, sent = path.replace(RACE, race_id), json.loads(json.dumps(body).replace(RACE, race_id))
        held(client.post(f"/api/v1{place}", json=sent), 401)
        held(client.post(f"/api/v1{place}", json=sent, headers={"X-API-Key": "offtime_none"}), 401)
        done = post(place, sent, Idempotency_Key=race_id)
        held(done, 201 if path in ("/races", "/news", "/notifications") else 200)
        assert {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"} <= set(done.headers.keys())
        held(post(place, sent, Idempotency_Key=""), 422)
        if RACE in path:
            held(post(path.replace(RACE, "nowhere"), sent), 404)
        if body:
            held(client.post(f"/api/v1{place}", data=b"{", headers=staff), 400)
            held(post(place, []), 422)


def test_reads_are_answered_as_it_says(document: dict[str, Any], client: FlaskClient, post: Call) -> None:
    a_race(prices={"1": "2.5", "2": "5"})
    post("/races", CARD)
    post(f"/races/{RACE}/runners/2/withdraw")
    post(f"/races/{RACE}/result", {"placings": [{"runnerId": "1", "position": 1, "sp": 2.5}]})

    for path in ("", "?date=2030-06-01", f"/{RACE}", f"/{RACE}/odds", f"/{RACE}/odds?since=1", f"/{RACE}/history"):
        answer = client.get(f"/api/v1/races{path}")

        schema = schema_of(document, template(f"/races{path}".partition("?")[0]), "get", 200)
        jsonschema.validate(answer.get_json(), schema)


def test_bodies_are_told_as_they_are_read(document: dict[str, Any]) -> None:
    components = document["components"]
    card = {"$ref": "#/components/schemas/RaceBody", "components": components}

    jsonschema.validate(CARD, card)
    for wrong in ({"raceId": "Ayr 1"}, {"runners": []}, {"offTime": 5}, {"country": "gb"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**CARD, **wrong}, card)
    price = components["schemas"]["QuoteBody"]["properties"]["price"]
    assert {"minimum": 1.01, "maximum": 1000.0}.items() <= price["anyOf"][0].items()


def test_the_page_tells_every_route_and_every_shape_by_the_document(
    document: dict[str, Any], client: FlaskClient
) -> None:
    answer = client.get("/api/docs")

    assert answer.status_code == 200
    for name in (operation["operationId"] for each in document["paths"].values() for operation in each.values()):
        assert f'id="{name}"' in answer.text
    targets = set(re.findall(r'href="#([^"]+)"', answer.text))
    assert targets <= set(re.findall(r'id="([^"]+)"', answer.text))
    assert "<script>" not in answer.text
    assert not re.findall(r' style=| on\w+=|(?:src|href)="https?://(?!www\.(?:begamble|gamcare))', answer.text)


def test_the_examples_are_taken(document: dict[str, Any], post: Call) -> None:
    schemas = document["components"]["schemas"]

    def example(name: str) -> Any:
        return schemas[name]["examples"][0]

    assert sum("examples" in schema for schema in schemas.values()) == 11
    assert post("/races", example("RaceBody")).status_code == 201
    assert post("/races/ascot-1430/odds", {**example("OddsBody"), "expectedVersion": 0}).get_json()["version"] == 1
    assert post("/races/ascot-1430/off-time", example("OffTimeBody")).status_code == 200
    assert post("/news", example("ArticleBody")).status_code == 201


def test_what_is_wrong_is_said_in_sentences(post: Call) -> None:
    a_race()
    paths = [path for path, body in ONCE if body]

    answers = [post(path, body) for path in paths for body in WRONG_SHAPES]
    said = [sentence for each in answers for sentence in each.get_json().get("error", {}).get("fields", {}).values()]

    assert len(said) > 100
    assert not [sentence for sentence in said if any(raw in str(sentence) for raw in RAW_WORDS)]
    refused = post(f"/races/{RACE}/odds", {"odds": [{"runnerId": "1", "price": "3"}]}).get_json()["error"]
    assert refused["message"] == ("odds.0.price: a number from 1.01 to 1000, stake included, with at most 2 decimals")


def test_a_writer_above_the_limit_is_told_when_to_come_back(app: Flask, post: Call) -> None:
    app.config["WRITES_PER_SECOND"] = 0

    answer = post("/odds", {})

    assert answer.status_code == 429
    assert (answer.headers["X-RateLimit-Limit"], answer.headers["X-RateLimit-Remaining"]) == ("0", "0")
    assert int(answer.headers["Retry-After"]) >= 1
