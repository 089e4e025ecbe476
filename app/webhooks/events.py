"""What happens to webhook endpoints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class WebhookEndpointDisabled(Event):
    """An endpoint gets nothing any more: it said 410, failed for five days, or its partner switched it off."""

    name: ClassVar[str] = "webhook_endpoint.disabled"
    partner_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class WebhookEndpointTested(Event):
    """Its partner wants to see a delivery."""

    name: ClassVar[str] = "webhook_endpoint.tested"
    partner_id: UUID


@dataclass(frozen=True, kw_only=True)
class WebhookTriggered(Event):
    """In a test deployment a partner wants to see a message of some type, with invented content."""

    name: ClassVar[str] = "webhook.triggered"
    partner_id: UUID
    message_type: str
