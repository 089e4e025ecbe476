"""Errors and their one shape on the wire: problem+json (RFC 9457). Clients branch on `code` only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Protocol

import structlog
from flask import Flask, Response, g
from marshmallow import EXCLUDE, Schema, fields
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from app.kernel import errors
from app.kernel.web.strict_json import MediaTypeUnsupported

MEDIA_TYPE = "application/problem+json"
STATUS: tuple[tuple[type[errors.Problem], int], ...] = (
    (MediaTypeUnsupported, 415),
    (errors.Malformed, 400),
    (errors.Unauthenticated, 401),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.Unprocessable, 422),
    (errors.TooMany, 429),
    (errors.Unavailable, 503),
)
# A commit whose answer was lost may have been done: nobody can say here, but the key of the request can.
DATABASE_DOWN = (
    "The database cannot be reached. A write may have been done or not: send it again with the same Idempotency-Key,"
    " and it is done once."
)
log = structlog.get_logger(__name__)


class FieldErrorOut(Schema):
    """One field that was refused."""

    class Meta:
        unknown = EXCLUDE

    location = fields.String(required=True, metadata={"description": "json, query, path or headers"})
    field = fields.String(required=True, metadata={"description": "Path to the field, with dots"})
    message = fields.String(required=True)


class ProblemOut(Schema):
    """An error."""

    class Meta:
        unknown = EXCLUDE

    type = fields.String(required=True, metadata={"description": "The page that explains this code"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"description": "Stable; branch on this"})
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldErrorOut))
    context = fields.Dict()
    request_id = fields.String(required=True)


def register(app: Flask) -> None:
    """One handler a kind; unknown exceptions arrive as InternalServerError after Flask has logged them."""
    app.register_error_handler(errors.Problem, _problem)
    app.register_error_handler(OperationalError, _database_down)
    app.register_error_handler(PoolTimeout, _database_down)
    app.register_error_handler(HTTPException, _http)


class Refusal(Protocol):
    """What a part of the system refuses that knows no HTTP: a stable code and the facts behind it."""

    code: str
    context: dict[str, Any]


def register_refusals(app: Flask, kind: type[Exception]) -> None:
    """Refusals of such a part become 422 under their own code; `kind` and its subclasses are `Refusal`s."""

    def refused(error: Any) -> Response:
        found: Refusal = error
        log.info("refused", problem=found.code, status=422)
        return render(422, found.code, str(error), context=found.context)

    app.register_error_handler(kind, refused)


def status_of(error: errors.Problem) -> int:
    """The HTTP status of a problem."""
    return status_of_kind(type(error))


def status_of_kind(kind: type[errors.Problem]) -> int:
    """The HTTP status of a kind of problem; one of no kind is a fault of ours, 500."""
    return next((status for known, status in STATUS if issubclass(kind, known)), 500)


def _problem(error: errors.Problem) -> Response:
    response = render(status_of(error), error.code, error.detail, context=error.context)
    if "retry_after_s" in error.context:
        response.headers["Retry-After"] = str(error.context["retry_after_s"])
    if status_of(error) == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    log.info("refused", problem=error.code, status=response.status_code)
    return response


def _database_down(error: Exception) -> Response:
    log.error("database", error=error.__class__.__name__)
    response = render(503, "unavailable", DATABASE_DOWN)
    response.headers["Retry-After"] = "5"
    return response


def _http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:  # redirects, abort(Response)
        return error.get_response()  # type: ignore[return-value]
    messages = (getattr(error, "data", None) or {}).get("messages")
    status = error.code or 500
    code = "request.invalid" if messages else http_code(status)
    detail = "Some fields are missing or wrong." if messages else error.description or ""
    response = render(status, code, detail, errors=list(_flatten(messages or {})))
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):  # keep Allow, Retry-After
            response.headers[name] = value
    return response


def http_code(status: int) -> str:
    """The code of a refusal that comes from HTTP itself: no such route, a wrong method, too large a body."""
    if status == 500:
        return "internal"
    if status == 404:
        return errors.NotFound.code
    return f"http.{HTTPStatus(status).phrase.lower().replace(' ', '_').replace('-', '_')}"


def render(status: int, code: str, detail: str, **more: Any) -> Response:
    """Build the response; empty members are left out."""
    body = {
        "type": f"/docs/errors/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **{name: value for name, value in more.items() if value},
        "request_id": g.get("request_id", ""),
    }
    return Response(json.dumps(body, ensure_ascii=False, default=str), status, mimetype=MEDIA_TYPE)


def _flatten(messages: Any, path: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """marshmallow's nested messages as rows: {"json": {"items": {0: ["…"]}}} → location json, field items.0."""
    if isinstance(messages, dict):
        for key, value in messages.items():
            yield from _flatten(value, (*path, str(key)))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        yield {"location": path[0] if path else "", "field": ".".join(path[1:]), "message": str(message)}
