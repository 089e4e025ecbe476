"""Four eyes: one member of staff proposes what to do with money, another one decides; the database agrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel import audit, clock, ids
from app.kernel.audience import StaffPrincipal
from app.kernel.states import transition
from app.loans import queries as loans
from app.loans.domain.changed_terms import read_terms
from app.loans.usecases import reliefs
from app.loans.usecases.changing import Change, check
from app.payments import queries as payments
from app.payments import usecases as money
from app.reconciliation.domain import kinds
from app.reconciliation.models import BillDifference, MoneyProposal
from app.reconciliation.usecases import rates
from app.reconciliation.usecases.effects import carry_out


@dataclass(frozen=True)
class ProposalRequest:
    """What to do about what: a payment (its transaction number), a transfer, a difference or a loan (their ids).

    `details` are the terms of a change of a loan, as `loans.domain.changed_terms.read_terms` keeps them; of a waiver or
    a write-off they are `reason_code` and `amounts`, in fen. `card` (bank_type, account_no, account_name) goes with a
    refund to a card and is kept sealed beside the refund, not on the proposal.
    """

    kind: str
    subject_kind: str
    subject_key: str
    reason: str
    amount_fen: int | None = None
    loan_id: UUID | None = None
    details: Mapping[str, Any] | None = None
    card: Mapping[str, str] | None = field(default=None, repr=False)


def propose(session: Session, *, principal: StaffPrincipal, request: ProposalRequest) -> MoneyProposal:
    """Write down what one person wants; nothing moves. Amounts in fen.

    Raises NotForYourRole, ReasonMissing, AnswerImpossible, AlreadyProposed, DifferenceUnknown, DifferenceClosed; for a
    change of a loan whatever `loans.usecases.changing.check` finds.
    """
    kinds.check_role(principal.roles, kinds.PROPOSERS)
    reason = kinds.check_reason(request.reason)
    _check_subject(session, request)
    details = dict(request.details) if request.details else None
    proposal = MoneyProposal(
        id=ids.new_id(),
        kind=request.kind,
        subject_kind=request.subject_kind,
        subject_key=request.subject_key,
        amount_fen=request.amount_fen,
        loan_id=request.loan_id,
        details=details,
        reason=reason,
        status="proposed",
        proposed_by=principal.staff_id,
        proposed_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(proposal)
    except IntegrityError as error:
        raise kinds.AlreadyProposed("Something is proposed for this already.") from error
    if request.kind in kinds.REFUND_KINDS:
        _draft_other_way(session, proposal, request)
    _record(session, principal, "money.proposed", proposal, reason)
    return proposal


def approve(session: Session, *, principal: StaffPrincipal, proposal_id: UUID, reason: str) -> MoneyProposal:
    """Another person agrees: it is carried out in the same transaction. Raises OwnProposal and what it meets there."""
    proposal = _decide(session, principal, proposal_id, reason, "approve")
    carry_out(session, proposal)
    return proposal


def reject(session: Session, *, principal: StaffPrincipal, proposal_id: UUID, reason: str) -> MoneyProposal:
    """Another person does not agree: nothing happens, and something else may be proposed. Raises OwnProposal."""
    proposal = _decide(session, principal, proposal_id, reason, "reject")
    if proposal.kind in kinds.REFUND_KINDS:
        money.drop_redirection(session, redirection_id=proposal.id)
    return proposal


def _decide(
    session: Session, principal: StaffPrincipal, proposal_id: UUID, reason: str, event: str
) -> MoneyProposal:
    kinds.check_role(principal.roles, kinds.DECIDERS)
    reason = kinds.check_reason(reason)
    query = select(MoneyProposal).where(MoneyProposal.id == proposal_id).with_for_update()
    proposal = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if proposal is None:
        raise kinds.ProposalUnknown("There is no such proposal.")
    if proposal.proposed_by == principal.staff_id:
        raise kinds.OwnProposal("Somebody else has to decide this.")
    transition(session, proposal, kinds.PROPOSAL_STATES, event, actor=f"staff:{principal.staff_id}")
    proposal.decided_by, proposal.decided_at = principal.staff_id, clock.now()
    proposal.decision_reason = reason
    session.flush()
    _record(session, principal, f"money.{proposal.status}", proposal, reason)
    return proposal


def _check_subject(session: Session, request: ProposalRequest) -> None:
    """Whether this can be done about such a thing at all; the sums are looked at again when it is carried out."""
    wrong = kinds.AnswerImpossible("This cannot be done here.")
    if request.subject_kind == "payment":
        known = payments.payment_view(session, request.subject_key)
        if known is None or request.kind not in kinds.PAYMENT_KINDS or not (request.amount_fen or 0) > 0:
            raise wrong
        if request.kind == "refund" and known.channel != "wechat_pay":
            raise kinds.AnswerImpossible("This money came from a bank account: match it, or give it back at the bank.")
        most = known.unrefunded_fen
        if known.disposition == "suspense" and request.loan_id is None:
            most = min(most, known.left_fen)
        if request.kind == "match":
            most = known.left_fen
        if (request.amount_fen or 0) > most or (request.kind == "match" and request.loan_id is None):
            raise wrong
    elif request.subject_kind == "transfer":
        if request.kind not in kinds.TRANSFER_KINDS or request.subject_key not in _held(session):
            raise wrong
    elif request.subject_kind == "refund":
        if request.kind not in kinds.REFUND_KINDS or (request.kind == "refund_to_card") != (request.card is not None):
            raise wrong
    elif request.subject_kind == "repayment":
        _check_repayment(session, request)
    elif request.subject_kind == "difference":
        _check_difference(session, request)
    elif request.subject_kind == "benchmark" and request.kind in kinds.RATE_KINDS:
        rates.check(session, request.details)
    elif request.subject_kind == "loan":
        (_check_relief if request.kind in kinds.RELIEF_KINDS else _check_change)(session, request)
    else:
        raise wrong


def _draft_other_way(session: Session, proposal: MoneyProposal, request: ProposalRequest) -> None:
    """The card beside the refund until somebody decides. Raises CardImpossible, NotAbnormal."""
    card = money.read_card(**request.card) if request.card else None
    try:
        refund_id = UUID(request.subject_key)
    except ValueError as error:
        raise kinds.AnswerImpossible("There is no such refund.") from error
    money.draft_redirection(session, redirection_id=proposal.id, refund_id=refund_id, card=card)


def _held(session: Session) -> set[str]:
    return {str(one.id) for one in payments.held_transfers(session)}


def _check_repayment(session: Session, request: ProposalRequest) -> None:
    """A booked payment, and for one of the wrong loan another loan that it goes to."""
    found = loans.booked_payment(session, request.subject_key)
    moves = request.kind == "wrong_loan"
    if found is None or request.kind not in kinds.REPAYMENT_KINDS or moves != (request.loan_id is not None):
        raise kinds.AnswerImpossible("This cannot be done here.")
    if found.loan_id == request.loan_id:
        raise kinds.AnswerImpossible("The money is on this loan already.")


def _check_relief(session: Session, request: ProposalRequest) -> None:
    """What this loan can be given today; it is looked at again on the day of the approval."""
    said = request.details or {}
    if request.kind not in kinds.RELIEF_KINDS:
        raise kinds.AnswerImpossible("This cannot be done here.")
    try:
        loan = loans.any_loan(session, UUID(request.subject_key))
    except ValueError as error:
        raise kinds.AnswerImpossible("There is no such loan.") from error
    reliefs.check(session, loan, request.kind, said.get("reason_code", ""), said.get("amounts", {}))


def _check_difference(session: Session, request: ProposalRequest) -> None:
    try:
        found = session.get(BillDifference, UUID(request.subject_key))
    except ValueError:
        found = None
    if found is None:
        raise kinds.DifferenceUnknown("There is no such difference.")
    if found.status != "open":
        raise kinds.DifferenceClosed("This difference is settled.", status=found.status)
    if request.kind not in kinds.ANSWERS.get(found.kind, ()):
        raise kinds.AnswerImpossible("This is no answer to such a difference.")


def _check_change(session: Session, request: ProposalRequest) -> None:
    """Terms that this loan may have today; they are looked at again on the day of the approval."""
    if request.kind not in kinds.LOAN_KINDS or request.details is None:
        raise kinds.AnswerImpossible("This cannot be done here.")
    try:
        loan = loans.any_loan(session, UUID(request.subject_key))
    except ValueError as error:
        raise kinds.AnswerImpossible("There is no such loan.") from error
    terms = read_terms(request.kind, request.details)
    check(session, loan, Change(ids.new_id(), loan.id, request.kind, clock.today(), terms, request.reason, "a", "b"))


def _record(session: Session, principal: StaffPrincipal, action: str, proposal: MoneyProposal, reason: str) -> None:
    audit.record(
        session,
        actor_kind="staff",
        actor_id=str(principal.staff_id),
        action=action,
        subject_kind="money_proposals",
        subject_id=proposal.id,
        reason=reason,
        facts={"kind": proposal.kind, "about": proposal.subject_kind, "amount_fen": proposal.amount_fen},
    )
