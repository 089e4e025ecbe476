"""Tables of drawdowns, loan notes, instalments and repayments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Fen, Id, Instant, Ref


class Drawdown(Base):
    """One use of a credit line; one an application."""

    __tablename__ = "drawdowns"

    id: Mapped[Id]
    application_id: Mapped[Ref] = mapped_column(unique=True)
    contract_id: Mapped[Ref]
    credit_line_id: Mapped[Ref] = mapped_column(index=True)
    customer_id: Mapped[Ref] = mapped_column(index=True)
    partner_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None]
    amount_fen: Mapped[Fen]
    status: Mapped[str] = mapped_column(String(16))
    fail_code: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[Instant]


class Loan(Base):
    """A loan note. `outstanding_principal_fen` equals the ledger's principal of this loan."""

    __tablename__ = "loans"
    __table_args__ = (
        CheckConstraint("outstanding_principal_fen >= 0", name="outstanding_not_negative"),
        CheckConstraint("outstanding_principal_fen <= principal_fen", name="outstanding_at_most_principal"),
    )

    id: Mapped[Id]
    loan_no: Mapped[str] = mapped_column(String(32), unique=True)
    drawdown_id: Mapped[Ref] = mapped_column(unique=True)
    application_id: Mapped[Ref] = mapped_column(index=True)
    contract_id: Mapped[Ref]
    credit_line_id: Mapped[Ref]
    customer_id: Mapped[Ref] = mapped_column(index=True)
    enterprise_id: Mapped[Ref]
    partner_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None]
    product_code: Mapped[str] = mapped_column(String(32))
    principal_fen: Mapped[Fen]
    outstanding_principal_fen: Mapped[Fen]
    credit_fen: Mapped[Fen]
    annual_rate: Mapped[Decimal] = mapped_column(Numeric(9, 6))
    all_in_annual_rate: Mapped[Decimal] = mapped_column(Numeric(9, 6))
    method: Mapped[str] = mapped_column(String(32))
    term_months: Mapped[int]
    start_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(16))
    activated_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]


class LoanInstalment(Base):
    """One row of the schedule in force; `replaced` rows gave way to a pay-off row."""

    __tablename__ = "loan_instalments"
    __table_args__ = (
        UniqueConstraint("loan_id", "number"),
        CheckConstraint("paid_principal_fen BETWEEN 0 AND principal_fen", name="paid_principal_within"),
    )

    id: Mapped[Id]
    loan_id: Mapped[UUID] = mapped_column(ForeignKey("loans.id"))
    number: Mapped[int]
    due_on: Mapped[date]
    principal_fen: Mapped[Fen]
    interest_fen: Mapped[Fen]
    paid_principal_fen: Mapped[Fen]
    paid_interest_fen: Mapped[Fen]
    status: Mapped[str] = mapped_column(String(16))  # due, paid, replaced, payoff
    paid_at: Mapped[Instant | None]


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
    )

    id: Mapped[Id]
    receipt_no: Mapped[str] = mapped_column(String(32), unique=True)
    loan_id: Mapped[UUID] = mapped_column(ForeignKey("loans.id"), index=True)
    customer_id: Mapped[Ref] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(16))  # instalment, payoff
    instalment_number: Mapped[int | None]
    quoted_on: Mapped[date]
    amount_fen: Mapped[Fen]
    status: Mapped[str] = mapped_column(String(16))
    principal_fen: Mapped[Fen | None]
    interest_fen: Mapped[Fen | None]
    interest_returned_fen: Mapped[Fen | None]
    overpaid_fen: Mapped[Fen | None]
    opened_at: Mapped[Instant]
    paid_at: Mapped[Instant | None]
