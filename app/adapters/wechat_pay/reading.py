"""Orders, refunds and notices out of WeChat Pay's JSON."""

from __future__ import annotations

from app.adapters.answers import Fields
from app.adapters.wechat_pay import Refund, Transaction


def read_transaction(fields: Fields) -> Transaction:
    """An order of a query or a notice; what only a payment brings may be missing. Raises AnswerMalformed."""
    amount = fields.inner("amount")
    payer = fields.inner("payer") if fields.has("payer") else Fields({})
    return Transaction(
        out_trade_no=fields.text("out_trade_no"),
        transaction_id=fields.maybe_text("transaction_id"),
        mchid=fields.text("mchid"),
        appid=fields.text("appid"),
        trade_state=fields.text("trade_state"),
        amount_fen=amount.whole("total"),
        currency=amount.maybe_text("currency") or "CNY",
        payer_openid=payer.maybe_text("openid"),
        paid_at=fields.maybe_instant("success_time"),
        payer_total_fen=amount.whole("payer_total") if amount.has("payer_total") else None,
    )


def read_refund(fields: Fields) -> Refund:
    """A refund of an answer (`status`) or a notice (`refund_status`, `mchid`). Raises AnswerMalformed."""
    amount = fields.inner("amount")
    return Refund(
        out_refund_no=fields.text("out_refund_no"),
        refund_id=fields.text("refund_id"),
        out_trade_no=fields.text("out_trade_no"),
        transaction_id=fields.text("transaction_id"),
        status=fields.text("refund_status" if fields.has("refund_status") else "status"),
        amount_fen=amount.whole("refund"),
        order_amount_fen=amount.whole("total"),
        refunded_at=fields.maybe_instant("success_time"),
        mchid=fields.maybe_text("mchid"),
    )
