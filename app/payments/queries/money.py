"""Reading what became of payments' money: suspense, refunds, transfers that wait, and the notices that told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.kernel.clock import CHINA
from app.payments.models import (
    PaymentNotice,
    PaymentOrder,
    PaymentTransaction,
    Refund,
    RefundRedirection,
    SuspenseMatch,
    TransactionUse,
    Transfer,
)


@dataclass(frozen=True)
class PaymentView:
    """A payment that WeChat Pay or the core bank told of, and what of it can still be used; sums in fen."""

    transaction_id: str
    out_trade_no: str
    order_id: UUID | None
    disposition: str
    reason: str
    amount_fen: int
    left_fen: int  # in suspense
    unrefunded_fen: int
    paid_at: datetime
    channel: str = "wechat_pay"


def payment_view(session: Session, transaction_id: str) -> PaymentView | None:
    """One payment by WeChat Pay's number."""
    found = session.execute(_payments().where(PaymentTransaction.transaction_id == transaction_id)).one_or_none()
    return _payment_view(found[0], found[1]) if found else None


def suspense(session: Session, limit: int = 500) -> Sequence[PaymentView]:
    """Payments in suspense of which something is left, oldest first."""
    left = PaymentTransaction.amount_fen - func.coalesce(TransactionUse.released_fen, 0)
    rows = session.execute(
        _payments()
        .where(PaymentTransaction.disposition == "suspense", left > 0)
        .order_by(PaymentTransaction.paid_at)
        .limit(limit)
    )
    return [_payment_view(row[0], row[1]) for row in rows]


def paid_by(session: Session, *, purpose: str, reference_id: UUID) -> PaymentView | None:
    """The payment that paid for one thing: by its own order, or matched to it out of suspense."""
    order = select(PaymentTransaction.transaction_id).join(
        PaymentOrder, PaymentOrder.id == PaymentTransaction.order_id
    )
    number = session.scalar(
        order.where(
            PaymentOrder.purpose == purpose,
            PaymentOrder.reference_id == reference_id,
            PaymentTransaction.disposition == "credited",
        )
    ) or session.scalar(
        select(SuspenseMatch.transaction_id).where(
            SuspenseMatch.purpose == purpose, SuspenseMatch.reference_id == reference_id
        )
    )
    return payment_view(session, number) if number else None


def used_for(session: Session, transaction_id: str) -> set[UUID]:
    """What a payment was used for: what its order was opened for, or what it was matched to."""
    opened = select(PaymentOrder.reference_id).join(
        PaymentTransaction, PaymentTransaction.order_id == PaymentOrder.id
    )
    credited = opened.where(
        PaymentTransaction.transaction_id == transaction_id, PaymentTransaction.disposition == "credited"
    )
    matched = select(SuspenseMatch.reference_id).where(SuspenseMatch.transaction_id == transaction_id)
    return {*session.scalars(credited), *session.scalars(matched)}


def _payments() -> Select[PaymentTransaction, TransactionUse]:
    return select(PaymentTransaction, TransactionUse).outerjoin(
        TransactionUse, TransactionUse.transaction_id == PaymentTransaction.transaction_id
    )


def _payment_view(row: PaymentTransaction, used: TransactionUse | None) -> PaymentView:
    released_fen, refunded_fen = (used.released_fen, used.refunded_fen) if used else (0, 0)
    return PaymentView(
        transaction_id=row.transaction_id,
        out_trade_no=row.out_trade_no,
        order_id=row.order_id,
        disposition=row.disposition,
        reason=row.reason,
        amount_fen=row.amount_fen,
        left_fen=row.amount_fen - released_fen if row.disposition == "suspense" else 0,
        unrefunded_fen=row.amount_fen - refunded_fen,
        paid_at=row.paid_at,
        channel=row.channel,
    )


