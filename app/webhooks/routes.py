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
    AttemptPageOut,
    EndpointIn,
    EndpointOut,
    EndpointPageOut,
    EventPageOut,
    NewEndpointOut,
    ReplayOut,
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
    """Be told of events at this URL; keep the secret of the answer, it is not shown again."""
    asking = _asking("webhooks:write")
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


@partner_webhooks.get("/events")
@partner_webhooks.arguments(PageIn, location="query")
@partner_webhooks.response(200, EventPageOut)
def list_events(query: dict[str, Any]) -> Page[queries.EventView]:
    """What you were told, newest first, also what no endpoint of yours took."""
    asking = _asking("events:read")
    with transaction() as session:
        return queries.events(session, partner_id=asking.partner_id, request=page_request(query, "events"))


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


def _asking(scope: str) -> PartnerPrincipal:
    asking = principal.partner()
    require_scope(asking, scope)
    return asking


def _with_keys(made: usecases.NewEndpoint) -> dict[str, Any]:
    return {**vars(made), "public_key": public_key(crypto.keys().webhook_key)}
