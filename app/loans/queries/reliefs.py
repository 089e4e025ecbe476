"""Reading what the bank gave up: the waivers and the write-off of a loan, what could be waived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import invariants
from app.loans import domain
from app.loans.domain.reliefs import Waived
from app.loans.models import Loan, LoanRelief, WriteOffRule
from app.loans.queries.history import READERS, Changed, Happened
from app.loans.queries.loans import rows


def reliefs_of(session: Session, loan_id: UUID) -> Sequence[LoanRelief]:
    """The waivers and the write-off of a loan, oldest first."""
    query = select(LoanRelief).where(LoanRelief.loan_id == loan_id)
    return session.scalars(query.order_by(LoanRelief.booked_at, LoanRelief.id)).all()


def waived_fen(session: Session, loan_id: UUID) -> int:
    """All that the waivers of a loan gave up."""
    return sum(
        one.principal_fen + one.interest_fen + one.penalty_fen + one.compound_fen
        for one in reliefs_of(session, loan_id)
        if one.kind == "waiver"
    )


def happened(session: Session, loan: Loan) -> list[Happened]:
    """They as events of a loan's history."""
    return [Changed(one.effective_on, one.booked_at, one.kind, one.id) for one in reliefs_of(session, loan.id)]


READERS.append(happened)


def waivable(session: Session, loan: Loan, on: date) -> Waived:
    """What can be waived on a day: what is due and unpaid, by its parts."""
    if loan.status not in domain.OWING:
        return Waived()
    due = domain.due_rows(rows(session, loan, on), on)
    return Waived(
        principal_fen=sum(row.principal_fen for row in due),
        interest_fen=sum(row.interest_fen for row in due),
        penalty_fen=sum(row.penalty_fen for row in due),
        compound_fen=sum(row.compound_fen for row in due),
    )


def write_off_rule(session: Session, on: date) -> WriteOffRule:
    """When a loan may be written off, as it holds on a day. Raises ServicingRuleMissing: set-up is incomplete."""
    query = select(WriteOffRule).where(WriteOffRule.effective_from <= on).order_by(WriteOffRule.effective_from.desc())
    found = session.scalar(query.limit(1))
    if found is None:
        raise domain.ServicingRuleMissing(f"no rule of write-off holds on {on}")
    return found


invariants.register(
    "I9",
    "what instalments show as waived is what the waivers of the loan gave up",
    "SELECT l.id::text, i.p, r.p, i.i, r.i, i.n, r.n, i.c, r.c FROM loans l JOIN (SELECT loan_id,"
    " sum(waived_principal_fen) AS p, sum(waived_interest_fen) AS i, sum(waived_penalty_fen) AS n,"
    " sum(waived_compound_fen) AS c FROM loan_instalments GROUP BY loan_id) i ON i.loan_id = l.id"
    " LEFT JOIN (SELECT loan_id, sum(principal_fen) AS p, sum(interest_fen) AS i, sum(penalty_fen) AS n,"
    " sum(compound_fen) AS c FROM loan_reliefs WHERE kind = 'waiver' GROUP BY loan_id) r ON r.loan_id = l.id"
    " WHERE (i.p, i.i, i.n, i.c) IS DISTINCT FROM"
    " (coalesce(r.p, 0), coalesce(r.i, 0), coalesce(r.n, 0), coalesce(r.c, 0))",
)
invariants.register(
    "I6",
    "what loans lost, what is claimed of loans written off and what was regained are the same as in the book",
    "SELECT l.id::text, l.lost_principal_fen + l.lost_interest_fen + l.lost_penalty_fen, b.lost, b.allowance, b.claims,"
    " b.recovered FROM loans l LEFT JOIN (SELECT j.subject_id,"
    " coalesce(sum(e.amount_fen) FILTER (WHERE e.account = 'loan_losses'), 0) AS lost,"
    " coalesce(sum(e.amount_fen) FILTER (WHERE e.account = 'loan_loss_allowance'), 0) AS allowance,"
    " coalesce(sum(e.amount_fen) FILTER (WHERE e.account = 'written_off_claims'), 0) AS claims,"
    " coalesce(-sum(e.amount_fen) FILTER (WHERE e.account = 'recoveries'), 0) AS recovered FROM entries e"
    " JOIN journals j ON j.id = e.journal_id WHERE e.account IN"
    " ('loan_losses', 'loan_loss_allowance', 'written_off_claims', 'recoveries') GROUP BY j.subject_id) b"
    " ON b.subject_id = l.id LEFT JOIN (SELECT loan_id, sum(coalesce(principal_fen, 0) + coalesce(interest_fen, 0)"
    " - coalesce(interest_returned_fen, 0) + coalesce(penalty_fen, 0)) AS fen FROM repayments"
    " WHERE recovered AND status = 'applied' GROUP BY loan_id) r ON r.loan_id = l.id"
    " WHERE (l.lost_principal_fen + l.lost_interest_fen + l.lost_penalty_fen, 0,"
    " CASE WHEN l.written_off_on IS NULL THEN 0 ELSE l.outstanding_principal_fen END, coalesce(r.fen, 0))"
    " IS DISTINCT FROM"
    " (coalesce(b.lost, 0), coalesce(b.allowance, 0), coalesce(b.claims, 0), coalesce(b.recovered, 0))",
)
