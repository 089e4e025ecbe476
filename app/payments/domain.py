"""The states of a payment order and of a transfer, what a transaction must match, and when to ask again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.kernel.errors import Conflict, NotFound, Unprocessable


class RefundTooLarge(Conflict):
    """More would go back than came, or than is left in suspense."""

    code = "refund.too_large"


class PaymentUnknown(NotFound):
    """WeChat Pay never told of this transaction."""

    code = "payment.unknown"


class NotInSuspense(Conflict):
    """This payment was credited: its money is not in suspense."""

    code = "payment.not_in_suspense"


class NotRefundableHere(Conflict):
    """The money did not come through WeChat Pay: match it, or give it back at the bank."""

    code = "payment.not_refundable_here"


class NotAbnormal(Conflict):
    """Only a refund that cannot reach the payer's account is sent another way, one way at a time."""

    code = "refund.not_abnormal"


class CardImpossible(Unprocessable):
    """Not a card that WeChat Pay can send a refund to."""

    code = "refund.card_impossible"


class TransferUnknownHere(NotFound):
    code = "transfer.unknown"


Channel = Literal["wechat_pay", "core_bank"]
OrderWay = Literal["jsapi", "h5", "native", "bank_account", "bank_transfer"]
BY_BANK = frozenset({"bank_account", "bank_transfer"})  # the core bank tells of them: debits, and transfers to us
Disposition = Literal["credited", "suspense", "duplicate", "ignored"]
Verdict = Literal["credited", "refund", "duplicate", "suspense", "unmatched", "ignored", "refused"]  # of a notice

ORDER_STATES = {
    ("created", "prepaid"): "prepaid",
    ("prepaid", "prepaid"): "prepaid",  # placed again unchanged, for a fresh prepay_id
    ("created", "paid"): "paid",
    ("prepaid", "paid"): "paid",
    ("created", "closed"): "closed",
    ("prepaid", "closed"): "closed",
}
OPEN_ORDER = frozenset({"created", "prepaid"})
PAID_STATES = frozenset({"SUCCESS", "REFUND"})  # of WeChat Pay: the payer's money came, in REFUND some of it went back

TRANSFER_STATES = {
    ("requested", "accepted"): "sent",
    ("requested", "conflict"): "held",
    ("held", "released"): "requested",
    ("held", "given_up"): "failed",
    ("requested", "refused"): "failed",
    ("sent", "succeeded"): "succeeded",
    ("sent", "failed"): "failed",
}
# A refund's end may be told before its acceptance. ABNORMAL is not the end: it can still arrive. Nothing leaves
# succeeded, closed or refused.
REFUND_STATES = {
    ("requested", "accepted"): "processing",
    ("requested", "succeeded"): "succeeded",
    ("requested", "abnormal"): "abnormal",
    ("requested", "closed"): "closed",
    ("requested", "refused"): "refused",
    ("processing", "succeeded"): "succeeded",
    ("processing", "abnormal"): "abnormal",
    ("processing", "closed"): "closed",
    ("abnormal", "succeeded"): "succeeded",
    ("abnormal", "closed"): "closed",
    # WeChat Pay gave it to our own bank account: it left WeChat Pay for good, and the payer has nothing of it
    ("requested", "came_to_us"): "came_to_us",
    ("processing", "came_to_us"): "came_to_us",
    ("abnormal", "came_to_us"): "came_to_us",
}
# An abnormal refund on another way, under its own number: one at a time. `failed`: abnormal again, so another one may
# be proposed; `done`: the refund ended.
REDIRECTION_STATES = {
    ("drafted", "rejected"): "dropped",
    ("drafted", "approved"): "requested",
    ("drafted", "ended"): "done",
    ("requested", "taken"): "taken",
    ("requested", "refused"): "refused",
    ("requested", "ended"): "done",
    ("taken", "failed"): "failed",
    ("taken", "ended"): "done",
}
OPEN_REDIRECTION = frozenset({"drafted", "requested", "taken"})
RedirectionWay = Literal["user_card", "merchant"]
OPEN_REFUND = frozenset({"requested", "processing", "abnormal"})
DEAD_REFUND = frozenset({"closed", "refused"})  # the money never left, or came back
REFUND_EVENTS = {"SUCCESS": "succeeded", "CLOSED": "closed", "PROCESSING": "accepted", "ABNORMAL": "abnormal"}
REFUND_WAITS_S = (5, 15, 30, 60, 300, 600, 1800)
REFUND_LAST_WAIT_S = 3600
RefundSource = Literal["suspense", "customer_credit"]

