"""A loan whose past is put right: lived through anew with another history, and what that changes in line and book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit import usecases as credit
from app.kernel import clock, crash_points
from app.kernel.states import transition
from app.loans import domain, queries
from app.loans.domain.reversals import STEPS, CreditGone, HistoryNotRebuildable
from app.loans.models import ClassChange, Loan, Repayment
from app.loans.queries.history import Happened, history
from app.loans.usecases import certificates, settling
from app.loans.usecases.rebuilding import rebuild

_PARTS = ("principal", "interest", "penalty", "overpaid")


@dataclass(frozen=True)
class Standing:
    """Where a loan stands, in fen and days: what a correction changes, for who decides and the audit."""

    status: str
    outstanding_principal_fen: int
    credit_fen: int
    paid_interest_fen: int
    paid_penalty_fen: int
    accrued_interest_fen: int
    accrued_penalty_fen: int
    next_due_on: date | None
    overdue_days: int
    asset_class: int
    due_now_fen: int

    def facts(self) -> dict[str, Any]:
        """As kept with the reversal."""
        return asdict(self) | {"next_due_on": self.next_due_on.isoformat() if self.next_due_on else None}


@dataclass(frozen=True)
class Correction:
    """What a correction did: before and after, the moves in the book, and what other payments settle differently."""

    before: Standing
    after: Standing
    moves: Mapping[str, int]
    redivided: Mapping[str, int]
    lost_fen: int  # what is lost for good by it, less than nothing where a loss becomes smaller


def standing(session: Session, loan: Loan) -> Standing:
    """Where a loan stands today."""
    on = clock.today()
    rows = queries.rows(session, loan, on) if loan.status in domain.OWING else []
    return Standing(
        status=loan.status,
        outstanding_principal_fen=loan.outstanding_principal_fen,
        credit_fen=loan.credit_fen,
        paid_interest_fen=loan.paid_interest_fen,
        paid_penalty_fen=loan.paid_penalty_fen,
        accrued_interest_fen=loan.accrued_interest_fen,
        accrued_penalty_fen=loan.accrued_penalty_fen,
        next_due_on=loan.next_due_on,
        overdue_days=domain.dpd(loan.next_due_on, on, queries.late_terms(loan)),
        asset_class=loan.asset_class,
        due_now_fen=sum(row.total_fen for row in domain.due_rows(rows, on)),
    )


def check_rebuildable(session: Session, loan: Loan) -> None:
    """The loan as it stands comes out of its history to the fen, or nothing of it is put right by machine.

    Whatever a loan went through that its history does not tell (a change of terms, a figure set by hand) shows here.
    Raises HistoryNotRebuildable.
    """
    known, taken_fen, was = _figures(session, loan), _credit_taken(session, loan), (loan.status, loan.asset_class)
    rebuild(session, loan, history(session, loan))
    loan.credit_fen -= taken_fen
    found = _figures(session, loan)
    if found != known:
        names = sorted(name for name in known if known[name] != found[name])
        raise HistoryNotRebuildable("The loan does not come out of its history as it stands.", differ=names)
    loan.status, loan.asset_class = was


def correct(
    session: Session, loan: Loan, events: Sequence[Happened], *, target: Repayment | None, before: Standing
) -> Correction:
    """Live a held loan through anew with other events; puts line, class and certificate right, and says what the book
    needs. `target` is the payment that goes or comes, if it is one. Raises CreditGone, HistoryNotRebuildable."""
    earned, lost, parts = settling.earned(loan), settling.lost(loan), _parts(session, loan, target)
    taken_fen, on_line_fen = _credit_taken(session, loan, target), settling.on_line_fen(loan)
    taken_back_fen = _claimed(target) if target and target.status == "reversed" else 0
    rebuild(session, loan, events)
    crash_points.reach("correction.lived_anew")
    loan.credit_fen -= taken_fen
    if loan.credit_fen < 0:
        raise CreditGone("What was overpaid has gone back to the customer.", missing_fen=-loan.credit_fen)
    _move_status(session, loan, before.status)
    keep_class(session, loan, before.asset_class)
    move_line(session, loan, on_line_fen)
    if before.status == "settled" != loan.status:
        certificates.void_certificate(session, loan_id=loan.id)
    session.flush()
    crash_points.reach("correction.put_right")
    after = standing(session, loan)
    own_fen = taken_back_fen if target and target.status == "reversed" else -_claimed(target)
    redivided = _redivided(parts, _parts(session, loan, target))
    redivided |= domain.losses(replace(lost, claims_fen=lost.claims_fen + own_fen), settling.lost(loan))
    moves = domain.moves(earned, settling.earned(loan))
    return Correction(before, after, moves, redivided, settling.lost(loan).total_fen - lost.total_fen)


def _claimed(target: Repayment | None) -> int:
    """The principal that the payment's own journal takes off the claims of a loan written off."""
    return target.principal_fen or 0 if target and target.recovered else 0


