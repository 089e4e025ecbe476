"""Bodies of pushes, XML or JSON, as plain dictionaries; XML without doctype, entities and other surprises."""

from __future__ import annotations

import json
from typing import Any, NoReturn
from xml.parsers import expat

MOST_DEPTH = 8
MOST_ELEMENTS = 500


class NotADocument(Exception):
    """Neither JSON nor the XML that WeChat sends."""


def read(raw: bytes) -> dict[str, Any]:
    """One JSON object, or one XML element's children. Raises NotADocument.

    Elements with children become dictionaries, others their text; a name that comes again becomes a list.
    """
    found = _xml(raw) if raw.lstrip()[:1] == b"<" else _json(raw)
    if not isinstance(found, dict):
        raise NotADocument
    return found


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise NotADocument from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotADocument
    return found


def _refuse(*_: Any) -> NoReturn:
    raise NotADocument


class _Builder:
    """Takes the parser's calls; the stack holds (children, pieces of text) of each open element."""

    def __init__(self) -> None:
        self.stack: list[tuple[dict[str, Any], list[str]]] = [({}, [])]
        self.count = 0

    def begin(self, _name: str, _attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.stack) > MOST_DEPTH or self.count > MOST_ELEMENTS:
            raise NotADocument
        self.stack.append(({}, []))

    def text(self, piece: str) -> None:
        self.stack[-1][1].append(piece)

    def end(self, name: str) -> None:
        children, pieces = self.stack.pop()
        value: Any = children or "".join(pieces).strip()
        into = self.stack[-1][0]
        if name in into:
            before = into[name]
            value = [*(before if isinstance(before, list) else [before]), value]
        into[name] = value


def _xml(raw: bytes) -> Any:
    builder, parser = _Builder(), expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = builder.begin, builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse  # no DTD: no entities, no bombs, no files
    parser.ExternalEntityRefHandler = parser.ProcessingInstructionHandler = _refuse
    parser.buffer_text = True
    try:
        parser.Parse(raw, True)
    except expat.ExpatError:
        raise NotADocument from None
    return next(iter(builder.stack[0][0].values()))
