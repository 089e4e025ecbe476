"""Partners manage their endpoints, read what they were told and have it sent again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, current_app
from sqlalchemy.orm import Session

from app.kernel import crypto
from app.kernel.audience import PartnerPrincipal
from app.kernel.db import transaction
from app.kernel.pagination import Page
from app.kernel.web import principal
from app.kernel.web.idempotent import once
from app.kernel.web.paging import PageIn, page_request
from app.kernel.web.routing import Routes
from app.partners.usecases import require_scope
from app.webhooks import queries, ssrf, usecases
from app.webhooks.domain.signing import public_key
from app.webhooks.schemas import (
    AttemptDetailOut,
    AttemptPageOut,
    EndpointIn,
    EndpointOut,
    EndpointPageOut,
    EventPageOut,
    EventsIn,
    NewEndpointOut,
    ReplayOut,
    ReplayRangeIn,
    ReplayRangeOut,
    TriggerIn,
    TriggerOut,
)

partner_webhooks = Routes("partner_webhooks", __name__, description="Webhook endpoints and events")


@partner_webhooks.get("/webhook-endpoints")
@partner_webhooks.arguments(PageIn, location="query")
@partner_webhooks.response(200, EndpointPageOut)
def list_endpoints(query: dict[str, Any]) -> Page[queries.EndpointView]:
    """Your endpoints, newest first."""
    asking = _asking("events:read")
    with transaction() as session:
        request = page_request(query, "webhook_endpoints")
        return queries.endpoints(session, partner_id=asking.partner_id, request=request)


@partner_webhooks.post("/webhook-endpoints")
@partner_webhooks.arguments(EndpointIn)
@partner_webhooks.response(201, NewEndpointOut)
def create_endpoint(body: dict[str, Any]) -> Response:
    """Be told of events at this URL; keep the secret of the answer, it is not shown again.

    `version` is that of the bodies, for ever; by default the one of your key.
    """
    asking = _asking("webhooks:write")
    body = {**body, "version": body["version"] or asking.version}
    allowed = ssrf.policy(current_app.config["DUKOU"].production)

    def work(session: Session, new_id: UUID) -> dict[str, Any]:
        made = usecases.add_endpoint(session, endpoint_id=new_id, partner_id=asking.partner_id, allowed=allowed, **body)
        return _with_keys(made)

    return once(work, schema=NewEndpointOut, status=201, body=body)


@partner_webhooks.post("/webhook-endpoints/<uuid:endpoint_id>/secret-rotations")
@partner_webhooks.response(201, NewEndpointOut)
def rotate_secret(endpoint_id: UUID) -> Response:
    """Get a new secret; for 24 hours every delivery carries signatures by the old and the new one."""
    asking = _asking("webhooks:write")

    def work(session: Session, new_id: UUID) -> dict[str, Any]:
        return _with_keys(usecases.rotate_secret(session, partner_id=asking.partner_id, endpoint_id=endpoint_id))

    return once(work, schema=NewEndpointOut, status=201)


@partner_webhooks.post("/webhook-endpoints/<uuid:endpoint_id>/disabling")
@partner_webhooks.response(200, EndpointOut)
def disable_endpoint(endpoint_id: UUID) -> Response:
    """Stop deliveries to this endpoint."""
    asking = _asking("webhooks:write")

    def work(session: Session, new_id: UUID) -> queries.EndpointView:
        return usecases.disable_endpoint(session, partner_id=asking.partner_id, endpoint_id=endpoint_id)

    return once(work, schema=EndpointOut, status=200)


@partner_webhooks.post("/webhook-endpoints/<uuid:endpoint_id>/enabling")
@partner_webhooks.response(200, EndpointOut)
def enable_endpoint(endpoint_id: UUID) -> Response:
    """Deliver to this endpoint again, from the next event on; replay what it missed."""
    asking = _asking("webhooks:write")

    def work(session: Session, new_id: UUID) -> queries.EndpointView:
        return usecases.enable_endpoint(session, partner_id=asking.partner_id, endpoint_id=endpoint_id)

    return once(work, schema=EndpointOut, status=200)


@partner_webhooks.get("/webhook-endpoints/<uuid:endpoint_id>/attempts")
@partner_webhooks.arguments(PageIn, location="query")
@partner_webhooks.response(200, AttemptPageOut)
def list_attempts(query: dict[str, Any], endpoint_id: UUID) -> Page[queries.AttemptView]:
    """The delivery log of one endpoint, newest first."""
    asking = _asking("events:read")
    with transaction() as session:
        request = page_request(query, f"webhook_attempts:{endpoint_id}")
        return queries.attempts(session, request=request, partner_id=asking.partner_id, endpoint_id=endpoint_id)


@partner_webhooks.get("/webhook-endpoints/<uuid:endpoint_id>/attempts/<uuid:attempt_id>")
@partner_webhooks.response(200, AttemptDetailOut)
def get_attempt(endpoint_id: UUID, attempt_id: UUID) -> dict[str, Any]:
    """One delivery that was tried: what was sent, what was answered, how long it took."""
    asking = _asking("events:read")
    with transaction() as session:
        found, sent = queries.attempt(
            session, partner_id=asking.partner_id, endpoint_id=endpoint_id, attempt_id=attempt_id
        )
        return {**vars(found), "request": sent}


@partner_webhooks.post("/webhook-endpoints/<uuid:endpoint_id>/test")
@partner_webhooks.response(202, EndpointOut)
def test_endpoint(endpoint_id: UUID) -> Response:
    """Have a `webhook_endpoint.test` sent to this endpoint, whatever it listens to; the delivery log shows it.

    409 `webhook.endpoint_disabled`.
    """
    asking = _asking("webhooks:write")

    def work(session: Session, new_id: UUID) -> queries.EndpointView:
        return usecases.test_endpoint(session, partner_id=asking.partner_id, endpoint_id=endpoint_id)

    return once(work, schema=EndpointOut, status=202)


@partner_webhooks.get("/events")
@partner_webhooks.arguments(EventsIn, location="query")
@partner_webhooks.response(200, EventPageOut)
def list_events(query: dict[str, Any]) -> Page[queries.EventView]:
    """What you were told in ninety days, newest first; with `after` oldest first, to catch up without webhooks.

    With `after` ask on with the last id that you got until the list is empty; events are there ten seconds after they
    happened. 404 `webhook.event_unknown` for what is neither an id nor an instant.
    """
    asking = _asking("events:read")
    wanted = {"partner_id": asking.partner_id, "types": query["types"], "version": asking.version}
    with transaction() as session:
        if query["after"]:
            after = queries.read_place(query["after"])
            return Page(queries.events_after(session, after=after, limit=query["limit"], **wanted), None)
        binding = "events:" + ",".join(sorted(query["types"]))
        return queries.events(session, request=page_request(query, binding), **wanted)


@partner_webhooks.post("/events/replays")
@partner_webhooks.arguments(ReplayRangeIn)
@partner_webhooks.response(202, ReplayRangeOut)
def replay_range(body: dict[str, Any]) -> Response:
    """Have all events of a stretch of time sent again, under their old webhook-ids, a thousand at most.

    422 `webhook.range_too_large`, `webhook.event_type_unknown`; 404 `webhook.endpoint_unknown`.
    """
    asking = _asking("webhooks:write")

    def work(session: Session, new_id: UUID) -> dict[str, int]:
        events, messages = usecases.replay_range(session, partner_id=asking.partner_id, **body)
        return {"events": events, "messages": messages}

    return once(work, schema=ReplayRangeOut, status=202, body=body)


@partner_webhooks.post("/events/<string:event_id>/replay")
@partner_webhooks.response(202, ReplayOut)
def replay_event(event_id: str) -> Response:
    """Have an event sent again, under its old webhook-id, to the endpoints that listen to its type now."""
    asking = _asking("webhooks:write")

    def work(session: Session, new_id: UUID) -> dict[str, Any]:
        known = queries.read_webhook_id(event_id)
        sent = usecases.replay(session, partner_id=asking.partner_id, event_id=known)
        return {"event_id": queries.webhook_id(known), "endpoints": sent}

    return once(work, schema=ReplayOut, status=202)


@partner_webhooks.post("/test/events")
@partner_webhooks.arguments(TriggerIn)
@partner_webhooks.response(202, TriggerOut)
def trigger_event(body: dict[str, Any]) -> Response:
    """In a test deployment: have a message with invented content sent to your endpoints; `data.triggered` is true.

    403 `webhook.test_mode_only`; 422 `webhook.event_type_unknown`.
    """
    asking, mode = _asking("webhooks:write"), current_app.config["DUKOU"].mode

    def work(session: Session, new_id: UUID) -> dict[str, Any]:
        kind = body["type"]
        usecases.trigger(session, new_id=new_id, partner_id=asking.partner_id, message_type=kind, mode=mode)
        return {"type": kind, "object_id": new_id}

    return once(work, schema=TriggerOut, status=202, body=body)


def _asking(scope: str) -> PartnerPrincipal:
    asking = principal.partner()
    require_scope(asking, scope)
    return asking


def _with_keys(made: usecases.NewEndpoint) -> dict[str, Any]:
    return {**vars(made), "public_key": public_key(crypto.keys().webhook_key)}
