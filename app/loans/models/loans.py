"""Tables of drawdowns, loan notes, instalments and classes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    String,
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
        CheckConstraint("(observed_until IS NULL) = (class_floor IS NULL)", name="observed"),
        Index("ix_loans_open", "id", postgresql_where=text("status IN ('active', 'overdue', 'written_off')")),
        Index("ix_loans_written_off", "id", postgresql_where=text("written_off_on IS NOT NULL")),
        Index("ix_loans_reprices_on", "reprices_on", "id", postgresql_where=text("reprices_on IS NOT NULL")),
        CheckConstraint("(reprices_on IS NULL) = (repricing IS NULL)", name="floating"),
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
    period_carried: Mapped[Decimal] = mapped_column(Numeric(30, 6), default=Decimal(0))  # fen × days of the year
    plan_options: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # engine.plan_options
    agreed_terms: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # None: as the columns say
    repricing: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # Floating; None: fixed
    reprices_on: Mapped[date | None]  # the next day on which the rate is set anew
    observed_until: Mapped[date | None]  # after an extension or a restructuring; until then no better class than
    class_floor: Mapped[int | None] = mapped_column(SmallInteger)
    next_due_on: Mapped[date | None]  # of the oldest instalment that owes principal or interest
    asset_class: Mapped[int] = mapped_column(SmallInteger)  # engine.asset_classes.AssetClass
    written_off_on: Mapped[date | None]
    keeps_accruing: Mapped[bool] = mapped_column(default=True)  # off the balance sheet, once it is written off
    keeps_line: Mapped[bool] = mapped_column(default=True)  # what is owed stays used on the line, once written off
    booked_interest_fen: Mapped[int | None] = mapped_column(BigInteger)  # income that stays, once it is written off
    booked_penalty_fen: Mapped[int | None] = mapped_column(BigInteger)
    lost_principal_fen: Mapped[Fen] = mapped_column(default=0)
    lost_interest_fen: Mapped[Fen] = mapped_column(default=0)
    lost_penalty_fen: Mapped[Fen] = mapped_column(default=0)


class LoanInstalment(Base):
    """One row of the schedule; `replaced` rows gave way to others on `replaced_on`. A `prepaid` or `payoff` row is what
    was paid before it was due. `principal_fen` and `interest_fen` are without what was waived of them."""

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
    waived_principal_fen: Mapped[Fen] = mapped_column(default=0)
    waived_interest_fen: Mapped[Fen] = mapped_column(default=0)
    waived_penalty_fen: Mapped[Fen] = mapped_column(default=0)
    waived_compound_fen: Mapped[Fen] = mapped_column(default=0)
    drawn_on: Mapped[date | None]  # None: from the beginning
    replaced_on: Mapped[date | None]
    drawn_by: Mapped[UUID | None]  # the change of the loan's terms by which it was drawn up
    moved_principal_fen: Mapped[Fen] = mapped_column(default=0)  # into a later plan, by a restructuring,
    moved_on: Mapped[date | None]  # on this day
    penalty_rate: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))  # None: the loan's; else that of its due day
    interest_from_on: Mapped[date | None]  # None: the due day before it; else where a holiday moved only that one
    own_interest_fen: Mapped[int | None] = mapped_column(BigInteger)  # earned in its period; None: what it asks for


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
