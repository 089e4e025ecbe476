"""Tables of money in and money out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.crypto import SealedText
from app.kernel.db import Base, Fen, Id, Instant, Ref


class PaymentOrder(Base):
    """One order at WeChat Pay. Its number is ours, made before the first call, the same on every retry."""

    __tablename__ = "payment_orders"
    __table_args__ = (
        UniqueConstraint("purpose", "reference_id"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
    )

    id: Mapped[Id]
    purpose: Mapped[str] = mapped_column(String(32))
    reference_id: Mapped[Ref]
    customer_id: Mapped[Ref] = mapped_column(index=True)
    out_trade_no: Mapped[str] = mapped_column(String(32), unique=True)
    appid: Mapped[str] = mapped_column(String(32))
    pay_by: Mapped[str] = mapped_column(String(16))  # domain.OrderWay
    payer_openid: Mapped[str | None] = mapped_column(SealedText("payment_orders.payer_openid"))  # of JSAPI only
    payer_address: Mapped[str | None] = mapped_column(SealedText("payment_orders.payer_address"))
    description: Mapped[str] = mapped_column(String(127))
    amount_fen: Mapped[Fen]
    status: Mapped[str] = mapped_column(String(16))
    expires_at: Mapped[Instant]
    created_at: Mapped[Instant]
    paid_at: Mapped[Instant | None]


class PaymentTransaction(Base):
    """One payment WeChat Pay or the core bank told us of, by its own number: why nothing is credited twice."""

    __tablename__ = "payment_transactions"

    transaction_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), server_default="wechat_pay")
    order_id: Mapped[UUID | None] = mapped_column(index=True)
    out_trade_no: Mapped[str] = mapped_column(String(32))
    amount_fen: Mapped[Fen]
    disposition: Mapped[str] = mapped_column(String(16))  # credited, suspense
    reason: Mapped[str] = mapped_column(String(32))
    paid_at: Mapped[Instant] = mapped_column(index=True)
    recorded_at: Mapped[Instant]


class PaymentNotice(Base):
    """One call on the notice address, as it came, with what became of it."""

    __tablename__ = "payment_notices"
    __table_args__ = (
        Index("ix_payment_notices_transaction_id", "transaction_id"),
        Index("ix_payment_notices_out_refund_no", "out_refund_no"),
    )

    id: Mapped[Id]
    notice_id: Mapped[str | None] = mapped_column(String(64))
    event_type: Mapped[str | None] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(16))  # domain.Verdict
    reason: Mapped[str] = mapped_column(String(32))
    out_trade_no: Mapped[str | None] = mapped_column(String(32))
    transaction_id: Mapped[str | None] = mapped_column(String(32))
    out_refund_no: Mapped[str | None] = mapped_column(String(64))
    body_sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(SealedText("payment_notices.body"))
    received_at: Mapped[Instant]


class Transfer(Base):
    """One transfer out through the core bank. Never a new number before the old one is final."""

    __tablename__ = "transfers"
    __table_args__ = (
        UniqueConstraint("purpose", "reference_id"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
    )

    id: Mapped[Id]
    purpose: Mapped[str] = mapped_column(String(32))
    reference_id: Mapped[Ref]
    transfer_no: Mapped[str] = mapped_column(String(32), unique=True)
    amount_fen: Mapped[Fen]
    payer_account_no: Mapped[str] = mapped_column(SealedText("transfers.payer_account_no"))
    payee_account_no: Mapped[str] = mapped_column(SealedText("transfers.payee_account_no"))
    payee_name: Mapped[str] = mapped_column(SealedText("transfers.payee_name"))
    payee_bank_code: Mapped[str] = mapped_column(String(16))
    remark: Mapped[str] = mapped_column(String(64))
    product_code: Mapped[str | None] = mapped_column(String(32))
    partner_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(String(16))
    bank_serial: Mapped[str | None] = mapped_column(String(64))
    fail_code: Mapped[str | None] = mapped_column(String(64))
    fail_text: Mapped[str | None] = mapped_column(Text)
    requested_at: Mapped[Instant]
    completed_at: Mapped[Instant | None]


class TransactionUse(Base):
    """What became of a payment's money after it came; none of the sums can pass what was paid."""

    __tablename__ = "transaction_uses"
    __table_args__ = (
        CheckConstraint("released_fen BETWEEN 0 AND amount_fen", name="released_within"),
        CheckConstraint("refunded_fen BETWEEN 0 AND amount_fen", name="refunded_within"),
    )

    transaction_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("payment_transactions.transaction_id"), primary_key=True
    )
    amount_fen: Mapped[Fen]
    released_fen: Mapped[Fen]  # left suspense: refunded or matched
    refunded_fen: Mapped[Fen]  # went back to the payer, or is on its way


class Refund(Base):
    """One refund. Its number is ours, made before the first call, the same on every retry."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount_fen BETWEEN 1 AND paid_fen", name="amount_within"),
        CheckConstraint("source IN ('suspense', 'customer_credit', 'outside')", name="source"),
    )

    id: Mapped[Id]
    out_refund_no: Mapped[str] = mapped_column(String(64), unique=True)
    transaction_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("payment_transactions.transaction_id"), index=True
    )
    out_trade_no: Mapped[str] = mapped_column(String(32))
    amount_fen: Mapped[Fen]
    paid_fen: Mapped[Fen]
    source: Mapped[str] = mapped_column(String(16))  # where the money was; outside: not given back by us
    subject_id: Mapped[Ref]  # the loan whose credit it was, or the payment's own identifier
    reason: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(16))
    refund_id: Mapped[str | None] = mapped_column(String(64), index=True)
    fail_code: Mapped[str | None] = mapped_column(String(64))
    requested_at: Mapped[Instant]
    accepted_at: Mapped[Instant | None]
    completed_at: Mapped[Instant | None]


class RefundRedirection(Base):
    """An abnormal refund on another way, by its proposal's id; the card is kept until the way is over."""

    __tablename__ = "refund_redirections"
    __table_args__ = (
        Index(
            "uq_refund_redirections_open",
            "refund_id",
            unique=True,
            postgresql_where=text("status IN ('drafted', 'requested', 'taken')"),
        ),
    )

    id: Mapped[Id]
    refund_id: Mapped[UUID] = mapped_column(ForeignKey("refunds.id"), index=True)
    way: Mapped[str] = mapped_column(String(16))  # domain.RedirectionWay
    bank_type: Mapped[str | None] = mapped_column(String(16))
    account_no: Mapped[str | None] = mapped_column(SealedText("refund_redirections.account_no"))
    account_name: Mapped[str | None] = mapped_column(SealedText("refund_redirections.account_name"))
    status: Mapped[str] = mapped_column(String(16))
    fail_code: Mapped[str | None] = mapped_column(String(64))
    drafted_at: Mapped[Instant]
    taken_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SuspenseMatch(Base):
    """Money in suspense that turned out to be for something: what it was used for, such as a repayment."""

    __tablename__ = "suspense_matches"
    __table_args__ = (CheckConstraint("amount_fen > 0", name="amount_positive"),)

    id: Mapped[Id]
    transaction_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("payment_transactions.transaction_id"), index=True
    )
    amount_fen: Mapped[Fen]
    purpose: Mapped[str] = mapped_column(String(32))
    reference_id: Mapped[Ref]
    matched_at: Mapped[Instant]
