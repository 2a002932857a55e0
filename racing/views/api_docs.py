"""The page to read the API's document: every route with its fields, an example, its answers and refusals."""

import json
import shlex
from collections.abc import Mapping
from itertools import groupby
from typing import Any, NamedTuple

from flask import Blueprint, current_app, render_template

from racing.views.api import openapi
from racing.views.declared import for_anyone
from racing.views.schema_words import Field, fields_of, kind, named
from racing.views.site_address import site_address

blueprint = Blueprint("api_docs", __name__)
_PLACES = {"raceId": "ascot-1430", "runnerId": "7", "id": "41"}


class Refusals(NamedTuple):
    """A status of a refusal: the words `type` may be, each with what it means."""

    status: str
    reasons: list[tuple[str, str]]


class Operation(NamedTuple):
    """One route as the page tells it."""

    id: str
    method: str
    path: str
    summary: str
    more: str
    parameters: list[Field]
    fields: list[Field]
    curl: str
    status: str
    answer: str
    answer_fields: list[Field]
    refusals: list[Refusals]


@blueprint.get("/api/docs")
@for_anyone
def show() -> str:
    """Draw it from the document of this application, which is all it knows."""
    document = openapi.document(current_app._get_current_object())  # type: ignore[attr-defined]
    operations = [
        (told["tags"][0], _operation(path, method, told, document))
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]
    order = [tag["name"] for tag in document["tags"]]
    operations.sort(key=lambda each: order.index(each[0]))
    return render_template(
        "api_docs.html",
        about=document["info"]["description"],
        sections=[(tag, [each for _, each in found]) for tag, found in groupby(operations, key=lambda each: each[0])],
        shapes=[
            (name, shape.get("description", ""), kind(shape) if "enum" in shape else "", fields_of(shape))
            for name, shape in sorted(document["components"]["schemas"].items())
        ],
        schemes=document["components"]["securitySchemes"],
        headers=document["components"]["headers"],
    )


def _operation(path: str, method: str, told: Mapping[str, Any], document: Mapping[str, Any]) -> Operation:
    body = _shape(told.get("requestBody", {}), document)
    done = next(status for status in told["responses"] if status.startswith("2"))
    answer = told["responses"][done]
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        more=told["description"],
        parameters=[_parameter(each) for each in told.get("parameters", [])],
        fields=fields_of(body),
        curl=_curl(path, method, told, (body.get("examples") or [None])[0]),
        status=done,
        answer=named(answer["content"]["application/json"]["schema"]),
        answer_fields=fields_of(_shape(answer, document)),
        refusals=[_refusals(status, each) for status, each in told["responses"].items() if status >= "400"],
    )


def _shape(holder: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = holder.get("content", {}).get("application/json", {}).get("schema", {})
    found: dict[str, Any] = document["components"]["schemas"].get(named(schema), schema)
    return found


def _parameter(told: Mapping[str, Any]) -> Field:
    where = {"path": "in the address", "query": "behind the ?", "header": "a header"}[told["in"]]
    return Field(told["name"], where, told.get("required", False), told.get("description", ""), "")


def _refusals(status: str, told: Mapping[str, Any]) -> Refusals:
    parts = told["description"].split("`")[1:]
    return Refusals(
        status,
        [(word, meaning.removeprefix(":").strip()) for word, meaning in zip(parts[::2], parts[1::2], strict=True)],
    )


def _curl(path: str, method: str, told: Mapping[str, Any], example: Any) -> str:
    """Return a line for a shell, folded."""
    address = site_address() + path.format_map(_PLACES)
    words = [f"curl {'-X POST ' if method == 'post' and example is None else ''}{address}"]
    if told["security"]:
        words.append('-H "Authorization: Bearer $TOKEN"')
    if any(each["name"] == "Idempotency-Key" for each in told.get("parameters", [])):
        words.append('-H "Idempotency-Key: $(uuidgen)"')
    if example is not None:
        words.append("-H 'Content-Type: application/json'")
        words.append(f"-d {shlex.quote(json.dumps(example, ensure_ascii=False))}")
    return " \\\n  ".join(words)
