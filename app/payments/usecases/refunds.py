"""Refunds: one number for life, sent until WeChat Pay answers, ended only by WeChat Pay's word, each fen once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.adapters.wechat_pay import Refund as ToldRefund
from app.adapters.wechat_pay import RefundOrder
from app.kernel import clock, ids, jobs
from app.kernel.outbox import emit
from app.kernel.states import transition
from app.ledger.usecases import post
from app.payments import domain
from app.payments.events import RefundFailed, RefundSucceeded
from app.payments.models import PaymentTransaction, Refund
from app.payments.usecases.redirections import end_redirection
from app.payments.usecases.uses import give_up, subject_of, use

SEND, QUERY = "payments.send_refund", "payments.query_refund"
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class RefundRequest:
    """Money that goes back to its payer, decided by two people. `refund_id` is the decision's: a repeat is the same.

    `loan_id` names the loan whose customer credit is given back; without it the money is in suspense.
    """

    refund_id: UUID
    transaction_id: str
    amount_fen: int
    reason: str
    loan_id: UUID | None = None


def open_refund(session: Session, *, request: RefundRequest) -> Refund:
    """Take the money out of where it was and enqueue the refund, get-or-create by `refund_id`. Amounts in fen.

    Raises PaymentUnknown, NotRefundableHere, NotInSuspense, RefundTooLarge.
    """
    known = session.get(Refund, request.refund_id)
    if known:
        return known
    paid = session.get(PaymentTransaction, request.transaction_id)
    if paid is None:
        raise domain.PaymentUnknown("There is no such payment.")
    if paid.channel != "wechat_pay":
        raise domain.NotRefundableHere("WeChat Pay gives back only what it took; this came from a bank account.")
    suspense = request.loan_id is None
    use(session, paid, refunded_fen=request.amount_fen, released_fen=request.amount_fen if suspense else 0)
    refund = Refund(
        id=request.refund_id,
        out_refund_no=ids.outside_number("DKR", request.refund_id),
        transaction_id=paid.transaction_id,
        out_trade_no=paid.out_trade_no,
        amount_fen=request.amount_fen,
        paid_fen=paid.amount_fen,
        source="suspense" if suspense else "customer_credit",
        subject_id=request.loan_id or subject_of(paid.transaction_id),
        reason=request.reason[:80],
        status="requested",
        requested_at=clock.now(),
    )
    session.add(refund)
    session.flush()
    _post(session, refund, "refund_from_suspense" if suspense else "refund_from_credit")
    go_on_refund(session, refund_id=refund.id, step=None)
    return refund


def go_on_refund(session: Session, *, refund_id: UUID, step: int | None) -> None:
    """Enqueue what an open refund needs next: to be sent until WeChat Pay takes it, then to be asked about.

    `step` None: at once. WeChat Pay refuses a second refund of one payment within a minute; it is then sent later.
    """
    refund = session.get_one(Refund, refund_id)
    if refund.status not in domain.OPEN_REFUND:
        return
    name = SEND if refund.status == "requested" else QUERY
    jobs.enqueue(
        session,
        name,
        once=f"{name}:{refund_id}",
        after=None if step is None else domain.refund_wait(step),
        refund_id=refund_id,
        step=step or 0,
    )


def refund_order(refund: Refund, *, notify_url: str) -> RefundOrder:
    """What WeChat Pay is told: the same values on every repeat."""
    return RefundOrder(
        out_refund_no=refund.out_refund_no,
        out_trade_no=refund.out_trade_no,
        amount_fen=refund.amount_fen,
        order_amount_fen=refund.paid_fen,
        reason=refund.reason,
        notify_url=notify_url,
        transaction_id=refund.transaction_id,
    )


def record_refund(session: Session, *, refund_id: UUID, told: ToldRefund) -> bool:
    """Book what WeChat Pay says of a refund, whoever tells and in whatever order; answers whether anything changed."""
    refund = session.get_one(Refund, refund_id, with_for_update=True, populate_existing=True)
    ours = (refund.out_refund_no, refund.transaction_id, refund.amount_fen)
    if ours != (told.out_refund_no, told.transaction_id, told.amount_fen):
        log.error("wechat pay tells of another refund", refund=str(refund_id))
        return False
    refund.refund_id = refund.refund_id or told.refund_id[:64]
    refund.accepted_at = told.created_at or refund.accepted_at or clock.now()
    event = domain.REFUND_EVENTS.get(told.status, "")
    if event == "succeeded" and told.to_merchant:
        event = "came_to_us"
    if (refund.status, event) not in domain.REFUND_STATES:
        return False
    transition(session, refund, domain.REFUND_STATES, event)
    if event == "succeeded":
        _succeed(session, refund, told)
    elif event == "closed":
        _fail(session, refund, "closed")
    elif event == "came_to_us":
        _come_back(session, refund, told)
    elif event == "abnormal":
        log.error("a refund cannot reach the payer's account", refund=str(refund_id))
    if refund.status not in domain.OPEN_REFUND:
        end_redirection(session, refund_id=refund_id)
    return True


def refuse_refund(session: Session, *, refund_id: UUID, fail_code: str) -> None:
    """WeChat Pay refused the refund and knows no such number: no money moved, and none will under this number."""
    refund = session.get_one(Refund, refund_id, with_for_update=True, populate_existing=True)
    if refund.status == "requested":
        transition(session, refund, domain.REFUND_STATES, "refused")
        log.error("wechat pay refuses a refund", refund=str(refund_id), fail_code=fail_code)
        _fail(session, refund, fail_code)


def return_credit(session: Session, *, refund_id: UUID) -> bool:
    """A customer's credit that could not be refunded is credit again, once; whoever keeps the loan calls this."""
    refund = session.get_one(Refund, refund_id)
    return _post(session, refund, "refund_back_to_credit", key=f"refund_back:{refund.id}")


