"""Partners' endpoints: added, their secrets changed with an overlap, switched off and on."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel import audit, clock, states
from app.kernel.errors import Conflict
from app.kernel.outbox import emit
from app.partners.domain.versions import NEWEST, check_version
from app.webhooks import queries, ssrf
from app.webhooks.domain import retries, signing, told
from app.webhooks.events import WebhookEndpointDisabled, WebhookEndpointTested
from app.webhooks.models import WebhookEndpoint
from app.webhooks.queries import EndpointUnknown


class EndpointOff(Conflict):
    """A switched-off endpoint gets nothing."""

    code = "webhook.endpoint_disabled"


@dataclass(frozen=True)
class NewEndpoint:
    """An endpoint and its secret, which is shown this once."""

    endpoint: queries.EndpointView
    secret: str = field(repr=False)


def add_endpoint(
    session: Session,
    *,
    endpoint_id: UUID,
    partner_id: UUID,
    url: str,
    event_types: list[str],
    allowed: ssrf.Policy,
    secret: str | None = None,
    version: str | None = None,
) -> NewEndpoint:
    """Tell this URL of events from now on, in one version for ever, by default the newest.

    Raises UrlRefused, EventTypeUnknown, SecretUnusable, VersionUnknown.
    """
    told.check_types(event_types)
    chosen = signing.check_secret(secret) if secret else signing.new_secret()
    row = WebhookEndpoint(
        id=endpoint_id,
        partner_id=partner_id,
        url=ssrf.check_url(url, allowed),
        event_types=sorted(set(event_types)),
        secret=chosen,
        status="active",
        timeouts=0,
        version=check_version(version or NEWEST),
        created_at=clock.now(),
    )
    session.add(row)
    _record(session, row, "webhook_endpoint.add")
    return NewEndpoint(queries.endpoint_view(row), chosen)


def rotate_secret(session: Session, *, partner_id: UUID, endpoint_id: UUID) -> NewEndpoint:
    """A new secret; for 24 hours deliveries carry signatures by both. Raises EndpointUnknown."""
    row = _locked(session, partner_id, endpoint_id)
    row.previous_secret, row.previous_until = row.secret, clock.now() + signing.OVERLAP
    row.secret = signing.new_secret()
    _record(session, row, "webhook_endpoint.rotate_secret")
    return NewEndpoint(queries.endpoint_view(row), row.secret)


def disable_endpoint(session: Session, *, partner_id: UUID, endpoint_id: UUID) -> queries.EndpointView:
    """Stop telling; what is still open is dropped, and can be replayed. Raises EndpointUnknown."""
    row = _locked(session, partner_id, endpoint_id)
    if row.status == "active":
        switch_off(session, row, "by_partner")
    return queries.endpoint_view(row)


def enable_endpoint(session: Session, *, partner_id: UUID, endpoint_id: UUID) -> queries.EndpointView:
    """Tell of events from now on again. Raises EndpointUnknown."""
    row = _locked(session, partner_id, endpoint_id)
    if row.status == "disabled":
        states.transition(session, row, retries.ENDPOINT_STATES, "enable")
        row.disabled_reason = row.failing_since = row.paused_until = None
        row.timeouts = 0
        _record(session, row, "webhook_endpoint.enable")
    return queries.endpoint_view(row)


def test_endpoint(session: Session, *, partner_id: UUID, endpoint_id: UUID) -> queries.EndpointView:
    """Send a `webhook_endpoint.test` to this endpoint, whatever it listens to. Raises EndpointUnknown, EndpointOff."""
    row = known_endpoint(session, partner_id, endpoint_id)
    if row.status != "active":
        raise EndpointOff("Enable the endpoint first.")
    emit(session, WebhookEndpointTested(subject_id=row.id, partner_id=partner_id))
    return queries.endpoint_view(row)


def switch_off(session: Session, endpoint: WebhookEndpoint, reason: str) -> None:
    """Disable a locked endpoint and tell the partner through the events and its other endpoints."""
    states.transition(session, endpoint, retries.ENDPOINT_STATES, "disable", facts={"reason": reason})
    endpoint.disabled_reason = reason
    _record(session, endpoint, "webhook_endpoint.disable", reason)
    emit(session, WebhookEndpointDisabled(subject_id=endpoint.id, partner_id=endpoint.partner_id, reason=reason))


def _locked(session: Session, partner_id: UUID, endpoint_id: UUID) -> WebhookEndpoint:
    row = known_endpoint(session, partner_id, endpoint_id)
    session.refresh(row, with_for_update=True)
    return row


def known_endpoint(session: Session, partner_id: UUID, endpoint_id: UUID) -> WebhookEndpoint:
    """Raises EndpointUnknown, also for another partner's."""
    row = session.get(WebhookEndpoint, endpoint_id)
    if row is None or row.partner_id != partner_id:
        raise EndpointUnknown("There is no such endpoint.")
    return row


def _record(session: Session, row: WebhookEndpoint, action: str, reason: str | None = None) -> None:
    audit.record(
        session,
        actor_kind="partner",
        actor_id=str(row.partner_id),
        action=action,
        subject_kind="webhook_endpoints",
        subject_id=row.id,
        reason=reason,
    )
