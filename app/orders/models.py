"""Rows of merchants and financed orders."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.crypto import SealedText
from app.kernel.db import Base, Fen, Id, Instant, Ref


class Merchant(Base):
    """A seller on a partner's platform and the account that is paid; the core bank has matched account and name."""

    __tablename__ = "merchants"
    __table_args__ = (UniqueConstraint("partner_id", "merchant_ref"),)

    id: Mapped[Id]
    partner_id: Mapped[Ref]
    merchant_ref: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(100))
    account_no: Mapped[str] = mapped_column(SealedText("merchants.account_no"))
    account_name: Mapped[str] = mapped_column(SealedText("merchants.account_name"))
    bank_code: Mapped[str] = mapped_column(String(32))
    checked_at: Mapped[Instant]
    created_at: Mapped[Instant]
    updated_at: Mapped[Instant]


class FinancedOrder(Base):
    """An order that a loan is to pay. `customer_id`, `application_id`: who applied last; `loan_id`: what paid it."""

    __tablename__ = "financed_orders"
    __table_args__ = (UniqueConstraint("partner_id", "order_ref"),)

    id: Mapped[Id]
    partner_id: Mapped[Ref]
    order_ref: Mapped[str] = mapped_column(String(64))
    merchant_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("merchants.id"), index=True)
    title: Mapped[str] = mapped_column(String(100))
    amount_fen: Mapped[Fen]
    status: Mapped[str] = mapped_column(String(16))
    customer_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    application_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    loan_id: Mapped[UUID | None] = mapped_column(Uuid)
    refunded_fen: Mapped[Fen] = mapped_column(default=0)
    financed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    shipped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    carrier: Mapped[str | None] = mapped_column(String(100))
    tracking_ref: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[Instant]
    updated_at: Mapped[Instant]


class OrderRefund(Base):
    """What the merchant gives back of a paid order, told once under the partner's own reference."""

    __tablename__ = "order_refunds"
    __table_args__ = (UniqueConstraint("order_id", "refund_ref"),)

    id: Mapped[Id]
    order_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("financed_orders.id"))
    refund_ref: Mapped[str] = mapped_column(String(64))
    amount_fen: Mapped[Fen]
    reason: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[Instant]


class OrderRefundRule(Base):
    """What a refund does to the loan, of one partner or (None) of all without their own, on the days it holds."""

    __tablename__ = "order_refund_rules"
    __table_args__ = (
        Index(
            "uq_order_refund_rules_partner_id", "partner_id", "effective_from", unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip

    id: Mapped[Id]
    partner_id: Mapped[UUID | None] = mapped_column(Uuid)
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200))
    books_on: Mapped[str] = mapped_column(String(16))  # announcement, arrival
    mode: Mapped[str] = mapped_column(String(16))  # engine.prepayment.Mode: what becomes of the rest
    interest_free_days: Mapped[int]  # after the pay-out, for a refund of all principal
    most_claimed_fen: Mapped[Fen]  # what the bank advances for one partner; beyond it, money is waited for


class OrderRefundClaim(Base):
    """The money of a refund on its way from the partner to the bank. `claim_no` is what their transfer names."""

    __tablename__ = "order_refund_claims"
    __table_args__ = (
        Index("ix_order_refund_claims_open", "partner_id", postgresql_where=text("status <> 'collected'")),
    )

    id: Mapped[Id]  # the refund's
    partner_id: Mapped[Ref]
    order_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("financed_orders.id"), index=True)
    claim_no: Mapped[str] = mapped_column(String(32), unique=True)
    amount_fen: Mapped[Fen]
    status: Mapped[str] = mapped_column(String(16))
    announced_at: Mapped[Instant]
    booked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    collected_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SettlementLine(Base):
    """What the bank has paid for a partner's order, or has to get back: never changed."""

    __tablename__ = "settlement_lines"
    __table_args__ = (Index(None, "partner_id", "id"),)

    id: Mapped[Id]
    partner_id: Mapped[Ref]
    order_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("financed_orders.id"))
    kind: Mapped[str] = mapped_column(String(16))
    amount_fen: Mapped[Fen]
    occurred_at: Mapped[Instant]
