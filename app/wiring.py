"""Influence goes up by events: which job hears of which event, the whole of it on one page."""

from __future__ import annotations

LISTENERS: dict[str, tuple[str, ...]] = {
    "estimate.requested": ("credit.estimate",),
    "application.submitted": ("credit.decide", "orders.application_changed", "webhooks.fan_out"),
    "application.approved": ("orders.application_changed", "messages.tell", "webhooks.fan_out"),
    "application.declined": ("orders.application_changed", "messages.tell", "webhooks.fan_out"),
    "application.withdrawn": ("orders.application_changed", "webhooks.fan_out"),
    "application.expired": ("orders.application_changed", "webhooks.fan_out"),
    "customer.phone_changed": ("messages.tell",),
    "contract.customer_signed": ("contracts.seal",),
    "contract.signed": ("credit.contract_signed", "webhooks.fan_out"),
    "application.effective": ("loans.open_drawdown",),
    "transfer.succeeded": ("loans.activate",),
    "transfer.failed": ("loans.fail_drawdown",),
    "drawdown.failed": ("orders.drawdown_failed", "webhooks.fan_out"),
    "loan.activated": ("orders.loan_activated", "messages.tell", "webhooks.fan_out"),
    "order.financed": ("webhooks.fan_out",),
    "order.refund_announced": ("webhooks.fan_out",),
    "payment.succeeded": ("loans.apply_payment",),
    "payment.closed": ("loans.close_repayment",),
    "refund.failed": ("reconciliation.return_credit",),
    "repayment.succeeded": ("messages.tell", "webhooks.fan_out",),
    "loan.due_soon": ("messages.tell",),
    "loan.due": ("messages.tell",),
    "loan.overdue": ("messages.tell",),
    "loan.settled": ("messages.tell", "webhooks.fan_out",),
    "webhook_endpoint.disabled": ("webhooks.fan_out",),
    "webhook_endpoint.tested": ("webhooks.fan_out",),
}
