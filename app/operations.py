"""For operators: is the process up, is the system ready."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from app.kernel import health

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process is up."""
    return jsonify({"status": "up"})


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Every part the system needs, each named; 503 when one is not fit."""
    found = health.checks()
    ready = all(check.ok for check in found)
    body = {"status": "ready" if ready else "not ready", "checks": [vars(check) for check in found]}
    return jsonify(body), 200 if ready else 503