def _redivided(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in before:
        found |= domain.signed(f"{name}_more", f"{name}_less", after[name] - before[name])
    return found


_STANDING = (
    "outstanding_principal_fen", "credit_fen", "paid_interest_fen", "paid_penalty_fen", "next_due_on", "status",
)  # fmt: skip
_TERMS = ("annual_rate", "penalty_rate", "method", "term_months", "repricing", "observed_until", "class_floor")
_LOST = ("written_off_on", "booked_interest_fen", "booked_penalty_fen", "lost_principal_fen")


def _figures(session: Session, loan: Loan) -> dict[str, Any]:
    """What must come out of the history. What time has earned is the end of day's, which may lag behind."""
    rows = [
        (row.number, row.due_on, row.principal_fen, row.interest_fen, row.paid_principal_fen, row.paid_interest_fen,
         row.paid_penalty_fen, row.paid_compound_fen, row.status)
        for row in queries.instalments(session, loan.id)
    ]  # fmt: skip
    figures = {name: getattr(loan, name) for name in (*_STANDING, *_TERMS, *_LOST)}
    return {**figures, "accrued_interest_fen": loan.accrued_interest_fen, "rows": rows}


def _parts(session: Session, loan: Loan, leave_out: Repayment | None) -> dict[str, int]:
    """What the other payments settle, in sum; interest given back counts against interest. What came for a loan that
    was written off is regained, whatever it settled."""
    others = [one for one in _applied(session, loan) if leave_out is None or one.id != leave_out.id]
    sums = dict.fromkeys((*_PARTS, "recovered"), 0)
    for one in others:
        sums["overpaid"] += one.overpaid_fen or 0
        interest_fen = (one.interest_fen or 0) - (one.interest_returned_fen or 0)
        used = {"principal": one.principal_fen or 0, "interest": interest_fen, "penalty": one.penalty_fen or 0}
        for name, fen in used.items():
            sums["recovered" if one.recovered else name] += fen
    return sums


def _credit_taken(session: Session, loan: Loan, target: Repayment | None = None) -> int:
    """What of the money overpaid has gone back: it stays gone, whatever the payments settle now."""
    booked = {one.id: one for one in [*_applied(session, loan), *([target] if target else [])]}
    return sum(one.overpaid_fen or 0 for one in booked.values()) - loan.credit_fen


def _applied(session: Session, loan: Loan) -> Sequence[Repayment]:
    query = select(Repayment).where(Repayment.loan_id == loan.id, Repayment.status == "applied")
    return session.scalars(query).all()


def _move_status(session: Session, loan: Loan, before: str) -> None:
    after, loan.status = loan.status, before
    if after != before:
        transition(session, loan, domain.LOAN_STATES, STEPS[before, after])


def keep_class(session: Session, loan: Loan, before: int) -> None:
    """From the class before to the one the loan has now: a worse one at once; a better one waits for a person."""
    found, loan.asset_class = loan.asset_class, max(before, loan.asset_class)
    if found > before:
        query = select(ClassChange).where(ClassChange.loan_id == loan.id, ClassChange.status == "proposed")
        for proposal in session.scalars(query):
            proposal.status = "withdrawn"
        days = domain.dpd(loan.next_due_on, clock.today(), queries.late_terms(loan))
        session.add(
            ClassChange(
                loan_id=loan.id,
                from_class=before,
                to_class=found,
                overdue_days=days,
                day=clock.today(),
                status="applied",
            )
        )


def move_line(session: Session, loan: Loan, before_fen: int) -> None:
    """What of the loan is used on its credit line has changed, or not."""
    change_fen = settling.on_line_fen(loan) - before_fen
    line = {"line_id": loan.credit_line_id, "application_id": loan.application_id}
    if change_fen > 0:
        credit.owe_again(session, principal_fen=change_fen, **line)
    elif change_fen < 0:
        credit.repay_line(session, principal_fen=-change_fen, **line)

