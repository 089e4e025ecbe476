"""Refunds of financed orders: the rule of a day, how each stands, and what must hold of claims on partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.kernel import invariants
from app.kernel.pagination import Page, PageRequest, paginate
from app.orders.domain import OrderUnknown, RefundRuleMissing
from app.orders.models import FinancedOrder, OrderRefund, OrderRefundClaim, OrderRefundRule


@dataclass(frozen=True)
class RefundView:
    """A refund as its partner sees it: `claim_no` is what the transfer to the bank names."""

    refund_ref: str
    amount_fen: int
    claim_no: str
    status: str
    announced_at: datetime
    collected_at: datetime | None


def refund_rule(session: Session, *, partner_id: UUID, on: date) -> OrderRefundRule:
    """The partner's own rule on a day, else everybody's. Raises RefundRuleMissing."""
    rule, days = OrderRefundRule, (OrderRefundRule.effective_to.is_(None), OrderRefundRule.effective_to > on)
    query = select(rule).where(
        or_(rule.partner_id == partner_id, rule.partner_id.is_(None)), rule.effective_from <= on, or_(*days)
    )
    found = session.scalar(query.order_by(rule.partner_id.is_(None), rule.effective_from.desc()).limit(1))
    if found is None:
        raise RefundRuleMissing(f"no rule of refunds holds on {on}")
    return found


@dataclass(frozen=True)
class RefundRuleView:
    """What a refund does to the loan: of one partner, or (None) of all that have no rule of their own."""

    partner_id: UUID | None
    effective_from: date
    effective_to: date | None
    source: str
    books_on: str  # announcement: at once, the bank advances it; arrival: when the money is there
    mode: str  # lower_instalment, shorter_term
    interest_free_days: int
    most_claimed_fen: int


def rule_view(rule: OrderRefundRule) -> RefundRuleView:
    """A rule as people read it."""
    return RefundRuleView(**{name: getattr(rule, name) for name in RefundRuleView.__dataclass_fields__})


def refund_rules(session: Session, *, since: date) -> list[RefundRuleView]:
    """Every rule that holds on a day or later, that of all partners first; for staff."""
    rule = OrderRefundRule
    rows = session.scalars(
        select(rule)
        .where(or_(rule.effective_to.is_(None), rule.effective_to > since))
        .order_by(rule.partner_id.is_not(None), rule.partner_id, rule.effective_from)
    )
    return [rule_view(row) for row in rows]


def refunds(session: Session, *, partner_id: UUID, order_ref: str, request: PageRequest) -> Page[RefundView]:
    """The refunds of one of the partner's orders, newest first. Raises OrderUnknown."""
    order = FinancedOrder
    known = select(order.id).where(order.partner_id == partner_id, order.order_ref == order_ref)
    order_id = session.scalar(known)
    if order_id is None:
        raise OrderUnknown("There is no such order.")
    of_order = select(OrderRefundClaim).where(OrderRefundClaim.order_id == order_id)
    page = paginate(session, of_order, OrderRefundClaim.id, request)
    told = select(OrderRefund).where(OrderRefund.id.in_([claim.id for claim in page.items]))
    by_id = {refund.id: refund for refund in session.scalars(told)}
    return Page([_view(by_id[claim.id], claim) for claim in page.items], page.next_cursor)


def _view(refund: OrderRefund, claim: OrderRefundClaim) -> RefundView:
    return RefundView(
        refund_ref=refund.refund_ref,
        amount_fen=refund.amount_fen,
        claim_no=claim.claim_no,
        status="collected" if claim.status == "collected" else "announced",
        announced_at=claim.announced_at,
        collected_at=claim.collected_at,
    )


invariants.register(
    "I6",
    "what partners owe for goods given back is the same in the book as in the claims that the bank has advanced",
    "SELECT 'partner_claims', coalesce(sum(amount_fen), 0) FROM entries WHERE account = 'partner_claims'"
    " HAVING coalesce(sum(amount_fen), 0) <> (SELECT coalesce(sum(amount_fen), 0) FROM order_refund_claims"
    " WHERE status = 'booked')",
)
invariants.register(
    "I5",
    "a refund of an order is on its loan exactly when its claim is booked, with the same sum",
    "SELECT c.claim_no, c.status, r.status FROM order_refund_claims c LEFT JOIN journals j"
    " ON j.key = 'partner_claim:' || c.id LEFT JOIN entries e ON e.journal_id = j.id AND e.account = 'partner_claims'"
    " LEFT JOIN repayments r ON r.id = c.id"
    " WHERE (c.status = 'announced') <> (j.id IS NULL) OR e.amount_fen <> c.amount_fen"
    " OR (c.status <> 'announced' AND (r.id IS NULL OR r.amount_fen <> c.amount_fen))",
)
