"""Tables of repayments, of those taken back, and of certificates that a loan is settled."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Fen, Id, Instant, Ref


class Repayment(Base):
    """One payment a customer set out to make; at most one a loan waits for its money."""

    __tablename__ = "repayments"
    __table_args__ = (
        Index(
            "uq_repayments_live",
            "loan_id",
            unique=True,
            postgresql_where=text("status IN ('opened', 'paying')"),
        ),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("(kind = 'prepayment') = (mode IS NOT NULL)", name="mode"),
        CheckConstraint("paid_by IN ('customer', 'merchant')", name="paid_by"),
        CheckConstraint("NOT interest_free OR (kind = 'payoff' AND paid_by = 'merchant')", name="interest_free"),
        CheckConstraint("(plan_paid_fen IS NULL) = (plan_amount_fen IS NULL)", name="plan"),
        CheckConstraint("status NOT IN ('applied', 'reversed') OR booked_at IS NOT NULL", name="booked"),
    )

    id: Mapped[Id]
    receipt_no: Mapped[str] = mapped_column(String(32), unique=True)
    loan_id: Mapped[UUID] = mapped_column(ForeignKey("loans.id"), index=True)
    customer_id: Mapped[Ref] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(16))  # instalment, due, prepayment, payoff
    mode: Mapped[str | None] = mapped_column(String(16))  # of a prepayment: engine.prepayment.Mode
    paid_by: Mapped[str] = mapped_column(String(16), server_default="customer")  # or merchant: goods given back
    interest_free: Mapped[bool] = mapped_column(server_default=text("false"))  # of a pay-off: the loan never was
    instalment_number: Mapped[int | None]
    quoted_on: Mapped[date]
    amount_fen: Mapped[Fen]
    status: Mapped[str] = mapped_column(String(16))
    principal_fen: Mapped[Fen | None]
    interest_fen: Mapped[Fen | None]
    interest_returned_fen: Mapped[Fen | None]
    overpaid_fen: Mapped[Fen | None]
    penalty_fen: Mapped[Fen | None]
    plan_paid_fen: Mapped[Fen | None]  # of a booked prepayment: what the plan until then had received,
    plan_amount_fen: Mapped[Fen | None]  # and what was left for the plan after penalties
    opened_at: Mapped[Instant]
    paid_at: Mapped[Instant | None]
    booked_at: Mapped[Instant | None]
    recovered: Mapped[bool] = mapped_column(default=False)  # it came when the loan was written off


class RepaymentReversal(Base):
    """A payment that was taken back, why, and how the loan stood before and after; append-only, one a payment."""

    __tablename__ = "repayment_reversals"
    __table_args__ = (CheckConstraint("kind IN ('bounced', 'chargeback', 'wrong_loan')", name="kind"),)

    id: Mapped[Id]
    repayment_id: Mapped[UUID] = mapped_column(ForeignKey("repayments.id"), unique=True)
    loan_id: Mapped[UUID] = mapped_column(ForeignKey("loans.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(200))
    amount_fen: Mapped[Fen]
    actor: Mapped[str] = mapped_column(String(64))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    reversed_at: Mapped[Instant]


class SettlementCertificate(Base):
    """The bank's sealed word that a loan is settled, as it was issued; void when a payment turned out not to be one."""

    __tablename__ = "settlement_certificates"
    __table_args__ = (
        Index("uq_settlement_certificates_loan_id", "loan_id", unique=True, postgresql_where=text("void_at IS NULL")),
        Index("ix_settlement_certificates_document_sha256", "document_sha256"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    loan_id: Mapped[UUID] = mapped_column(ForeignKey("loans.id"))
    settled_at: Mapped[Instant]
    document: Mapped[str] = mapped_column(Text, deferred=True)  # sealed at rest
    document_sha256: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[Instant]
    issued_at: Mapped[Instant]
    void_at: Mapped[Instant | None]
