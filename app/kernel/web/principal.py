"""Who asks now: set by the audience's authentication, read by routes."""

from __future__ import annotations

from flask import g, request

from app.kernel.audience import (
    CustomerPrincipal,
    EmbedPrincipal,
    PartnerPrincipal,
    PortalPrincipal,
    Principal,
    StaffPrincipal,
)
from app.kernel.errors import Unauthenticated


def put(principal: Principal) -> None:
    """Remember who asks, for the rest of this request."""
    g.principal = principal


def customer() -> CustomerPrincipal:
    principal = g.get("principal")
    if not isinstance(principal, CustomerPrincipal):
        raise Unauthenticated("Sign in first.")
    return principal


def partner() -> PartnerPrincipal:
    principal = g.get("principal")
    if not isinstance(principal, PartnerPrincipal):
        raise Unauthenticated("Sign the request with one of your keys.")
    return principal


def embed() -> EmbedPrincipal:
    principal = g.get("principal")
    if not isinstance(principal, EmbedPrincipal):
        raise Unauthenticated("Open a frame session first.")
    return principal


def staff() -> StaffPrincipal:
    principal = g.get("principal")
    if not isinstance(principal, StaffPrincipal):
        raise Unauthenticated("Sign in first.")
    return principal


def portal() -> PortalPrincipal:
    principal = g.get("principal")
    if not isinstance(principal, PortalPrincipal):
        raise Unauthenticated("Sign in first.")
    return principal


def scope() -> str:
    """The owner of this request's idempotency keys."""
    principal = g.get("principal")
    if isinstance(principal, CustomerPrincipal):
        return f"customer:{principal.customer_id}"
    if isinstance(principal, PartnerPrincipal):
        return f"partner:{principal.partner_id}"
    if isinstance(principal, EmbedPrincipal):
        return f"embed:{principal.embed_session_id}"
    if isinstance(principal, StaffPrincipal):
        return f"staff:{principal.staff_id}"
    if isinstance(principal, PortalPrincipal):
        return f"portal:{principal.partner_id}"
    return f"public:{request.remote_addr}"


def bearer_token(scheme: str = "bearer") -> str | None:
    """The token of `Authorization: Bearer …`, or of another scheme; None when there is none."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == scheme and token else None
