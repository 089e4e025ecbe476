"""Orders and transfers that are open while no job looks after them, because theirs gave up, are taken up again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, column, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.payments import domain
from app.payments.models import PaymentOrder, Refund, RefundRedirection, Transfer
from app.payments.usecases.orders import ask_again
from app.payments.usecases.redirections import go_on_redirection
from app.payments.usecases.refunds import go_on_refund
from app.payments.usecases.transfers import go_on

A_SWEEP = 500
CARED_FOR = text(
    "SELECT coalesce(args ->> 'order_id', args ->> 'transfer_id', args ->> 'refund_id', args ->> 'redirection_id')"
    "::uuid AS id"
    " FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
    " AND task_name IN ('payments.query_order', 'payments.send_transfer', 'payments.query_transfer',"
    " 'payments.send_refund', 'payments.query_refund', 'payments.redirect_refund')"
)


def take_up(session: Session) -> int:
    """Enqueue the next step of each open order, transfer, refund and redirection that has no job; answers how many.

    A job enqueues the next one before it ends, so one look at the queue never misses both.
    """
    orders = session.scalars(
        select(PaymentOrder.id)
        .where(
            PaymentOrder.status.in_(domain.OPEN_ORDER),
            PaymentOrder.pay_by.not_in(domain.BY_BANK),  # looked after by debits and statements
            _without_job(PaymentOrder.id),
        )
        .limit(A_SWEEP)
    ).all()
    transfers = session.scalars(
        select(Transfer.id).where(Transfer.status.in_(domain.OPEN_TRANSFER), _without_job(Transfer.id)).limit(A_SWEEP)
    ).all()
    refunds = session.scalars(
        select(Refund.id).where(Refund.status.in_(domain.OPEN_REFUND), _without_job(Refund.id)).limit(A_SWEEP)
    ).all()
    for order_id in orders:
        ask_again(session, order_id=order_id, step=0)
    for transfer_id in transfers:
        go_on(session, transfer_id=transfer_id, step=0)
    for refund_id in refunds:
        go_on_refund(session, refund_id=refund_id, step=0)
    redirections = session.scalars(
        select(RefundRedirection.id)
        .where(RefundRedirection.status == "requested", _without_job(RefundRedirection.id))
        .limit(A_SWEEP)
    ).all()
    for redirection_id in redirections:
        go_on_redirection(session, redirection_id=redirection_id, step=0)
    return len(orders) + len(transfers) + len(refunds) + len(redirections)


def _without_job(identity: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    cared_for = CARED_FOR.columns(column("id", Uuid)).subquery()
    return identity.not_in(select(cared_for.c.id))
