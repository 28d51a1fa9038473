"""The OpenAPI document as a page shows it: operations in groups, fields in words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from api import description

# How deep the fields of an answer are listed; the report has hundreds.
DEEPEST = 2
WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
FORMATS = {"date": "day", "date-time": "moment", "decimal": "sum, as text", "uri": "address", "double": "number"}


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: str
    about: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    key: str
    method: str
    path: str
    summary: str
    about: str
    parameters: list[Field]
    body: list[Field]
    answer: list[Field]
    status: str
    problems: list[str]
    # To be typed at a command line.
    example: str

    @property
    def opens(self) -> bool:
        """Whether a browser that is signed in can follow the address as it stands."""
        return self.method == "GET" and "{" not in self.path


@cache
def groups() -> dict[str, list[Operation]]:
    """The operations by tag."""
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in description.document()["tags"]}
    for path, methods in description.document()["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append(_operation(path, method, operation))
    return found


def problems() -> list[tuple[str, str]]:
    """Each status of a refusal with when it comes."""
    return [(status, about) for status, (_, about) in description.WHEN.items()]


def _operation(path: str, method: str, operation: dict[str, Any]) -> Operation:
    status = next(status for status in operation["responses"] if status.startswith("2"))
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Operation(
        key=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        about=operation["description"],
        parameters=[
            Field(one["name"], _kind(one["schema"]), one.get("description", ""), one.get("required", False))
            for one in operation.get("parameters", [])
        ],
        body=list(_fields(body.get("schema", {}))),
        answer=list(_fields(operation["responses"][status]["content"]["application/json"]["schema"])),
        status=status,
        problems=[one for one in operation["responses"] if not one.startswith("2")],
        example=_example(path, method, body),
    )


def _example(path: str, method: str, body: dict[str, Any]) -> str:
    lines = ['curl -H "Authorization: Bearer $TOKEN"']
    if method != "get":
        lines[0] += " -X POST"
    example = next(iter(body.get("examples", {}).values()), None)
    if example:
        lines += ['-H "Content-Type: application/json"', f"-d '{json.dumps(example['value'])}'"]
    elif body:
        lines += ['-H "Content-Type: application/json"', "-d '{…}'"]
    lines.append(f'"{settings.SITE_URL}{path}"')
    return " \\\n  ".join(lines)


def _fields(schema: dict[str, Any], before: str = "", depth: int = 0) -> Iterator[Field]:
    schema = _resolved(schema)
    for name, inner in schema.get("properties", {}).items():
        is_required = name in schema.get("required", [])
        yield Field(before + name, _kind(inner), inner.get("description", ""), is_required)
        found = _resolved(inner)
        within, mark = (_resolved(found["items"]), "[].") if "items" in found else (found, ".")
        if depth < DEEPEST and "properties" in within:
            yield from _fields(within, f"{before}{name}{mark}", depth + 1)


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for; of alternatives the one that is not null."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _resolved(description.document()["components"]["schemas"][name])
    for key in ("allOf", "oneOf", "anyOf"):
        alternatives = [one for one in schema.get(key, []) if not _is_null(one)]
        if alternatives:
            return _resolved(alternatives[0])
    return schema


def _is_null(schema: dict[str, Any]) -> bool:
    return schema.get("type") == "null" or schema.get("$ref", "").rpartition("/")[2] in ("NullEnum", "BlankEnum")


def _kind(schema: dict[str, Any]) -> str:
    """What may stand in a field, in words."""
    found = _resolved(schema)
    types = found.get("type", "object")
    names = [types] if isinstance(types, str) else types
    name = next((one for one in names if one != "null"), "null")
    if "enum" in found:
        words = "one of " + ", ".join(str(value) for value in found["enum"] if value not in (None, ""))
    elif name == "array":
        words = f"list of: {_kind(found['items'])}"
    elif "example" in found:
        words = f"text such as {found['example']}"
    else:
        words = FORMATS.get(found.get("format", ""), WORDS.get(name, "object"))
    alternatives = [_is_null(one) for key in ("oneOf", "anyOf", "allOf") for one in schema.get(key, [])]
    return f"{words}, or null" if "null" in names or (any(alternatives) and "BlankEnum" not in str(schema)) else words
