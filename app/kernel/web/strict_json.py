"""JSON as strictly as money wants it: no duplicate keys, no NaN, no huge numbers, no NUL, bounded depth."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from flask import Request
from flask.json.provider import DefaultJSONProvider
from marshmallow import RAISE
from webargs import core
from webargs.flaskparser import FlaskParser

from app.kernel.errors import Malformed, Problem

MAX_DEPTH = 20
MAX_SAFE_INT = 2**53 - 1  # what JavaScript on the other side can hold
# A text that nobody ends runs to the end of the body: tried anew at each quote it would take quadratic time.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)


class JsonMalformed(Malformed):
    code = "request.json_malformed"


class MediaTypeUnsupported(Problem):
    """The body is not declared as JSON in UTF-8 (415)."""

    code = "request.media_type"


def loads(raw: bytes | str) -> Any:
    """Parse one JSON text. Raises JsonMalformed for everything two parsers might read differently."""
    content = raw.encode() if isinstance(raw, str) else raw
    _check_depth(content)
    try:
        return json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_int,
            parse_float=_float,
        )
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise JsonMalformed(f"The body is not JSON in UTF-8 ({error.__class__.__name__}).") from error


def _check_depth(content: bytes) -> None:
    """Before parsing: the scanner recurses once a level, so a deep body would end in RecursionError."""
    depth = 0
    for char in _STRING.sub(b"", content):
        depth += (char in b"[{") - (char in b"]}")
        if depth > MAX_DEPTH:
            raise JsonMalformed(f"The body is nested deeper than {MAX_DEPTH} levels.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise JsonMalformed("A key occurs twice in one object.")
    for value in (*found, *found.values()):
        _check_text(value)
    return found


def _check_text(value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _check_text(item)
    elif isinstance(value, str) and ("\x00" in value or any(0xD800 <= ord(char) <= 0xDFFF for char in value)):
        raise JsonMalformed("A text holds a NUL or half a surrogate pair.")


def _constant(name: str) -> NoReturn:
    raise JsonMalformed(f"{name} is not JSON.")


def _int(digits: str) -> int:
    if len(digits) > 17 or abs(value := int(digits)) > MAX_SAFE_INT:
        raise JsonMalformed("A number is larger than 2^53 - 1.")
    return value


def _float(digits: str) -> NoReturn:
    raise JsonMalformed("Numbers are whole; rates are sent as text, such as \"0.0600\".")


class StrictProvider(DefaultJSONProvider):
    """For `flask.request.get_json` and for the answers."""

    sort_keys = False
    ensure_ascii = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return loads(s)

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return super().dumps(obj, allow_nan=False, **kwargs)


class StrictParser(FlaskParser):
    """For flask-smorest: webargs would read the body with json.loads and drop unknown query fields."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012  as the library declares it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": RAISE,
        "querystring": RAISE,
    }

    def _raw_load_json(self, req: Request) -> Any:
        raw = req.get_data(cache=True)
        if not raw:
            return core.missing
        charset = (req.mimetype_params.get("charset") or "utf-8").lower()
        if not req.is_json or charset != "utf-8":
            raise MediaTypeUnsupported("Send application/json in UTF-8.")
        return loads(raw)