def _succeed(session: Session, refund: Refund, told: ToldRefund) -> None:
    refund.completed_at = told.refunded_at or clock.now()
    _post(session, refund, "refund_paid")
    emit(
        session,
        RefundSucceeded(
            subject_id=refund.id,
            source=refund.source,
            amount_fen=refund.amount_fen,
            completed_at=refund.completed_at,
        ),
    )


def _come_back(session: Session, refund: Refund, told: ToldRefund) -> None:
    """WeChat Pay paid our own bank account: the money is owed to the payer as before, and WeChat Pay has it no more.

    What WeChat Pay gave back stays used, so that it is never asked for this money again.
    """
    refund.completed_at = told.refunded_at or clock.now()
    _post(session, refund, "refund_to_own_account")
    _owe_again(session, refund, "came_to_us", unused_fen=0)


def _fail(session: Session, refund: Refund, fail_code: str) -> None:
    """No money left WeChat Pay."""
    refund.completed_at = clock.now()
    _owe_again(session, refund, fail_code, unused_fen=refund.amount_fen)


def _owe_again(session: Session, refund: Refund, fail_code: str, *, unused_fen: int) -> None:
    """Money of a payment in suspense is in suspense again; that of a loan waits for the loan to take it back."""
    refund.fail_code = fail_code[:64]
    suspense = refund.source == "suspense"
    give_up(session, refund.transaction_id, unused_fen, refund.amount_fen if suspense else 0)
    if suspense:
        _post(session, refund, "refund_back_to_suspense", key=f"refund_back:{refund.id}")
    emit(
        session,
        RefundFailed(
            subject_id=refund.id,
            source=refund.source,
            owner_id=refund.subject_id,
            amount_fen=refund.amount_fen,
            fail_code=refund.fail_code,
        ),
    )


def _post(session: Session, refund: Refund, template: str, key: str = "") -> bool:
    return post(
        session,
        key=key or f"{template}:{refund.id}",
        template=template,
        amounts_fen={"amount": refund.amount_fen},
        subject_id=refund.subject_id,
        business_on=clock.local_day(refund.completed_at or clock.now()),
    )
