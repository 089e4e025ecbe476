"""Tables of drawdowns, loan notes, instalments and repayments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
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
    """A loan note. `outstanding_principal_fen` equals the ledger's principal of this loan.

    Interest and penalty accrue here: what time has earned, up to and including `accrued_through_on`, beside what was
    paid. The period that runs is kept on the row, so that the end of day looks at instalments only where one ends.
    """

    __tablename__ = "loans"
    __table_args__ = (
        CheckConstraint("outstanding_principal_fen >= 0", name="outstanding_not_negative"),
        CheckConstraint("outstanding_principal_fen <= principal_fen", name="outstanding_at_most_principal"),
        CheckConstraint("paid_interest_fen >= 0 AND paid_penalty_fen >= 0", name="paid_not_negative"),
        CheckConstraint("asset_class BETWEEN 1 AND 5", name="asset_class"),
        Index("ix_loans_open", "id", postgresql_where=text("status IN ('active', 'overdue')")),
        Index("ix_loans_partner_id", "partner_id", "id"),
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
    day_count: Mapped[str] = mapped_column(String(8))
    penalty_rate: Mapped[Decimal] = mapped_column(Numeric(9, 6))
    grace_days: Mapped[int]
    compound_penalty: Mapped[bool]
    period_start_on: Mapped[date]
    period_end_on: Mapped[date]
    period_principal_fen: Mapped[Fen]
    period_interest_fen: Mapped[Fen]
    interest_before_fen: Mapped[Fen]
    accrued_through_on: Mapped[date]
    accrued_interest_fen: Mapped[Fen]
    paid_interest_fen: Mapped[Fen]
    accrued_penalty_fen: Mapped[Fen]
    paid_penalty_fen: Mapped[Fen]
    accruing: Mapped[bool]  # to income; else off the balance sheet
    next_due_on: Mapped[date | None]  # of the oldest instalment that owes principal or interest
    asset_class: Mapped[int] = mapped_column(SmallInteger)  # engine.asset_classes.AssetClass


class LoanInstalment(Base):
    """One row of the schedule; `replaced` rows gave way to others on `replaced_on`. A `prepaid` or `payoff` row is what
    was paid before it was due."""

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
    status: Mapped[str] = mapped_column(String(16))  # due, paid, replaced, prepaid, payoff
    paid_at: Mapped[Instant | None]
    overdue_principal_days: Mapped[Fen] = mapped_column(default=0)  # unpaid fen × days, up to overdue_counted_on
    overdue_interest_days: Mapped[Fen] = mapped_column(default=0)
    overdue_counted_on: Mapped[date | None]
    paid_penalty_fen: Mapped[Fen] = mapped_column(default=0)
    paid_compound_fen: Mapped[Fen] = mapped_column(default=0)
    drawn_on: Mapped[date | None]  # None: from the beginning
    replaced_on: Mapped[date | None]


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
        CheckConstraint("(plan_paid_fen IS NULL) = (plan_amount_fen IS NULL)", name="plan"),
        CheckConstraint("status NOT IN ('applied', 'reversed') OR booked_at IS NOT NULL", name="booked"),
    )

    id: Mapped[Id]
    receipt_no: Mapped[str] = mapped_column(String(32), unique=True)
    loan_id: Mapped[UUID] = mapped_column(ForeignKey("loans.id"), index=True)
    customer_id: Mapped[Ref] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(16))  # instalment, due, prepayment, payoff
    mode: Mapped[str | None] = mapped_column(String(16))  # of a prepayment: engine.prepayment.Mode
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


class ServicingRule(Base):
    """Numbers of servicing that a regulator or the bank may change, with the days on which they hold."""

    __tablename__ = "servicing_rules"
    __table_args__ = (UniqueConstraint("effective_from"),)

    id: Mapped[Id]
    effective_from: Mapped[date]
    source: Mapped[str] = mapped_column(Text)
    due_soon_days: Mapped[int]  # before the due day, for the reminder
    principal_first_above: Mapped[int]  # days past due above which payments settle principal first
    income_stops_above: Mapped[int]  # days past due above which interest is kept off the balance sheet
    special_mention_above: Mapped[int]
    substandard_above: Mapped[int]
    doubtful_above: Mapped[int]
    loss_above: Mapped[int]
    restructured_months: Mapped[int]


class EndOfDayChunk(Base):
    """A range of loans by key that one transaction brings through the end of one day."""

    __tablename__ = "end_of_day_chunks"

    day: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_id: Mapped[Ref]
    last_id: Mapped[Ref]
    done_at: Mapped[Instant | None]
    loans: Mapped[int]
    digest: Mapped[Decimal | None] = mapped_column(Numeric)


class EndOfDaySum(Base):
    """What a chunk of loans of one product and partner adds to the day's journal; summed when the day is closed."""

    __tablename__ = "end_of_day_sums"
    __table_args__ = (Index("ix_end_of_day_sums_day", "day", "number"),)

    id: Mapped[Id]
    day: Mapped[date]
    number: Mapped[int]
    product_code: Mapped[str] = mapped_column(String(32))
    partner_id: Mapped[UUID | None]
    interest_income_fen: Mapped[Fen]
    interest_ahead_fen: Mapped[Fen]
    penalty_income_fen: Mapped[Fen]
    penalty_ahead_fen: Mapped[Fen]
    off_balance_fen: Mapped[Fen]


class ClassChange(Base):
    """A change of a loan's class: to a worse one at once, to a better one when staff confirm it."""

    __tablename__ = "class_changes"
    __table_args__ = (
        Index("uq_class_changes_proposed", "loan_id", unique=True, postgresql_where=text("status = 'proposed'")),
        CheckConstraint("from_class BETWEEN 1 AND 5", name="from_class"),
        CheckConstraint("to_class BETWEEN 1 AND 5", name="to_class"),
        CheckConstraint("status IN ('applied', 'proposed', 'confirmed', 'rejected', 'withdrawn')", name="status"),
        CheckConstraint("(status = 'applied') = (to_class > from_class)", name="upgrade"),
        CheckConstraint("(status IN ('confirmed', 'rejected')) = (decided_by IS NOT NULL)", name="decided"),
    )

    id: Mapped[Id]
    loan_id: Mapped[UUID] = mapped_column(ForeignKey("loans.id"), index=True)
    from_class: Mapped[int] = mapped_column(SmallInteger)
    to_class: Mapped[int] = mapped_column(SmallInteger)
    overdue_days: Mapped[int]
    day: Mapped[date]
    status: Mapped[str] = mapped_column(String(16))
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[Instant | None]
