"""Applications as others and their owners see them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.contracts import queries as contracts
from app.credit.domain.applications import ApplicationUnknown, Payee
from app.credit.models import Application
from app.kernel.pagination import Page, PageRequest, paginate
from app.kernel.states import StateChange


@dataclass(frozen=True)
class ApplicationView:
    """One application; the payee is not in its repr."""

    application_id: UUID
    number: str
    status: str
    customer_id: UUID
    enterprise_id: UUID
    product_code: str
    product_version_id: UUID
    amount_fen: int
    term_months: int
    method: str
    purpose: str
    partner_id: UUID | None
    order_id: UUID | None
    payee: Payee | None = field(repr=False)
    approved_fen: int | None
    credit_line_id: UUID | None
    submitted_at: datetime
    valid_until: date | None


@dataclass(frozen=True)
class AgreedTerms:
    """What the signed contract says; the line it is drawn from."""

    principal_fen: int
    annual_rate: Decimal
    term_months: int
    method: str
    credit_line_id: UUID
    contract_id: UUID
    all_in_annual_rate: Decimal
    overdue_rate: Decimal
    grace_days: int
    repricing: Mapping[str, Any]  # engine.repricing.Floating, and the benchmark's rate; empty: the rate is fixed


@dataclass(frozen=True)
class Step:
    """One step of an application's way."""

    event: str
    status: str
    occurred_at: datetime


def application(session: Session, application_id: UUID) -> ApplicationView:
    """One application. Raises ApplicationUnknown."""
    row = session.get(Application, application_id)
    if row is None:
        raise ApplicationUnknown("There is no such application.")
    return view(row)


def own_application(session: Session, *, application_id: UUID, customer_id: UUID) -> ApplicationView:
    """One application of this customer. Raises ApplicationUnknown, also for somebody else's."""
    found = application(session, application_id)
    if found.customer_id != customer_id:
        raise ApplicationUnknown("There is no such application.")
    return found


def own_applications(session: Session, *, customer_id: UUID, request: PageRequest) -> Page[ApplicationView]:
    """A customer's applications, newest first."""
    page = paginate(session, select(Application).where(Application.customer_id == customer_id), Application.id, request)
    return Page([view(row) for row in page.items], page.next_cursor)


def application_page(session: Session, request: PageRequest, *, status: str | None = None) -> Page[ApplicationView]:
    """All applications, newest first, for staff."""
    query = select(Application)
    if status:
        query = query.where(Application.status == status)
    page = paginate(session, query, Application.id, request)
    return Page([view(row) for row in page.items], page.next_cursor)


def status_counts(session: Session) -> dict[str, int]:
    """How many applications are in which status; for staff."""
    rows = session.execute(select(Application.status, func.count()).group_by(Application.status))
    return {status: int(count) for status, count in rows}


def agreed_terms(session: Session, application_id: UUID) -> AgreedTerms | None:
    """The terms of the sealed contract; None while there is none."""
    row = session.get(Application, application_id)
    if row is None or row.status not in ("effective", "drawn") or row.credit_line_id is None:
        return None
    contract = contracts.sealed_contract(session, application_id=application_id)
    if contract is None:
        return None
    agreement = contract.agreement
    return AgreedTerms(
        principal_fen=agreement.principal_fen,
        annual_rate=agreement.annual_rate,
        term_months=agreement.term_months,
        method=agreement.method,
        credit_line_id=row.credit_line_id,
        contract_id=contract.contract_id,
        all_in_annual_rate=contract.all_in_annual_rate,
        overdue_rate=agreement.overdue_rate,
        grace_days=agreement.grace_days,
        repricing=agreement.repricing,
    )


def timeline(session: Session, application_id: UUID) -> Sequence[Step]:
    """The steps so far, oldest first."""
    rows = session.scalars(
        select(StateChange)
        .where(StateChange.subject_id == application_id, StateChange.subject_kind == Application.__tablename__)
        .order_by(StateChange.id)
    )
    return [Step(row.event, row.to_status, row.occurred_at) for row in rows]


def view(row: Application) -> ApplicationView:
    """A row as others see it."""
    return ApplicationView(
        application_id=row.id,
        number=row.number,
        status=row.status,
        customer_id=row.customer_id,
        enterprise_id=row.enterprise_id,
        product_code=row.product_code,
        product_version_id=row.product_version_id,
        amount_fen=row.amount_fen,
        term_months=row.term_months,
        method=row.method,
        purpose=row.purpose,
        partner_id=row.partner_id,
        order_id=row.order_id,
        payee=Payee(**json.loads(row.payee)) if row.payee else None,
        approved_fen=row.approved_fen,
        credit_line_id=row.credit_line_id,
        submitted_at=row.submitted_at,
        valid_until=row.valid_until,
    )
