"""Webhook endpoints, their delivery log, and what was told, to be sent again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import make_response, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.kernel import crypto, ids
from app.kernel.db import transaction
from app.kernel.errors import Problem
from app.kernel.web.problems import status_of
from app.portal.routes.pages import allowed, asking, page, page_of, portal, settings
from app.webhooks import queries, usecases
from app.webhooks.domain.signing import public_key
from app.webhooks.domain.told import EVERY_TYPE, TYPES


@portal.get("/webhooks")
def webhooks() -> str:
    """The partner's endpoints, newest first."""
    return _webhooks()


@portal.post("/webhooks")
@allowed("build")
def create_endpoint() -> AnyResponse:
    """Be told of events at a URL; the secret is on the answer, this once."""

    def work(session: Session) -> usecases.NewEndpoint:
        return usecases.add_endpoint(
            session,
            endpoint_id=ids.new_id(),
            partner_id=asking().partner_id,
            url=request.form.get("url", "").strip(),
            event_types=request.form.getlist("event_types") or [EVERY_TYPE],
            allowed=usecases.url_policy(settings().production),
        )

    return _shown_once(work)


@portal.post("/webhooks/<uuid:endpoint_id>/secret-rotation")
@allowed("build")
def rotate_secret(endpoint_id: UUID) -> AnyResponse:
    """A new secret; for 24 hours deliveries carry signatures by both."""
    partner_id = asking().partner_id
    return _shown_once(lambda session: usecases.rotate_secret(session, partner_id=partner_id, endpoint_id=endpoint_id))


@portal.get("/webhooks/<uuid:endpoint_id>")
def endpoint(endpoint_id: UUID) -> str:
    """One endpoint's delivery log, newest first."""
    partner_id = asking().partner_id
    with transaction() as session:
        found = queries.endpoint(session, partner_id=partner_id, endpoint_id=endpoint_id)
        request_ = page_of(f"attempts:{endpoint_id}")
        rows = queries.attempts(session, request=request_, partner_id=partner_id, endpoint_id=endpoint_id)
    return page("endpoint.html", current="webhooks", endpoint=found, rows=rows)


@portal.get("/webhooks/<uuid:endpoint_id>/attempts/<uuid:attempt_id>")
def attempt(endpoint_id: UUID, attempt_id: UUID) -> str:
    """One delivery: what was sent, what was answered, how long it took."""
    with transaction() as session:
        wanted = {"partner_id": asking().partner_id, "endpoint_id": endpoint_id, "attempt_id": attempt_id}
        found, sent = queries.attempt(session, **wanted)
    return page("attempt.html", current="webhooks", endpoint_id=endpoint_id, attempt=found, sent=sent)


@portal.post("/webhooks/<uuid:endpoint_id>/test")
@allowed("build")
def test_endpoint(endpoint_id: UUID) -> AnyResponse:
    """Have a `webhook_endpoint.test` sent there."""
    return _act(usecases.test_endpoint, endpoint_id)


@portal.post("/webhooks/<uuid:endpoint_id>/disabling")
@allowed("build")
def disable_endpoint(endpoint_id: UUID) -> AnyResponse:
    """Stop deliveries."""
    return _act(usecases.disable_endpoint, endpoint_id)


@portal.post("/webhooks/<uuid:endpoint_id>/enabling")
@allowed("build")
def enable_endpoint(endpoint_id: UUID) -> AnyResponse:
    """Deliver again, from the next event on."""
    return _act(usecases.enable_endpoint, endpoint_id)


@portal.get("/events")
def events() -> str:
    """What the partner was told in ninety days, newest first."""
    kind = request.args.get("type", "")
    types = [kind] if kind in TYPES else []
    with transaction() as session:
        rows = queries.events(
            session, partner_id=asking().partner_id, request=page_of(f"events:{','.join(types)}"), types=types
        )
    return page(
        "events.html", current="events", rows=rows, types=sorted(TYPES), kind=kind, sent=request.args.get("sent")
    )


@portal.post("/events/<event_id>/replay")
@allowed("build")
def replay_event(event_id: str) -> AnyResponse:
    """Have an event sent again, under its old webhook-id."""
    with transaction() as session:
        known = queries.read_webhook_id(event_id)
        sent = usecases.replay(session, partner_id=asking().partner_id, event_id=known)
    return redirect(url_for("portal.events", sent=sent), 303)


def _act(act: Callable[..., Any], endpoint_id: UUID) -> AnyResponse:
    with transaction() as session:
        act(session, partner_id=asking().partner_id, endpoint_id=endpoint_id)
    return redirect(url_for("portal.endpoint", endpoint_id=endpoint_id), 303)


def _shown_once(work: Callable[[Session], usecases.NewEndpoint]) -> AnyResponse:
    try:
        with transaction() as session:
            made = work(session)
    except Problem as problem:
        return make_response(_webhooks(problem=problem), status_of(problem))
    return make_response(_webhooks(made=made), 201)


def _webhooks(made: usecases.NewEndpoint | None = None, problem: Problem | None = None) -> str:
    with transaction() as session:
        rows = queries.endpoints(session, partner_id=asking().partner_id, request=page_of("endpoints"))
    shown = {"made": made, "problem": problem, "bank_key": public_key(crypto.keys().webhook_key)}
    return page("webhooks.html", current="webhooks", rows=rows, types=sorted(TYPES), **shown)
