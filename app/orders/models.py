"""Rows of merchants and financed orders."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, Uuid
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
    created_at: Mapped[Instant]
    updated_at: Mapped[Instant]
