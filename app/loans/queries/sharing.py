"""What a partner may know of the loans for its orders: that there is one and whether it is settled; more by consent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.queries.consents import sharing_with
from app.kernel import clock
from app.kernel.pagination import Page, PageRequest, paginate
from app.loans import domain
from app.loans.models import Loan
from app.loans.queries.loans import late_terms

SHARED_AFTER_END = timedelta(days=30)  # as the text of the consent promises


@dataclass(frozen=True)
class SharedFigures:
    """What the customer consented to tell; amounts in fen."""

    principal_fen: int
    outstanding_principal_fen: int
    next_due_on: date | None
    overdue: bool


@dataclass(frozen=True)
class PartnerLoan:
    """A loan as its partner sees it. `status`: active or settled; late or not is told by consent only."""

    loan_id: UUID
    application_id: UUID
    order_id: UUID | None
    status: str
    activated_at: datetime
    settled_at: datetime | None
    shared: SharedFigures | None


def partner_loans(session: Session, *, partner_id: UUID, request: PageRequest) -> Page[PartnerLoan]:
    """The loans for a partner's orders, newest first; two statements for any number of loans."""
    page = paginate(session, select(Loan).where(Loan.partner_id == partner_id), Loan.id, request)
    return Page(_views(session, partner_id, page.items), page.next_cursor)


def partner_loan(session: Session, *, partner_id: UUID, loan_id: UUID) -> PartnerLoan:
    """One loan for an order of this partner. Raises LoanUnknown, also for another partner's."""
    loan = session.scalar(select(Loan).where(Loan.id == loan_id, Loan.partner_id == partner_id))
    if loan is None:
        raise domain.LoanUnknown("None of your orders has such a loan.")
    [found] = _views(session, partner_id, [loan])
    return found


def _views(session: Session, partner_id: UUID, loans: Sequence[Loan]) -> list[PartnerLoan]:
    consenting = sharing_with(
        session, partner_id=partner_id, customer_ids={loan.customer_id for loan in loans}
    )
    return [
        PartnerLoan(
            loan_id=loan.id,
            application_id=loan.application_id,
            order_id=loan.order_id,
            status="active" if loan.status in domain.OWING else "settled",
            activated_at=loan.activated_at,
            settled_at=loan.settled_at,
            shared=_figures(loan) if loan.customer_id in consenting and _still_told(loan) else None,
        )
        for loan in loans
    ]


def _still_told(loan: Loan) -> bool:
    return loan.settled_at is None or clock.now() - loan.settled_at <= SHARED_AFTER_END


def _shown(loan: Loan) -> str:
    return domain.shown_status(loan.status, domain.dpd(loan.next_due_on, clock.today(), late_terms(loan)))


def _figures(loan: Loan) -> SharedFigures:
    return SharedFigures(
        principal_fen=loan.principal_fen,
        outstanding_principal_fen=loan.outstanding_principal_fen,
        next_due_on=loan.next_due_on,
        overdue=_shown(loan) == "overdue",
    )