@dataclass(frozen=True)
class DaySums:
    """What moved on a China day by our book, in fen."""

    paid_fen: int
    refunded_fen: int
    transferred_fen: int


def moved_on(session: Session, day: date) -> DaySums:
    """The payments of a day, and the refunds and transfers that were completed on it."""
    begins = datetime.combine(day, time.min, CHINA)
    ends = begins + timedelta(days=1)

    def total(model: type[Any], moment: Any, *where: Any) -> int:
        query = select(func.coalesce(func.sum(model.amount_fen), 0)).where(moment >= begins, moment < ends, *where)
        return int(session.scalar(query) or 0)

    return DaySums(
        paid_fen=total(PaymentTransaction, PaymentTransaction.paid_at),
        refunded_fen=total(Refund, Refund.completed_at, Refund.status == "succeeded"),
        transferred_fen=total(Transfer, Transfer.completed_at, Transfer.status == "succeeded"),
    )


def refunds_of(session: Session, transaction_ids: Sequence[str]) -> Sequence[Refund]:
    """The refunds of some payments, newest first."""
    return session.scalars(
        select(Refund).where(Refund.transaction_id.in_(transaction_ids)).order_by(Refund.id.desc())
    ).all()


def latest_refunds(session: Session, limit: int) -> Sequence[Refund]:
    """The newest refunds."""
    return session.scalars(select(Refund).order_by(Refund.id.desc()).limit(limit)).all()


@dataclass(frozen=True)
class OtherWay:
    """A way for an abnormal refund as people see it: of the card only the bank, the tail and the family name."""

    way: str
    bank_type: str | None
    account_tail: str
    family_name: str
    status: str
    fail_code: str | None


def abnormal_refunds(session: Session) -> Sequence[Refund]:
    """Refunds that cannot reach the payer's account, oldest first."""
    return session.scalars(select(Refund).where(Refund.status == "abnormal").order_by(Refund.id)).all()


def other_ways(session: Session, refund_ids: Sequence[UUID]) -> dict[UUID, OtherWay]:
    """{redirection: how it is seen} of some refunds."""
    rows = session.scalars(select(RefundRedirection).where(RefundRedirection.refund_id.in_(refund_ids)))
    return {
        row.id: OtherWay(
            row.way, row.bank_type, (row.account_no or "")[-4:], (row.account_name or "")[:1], row.status, row.fail_code
        )
        for row in rows
    }


def refund_by_number(session: Session, number: str) -> Refund | None:
    """A refund by its number."""
    return session.scalar(select(Refund).where(Refund.out_refund_no == number))


def held_transfers(session: Session) -> Sequence[Transfer]:
    """Transfers that wait for a person, oldest first."""
    return session.scalars(select(Transfer).where(Transfer.status == "held").order_by(Transfer.id)).all()


def transfer_by_number(session: Session, transfer_no: str) -> Transfer | None:
    """A transfer by our number."""
    return session.scalar(select(Transfer).where(Transfer.transfer_no == transfer_no))


def order_by_number(session: Session, out_trade_no: str) -> PaymentOrder | None:
    """A payment order by our number."""
    return session.scalar(select(PaymentOrder).where(PaymentOrder.out_trade_no == out_trade_no))


def notices_about(session: Session, numbers: Sequence[str], limit: int = 20) -> Sequence[PaymentNotice]:
    """Notices that name one of these numbers (of a payment, an order or a refund), newest first."""
    known = [number for number in numbers if number]
    about = or_(
        PaymentNotice.transaction_id.in_(known),
        PaymentNotice.out_trade_no.in_(known),
        PaymentNotice.out_refund_no.in_(known),
    )
    return session.scalars(select(PaymentNotice).where(about).order_by(PaymentNotice.id.desc()).limit(limit)).all()


def notice(session: Session, notice_id: UUID) -> PaymentNotice | None:
    """One call on the notice address, with its body as it came."""
    return session.get(PaymentNotice, notice_id)
