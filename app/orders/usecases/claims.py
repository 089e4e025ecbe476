"""What a partner gives back for goods: claimed from the partner, booked on the loan, collected; each once.

By the partner's rule of the day the bank books it when it is announced, advancing the sum up to a limit a partner, or
when the money has come. A partner's word alone moves no more than that limit, and never more than the order.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.engine.prepayment import Mode
from app.kernel import clock, crash_points, ids
from app.kernel.states import transition
from app.ledger.usecases import post
from app.loans import usecases as loans
from app.orders.domain import CLAIM_STATES, CLAIM_TIME, PURPOSE
from app.orders.models import FinancedOrder, OrderRefund, OrderRefundClaim
from app.orders.queries.refunds import refund_rule
from app.payments.usecases import OrderRequest, open_order


def open_claim(session: Session, *, order: FinancedOrder, refund: OrderRefund) -> None:
    """Await the money of a refund under a number of our own, which the partner's transfer names."""
    assert order.customer_id, "who borrowed for a paid order is known"
    awaited = open_order(
        session,
        request=OrderRequest(
            order_id=ids.new_id(),
            purpose=PURPOSE,
            reference_id=refund.id,
            customer_id=order.customer_id,
            appid="",
            payer_openid=None,
            description="退货款",
            amount_fen=refund.amount_fen,
            expires_at=clock.now() + CLAIM_TIME,
            pay_by="bank_transfer",
        ),
    )
    session.add(
        OrderRefundClaim(
            id=refund.id,
            partner_id=order.partner_id,
            order_id=order.id,
            claim_no=awaited.out_trade_no,
            amount_fen=refund.amount_fen,
            status="announced",
            announced_at=refund.created_at,
        )
    )
    session.flush()


def book_claims(session: Session, *, order_id: UUID) -> None:
    """Book what is announced for an order and advanced by the partner's rule; again is the same.

    Raises RefundRuleMissing.
    """
    order = session.get_one(FinancedOrder, order_id)
    # one partner's advances are counted one after another
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
    session.execute(lock, {"name": f"order_refund_claims:{order.partner_id}"})
    of_order = OrderRefundClaim.order_id == order_id, OrderRefundClaim.status == "announced"
    query = select(OrderRefundClaim).where(*of_order).order_by(OrderRefundClaim.id).with_for_update()
    for claim in session.scalars(query).all():
        rule = refund_rule(session, partner_id=claim.partner_id, on=clock.local_day(claim.announced_at))
        room_fen = rule.most_claimed_fen - _advanced_fen(session, claim)
        if rule.books_on == "announcement" and claim.amount_fen <= room_fen:
            _book(session, order, claim, claim.announced_at)
            crash_points.reach("order_refund.booked")


def collect_claim(session: Session, *, claim_id: UUID, collected_at: datetime) -> None:
    """The partner's money for a refund has come: booked on the loan unless it was advanced; again is the same.

    Raises RefundRuleMissing.
    """
    claim = session.get_one(OrderRefundClaim, claim_id, with_for_update=True, populate_existing=True)
    if claim.status == "announced":
        _book(session, session.get_one(FinancedOrder, claim.order_id), claim, collected_at)
    if claim.status != "booked":
        return
    claim.collected_at = collected_at
    transition(session, claim, CLAIM_STATES, "collect")
    _post(session, claim, "partner_claim_paid", collected_at)


def _advanced_fen(session: Session, claim: OrderRefundClaim) -> int:
    query = select(func.coalesce(func.sum(OrderRefundClaim.amount_fen), 0)).where(
        OrderRefundClaim.partner_id == claim.partner_id, OrderRefundClaim.status == "booked"
    )
    return int(session.scalar(query) or 0)


def _book(session: Session, order: FinancedOrder, claim: OrderRefundClaim, at: datetime) -> None:
    """In the book the claim stands for the money until it comes; on the loan the money counts from `at` on."""
    assert order.loan_id, "a refund is told of a paid order only"
    rule = refund_rule(session, partner_id=claim.partner_id, on=clock.local_day(claim.announced_at))
    claim.booked_at = clock.now()
    transition(session, claim, CLAIM_STATES, "book")
    _post(session, claim, "partner_claim", at)
    loans.give_back(
        session,
        money=loans.GivenBack(
            repayment_id=claim.id,
            loan_id=order.loan_id,
            amount_fen=claim.amount_fen,
            value_on=clock.local_day(at),
            paid_at=at,
            mode=Mode(rule.mode),
            interest_free_days=rule.interest_free_days,
        ),
    )


def _post(session: Session, claim: OrderRefundClaim, template: str, at: datetime) -> None:
    post(
        session,
        key=f"{template}:{claim.id}",
        template=template,
        amounts_fen={"amount": claim.amount_fen},
        subject_id=claim.id,
        business_on=clock.local_day(at),
        partner_id=claim.partner_id,
    )
