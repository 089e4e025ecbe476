"""Who may ask: the kinds of callers, and what is known of the one who asks now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class CustomerPrincipal:
    """A signed-in person. `stepped_up_at`: when the second factor was last shown in this session."""

    customer_id: UUID
    session_id: UUID
    stepped_up_at: datetime | None
    channel: str  # mini, h5, web


@dataclass(frozen=True)
class PartnerPrincipal:
    """A partner's server, by a verified request signature."""

    partner_id: UUID
    key_id: str
    scopes: frozenset[str]
    version: str  # of what it is told: the key's, or the request's


@dataclass(frozen=True)
class EmbedPrincipal:
    """A widget's frame session: a partner's order context, opened by one client token."""

    embed_session_id: UUID
    partner_id: UUID
    customer_ref: str
    origin: str
    components: frozenset[str]
    key_thumbprint: str = ""  # of the key that proves its requests (RFC 7638)


@dataclass(frozen=True)
class StaffPrincipal:
    """A signed-in member of the bank's staff."""

    staff_id: UUID
    session_id: UUID
    roles: frozenset[str]


@dataclass(frozen=True)
class PortalPrincipal:
    """A signed-in developer of a partner."""

    member_id: UUID
    session_id: UUID
    partner_id: UUID
    role: str


Principal = CustomerPrincipal | PartnerPrincipal | EmbedPrincipal | StaffPrincipal | PortalPrincipal
