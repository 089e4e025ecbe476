"""Answers that are given once: the edge's side of `kernel.idempotency`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import Response, request
from marshmallow import Schema
from sqlalchemy.orm import Session

from app.kernel import clock, crash_points, idempotency
from app.kernel.db import transaction
from app.kernel.web.principal import scope

Opened = TypeVar("Opened")
Answer = TypeVar("Answer")


def once(work: Callable[[Session, UUID], Any], *, schema: type[Schema], status: int, body: Any = None) -> Response:
    """Run `work(session, new_id)` in one transaction together with the key; a repeat gets the same bytes.

    A refusal rolls the key back with everything else, so the corrected request may use it.
    """
    with transaction() as session:
        claim = _claim(session, body)
        if isinstance(claim, idempotency.Replay):
            return _answer(claim.status, claim.body)
        response = _finish(session, claim, schema, status, work(session, claim.object_id))
    crash_points.reach("once.committed")
    return response


def open_call_settle(
    *,
    open_: Callable[[Session, UUID], Opened],
    call: Callable[[Opened], Answer],
    settle: Callable[[Session, Opened, Answer], Any],
    schema: type[Schema],
    status: int,
    body: Any = None,
) -> Response:
    """Two short transactions with a call to the outside between them, under one key.

    `open_` must be get-or-create by the id it is given: a repeat after a crash takes the same object up again.
    """
    with transaction() as session:
        claim = _claim(session, body)
        if isinstance(claim, idempotency.Replay):
            return _answer(claim.status, claim.body)
        opened = open_(session, claim.object_id)
    crash_points.reach("open_call_settle.opened")
    try:
        answer = call(opened)
        crash_points.reach("open_call_settle.called")
        with transaction() as session:
            response = _finish(session, claim, schema, status, settle(session, opened, answer))
    except BaseException:
        _give_back(claim)
        raise
    crash_points.reach("open_call_settle.settled")
    return response


def _claim(session: Session, body: Any) -> idempotency.Claim | idempotency.Replay:
    route = f"{request.method} {request.url_rule} {sorted((request.view_args or {}).items())}"
    return idempotency.claim(
        session,
        scope=scope(),
        key=request.headers.get("Idempotency-Key"),
        request_fingerprint=idempotency.fingerprint(route, body),
    )


def _finish(session: Session, claim: idempotency.Claim, schema: type[Schema], status: int, result: Any) -> Response:
    body = json.dumps(schema().dump(result), ensure_ascii=False, separators=(",", ":")).encode()
    idempotency.finish(session, claim.row_id, status, body)
    return _answer(status, body)


def _give_back(claim: idempotency.Claim) -> None:
    """End the lease, so that a repeat may take the work up at once."""
    with transaction() as session:
        session.get_one(idempotency.IdempotencyKey, claim.row_id).leased_until = clock.now()


def _answer(status: int, body: bytes) -> Response:
    return Response(body, status, mimetype="application/json")
