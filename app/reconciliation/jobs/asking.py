"""What follows from decisions: asking the other side about a difference, and credit that comes back."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from app.adapters import channels
from app.adapters.wechat_pay import OrderUnknown, PayRefused
from app.kernel.db import retrying, transaction
from app.kernel.jobs import task
from app.payments import queries as payment_queries
from app.payments import usecases as payments
from app.reconciliation import queries, usecases
from app.reconciliation.domain.rows import Channel


@task("reconciliation.ask")
def ask(*, difference_id: str) -> None:
    """Ask whoever knows about what differs, book the answer as any other, and compare the day once more."""
    with transaction() as session:
        found = queries.difference(session, UUID(difference_id))
        if found is None or found.status != "open":
            return
        channel, day, our_no = cast("Channel", found.channel), found.day, found.our_no or ""
        if channel == "core_bank":
            payments.hint_transfer(session, transfer_no=our_no)
        refund = payment_queries.refund_by_number(session, our_no)
        if refund is not None:
            payments.go_on_refund(session, refund_id=refund.id, step=None)
    if channel != "core_bank" and refund is None and our_no:
        _ask_wechat_pay(our_no)
    merchant = channels().wechat_pay.mchid
    with transaction() as session:
        usecases.compare_day(session, channel=channel, day=day, merchant=merchant)


def _ask_wechat_pay(out_trade_no: str) -> None:
    """A payment that we never heard of is booked like any other: on its order, or into suspense."""
    try:
        told = channels().wechat_pay.query(out_trade_no)
    except (OrderUnknown, PayRefused, ValueError):  # a number that is none of ours, such as a transaction of old
        return
    ours = channels().wechat_pay.mchid
    with transaction() as session:
        payments.confirm(session, transaction=told, our_mchid=ours)


@task("reconciliation.return_credit")
def return_credit(*, event_id: str, event: dict[str, Any]) -> None:
    """A refund of a customer's credit had no effect: the loan has its credit again."""
    if event["source"] == "customer_credit":
        retrying(
            lambda session: usecases.return_credit(
                session,
                refund_id=UUID(event["subject_id"]),
                loan_id=UUID(event["owner_id"]),
                amount_fen=event["amount_fen"],
            )
        )
