"""What a change of terms does to a loan's rows and figures; the same when it is made and when it is lived through anew.

What has fallen due stays as it is, with the penalty rate of its day; what has not gives way to the engine's new rows.
Interest earned in the running period is carried into the first of them, exactly, so that the day before and the day
after a change add up, by the statements of the end of day as by the engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.engine.positions import Position, own_interests, position
from app.engine.schedules import Schedule
from app.engine.terms import DayCount
from app.loans import domain, queries
from app.loans.domain import changed_terms
from app.loans.domain.earned import carried_product
from app.loans.domain.repricing import another_spread
from app.loans.domain.reversals import HistoryNotRebuildable
from app.loans.models import Loan, LoanChange, LoanInstalment
from app.loans.queries.changes import rule_on
from app.loans.queries.history import Changed
from app.loans.usecases import settling
from app.loans.usecases.drawing_up import asks_for_what_it_earned, drawn_up

AGREED = ("annual_rate", "all_in_annual_rate", "penalty_rate", "method", "term_months", "repricing")


def apply(
    session: Session, loan: Loan, *, change_id: UUID, kind: str, on: date, terms: Mapping[str, Any],
    by: settling.Step = settling.step,
) -> None:  # fmt: skip
    """Change a held loan that is up to date on the day. Nothing happens to a loan of which nothing is left to fall due.

    Raises PaidAhead where instalments after the day are paid already.
    """
    found = queries.instalments(session, loan.id)
    ahead = [row for row in found if row.status in ("due", "paid") and row.due_on > on]
    if any(row.paid_principal_fen or row.paid_interest_fen for row in ahead):
        until = max(row.due_on for row in ahead if row.paid_principal_fen or row.paid_interest_fen)
        raise changed_terms.PaidAhead("Instalments are paid ahead.", until=until.isoformat())
    known = queries.plan_in_force(session, loan, found)
    settling.count_lateness(loan, found, on)
    folds = kind == "restructuring" and not terms["keep_arrears"]
    folded_fen = _fold(found, on) if folds else 0
    now = position(known.schedule, on, 0)
    principal_fen = now.balance_fen + folded_fen
    if not principal_fen:
        return
    plan, _ = changed_terms.drawn_anew(known.schedule, known.anchor_day, on, kind, terms, principal_fen)
    _keep_agreed(loan)
    asks_for_what_it_earned(found)
    _take_terms(loan, kind, terms, found, plan, on)
    rows = [*found, *_replace(session, loan, found, ahead, plan, on=on, change_id=change_id)]
    _begin_period(loan, rows, plan, now, on)
    _observe(session, loan, kind, on, plan)
    _stand(session, loan, rows, on, by)


def live_again(session: Session, loan: Loan, event: Changed) -> None:
    """The change in the loan's other life: a loan that is over by then is left as it is. Raises HistoryNotRebuildable
    where instalments after the day would now be paid already."""
    if loan.status not in domain.OPEN_LOAN:
        return
    change = session.get_one(LoanChange, event.change_id)

    def quietly(_session: Session, held: Loan, step: str) -> None:
        held.status = domain.LOAN_STATES[held.status, step]

    try:
        apply(
            session, loan, change_id=change.id, kind=change.kind, on=change.effective_on, terms=change.terms, by=quietly
        )
    except changed_terms.PaidAhead as error:
        message, until = "A change of terms would meet paid instalments.", error.context["until"]
        raise HistoryNotRebuildable(message, kind=change.kind, until=until) from error


def agreed_again(loan: Loan) -> dict[str, Any]:
    """The columns of a loan as they were before any change."""
    agreed = loan.agreed_terms or {}
    read = {name: Decimal(agreed[name]) if name.endswith("_rate") else agreed[name] for name in agreed}
    return {"observed_until": None, "class_floor": None, **read}


def _keep_agreed(loan: Loan) -> None:
    if loan.agreed_terms is None:
        values = {name: getattr(loan, name) for name in AGREED}
        loan.agreed_terms = {name: str(it) if isinstance(it, Decimal) else it for name, it in values.items()}


def _fold(found: Sequence[LoanInstalment], on: date) -> int:
    """Overdue principal goes back into the loan; the interest and the penalties of its rows stay owed there."""
    folded_fen = 0
    for row in found:
        if row.status == "due" and row.due_on <= on:
            moved_fen = row.principal_fen - row.paid_principal_fen
            row.principal_fen -= moved_fen
            row.moved_principal_fen += moved_fen
            row.moved_on = on if moved_fen else row.moved_on
            folded_fen += moved_fen
    return folded_fen


def _take_terms(
    loan: Loan, kind: str, terms: Mapping[str, Any], found: Sequence[LoanInstalment], plan: Schedule, on: date
) -> None:
    """The loan's own columns. The penalty rate keeps its ratio to the contract rate; what fees add to the yearly cost
    stays what it was."""
    if kind in ("rate_change", "repricing", "restructuring"):
        rate, penalty_rate = Decimal(terms["annual_rate"]), loan.penalty_rate
        for row in found:
            if row.due_on <= on and row.penalty_rate is None:
                row.penalty_rate = penalty_rate
        if loan.annual_rate:
            loan.penalty_rate = (penalty_rate * rate / loan.annual_rate).quantize(Decimal("0.000001"))
        loan.all_in_annual_rate += rate - loan.annual_rate
        if loan.repricing and kind != "repricing":
            loan.repricing = another_spread(loan.repricing, rate - loan.annual_rate)
        loan.annual_rate = rate
    if kind == "restructuring":
        loan.method = terms["method"]
    if kind in ("restructuring", "extension"):
        last_on = plan.due_on[-1]
        months = (last_on.year - loan.start_on.year) * 12 + last_on.month - loan.start_on.month
        loan.term_months = months + (last_on.day > loan.start_on.day)


def _replace(
    session: Session, loan: Loan, found: Sequence[LoanInstalment], ahead: Sequence[LoanInstalment], plan: Schedule, *,
    on: date, change_id: UUID,
) -> list[LoanInstalment]:  # fmt: skip
    for row in ahead:
        row.status, row.replaced_on = "replaced", on
    rows = drawn_up(loan, plan, after=max(row.number for row in found), drawn_on=on, drawn_by=change_id)
    session.add_all(rows)
    return rows


def _begin_period(
    loan: Loan, rows: Sequence[LoanInstalment], plan: Schedule, now: Position, on: date
) -> None:
    """Interest runs on the new plan from the day on; what was earned before and is not due yet is carried."""
    past = (row.interest_fen for row in rows if row.status != "replaced" and row.due_on <= on)
    loan.interest_before_fen = sum(past)
    loan.period_start_on, loan.period_end_on = on, plan.due_on[0]
    loan.period_principal_fen, loan.period_interest_fen = plan.terms.principal_fen, own_interests(plan)[0]
    loan.period_carried = carried_product(now.accrued_exact, DayCount(loan.day_count))
    loan.accrued_interest_fen = queries.interest_earned(loan, on)


def _observe(session: Session, loan: Loan, kind: str, on: date, plan: Schedule) -> None:
    """An earlier observation goes on beside a new one: the worse floor, the later day."""
    new = changed_terms.observation(rule_on(session, on), kind, on=on, asset_class=loan.asset_class, plan=plan)
    if new:
        still = loan.class_floor if loan.observed_until and loan.observed_until > on else None
        until = max(new.until, loan.observed_until) if still and loan.observed_until else new.until
        loan.class_floor, loan.observed_until = max(new.floor, still or 0), until
        loan.asset_class = max(loan.asset_class, loan.class_floor)


def _stand(session: Session, loan: Loan, rows: Sequence[LoanInstalment], on: date, by: settling.Step) -> None:
    """Where the loan stands now: what is due next, whether it is still late. Income that has stopped stays stopped: it
    begins again when the end of day finds that nothing is late."""
    for row, owed in zip(rows, _owed(loan, rows, on), strict=True):
        if row.status == "due" and row.due_on <= on and not owed.total_fen:
            row.status = "paid" if _settled_fen(row) else "replaced"
            row.replaced_on = on if row.status == "replaced" else None
    open_rows = [owed for row, owed in zip(rows, _owed(loan, rows, on), strict=True) if row.status == "due"]
    loan.next_due_on = min((owed.due_on for owed in open_rows if owed.is_late_if_unpaid), default=None)
    loan.accrued_penalty_fen = queries.penalties_fen(loan, rows, max(on, loan.accrued_through_on + timedelta(days=1)))
    if loan.status == "overdue" and not domain.dpd(loan.next_due_on, on, queries.late_terms(loan)):
        by(session, loan, "cured")


def _settled_fen(row: LoanInstalment) -> int:
    """What of a row was paid or waived: of one without either nothing is left once its principal has moved away."""
    paid_fen = row.paid_principal_fen + row.paid_interest_fen + row.paid_penalty_fen + row.paid_compound_fen
    waived_fen = row.waived_principal_fen + row.waived_interest_fen
    return paid_fen + waived_fen + row.waived_penalty_fen + row.waived_compound_fen


def _owed(loan: Loan, rows: Sequence[LoanInstalment], on: date) -> list[domain.Row]:
    late = queries.late_terms(loan)
    return [queries.owed(row, on, late) for row in rows]
