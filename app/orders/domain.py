"""The rules of financed orders: their statuses, and what the partner's texts may hold."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from app.kernel import states
from app.kernel.errors import Conflict, Malformed, NotFound, Unprocessable

ORDER_STATES: states.Table = {
    ("offered", "apply"): "applying",
    ("applying", "decline"): "offered",  # the buyer may apply anew, or another person of the firm
    ("applying", "fail"): "failed",
    ("failed", "offer_again"): "offered",
    ("offered", "cancel"): "cancelled",
    ("failed", "cancel"): "cancelled",
    ("applying", "cancel"): "cancelled",  # the application is withdrawn with it
    # Money that was paid out counts, whatever we thought of the order before.
    ("offered", "finance"): "financed",
    ("applying", "finance"): "financed",
    ("failed", "finance"): "financed",
    ("cancelled", "finance"): "financed",
}
# What is given back for goods is a claim on the partner: announced, booked on the loan, collected. By the partner's
# rule it is booked when it is announced (the bank advances it) or only when the money has come.
CLAIM_STATES: states.Table = {
    ("announced", "book"): "booked",
    ("booked", "collect"): "collected",
}
PURPOSE = "order_refund"  # of the payment under which the partner's money is awaited
CLAIM_TIME = timedelta(days=3650)  # a claim does not lapse by waiting
LONGEST_TEXT = 100
REF_PATTERN = r"[A-Za-z0-9._:-]{1,64}\Z"  # partners' own references of orders and merchants
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # controls, zero-width and direction marks, surrogates, unassigned
MOST_MARKS = 3


class OrderUnknown(NotFound):
    code = "order.unknown"


class OrderDiffers(Conflict):
    """The order was told before with another amount or merchant."""

    code = "order.differs"


class OrderClosed(Conflict):
    """The order is paid, cancelled or being paid."""

    code = "order.closed"


class OrderBeingPaid(Conflict):
    """The customer has signed and the merchant is about to be paid: wait for `order.financed`, then refund."""

    code = "order.being_paid"


class OrderNotPaid(Conflict):
    """Goods are shipped and money is given back only for an order that a loan has paid."""

    code = "order.not_paid"


class RefundDiffers(Conflict):
    """This refund was told before with another amount."""

    code = "order.refund_differs"


class RefundRuleMissing(RuntimeError):
    """No row of `order_refund_rules` says what holds today: a loan is not changed by guess."""


class RefundTooLarge(Unprocessable):
    """More than what is left of the order after its other refunds."""

    code = "order.refund_too_large"


class MerchantUnknown(Unprocessable):
    """Register the merchant first."""

    code = "merchant.unknown"


class MerchantAccountRefused(Unprocessable):
    """The core bank does not know this account under this name, or it is closed."""

    code = "merchant.account_refused"


class TextRefused(Unprocessable):
    """A text that people will read holds characters that hide or reverse what they see."""

    code = "order.text_refused"


class RefMalformed(Malformed):
    code = "request.ref_malformed"


class MonthMalformed(Malformed):
    code = "request.month_malformed"


def read_month(month: str) -> date:
    """The first day of `2026-11`. Raises MonthMalformed."""
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", month, re.ASCII):
        raise MonthMalformed("Write a month as 2026-11.")
    return date.fromisoformat(f"{month}-01")


def check_ref(ref: str) -> None:
    """Raises RefMalformed."""
    if not re.match(REF_PATTERN, ref):
        raise RefMalformed("A reference has 1 to 64 letters, digits, dots, underscores, colons, hyphens.")


def clean_text(text: str, field: str) -> str:
    """NFC, trimmed, 1 to 100 code points, no hidden or direction-changing characters. Raises TextRefused."""
    cleaned = unicodedata.normalize("NFC", text).strip()
    hidden = any(unicodedata.category(char) in _HIDDEN for char in cleaned)
    if not 1 <= len(cleaned) <= LONGEST_TEXT or hidden or _stacked(cleaned):
        raise TextRefused("Use 1 to 100 visible characters.", field=field)
    return cleaned


def _stacked(text: str) -> bool:
    """Whether more than three combining marks stand on one character."""
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run > MOST_MARKS:
            return True
    return False


def mask_account(account_no: str) -> str:
    """`6222021234563086` → `尾号 3086`."""
    return f"尾号 {account_no[-4:]}"
