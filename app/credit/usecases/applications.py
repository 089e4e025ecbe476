"""Applications: opened by a customer, taken back, expired, and moved on by contracts and drawdowns."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.contracts.domain.contracts import ContractBinding as ContractSignedAlready
from app.contracts.usecases import void_contract
from app.credit import events
from app.credit.domain.applications import (
    CONSENT_KINDS,
    LIVE,
    PURPOSES,
    STATES,
    TAKEN,
    UNDECIDED,
    WAITS_FOR_SOURCES,
    ApplicationExists,
    ApplicationUnknown,
    ContractBinding,
    NotAllowedToApply,
    Payee,
    PurposeUnknown,
)
from app.credit.models import Application, CreditLine
from app.credit.queries.applications import ApplicationView, view
from app.credit.queries.catalogue import product
from app.credit.usecases.lines import check_usable
from app.credit.usecases.reviews import check_reapply
from app.customers.domain.people import NotAMember
from app.customers.queries import membership
from app.customers.usecases import require_consents
from app.kernel import clock, ids
from app.kernel.outbox import emit
from app.kernel.states import transition

EXPIRED_AT_ONCE = 200


def open_application(
    session: Session,
    *,
    application_id: UUID,
    customer_id: UUID,
    enterprise_id: UUID,
    product_code: str,
    amount_fen: int,
    term_months: int,
    method: str,
    partner_id: UUID | None,
    order_id: UUID | None,
    payee: Payee | None,
    purpose: str,
    merchant_id: UUID | None = None,
) -> ApplicationView:
    """Open an application by the legal representative, get-or-create by its id; the decision follows by itself.

    Raises NotAMember, NotAllowedToApply, ConsentMissing (S01: not a decline), ReapplyLater, LineNotUsable,
    ProductUnknown, AmountOutOfRange, TermNotOffered, MethodNotOffered, PurposeUnknown, ApplicationExists.
    """
    if known := session.get(Application, application_id):
        return view(known)
    _check_applicant(session, customer_id, enterprise_id, product_code)
    row = Application(
        id=application_id,
        customer_id=customer_id,
        enterprise_id=enterprise_id,
        product_code=product_code,
        amount_fen=amount_fen,
        term_months=term_months,
        method=method,
        purpose=purpose,
        partner_id=partner_id,
        order_id=order_id,
        merchant_id=merchant_id,
        payee=json.dumps(asdict(payee), ensure_ascii=False) if payee else None,
    )
    return view(_begin(session, row))


def _begin(session: Session, row: Application) -> Application:
    """Check the wish against the product of the day, fix that version, add the application and tell of it."""
    if row.purpose not in PURPOSES:
        raise PurposeUnknown("Choose one of the purposes.", purposes=list(PURPOSES))
    offered = product(session, row.product_code, on=clock.today())
    offered.terms.check(amount_fen=row.amount_fen, term_months=row.term_months, method=row.method)
    offered.terms.check_calendar(term_months=row.term_months, method=row.method, on=clock.today())
    row.number = ids.document_number("AP", row.id)
    row.product_version_id = offered.version_id
    row.status, row.attempt, row.submitted_at = "submitted", 0, clock.now()
    _add_one(session, row)
    tell(session, row, events.ApplicationSubmitted)
    return row


def _check_applicant(session: Session, customer_id: UUID, enterprise_id: UUID, product_code: str) -> None:
    link = membership(session, customer_id=customer_id, enterprise_id=enterprise_id)
    if link is None:
        raise NotAMember("You do not act for such an enterprise.")
    if link.role != "legal_rep":
        raise NotAllowedToApply("Only the legal representative can borrow for the enterprise.")
    require_consents(session, customer_id=customer_id, enterprise_id=enterprise_id, kinds=CONSENT_KINDS)
    _check_history(session, enterprise_id, product_code)


def _check_history(session: Session, enterprise_id: UUID, product_code: str) -> None:
    """Several refusals lately, or a line that is frozen: nobody is led through an application for nothing."""
    check_reapply(session, enterprise_id=enterprise_id, product_code=product_code)
    line = session.scalars(
        select(CreditLine).where(CreditLine.enterprise_id == enterprise_id, CreditLine.product_code == product_code)
    ).one_or_none()
    if line and line.status == "frozen":
        check_usable(line)


def _add_one(session: Session, row: Application) -> None:
    """One live application an order, or a product where there is no order: a unique index answers the race."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:
        taken = and_(Application.order_id == row.order_id, Application.status.in_(TAKEN))
        if row.order_id is None:
            taken = and_(
                Application.order_id.is_(None),
                Application.product_code == row.product_code,
                Application.status.in_(LIVE),
            )
        known = session.scalar(select(Application.id).where(Application.enterprise_id == row.enterprise_id, taken))
        if known is None:
            raise
        raise ApplicationExists("There is an application for this already.", application_id=str(known)) from error


