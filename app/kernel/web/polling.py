"""Answers that are asked for again and again: an ETag, and 304 while nothing has changed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import Response, request
from marshmallow import Schema


def polled(schema: type[Schema], thing: Any) -> Response:
    """The thing as JSON with a strong ETag over its bytes; 304 without a body when the caller has it already."""
    body = json.dumps(schema().dump(thing), ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(body, mimetype="application/json")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response