OPEN_TRANSFER = frozenset({"requested", "sent"})

QUERY_WAITS_S = (1, 2, 4, 8, 15, 30)  # then each minute: WeChat Pay does not guarantee that a notice arrives
QUERY_MINUTE_S = 60
CLOSE_AFTER = timedelta(minutes=5)  # past the order's deadline
TRANSFER_WAITS_S = (2, 2, 4, 8, 15, 30, 60, 300)
TRANSFER_LAST_WAIT_S = 600


@dataclass(frozen=True)
class Expected:
    """What we agreed on when the order was opened."""

    out_trade_no: str
    appid: str
    amount_fen: int
    payer_openid: str | None  # None: paid outside WeChat, where WeChat Pay takes anybody's money for the order
    status: str


@dataclass(frozen=True)
class Received:
    """What WeChat Pay says it received."""

    out_trade_no: str
    mchid: str
    appid: str
    trade_state: str
    amount_fen: int
    currency: str
    payer_openid: str | None
    payer_total_fen: int | None = None
    part_allowed: bool = False  # a debit of an account without enough money brings what there was


def judge(received: Received, expected: Expected | None, our_mchid: str) -> tuple[Disposition, str]:
    """Credit the order, put the money in suspense, or ignore what is no money of ours; with the reason.

    Money that reached our account but does not fit its order is never credited and never lost: it goes to suspense.
    """
    if received.mchid != our_mchid:
        return "ignored", "other_merchant"
    if received.trade_state not in PAID_STATES:
        return "ignored", "not_success"
    if received.currency != "CNY":
        return "ignored", "other_currency"
    if expected is None:
        return "suspense", "order_unknown"
    return _compare(received, expected)


def _compare(received: Received, expected: Expected) -> tuple[Disposition, str]:
    checks = (
        ("other_app", received.appid == expected.appid),
        ("amount_differs", _sum_fits(received, expected)),
        ("refunded", received.trade_state != "REFUND"),  # not by us: who got what back, a person must find out
        ("payer_paid_less", received.payer_total_fen in (None, expected.amount_fen)),  # a coupon repays no loan
        ("other_payer", expected.payer_openid is None or received.payer_openid == expected.payer_openid),
        ("paid_after_close", expected.status != "closed"),
        ("paid_twice", expected.status != "paid"),
    )
    reason = next((name for name, fine in checks if not fine), None)
    return ("suspense", reason) if reason else ("credited", "matched")


def _sum_fits(received: Received, expected: Expected) -> bool:
    if received.part_allowed:
        return 0 < received.amount_fen <= expected.amount_fen
    return received.amount_fen == expected.amount_fen


def query_wait(step: int) -> timedelta:
    """How long after the last query the next one comes."""
    return timedelta(seconds=QUERY_WAITS_S[step] if step < len(QUERY_WAITS_S) else QUERY_MINUTE_S)


def transfer_wait(step: int) -> timedelta:
    """How long after the last question the core bank is asked again."""
    return timedelta(seconds=TRANSFER_WAITS_S[step] if step < len(TRANSFER_WAITS_S) else TRANSFER_LAST_WAIT_S)


def refund_wait(step: int) -> timedelta:
    """How long after the last question WeChat Pay is asked again about a refund."""
    return timedelta(seconds=REFUND_WAITS_S[step] if step < len(REFUND_WAITS_S) else REFUND_LAST_WAIT_S)


def must_close(expires_at: datetime, now: datetime) -> bool:
    """Whether an unpaid order is past its deadline and the time a payment may still be on its way."""
    return now >= expires_at + CLOSE_AFTER
