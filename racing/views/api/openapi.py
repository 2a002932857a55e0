"""The OpenAPI document of the API, made of its routes and what they say of themselves. Source: openapis.org, 3.1."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Flask
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from pydantic_core import core_schema
from werkzeug.routing import Rule

from racing.views.api.answers import Error
from racing.views.api.documented import Documented
from racing.views.api.openapi_parts import (
    ABOUT,
    HEADERS,
    IDEMPOTENCY_KEY,
    SECURITY,
    SECURITY_SCHEMES,
    SPENT,
    error_responses,
    reference,
)

SCHEMAS = "#/components/schemas/{model}"
TAGS = {
    "reads": "Reading",
    "writes": "Writing",
    "news": "News",
    "notifications": "Notifications",
    "auth": "Signing in",
    "documents": "Documents",
}
"""The modules of the API, as sections of the document."""
_CONVERTER = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
# As they stand in PROTOCOL.
_PARAMETERS = {"race_id": "raceId", "runner_id": "runnerId", "notification_id": "id"}


class Route(NamedTuple):
    """One method of one address of the API, with its view."""

    path: str
    method: str
    rule: Rule
    view: Any

    @property
    def says(self) -> Documented:
        """What stands beside it. Raises AttributeError where nothing does."""
        told: Documented = self.view.documented
        return replace(told, limited=True) if self.method == "get" else told


class _Schemas(GenerateJsonSchema):
    """JSON Schema as the bodies are really read: without titles made of names, numbers allowed where they are taken."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def sort(self, value: Any, parent_key: str | None = None) -> Any:
        return value  # as they are written

    def str_schema(self, schema: core_schema.StringSchema) -> dict[str, Any]:
        as_text = super().str_schema(schema)
        return {"anyOf": [as_text, {"type": "number"}]} if self._config.coerce_numbers_to_str else as_text


def routes(app: Flask) -> Iterator[Route]:
    """Yield every route under /api/v1, by address."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    for rule in sorted(rules, key=lambda rule: rule.rule):
        path = _CONVERTER.sub(lambda found: f"{{{_PARAMETERS[found[1]]}}}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(path, method.lower(), rule, app.view_functions[rule.endpoint])


@lru_cache(maxsize=1)
def document(app: Flask) -> dict[str, Any]:
    """Return the document of this application."""
    all_routes = list(routes(app))
    schemas, by_shape = _components(all_routes)
    paths: dict[str, Any] = {}
    for route in all_routes:
        paths.setdefault(route.path, {})[route.method] = _operation(route, by_shape)
    return {
        "openapi": "3.1.0",
        "info": ABOUT,
        "servers": [{"url": "/", "description": "Where this document is."}],
        "tags": [{"name": name} for name in TAGS.values()],
        "paths": paths,
        "components": {"schemas": schemas, "headers": HEADERS, "securitySchemes": SECURITY_SCHEMES},
    }


def _components(all_routes: list[Route]) -> tuple[dict[str, Any], dict[Any, Any]]:
    """Return the named schemas, and shape -> the schema that stands for it."""
    modes: dict[Any, JsonSchemaMode] = {Error: "serialization"}
    for route in all_routes:
        modes[route.says.answer] = "serialization"
        if route.says.body is not None:
            modes[route.says.body] = "validation"
    given = [(shape, mode, TypeAdapter(shape)) for shape, mode in modes.items()]
    found, definitions = TypeAdapter.json_schemas(given, ref_template=SCHEMAS, schema_generator=_Schemas)
    return definitions["$defs"], {shape: schema for (shape, _), schema in found.items()}


def _operation(route: Route, by_shape: dict[Any, Any]) -> dict[str, Any]:
    says = route.says
    summary, _, more = inspect.cleandoc(route.view.__doc__ or "").partition("\n\n")
    operation: dict[str, Any] = {
        "operationId": route.rule.endpoint.removeprefix("api."),
        "tags": [TAGS[route.view.__module__.rpartition(".")[2]]],
        "summary": summary,
        "description": f"For {says.access}. {' '.join(more.split())}".strip(),
        "security": SECURITY[says.access],
    }
    if parameters := [*_path_parameters(route), *_other_parameters(says)]:
        operation["parameters"] = parameters
    if says.body is not None:
        operation["requestBody"] = {"required": True, "content": _json(by_shape[says.body])}
    operation["responses"] = _responses(route, by_shape)
    return operation


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [_path_parameter(name, route.rule) for name in re.findall(_CONVERTER, route.rule.rule)]


def _path_parameter(name: str, rule: Rule) -> dict[str, Any]:
    is_number = "<int" in rule.rule
    schema = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1} if is_number else {"type": "string"}
    return {"name": _PARAMETERS[name], "in": "path", "required": True, "schema": schema}


def _other_parameters(says: Documented) -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = [
        {"name": name, "in": "query", "description": told["description"], "schema": told["schema"]}
        for name, told in says.query.items()
    ]
    return [*asked, IDEMPOTENCY_KEY] if says.writes else asked


def _responses(route: Route, by_shape: dict[Any, Any]) -> dict[str, Any]:
    says = route.says
    headers: dict[str, Any] = {}
    if says.limited:
        headers |= {name: reference("headers", name) for name in SPENT}
    if says.writes:
        headers["Idempotency-Replayed"] = reference("headers", "Idempotency-Replayed")
    if says.conditional:
        headers["ETag"] = reference("headers", "ETag")
    done: dict[str, Any] = {"description": "Done.", "content": _json(by_shape[says.answer])}
    responses = {str(says.status): done | ({"headers": headers} if headers else {})}
    if says.conditional:
        responses["304"] = {"description": "Nothing has changed since that ETag.", "headers": {"ETag": headers["ETag"]}}
    return responses | error_responses(says, has_parameters="<" in route.rule.rule)


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
