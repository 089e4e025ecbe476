"""What an approved proposal does, in the transaction of the approval; the proposal's id makes it happen once."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel import clock, ids, jobs
from app.kernel.states import transition
from app.ledger.usecases import post
from app.loans.queries import booked_payment
from app.loans.queries.credits import loans_of
from app.loans.usecases import reliefs, unmatched
from app.loans.usecases.changing import Change, change_loan
from app.loans.usecases.repayments import PURPOSE as REPAYMENT
from app.loans.usecases.reversing import reverse_payment
from app.payments import queries as payment_queries
from app.payments import usecases as payments
from app.reconciliation.domain import kinds
from app.reconciliation.models import BillDifference, MoneyProposal
from app.reconciliation.usecases import rates
from app.reconciliation.usecases.comparing import settle_status


def carry_out(session: Session, proposal: MoneyProposal) -> None:
    """Do what two people want. Raises what the step raises; then nothing is decided either."""
    _EFFECTS[proposal.kind](session, proposal)


def return_credit(session: Session, *, refund_id: UUID, loan_id: UUID, amount_fen: int) -> None:
    """A refund of a customer's credit had no effect: book and loan have it again, once."""
    if payments.return_credit(session, refund_id=refund_id):
        unmatched.give_credit_back(session, loan_id=loan_id, amount_fen=amount_fen)


def _refund(session: Session, proposal: MoneyProposal) -> None:
    amount_fen = proposal.amount_fen or 0
    if proposal.loan_id:
        if proposal.loan_id not in loans_of(
            session, payment_queries.used_for(session, proposal.subject_key)
        ):
            raise kinds.AnswerImpossible("This payment was not for this loan.")
        unmatched.take_credit(session, loan_id=proposal.loan_id, amount_fen=amount_fen)
    request = payments.RefundRequest(
        refund_id=proposal.id,
        transaction_id=proposal.subject_key,
        amount_fen=amount_fen,
        reason=proposal.reason,
        loan_id=proposal.loan_id,
    )
    payments.open_refund(session, request=request)


def _match(session: Session, proposal: MoneyProposal) -> None:
    """Out of suspense and onto the loan; it counts for today, when people found out whose it was."""
    amount_fen, loan_id = proposal.amount_fen or 0, proposal.loan_id
    assert loan_id is not None, "a match names its loan"
    payments.match_suspense(
        session,
        match_id=proposal.id,
        transaction_id=proposal.subject_key,
        amount_fen=amount_fen,
        purpose=REPAYMENT,
        reference_id=proposal.id,
    )
    unmatched.apply_unmatched(
        session, repayment_id=proposal.id, loan_id=loan_id, amount_fen=amount_fen, paid_at=clock.now()
    )


def _take_back(session: Session, proposal: MoneyProposal) -> None:
    """Off the loan as if it had never come; money of another loan goes there with the day on which it came."""
    reversal = reverse_payment(
        session,
        repayment_id=UUID(proposal.subject_key),
        reason=proposal.reason,
        kind=kinds.REPAYMENT_KINDS[proposal.kind],
        actor=f"staff:{proposal.decided_by}",
        reversal_id=proposal.id,
    )
    if proposal.loan_id:
        taken = booked_payment(session, proposal.subject_key, reversed_too=True)
        assert taken is not None and taken.paid_at is not None, "it was just taken back"
        unmatched.apply_unmatched(
            session,
            repayment_id=ids.named("moved_repayment", str(proposal.id)),
            loan_id=proposal.loan_id,
            amount_fen=reversal.amount_fen,
            paid_at=taken.paid_at,
            value_on=taken.quoted_on,
        )


def _change_loan(session: Session, proposal: MoneyProposal) -> None:
    """Another rate, due day, term or plan from today, the day on which the second person agrees."""
    asked = Change(
        change_id=proposal.id,
        loan_id=UUID(proposal.subject_key),
        kind=proposal.kind,
        effective_on=clock.today(),
        terms=proposal.details or {},
        reason=proposal.reason,
        proposed_by=f"staff:{proposal.proposed_by}",
        approved_by=f"staff:{proposal.decided_by}",
    )
    change_loan(session, asked)


def _relieve(session: Session, proposal: MoneyProposal) -> None:
    """A waiver or a write-off, with the sums and the reason that were proposed, as of the day of the approval."""
    said = proposal.details or {}
    decision = reliefs.Decision(
        relief_id=proposal.id,
        loan_id=UUID(proposal.subject_key),
        reason_code=said.get("reason_code", ""),
        reason=proposal.reason,
        actor=f"staff:{proposal.decided_by}",
    )
    if proposal.kind == "waiver":
        reliefs.waive(session, decision=decision, amounts=said.get("amounts", {}))
    else:
        reliefs.write_off(session, decision=decision)


