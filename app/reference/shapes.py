"""An OpenAPI document as pages show it: operations by subject, fields of bodies, types with links to one another."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.kernel.web.problems import ProblemOut

Node = Mapping[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
BOUNDS = (
    ("minimum", "≥ {}"),
    ("maximum", "≤ {}"),
    ("minLength", "≥ {} characters"),
    ("maxLength", "≤ {} characters"),
    ("minItems", "≥ {} items"),
    ("maxItems", "≤ {} items"),
    ("pattern", "matches {}"),
)


@dataclass(frozen=True)
class Type:
    """What a field holds: words, and the schema that they name if any."""

    words: str
    schema: str | None = None
    is_list: bool = False
    or_null: bool = False


@dataclass(frozen=True)
class Field:
    """One field of a body or one parameter."""

    name: str
    type: Type
    required: bool
    description: str
    notes: tuple[str, ...]
    place: str = ""


@dataclass(frozen=True)
class Schema:
    """A named body."""

    name: str
    description: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Operation:
    """One method on one path."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Field, ...]
    body: Type | None
    answers: tuple[tuple[str, Type | None], ...]


@dataclass(frozen=True)
class Group:
    """The operations of one subject."""

    name: str
    description: str
    operations: list[Operation] = field(default_factory=list)


def groups(document: Node) -> list[Group]:
    """The document's operations by subject, in the order of its subjects and paths."""
    found = {tag["name"]: Group(tag["name"], tag.get("description", "")) for tag in document.get("tags", ())}
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                tag = item[method].get("tags", ["other"])[0]
                group = found.setdefault(tag, Group(tag, ""))
                group.operations.append(_operation(path, method, item[method], item.get("parameters", ())))
    return [group for group in found.values() if group.operations]


def schemas(document: Node) -> list[Schema]:
    """The bodies that the operations name; the problem body is explained once for all documents."""
    named = document.get("components", {}).get("schemas", {})
    return [
        Schema(name, node.get("description", ""), tuple(_fields(node)))
        for name, node in sorted(named.items())
        if name != "Problem"
    ]


def problem_fields() -> list[Field]:
    """What every refusal holds."""
    return [
        Field(name, Type(""), declared.required, declared.metadata.get("description", ""), ())
        for name, declared in ProblemOut().fields.items()
    ]


def _operation(path: str, method: str, node: Node, shared: Any) -> Operation:
    answers = []
    for status, answer in node.get("responses", {}).items():
        if status[:1] in "23":
            answers.append((status, _content(answer)))
    return Operation(
        anchor=node["operationId"],
        method=method.upper(),
        path=path,
        summary=node.get("summary", ""),
        description=node.get("description", ""),
        parameters=tuple(_parameter(one) for one in (*shared, *node.get("parameters", ()))),
        body=_content(node["requestBody"]) if "requestBody" in node else None,
        answers=tuple(answers),
    )


def _content(node: Node) -> Type | None:
    schema = node.get("content", {}).get("application/json", {}).get("schema")
    return type_of(schema) if schema else None


def _parameter(node: Node) -> Field:
    schema = node.get("schema", {})
    told = node.get("description") or schema.get("description", "")
    return Field(node["name"], type_of(schema), bool(node.get("required")), told, tuple(_notes(schema)), node["in"])


def _fields(node: Node) -> Iterator[Field]:
    required = set(node.get("required", ()))
    for name, schema in node.get("properties", {}).items():
        notes = tuple(_notes(schema))
        yield Field(name, type_of(schema), name in required, schema.get("description", ""), notes)


def type_of(schema: Node) -> Type:
    """A schema in a few words."""
    parts = [part for key in ("anyOf", "oneOf", "allOf") for part in schema.get(key, ())]
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    or_null = "null" in kinds or any(part.get("type") == "null" for part in parts)
    if reference := _reference(schema, parts):
        return Type(reference, schema=reference, or_null=or_null)
    if "items" in schema:
        inner = type_of(schema["items"])
        return Type(inner.words, inner.schema, is_list=True, or_null=or_null)
    word = next((kind for kind in kinds if kind != "null"), "string" if "enum" in schema else "any")
    return Type(f"{word} ({schema['format']})" if "format" in schema else word, or_null=or_null)


def _reference(schema: Node, parts: list[Node]) -> str | None:
    for one in (schema, *parts):
        if "$ref" in one:
            return str(one["$ref"]).rpartition("/")[2]
    return None


def _notes(schema: Node) -> Iterator[str]:
    if values := [value for value in schema.get("enum", ()) if value is not None]:
        yield " · ".join(map(str, values))
    for key, words in BOUNDS:
        if key in schema:
            yield words.format(schema[key])
    if schema.get("default") is not None:
        yield f"default {json.dumps(schema['default'], ensure_ascii=False)}"
    if "example" in schema:
        yield f"such as {schema['example']}"
