"""Enterprises and who acts for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.domain.people import NotAMember
from app.customers.models import Enterprise, Membership


@dataclass(frozen=True)
class EnterpriseView:
    """An enterprise as the registry described it at `checked_at`."""

    enterprise_id: UUID
    uscc: str
    name: str
    registry_status: str  # active, revoked, deregistered
    industry_code: str
    region_code: str
    established_on: date
    legal_rep_name: str = field(repr=False)
    checked_at: datetime


@dataclass(frozen=True)
class MembershipView:
    """What a customer is to an enterprise."""

    customer_id: UUID
    enterprise_id: UUID
    role: str  # legal_rep, handler
    status: str  # active, ended


def enterprise(session: Session, enterprise_id: UUID) -> EnterpriseView:
    """One enterprise. Raises NotAMember (enterprise.not_found)."""
    row = session.get(Enterprise, enterprise_id)
    if row is None:
        raise NotAMember("There is no such enterprise.")
    return _view(row)


def enterprises(session: Session, enterprise_ids: Iterable[UUID]) -> Mapping[UUID, EnterpriseView]:
    """Some enterprises by their ids."""
    rows = session.scalars(select(Enterprise).where(Enterprise.id.in_(list(enterprise_ids))))
    return {row.id: _view(row) for row in rows}


def enterprises_of(session: Session, customer_id: UUID) -> Sequence[tuple[EnterpriseView, MembershipView]]:
    """The enterprises a customer acts for now, first bound first; a person has a handful, so no pages."""
    rows = session.execute(
        select(Enterprise, Membership)
        .join(Membership, Membership.enterprise_id == Enterprise.id)
        .where(Membership.customer_id == customer_id, Membership.status == "active")
        .order_by(Membership.id)
    )
    return [(_view(found), _membership(link)) for found, link in rows]


def membership(session: Session, *, customer_id: UUID, enterprise_id: UUID) -> MembershipView | None:
    """What this customer is to this enterprise now; None when nothing (any more)."""
    row = session.scalars(
        select(Membership).where(
            Membership.customer_id == customer_id,
            Membership.enterprise_id == enterprise_id,
            Membership.status == "active",
        )
    ).first()
    return _membership(row) if row else None


def _view(row: Enterprise) -> EnterpriseView:
    return EnterpriseView(
        enterprise_id=row.id,
        uscc=row.uscc,
        name=row.name,
        registry_status=row.registry_status,
        industry_code=row.industry_code,
        region_code=row.region_code,
        established_on=row.established_on,
        legal_rep_name=row.legal_rep_name,
        checked_at=row.checked_at,
    )


def _membership(row: Membership) -> MembershipView:
    return MembershipView(row.customer_id, row.enterprise_id, row.role, row.status)