def _other_way(session: Session, proposal: MoneyProposal) -> None:
    payments.open_redirection(session, redirection_id=proposal.id)


def _publish_rate(session: Session, proposal: MoneyProposal) -> None:
    rates.publish(session, proposal.details, proposal.reason)


def _release(session: Session, proposal: MoneyProposal) -> None:
    payments.release_transfer(session, transfer_id=UUID(proposal.subject_key))


def _give_up(session: Session, proposal: MoneyProposal) -> None:
    payments.give_up_transfer(session, transfer_id=UUID(proposal.subject_key))


def _accept(session: Session, proposal: MoneyProposal) -> None:
    _close(session, _difference(session, proposal), "explained")


def _correct(session: Session, proposal: MoneyProposal) -> None:
    """Post what the other side says and we did not, on an account that shows what is still to be cleared up."""
    found = _difference(session, proposal)
    wechat, surplus_fen = found.channel != "core_bank", _surplus_fen(session, found)
    if found.kind == "fee":
        template = "channel_fee" if surplus_fen > 0 else "channel_fee_returned"
    else:
        side = "bill" if wechat else "statement"
        template = f"{side}_{'surplus' if surplus_fen > 0 else 'shortfall'}"
    if not surplus_fen:
        raise kinds.AnswerImpossible("There is no sum to correct.")
    post(
        session,
        key=f"difference:{found.id}:{proposal.id}",
        template=template,
        amounts_fen={"amount": abs(surplus_fen)},
        subject_id=found.id,
        business_on=clock.today(),
    )
    _close(session, found, "corrected")


def _surplus_fen(session: Session, found: BillDifference) -> int:
    """What moved towards us by the bill and not by the book; money that goes out is less than nothing."""
    if found.kind == "fee":
        return round((found.fee_milli or 0) / 1000)
    refund = payment_queries.refund_by_number(session, found.our_no or "")
    sent = found.channel == "core_bank" and found.related_no != "in"
    outgoing = sent or refund is not None or found.kind == "refund_missing"
    surplus_fen = (found.theirs_fen or 0) - (found.ours_fen or 0)
    return -surplus_fen if outgoing else surplus_fen


def _outside_refund(session: Session, proposal: MoneyProposal) -> None:
    """A refund made on WeChat Pay's own pages: gone from suspense. Raises what `record_outside_refund` raises."""
    found = _difference(session, proposal)
    if found.theirs_fen is None:
        raise kinds.AnswerImpossible("The bill tells of no such refund.")
    payments.record_outside_refund(
        session,
        transaction_id=found.related_no or "",
        out_refund_no=found.our_no or "",
        refund_id=found.their_no or "",
        amount_fen=found.theirs_fen,
    )
    _close(session, found, "corrected")


def _ask(session: Session, proposal: MoneyProposal) -> None:
    jobs.enqueue(session, "reconciliation.ask", difference_id=_difference(session, proposal).id)


def _fetch(session: Session, proposal: MoneyProposal) -> None:
    found = _difference(session, proposal)
    jobs.enqueue(session, "reconciliation.reconcile", channel=found.channel, day=found.day.isoformat())


def _difference(session: Session, proposal: MoneyProposal) -> BillDifference:
    found = session.get_one(BillDifference, UUID(proposal.subject_key), with_for_update=True, populate_existing=True)
    if found.status != "open":
        raise kinds.DifferenceClosed("This difference is settled.", status=found.status)
    return found


def _close(session: Session, found: BillDifference, event: str) -> None:
    transition(session, found, kinds.DIFFERENCE_STATES, event)
    found.closed_at = clock.now()
    session.flush()
    settle_status(session, channel=found.channel, day=found.day)


_EFFECTS: dict[str, Callable[[Session, MoneyProposal], None]] = {
    "refund": _refund,
    "match": _match,
    **dict.fromkeys(kinds.REPAYMENT_KINDS, _take_back),
    **dict.fromkeys(kinds.LOAN_KINDS, _change_loan),
    **dict.fromkeys(kinds.RELIEF_KINDS, _relieve),
    **dict.fromkeys(kinds.REFUND_KINDS, _other_way),
    "publish_rate": _publish_rate,
    "release": _release,
    "give_up": _give_up,
    "accept": _accept,
    "correct": _correct,
    "outside_refund": _outside_refund,
    "ask": _ask,
    "fetch": _fetch,
}
