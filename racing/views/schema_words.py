"""JSON Schema in words, for people who read the API's page."""

from collections.abc import Mapping
from typing import Any, NamedTuple

_KINDS = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "null", "number": "number"}


class Field(NamedTuple):
    """A field or parameter: `kind` is what it may be, `shape` the name of a shape told elsewhere on the page."""

    name: str
    kind: str
    needed: bool
    about: str
    shape: str


def fields_of(schema: Mapping[str, Any]) -> list[Field]:
    """Return the fields of an object."""
    needed = schema.get("required", [])
    return [
        Field(name, kind(told), name in needed, _about(told), _shape(told))
        for name, told in schema.get("properties", {}).items()
    ]


def kind(schema: Mapping[str, Any]) -> str:
    """Return what a value may be: "text", "list of QuoteBody", "number or null", "open, suspended or closed"."""
    if "$ref" in schema:
        return named(schema)
    if "enum" in schema or "const" in schema:
        return ", ".join(str(word) for word in schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(kind(each) for each in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}))}"
    if schema.get("type") == "object":
        return "object"
    word = _KINDS.get(schema.get("type", ""), "anything")
    return f"{word}, {schema['format']}" if schema.get("format") else word


def named(schema: Mapping[str, Any]) -> str:
    """Return the name of the shape that a schema refers to; empty where it refers to none."""
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _about(schema: Mapping[str, Any]) -> str:
    told = [schema, *schema.get("anyOf", [])]
    return next((str(each["description"]) for each in told if "description" in each), _bounds(told))


def _bounds(told: list[Mapping[str, Any]]) -> str:
    longest = next((each["maxLength"] for each in told if "maxLength" in each), None)
    most = next((each["maxItems"] for each in told if "maxItems" in each), None)
    return f"{longest} characters at most" if longest else f"{most} at most" if most else ""


def _shape(schema: Mapping[str, Any]) -> str:
    inside = [schema, schema.get("items", {}), *schema.get("anyOf", [])]
    return next((name for each in inside if (name := named(each))), "")
