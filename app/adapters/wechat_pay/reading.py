"""Orders, refunds and notices out of WeChat Pay's JSON."""

from __future__ import annotations

from datetime import UTC, datetime

from app.adapters.answers import AnswerMalformed, Fields
from app.adapters.wechat_pay import Refund, Transaction

LONGEST_NUMBER = 32  # out_trade_no and transaction_id, by the interface's description
YEARS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))  # outside, other clocks overflow


def read_transaction(fields: Fields) -> Transaction:
    """An order of a query or a notice; what only a payment brings may be missing. Raises AnswerMalformed."""
    amount = fields.inner("amount")
    payer = fields.inner("payer") if fields.has("payer") else Fields({})
    return Transaction(
        out_trade_no=_number(fields.text("out_trade_no")),
        transaction_id=_number(fields.text("transaction_id")) if fields.maybe_text("transaction_id") else None,
        mchid=fields.text("mchid"),
        appid=fields.text("appid"),
        trade_state=fields.text("trade_state"),
        amount_fen=_positive(amount.whole("total")),
        currency=amount.maybe_text("currency") or "CNY",
        payer_openid=payer.maybe_text("openid"),
        paid_at=_plausible(fields.maybe_instant("success_time")),
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
        refunded_at=_plausible(fields.maybe_instant("success_time")),
        mchid=fields.maybe_text("mchid"),
        created_at=_plausible(fields.maybe_instant("create_time")),
        received_by=fields.maybe_text("user_received_account") or "",
    )


def _number(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise AnswerMalformed("number")
    return text


def _positive(amount_fen: int) -> int:
    if amount_fen <= 0:
        raise AnswerMalformed("amount.total")
    return amount_fen


def _plausible(instant: datetime | None) -> datetime | None:
    if instant and not YEARS[0] <= instant < YEARS[1]:
        raise AnswerMalformed("success_time")
    return instant