def withdraw(
    session: Session, *, application_id: UUID, customer_id: UUID, actor: str | None = None
) -> ApplicationView:
    """The customer takes the application back, or `actor` does whose order it is for; twice is the same.

    Raises ApplicationUnknown, ContractBinding, NotAllowedNow.
    """
    row = hold(session, application_id)
    if row.customer_id != customer_id:
        raise ApplicationUnknown("There is no such application.")
    if row.status != "withdrawn":
        end_without_loan(session, row, "withdraw", actor=actor or f"customer:{customer_id}")
        tell(session, row, events.ApplicationWithdrawn)
    return view(row)


def end_without_loan(session: Session, row: Application, event: str, *, actor: str) -> None:
    """Put an unsigned contract aside and leave by `event`. Raises ContractBinding, NotAllowedNow."""
    try:
        void_contract(session, application_id=row.id, actor=actor)
    except ContractSignedAlready as error:
        raise ContractBinding("You have signed the contract; the application cannot be withdrawn.") from error
    transition(session, row, STATES, event, actor=actor)


def expire_applications(session: Session) -> int:
    """End offers whose time is over and applications that waited too long to be decided; answers how many.

    A contract that is signed is not overtaken: its application is left alone.
    """
    today, waited = clock.today(), clock.now() - WAITS_FOR_SOURCES
    rows = session.scalars(
        select(Application)
        .where(
            or_(
                and_(Application.status.in_(("approved", "signing")), Application.valid_until < today),
                and_(Application.status.in_(UNDECIDED), Application.submitted_at < waited),
            )
        )
        .order_by(Application.id)
        .limit(EXPIRED_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    return sum(_expire(session, row) for row in rows)


def _expire(session: Session, row: Application) -> bool:
    try:
        end_without_loan(session, row, "expire", actor="system")
    except ContractBinding:
        return False
    tell(session, row, events.ApplicationExpired)
    return True


def contract_signed(session: Session, *, application_id: UUID) -> None:
    """Both have signed: the money can be drawn. Hearing of it twice is the same."""
    row = hold(session, application_id)
    if row.status == "signing":
        transition(session, row, STATES, "contract_signed")
        tell(session, row, events.ApplicationEffective)


def mark_drawn(session: Session, *, application_id: UUID) -> None:
    """The loan exists. Twice is the same. Raises NotAllowedNow."""
    row = hold(session, application_id)
    if row.status != "drawn":
        transition(session, row, STATES, "draw")


def mark_draw_failed(session: Session, *, application_id: UUID) -> None:
    """The payee could not be paid: the application is closed, and the order is free for another one. Twice is the same.

    The contract names the payee, so another try needs another contract. Raises NotAllowedNow.
    """
    row = hold(session, application_id)
    if row.status != "closed":
        transition(session, row, STATES, "draw_fails")


def hold(session: Session, application_id: UUID) -> Application:
    """The application's row, locked to the end of the transaction. Raises ApplicationUnknown."""
    session.flush()  # reading the row anew would drop what is not written yet
    row = session.get(Application, application_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise ApplicationUnknown("There is no such application.")
    return row


def tell(session: Session, row: Application, event: Callable[..., events.ApplicationEvent]) -> None:
    """Emit an event about an application."""
    session.flush()
    emit(
        session,
        event(
            subject_id=row.id,
            customer_id=row.customer_id,
            partner_id=row.partner_id,
            order_id=row.order_id,
            amount_fen=row.approved_fen or row.amount_fen,
        ),
    )


def valid_until(days: int) -> date:
    """The last day of an offer made today."""
    return date.fromordinal(clock.today().toordinal() + days)
