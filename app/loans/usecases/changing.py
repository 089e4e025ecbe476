"""Changing a live loan: tried before anybody decides, and done in one transaction once a second person agrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.credit import queries as credit
from app.credit.domain.parameters import ALL_IN_CAP
from app.engine.internal_rates import xirr
from app.kernel import audit, clock, crash_points
from app.kernel.outbox import emit
from app.ledger import usecases as ledger
from app.loans import domain, queries
from app.loans.domain import changed_terms as rules
from app.loans.events import LoanChanged
from app.loans.models import Loan, LoanChange
from app.loans.queries.changes import changes_of, rule_on
from app.loans.usecases import applying_changes, correcting


@dataclass(frozen=True)
class Change:
    """What is to be changed, from when, why, and who proposed and approved it (`staff:<id>` or `system`)."""

    change_id: UUID
    loan_id: UUID
    kind: str
    effective_on: date
    terms: Mapping[str, Any]
    reason: str
    proposed_by: str
    approved_by: str


def change_loan(session: Session, asked: Change) -> LoanChange:
    """Change a loan's terms, once: schedule, figures, class, audit, history and the customer's message in one
    transaction. No money moves: what was earned and what is owed are the same before and after, so there is no journal.
    A repeat with the same `change_id` answers what was done.

    Raises LoanUnknown, SamePerson, LoanOver, LoanLate, PaidAhead, DayIsOver, DayNotCome, DaysOpen, ChangedToday,
    TermsWrong, NothingChanges, RateAboveCap, ExtendedBefore, ExtensionTooLong; nothing is changed then.
    """
    known = session.get(LoanChange, asked.change_id)
    if known:
        return known
    last_closed_on, closing = ledger.hold_days(session)
    loan = _held(session, asked.loan_id)
    _check_people(asked)
    _check_day(loan, asked.effective_on, last_closed_on, closing=closing)
    check(session, loan, asked)
    before = pictured(session, loan)
    known_class = loan.asset_class
    change = keep(asked, before)
    applying_changes.apply(
        session, loan, change_id=asked.change_id, kind=asked.kind, on=asked.effective_on, terms=asked.terms
    )
    correcting.keep_class(session, loan, known_class)
    session.flush()
    crash_points.reach("change.applied")
    change.after = pictured(session, loan)
    try:
        with session.begin_nested():
            session.add(change)
    except IntegrityError as error:
        raise rules.ChangedToday("The loan was changed on this day already.") from error
    tell(session, loan, change)
    crash_points.reach("change.told")
    return change


def check(session: Session, loan: Loan, asked: Change) -> None:
    """Whether this loan may be changed so on that day; the same when it is proposed and when it is done."""
    if loan.status not in domain.OPEN_LOAN:
        raise rules.LoanOver("The loan is settled.")
    rows = [row for row in queries.instalments(session, loan.id) if row.status != "replaced"]
    ahead, on, terms = [row for row in rows if row.due_on > asked.effective_on], asked.effective_on, asked.terms
    if not ahead and asked.kind != "restructuring":
        raise rules.LoanOver("Everything has fallen due; the term can no longer be changed.")
    late = domain.dpd(loan.next_due_on, on, queries.late_terms(loan))
    if late and asked.kind not in ("repricing", "restructuring"):
        raise rules.LoanLate("Something is overdue.", overdue_days=late)
    if any(row.paid_principal_fen or row.paid_interest_fen for row in ahead):
        raise rules.PaidAhead("Instalments are paid ahead.")
    if any(one.effective_on == on and one.kind != "repricing" for one in changes_of(session, loan.id)):
        raise rules.ChangedToday("The loan was changed on this day already.")
    if asked.kind == "extension":
        _check_extension(session, loan, on, terms)
    if asked.kind == "restructuring":
        rules.check_new_days(terms, on)
    if asked.kind == "due_day_change":
        _check_due_day(session, loan, terms)
    if "annual_rate" in terms:
        _check_rate(session, loan, asked)


def _check_extension(session: Session, loan: Loan, on: date, terms: Mapping[str, Any]) -> None:
    before = sum(one.kind == "extension" for one in changes_of(session, loan.id))
    agreed_months = (loan.agreed_terms or {}).get("term_months", loan.term_months)
    plan = queries.plan_in_force(session, loan, queries.instalments(session, loan.id)).schedule
    rules.check_extension(
        rule_on(session, on),
        agreed_months=agreed_months,
        extended_before=before,
        months=rules.months_of(plan.terms.every, terms["periods"]),
    )


def _check_due_day(session: Session, loan: Loan, terms: Mapping[str, Any]) -> None:
    plan = queries.plan_in_force(session, loan, queries.instalments(session, loan.id))
    if not plan.schedule.terms.every.months:
        raise rules.TermsWrong("Only instalments counted in months have a due day.")
    if plan.anchor_day == terms["anchor_day"]:
        raise rules.NothingChanges("Instalments fall due on this day already.")


def _check_rate(session: Session, loan: Loan, asked: Change) -> None:
    """The yearly cost with the new rate is at most the cap of the day; a restructuring may keep its rate."""
    rate, cap = Decimal(asked.terms["annual_rate"]), credit.parameters(session, on=asked.effective_on)[ALL_IN_CAP]
    if loan.all_in_annual_rate + rate - loan.annual_rate > cap:
        raise rules.RateAboveCap("The yearly cost would be above the cap.", cap=str(cap))
    if rate == loan.annual_rate and asked.kind != "restructuring":
        raise rules.NothingChanges("The loan has this rate already.")


def pictured(session: Session, loan: Loan) -> dict[str, Any]:
    """Where a loan stands, for who decides and for good: terms, the schedule in force, what it costs, its class.

    The yearly cost is the XIRR of the whole life (actual days ÷ 365) on what was paid out and each row of the schedule.
    """
    rows = [row for row in queries.instalments(session, loan.id) if row.status != "replaced"]
    shown: list[dict[str, Any]] = [
        {"number": row.number, "due_on": row.due_on.isoformat(), "principal_fen": row.principal_fen,
         "interest_fen": row.interest_fen}
        for row in sorted(rows, key=lambda row: (row.due_on, row.number))
    ]  # fmt: skip
    coming = [row for row in shown if row["due_on"] > clock.today().isoformat()]
    flows = [(loan.start_on, -loan.principal_fen)]
    flows += [(row.due_on, row.principal_fen + row.interest_fen) for row in rows]
    return {
        "annual_rate": str(loan.annual_rate),
        "penalty_rate": str(loan.penalty_rate),
        "method": loan.method,
        "term_months": loan.term_months,
        "due_day": max((int(row["due_on"][8:]) for row in coming), default=None),
        "next_payment_fen": coming[0]["principal_fen"] + coming[0]["interest_fen"] if coming else 0,
        "next_payment_on": coming[0]["due_on"] if coming else None,
        "last_due_on": shown[-1]["due_on"],
        "total_interest_fen": sum(row["interest_fen"] for row in shown),
        "all_in_annual_rate": str(loan.all_in_annual_rate),
        "yearly_cost": str(xirr(sorted(flows)).quantize(Decimal("0.000001"))),
        "asset_class": loan.asset_class,
        "observed_until": loan.observed_until.isoformat() if loan.observed_until else None,
        "status": loan.status,
        "schedule": shown,
    }


def _held(session: Session, loan_id: UUID) -> Loan:
    query = select(Loan).where(Loan.id == loan_id).with_for_update().execution_options(populate_existing=True)
    loan = session.scalars(query).one_or_none()
    if loan is None:
        raise domain.LoanUnknown("There is no such loan.")
    return loan


def _check_people(asked: Change) -> None:
    if asked.proposed_by == asked.approved_by and asked.kind != "repricing":
        raise rules.SamePerson("Somebody else has to approve this.")


def _check_day(loan: Loan, on: date, last_closed_on: date | None, *, closing: bool) -> None:
    """A change takes effect today, on a loan that has been through every day before."""
    if on < clock.today() or (last_closed_on is not None and on <= last_closed_on):
        raise rules.DayIsOver("The day is over.", day=on.isoformat())
    if on > clock.today():
        raise rules.DayNotCome("The day has not come.", day=on.isoformat())
    if closing or loan.accrued_through_on != on - timedelta(days=1):
        raise rules.DaysOpen("Earlier days are still to be closed; try again in a few minutes.")


def keep(asked: Change, before: dict[str, Any]) -> LoanChange:
    """The row of a change; where the loan stands after it is still to be said."""
    return LoanChange(
        id=asked.change_id,
        loan_id=asked.loan_id,
        kind=asked.kind,
        effective_on=asked.effective_on,
        terms=dict(asked.terms),
        before=before,
        after={},
        journal_keys=[],
        reason=asked.reason.strip()[:200],
        proposed_by=asked.proposed_by,
        approved_by=asked.approved_by,
        changed_at=clock.now(),
    )


def _record(session: Session, change: LoanChange) -> None:
    kind, _, who = change.approved_by.partition(":")
    seen = {name: {key: it for key, it in getattr(change, name).items() if key != "schedule"}
            for name in ("before", "after")}  # fmt: skip
    audit.record(
        session,
        actor_kind=kind,
        actor_id=who or kind,
        action="loan.changed",
        subject_kind="loans",
        subject_id=change.loan_id,
        reason=change.reason,
        facts={"change_id": str(change.id), "kind": change.kind, "terms": change.terms,
               "effective_on": change.effective_on.isoformat(), "proposed_by": change.proposed_by, **seen},
    )  # fmt: skip


def tell(session: Session, loan: Loan, change: LoanChange) -> None:
    """What was done goes into the audit, and to the customer."""
    _record(session, change)
    emit(
        session,
        LoanChanged(
            subject_id=loan.id,
            change_id=change.id,
            application_id=loan.application_id,
            customer_id=loan.customer_id,
            partner_id=loan.partner_id,
            order_id=loan.order_id,
            kind=change.kind,
            effective_on=change.effective_on,
        ),
    )
