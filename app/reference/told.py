"""Every event that partners are told of: when it happens, what it says, and a body as it is sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from app.partners.domain.versions import NEWEST
from app.reference.wording import Both
from app.webhooks.domain import told

HAPPENED_AT = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
SUBJECT = UUID("01990000-0000-7000-8000-000000000001")
WHEN = {
    "application.submitted": Both("客户交了申请。", "The customer has handed the application in."),
    "application.approved": Both("银行同意，客户还没有签约。", "The bank agrees; nothing is signed yet."),
    "application.declined": Both("银行没有同意。原因只告诉客户本人。",
                                 "The bank does not agree. Only the customer learns why."),
    "application.withdrawn": Both("客户撤回，或订单被取消。",
                                  "The customer withdrew it, or the order was cancelled."),
    "application.expired": Both("过了有效期仍未签约。", "It was not signed in time."),
    "contract.signed": Both("客户签了合同，钱还没有付出。", "The customer has signed; the money is not paid yet."),
    "disbursement.succeeded": Both("钱已付给商户。", "The merchant has been paid."),
    "disbursement.failed": Both("没能付给商户，客户不欠款。新会话可以再试。",
                                "The merchant was not paid, the customer owes nothing. A new session tries again."),
    "loan.activated": Both("贷款从此计息。", "The loan bears interest from now on."),
    "loan.settled": Both("贷款已还清。", "The loan is paid off."),
    "loan.reopened": Both("一笔还款被撤回，已还清的贷款又有了余额。",
                          "A payment was taken back, so a settled loan has a balance again."),
    "order.financed": Both("订单已用贷款付款：可以发货。", "The order is paid by the loan: ship it."),
    "order.refund_announced": Both("你告知了一笔退款，银行已记下。",
                                   "You told of a refund, and the bank has noted it."),
    "repayment.succeeded": Both("客户还了一笔，金额不告诉合作方。",
                                "The customer paid something; partners are not told how much."),
    "repayment.reversed": Both("一笔还款被撤回。", "A payment was taken back."),
    "webhook_endpoint.disabled": Both("端点被停用：回答了 410，或五天没有成功。",
                                      "An endpoint was switched off: it answered 410, or nothing for five days."),
    "webhook_endpoint.test": Both("你在门户或接口里要的试投递，只发给那个端点。",
                                  "The test that you asked for, sent to that endpoint only."),
}  # fmt: skip


@dataclass(frozen=True)
class EventPage:
    """One type of event."""

    type: str
    subject: str
    status: str
    when: Both
    example: str
    can_be_triggered: bool


def events() -> list[EventPage]:
    """All types, by name."""
    messages = {message.type: message for listed in told.TOLD.values() for message in listed}
    return [_page(messages[kind]) for kind in sorted(messages)]


def _page(message: told.Told) -> EventPage:
    order_ref = "PO-2026-0001" if message.object_kind in ("order", "application", "contract", "disbursement") else None
    payload = {**told.sample_payload(message, SUBJECT), "triggered": False}
    body = told.write_body(
        message, payload, occurred_at=HAPPENED_AT, sequence=1, previous_status=None, order_ref=order_ref
    )
    example = json.dumps(json.loads(told.in_version(body, NEWEST)), ensure_ascii=False, indent=2)
    return EventPage(
        message.type, message.object_kind, message.object_status, WHEN[message.type], example, not message.only_itself
    )
