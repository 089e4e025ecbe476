"""Around every request: an id that is in the answer and in the logs, one log line, safe headers."""

from __future__ import annotations

import re
import time

import structlog
from flask import Flask, Response, g, request

from app.kernel import ids
from app.kernel.errors import Malformed

_GIVEN_ID = re.compile(r"[0-9A-Za-z_-]{8,64}")
log = structlog.get_logger("request")

SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
}
HTTPS_ONLY = "max-age=31536000"


class NulRefused(Malformed):
    code = "request.nul"


def register(app: Flask) -> None:
    """Install the hooks; they run for every route, also for those that do not exist."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _GIVEN_ID.fullmatch(given) else ids.new_id().hex
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    if "\x00" in request.path or any("\x00" in value for _, value in request.args.items(multi=True)):
        raise NulRefused("An address holds no NUL.")  # no text of ours does, and the database refuses it


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    for name, value in SAFE_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HTTPS_ONLY)
    log.info(
        "request",
        method=request.method,
        route=request.url_rule.rule if request.url_rule else "unknown",  # never the path: it may hold an id
        status=response.status_code,
        duration_ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
    )
    return response
