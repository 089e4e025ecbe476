"""Giving up: a waiver of what is owed, and a write-off of a whole loan; decided elsewhere by two people, done once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import audit, clock, crash_points
from app.kernel.outbox import emit
from app.ledger import usecases as ledger
from app.ledger.usecases import post
from app.loans import domain, queries
from app.loans.domain.reliefs import (
    WAIVER_REASONS,
    WRITE_OFF_REASONS,
    AlreadyWrittenOff,
    NothingOwed,
    ReliefReasonUnknown,
    Waived,
    WriteOffNotYet,
)
from app.loans.domain.reversals import DayBeingClosed
from app.loans.events import LoanWaived
from app.loans.models import Loan, LoanRelief
from app.loans.queries.reliefs import waivable, write_off_rule
from app.loans.usecases import correcting, settling
from app.loans.usecases.booking import post_losses, settled
from app.loans.usecases.giving_up import PUT


@dataclass(frozen=True)
class Decision:
    """What two people decided: its id makes it happen once; `actor` is who had the last word, `staff:<id>`."""

    relief_id: UUID
    loan_id: UUID
    reason_code: str
    reason: str
    actor: str


def waive(session: Session, *, decision: Decision, amounts: Mapping[str, int]) -> LoanRelief:
    """Give up a part of what is due and unpaid today, in fen by the names of `Waived`: rows, figures, line, book,
    message and audit in one transaction. What was off the balance sheet is simply dropped there; the loan settles when
    nothing remains. A repeat answers what was done.

    Raises LoanUnknown, NothingOwed, WaiverAmountsWrong, WaiverTooLarge, ReliefReasonUnknown, DayBeingClosed."""
    loan, known = _held(session, decision, WAIVER_REASONS)
    if known:
        return known
    wanted = Waived.of(amounts)
    wanted.check_within(waivable(session, loan, clock.today()))
    status, relief = loan.status, _relief(decision, "waiver", wanted)
    _carry_out(session, loan, relief)
    _tell(session, loan, wanted.total_fen)
    if loan.status == "settled" != status:
        emit(session, settled(loan))
    return relief


def write_off(session: Session, *, decision: Decision) -> LoanRelief:
    """Take a whole loan off the balance sheet as lost: principal and what is receivable, by the allowance, once.

    The customer owes what they owed and is told nothing: it is the bank's book that changes. What comes later is
    regained. Raises LoanUnknown, NothingOwed, AlreadyWrittenOff, WriteOffNotYet, ReliefReasonUnknown, DayBeingClosed.
    """
    loan, known = _held(session, decision, WRITE_OFF_REASONS)
    if known:
        return known
    if loan.written_off_on:
        raise AlreadyWrittenOff("The loan was written off before.", on=str(loan.written_off_on))
    relief = _relief(decision, "write_off", Waived())
    check_writable(session, loan)
    rule = write_off_rule(session, clock.today())
    relief.keeps_accruing, relief.keeps_line = rule.keeps_accruing, rule.keeps_line
    _carry_out(session, loan, relief)
    return relief


def check(session: Session, loan: Loan, kind: str, reason_code: str, amounts: Mapping[str, int]) -> None:
    """Whether this could be given up today, before anybody decides. Raises what `waive` and `write_off` raise."""
    reasons = WAIVER_REASONS if kind == "waiver" else WRITE_OFF_REASONS
    if reason_code not in reasons:
        raise ReliefReasonUnknown("Say why by one of the reasons.", reasons=list(reasons))
    if loan.status not in domain.OWING:
        raise NothingOwed("The loan is settled; nothing is owed on it.")
    if kind == "waiver":
        Waived.of(amounts).check_within(waivable(session, loan, clock.today()))
    elif loan.written_off_on:
        raise AlreadyWrittenOff("The loan was written off before.", on=str(loan.written_off_on))
    else:
        check_writable(session, loan)


def check_writable(session: Session, loan: Loan) -> None:
    """Whether the rule of today lets the loan be written off. Raises WriteOffNotYet."""
    rule, on = write_off_rule(session, clock.today()), clock.today()
    days = domain.dpd(loan.next_due_on, on, queries.late_terms(loan))
    if loan.asset_class < rule.min_class or days <= rule.overdue_above:
        raise WriteOffNotYet(
            "The rule does not let this loan be written off yet.", overdue_days=days, asset_class=loan.asset_class,
            overdue_above=rule.overdue_above, min_class=rule.min_class,
        )  # fmt: skip


def _held(session: Session, decision: Decision, reasons: tuple[str, ...]) -> tuple[Loan, LoanRelief | None]:
    """The loan, locked, with every day before today closed on it; and what this decision did before, if it did."""
    if decision.reason_code not in reasons or not decision.reason.strip():
        raise ReliefReasonUnknown("Say why by one of the reasons, and in words.", reasons=list(reasons))
    _, closing = ledger.hold_days(session)
    query = select(Loan).where(Loan.id == decision.loan_id).with_for_update()
    loan = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if loan is None:
        raise domain.LoanUnknown("There is no such loan.")
    known = session.get(LoanRelief, decision.relief_id)
    if known is None:
        if loan.status not in domain.OWING:
            raise NothingOwed("The loan is settled; nothing is owed on it.")
        behind = loan.accrued_through_on < clock.today() - timedelta(days=1)
        if closing or (behind and (loan.status in domain.OPEN_LOAN or loan.keeps_accruing)):
            raise DayBeingClosed("Yesterday is not closed on this loan yet; try again in a few minutes.")
    return loan, known


def _relief(decision: Decision, kind: str, granted: Waived) -> LoanRelief:
    return LoanRelief(
        id=decision.relief_id,
        loan_id=decision.loan_id,
        kind=kind,
        effective_on=clock.today(),
        booked_at=clock.now(),
        reason_code=decision.reason_code,
        reason=decision.reason.strip()[:200],
        actor=decision.actor,
        **{f"granted_{name}": fen for name, fen in granted.parts().items()},
    )


def _carry_out(session: Session, loan: Loan, relief: LoanRelief) -> None:
    """The loan, its line and one journal; before and after are kept with it and in the audit."""
    before = correcting.standing(session, loan)
    earned, lost, on_line_fen = settling.earned(loan), settling.lost(loan), settling.on_line_fen(loan)
    PUT[relief.kind](session, loan, relief)
    session.flush()
    crash_points.reach("relief.put")
    relief.before, relief.after = before.facts(), correcting.standing(session, loan).facts()
    session.add(relief)
    correcting.move_line(session, loan, on_line_fen)
    moves = domain.moves(earned, settling.earned(loan)) | domain.losses(lost, settling.lost(loan))
    lost_fen = settling.lost(loan).total_fen - lost.total_fen
    post_losses(session, loan, f"{relief.kind}:{relief.id}", lost_fen, relief.effective_on)
    post(
        session,
        key=f"{relief.kind}:{relief.id}",
        template=relief.kind,
        amounts_fen=moves,
        subject_id=loan.id,
        business_on=relief.effective_on,
        product_code=loan.product_code,
        partner_id=loan.partner_id,
    )
    _record(session, relief)
    crash_points.reach("relief.booked")


def _tell(session: Session, loan: Loan, amount_fen: int) -> None:
    emit(
        session,
        LoanWaived(
            subject_id=loan.id,
            application_id=loan.application_id,
            customer_id=loan.customer_id,
            partner_id=loan.partner_id,
            order_id=loan.order_id,
            amount_fen=amount_fen,
        ),
    )


def _record(session: Session, relief: LoanRelief) -> None:
    kind, _, who = relief.actor.partition(":")
    parts = {name: getattr(relief, name) for name in Waived().parts()}
    audit.record(
        session,
        actor_kind=kind,
        actor_id=who or kind,
        action="loan.waived" if relief.kind == "waiver" else "loan.written_off",
        subject_kind="loans",
        subject_id=relief.loan_id,
        reason=relief.reason,
        facts={
            "relief_id": str(relief.id), "reason_code": relief.reason_code, **parts,
            "before": relief.before, "after": relief.after,
        },
    )  # fmt: skip
