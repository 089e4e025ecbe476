"""Credit lines: granted by decisions, reserved, used, released and repaid; each step one statement on one row."""

from __future__ import annotations

from datetime import date
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.credit.domain.lines import (
    LINE_STATES,
    REVIEW_MONTHS,
    LimitExceeded,
    LineMismatch,
    LineNotUsable,
    LineUnknown,
)
from app.credit.models import Application, CreditLine, CreditLineMove
from app.credit.usecases.exposure import count_exposure, keys_of
from app.engine.due_dates import add_months
from app.kernel import clock, ids
from app.kernel.states import transition


def hold_enterprise(session: Session, enterprise_id: UUID) -> None:
    """Decisions on one enterprise come one after another: until the end of this transaction nobody else decides."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"credit:{enterprise_id}", 0))))


def grant_line(
    session: Session,
    *,
    customer_id: UUID,
    enterprise_id: UUID,
    region_code: str,
    product_code: str,
    limit_fen: int,
    valid_until: date,
) -> UUID:
    """Make the enterprise's line for a product, or give it the new limit; never below what is in use.

    A line that was over is renewed; a frozen one stays frozen, whatever was decided meanwhile. The decision counts as
    the yearly review.
    """
    row = _line_of(
        session,
        customer_id=customer_id,
        enterprise_id=enterprise_id,
        region_code=region_code,
        product_code=product_code,
        valid_until=valid_until,
    )
    granted_fen = max(limit_fen, row.reserved_fen + row.used_fen)
    if change_fen := granted_fen - row.limit_fen:
        moved(session, row.id, "limit", None, limit_fen=change_fen)
    row.limit_fen, row.valid_until, row.customer_id = granted_fen, valid_until, customer_id
    row.review_on = next_review()
    if row.status == "expired":
        transition(session, row, LINE_STATES, "renew")
    session.flush()
    return row.id


def _line_of(session: Session, *, enterprise_id: UUID, product_code: str, **first: Any) -> CreditLine:
    """The line, held; made without a limit where there was none. A unique key answers the race."""
    values = {"limit_fen": 0, "reserved_fen": 0, "used_fen": 0, "status": "active", "review_on": next_review(), **first}
    session.execute(
        insert(CreditLine)
        .values(id=ids.new_id(), enterprise_id=enterprise_id, product_code=product_code, **values)
        .on_conflict_do_nothing(index_elements=["enterprise_id", "product_code"])
    )
    return session.scalars(
        select(CreditLine)
        .where(CreditLine.enterprise_id == enterprise_id, CreditLine.product_code == product_code)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def next_review() -> date:
    """The day until which a line that was looked at today may be drawn."""
    today = clock.today()
    return add_months(today, REVIEW_MONTHS, today.day)


def reserve(session: Session, *, line_id: UUID, amount_fen: int, application_id: UUID | None = None) -> None:
    """Set an amount aside for a drawdown, within the line and within every limit on exposure.

    `application_id` says through which partner the draw came; the later steps must name the same one. Raises
    LimitExceeded, LineNotUsable, LineUnknown, ExposureLimitReached.
    """
    positive(amount_fen)
    done = session.execute(
        update(CreditLine)
        .where(
            CreditLine.id == line_id,
            CreditLine.status == "active",
            CreditLine.valid_until >= clock.today(),
            CreditLine.review_on >= clock.today(),
            CreditLine.reserved_fen + CreditLine.used_fen + amount_fen <= CreditLine.limit_fen,
        )
        .values(reserved_fen=CreditLine.reserved_fen + amount_fen)
        .returning(CreditLine.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if done is None:
        _refuse(session, line_id)
    moved(session, line_id, "reserve", application_id, reserved_fen=amount_fen)


def use_reserved(session: Session, *, line_id: UUID, amount_fen: int, application_id: UUID | None = None) -> None:
    """What was reserved is now owed. Raises LineMismatch, LineUnknown."""
    positive(amount_fen)
    done = session.execute(
        update(CreditLine)
        .where(CreditLine.id == line_id, CreditLine.reserved_fen >= amount_fen)
        .values(reserved_fen=CreditLine.reserved_fen - amount_fen, used_fen=CreditLine.used_fen + amount_fen)
        .returning(CreditLine.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if done is None:
        mismatch(session, line_id, "use")
    moved(session, line_id, "use", application_id, reserved_fen=-amount_fen, used_fen=amount_fen)


def mismatch(session: Session, line_id: UUID, kind: str) -> NoReturn:
    """Raises LineMismatch, or LineUnknown where there is no such line."""
    find_line(session, line_id)
    raise LineMismatch("More would be given back than was taken.", kind=kind)


def _refuse(session: Session, line_id: UUID) -> None:
    row = find_line(session, line_id)
    check_usable(row)
    available = row.limit_fen - row.reserved_fen - row.used_fen
    raise LimitExceeded("The credit line has not that much left.", available_fen=available)


def check_usable(row: CreditLine) -> None:
    """Raises LineNotUsable, with the reason where the line is frozen."""
    today = clock.today()
    if row.status == "frozen":
        raise LineNotUsable("The credit line is frozen.", status=row.status, reason=row.frozen_reason)
    if row.status != "active" or row.valid_until < today:
        raise LineNotUsable("The credit line is over.", status="expired")
    if row.review_on < today:
        raise LineNotUsable("The yearly review of the credit line is due.", status="review_due")


def find_line(session: Session, line_id: UUID) -> CreditLine:
    """The line as the database has it now. Raises LineUnknown."""
    row = session.get(CreditLine, line_id, populate_existing=True)
    if row is None:
        raise LineUnknown("There is no such credit line.")
    return row


def moved(
    session: Session,
    line_id: UUID,
    kind: str,
    application_id: UUID | None,
    *,
    limit_fen: int = 0,
    reserved_fen: int = 0,
    used_fen: int = 0,
    known: bool = False,
) -> None:
    """Write the move, and count what it changes in what is out; always the line first, then the counters."""
    row = find_line(session, line_id)
    application = session.get(Application, application_id) if application_id else None
    partner_id, merchant_id = (application.partner_id, application.merchant_id) if application else (None, None)
    session.add(
        CreditLineMove(
            credit_line_id=line_id,
            kind=kind,
            limit_fen=limit_fen,
            reserved_fen=reserved_fen,
            used_fen=used_fen,
            partner_id=partner_id,
            merchant_id=merchant_id,
            moved_at=clock.now(),
        )
    )
    session.flush()
    if change_fen := reserved_fen + used_fen:
        count_exposure(session, keys_of(row, partner_id, merchant_id), change_fen, known=known)


def positive(amount_fen: int) -> None:
    """Raises ValueError for less than 1 fen."""
    if amount_fen <= 0:
        raise ValueError("an amount on a credit line is at least 1 fen")
