"""Reading payments, notices and transfers, and the rules that must hold at any time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.wechat_pay import PayBy
from app.kernel import invariants
from app.payments.models import PaymentNotice, PaymentOrder, Transfer


@dataclass(frozen=True)
class OrderView:
    """A payment order as other capabilities see it."""

    order_id: UUID
    out_trade_no: str
    appid: str
    payer_openid: str | None = field(repr=False)
    description: str
    amount_fen: int
    status: str
    expires_at: datetime
    pay_by: PayBy
    payer_address: str | None = field(repr=False)


def order_of(session: Session, *, purpose: str, reference_id: UUID) -> OrderView | None:
    """The payment order that was opened for one thing."""
    order = session.scalar(
        select(PaymentOrder).where(PaymentOrder.purpose == purpose, PaymentOrder.reference_id == reference_id)
    )
    return order_view(order) if order else None


def order_view(order: PaymentOrder) -> OrderView:
    """A row as others see it."""
    return OrderView(
        order_id=order.id,
        out_trade_no=order.out_trade_no,
        appid=order.appid,
        payer_openid=order.payer_openid,
        description=order.description,
        amount_fen=order.amount_fen,
        status=order.status,
        expires_at=order.expires_at,
        pay_by=cast("PayBy", order.pay_by),
        payer_address=order.payer_address,
    )


def transfer_of(session: Session, *, purpose: str, reference_id: UUID) -> Transfer | None:
    """The transfer that was opened for one thing."""
    return session.scalar(
        select(Transfer).where(Transfer.purpose == purpose, Transfer.reference_id == reference_id)
    )


def latest_notices(session: Session, limit: int) -> Sequence[PaymentNotice]:
    """The newest calls on the notice address."""
    return session.scalars(select(PaymentNotice).order_by(PaymentNotice.id.desc()).limit(limit)).all()


def latest_transfers(session: Session, limit: int) -> Sequence[Transfer]:
    """The newest transfers."""
    return session.scalars(select(Transfer).order_by(Transfer.id.desc()).limit(limit)).all()


invariants.register(
    "I5",
    "what left suspense and went back to payers is exactly what refunds and matches took, and never more than came",
    "SELECT u.transaction_id, u.released_fen, u.refunded_fen FROM transaction_uses u"
    " LEFT JOIN (SELECT transaction_id, sum(amount_fen) AS all_fen,"
    " coalesce(sum(amount_fen) FILTER (WHERE source <> 'customer_credit'), 0) AS suspense_fen FROM refunds"
    " WHERE status NOT IN ('closed', 'refused') GROUP BY transaction_id) r USING (transaction_id)"
    " LEFT JOIN (SELECT transaction_id, sum(amount_fen) AS fen FROM suspense_matches GROUP BY transaction_id) m"
    " USING (transaction_id) JOIN payment_transactions t USING (transaction_id)"
    " WHERE u.amount_fen <> t.amount_fen OR u.refunded_fen > t.amount_fen OR u.refunded_fen <> coalesce(r.all_fen, 0)"
    " OR u.released_fen <> coalesce(r.suspense_fen, 0) + coalesce(m.fen, 0)"
    " OR (t.disposition <> 'suspense' AND u.released_fen > 0)"
    " UNION ALL SELECT r.transaction_id, r.amount_fen, 0 FROM refunds r LEFT JOIN transaction_uses u"
    " USING (transaction_id) WHERE u.transaction_id IS NULL",
)
invariants.register(
    "I5",
    "suspense in the book is what is left of the payments that are in suspense",
    "SELECT 'suspense', coalesce(sum(amount_fen), 0) FROM entries WHERE account = 'suspense'"
    " HAVING coalesce(sum(amount_fen), 0) <> -(SELECT coalesce(sum(t.amount_fen - coalesce(u.released_fen, 0)), 0)"
    " FROM payment_transactions t LEFT JOIN transaction_uses u USING (transaction_id)"
    " WHERE t.disposition = 'suspense')",
)
invariants.register(
    "I6",
    "refunds in transit in the book are the refunds that are open, or whose credit is on its way back to a loan",
    "SELECT 'refunds_in_transit', coalesce(sum(amount_fen), 0) FROM entries WHERE account = 'refunds_in_transit'"
    " HAVING coalesce(sum(amount_fen), 0) <> -(SELECT coalesce(sum(r.amount_fen), 0) FROM refunds r"
    " WHERE r.status IN ('requested', 'processing', 'abnormal') OR (r.status IN ('closed', 'refused')"
    " AND NOT EXISTS (SELECT 1 FROM journals j WHERE j.key = 'refund_back:' || r.id)))",
)
invariants.register(
    "I5",
    "each WeChat Pay transaction is credited once, to its own order, with the order's amount",
    "SELECT t.transaction_id, o.out_trade_no FROM payment_transactions t"
    " LEFT JOIN payment_orders o ON o.id = t.order_id WHERE t.disposition = 'credited'"
    " AND (o.id IS NULL OR o.out_trade_no <> t.out_trade_no OR o.amount_fen <> t.amount_fen OR o.status <> 'paid')"
    " UNION ALL SELECT o.out_trade_no, count(t.*)::text FROM payment_orders o LEFT JOIN payment_transactions t"
    " ON t.order_id = o.id AND t.disposition = 'credited' WHERE o.status = 'paid'"
    " GROUP BY o.id HAVING count(t.*) <> 1",
)
invariants.register(
    "I5",
    "every suspended transaction is in the book with its amount",
    "SELECT t.transaction_id, t.amount_fen FROM payment_transactions t WHERE t.disposition = 'suspense'"
    " AND NOT EXISTS (SELECT 1 FROM journals j JOIN entries e ON e.journal_id = j.id"
    " WHERE j.key = 'suspense:' || t.transaction_id AND e.account = 'suspense' AND e.amount_fen = -t.amount_fen)",
)
invariants.register(
    "I6",
    "money in transit in the book is the money of transfers that are sent and not yet booked as loans",
    "SELECT 'transfers_in_transit', coalesce(sum(amount_fen), 0) FROM entries WHERE account = 'transfers_in_transit'"
    " HAVING coalesce(sum(amount_fen), 0) <> (SELECT coalesce(sum(t.amount_fen), 0) FROM transfers t"
    " WHERE t.status IN ('sent', 'succeeded')"
    " AND NOT EXISTS (SELECT 1 FROM drawdowns d WHERE d.id = t.reference_id AND d.status = 'disbursed'))",
)
