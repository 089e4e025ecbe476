"""Reading money in and money out."""

from app.payments.queries import checks as _checks
from app.payments.queries.money import (
    PaymentView,
    held_transfers,
    latest_refunds,
    notice,
    notices_about,
    order_by_number,
    paid_by,
    payment_view,
    refund_by_number,
    refunds_of,
    suspense,
    transfer_by_number,
)
from app.payments.queries.orders import (
    OrderView,
    latest_notices,
    latest_transfers,
    order_of,
    order_view,
    transfer_of,
)

__all__ = [
    "OrderView",
    "PaymentView",
    "held_transfers",
    "latest_notices",
    "latest_refunds",
    "latest_transfers",
    "notice",
    "notices_about",
    "order_by_number",
    "order_of",
    "order_view",
    "paid_by",
    "payment_view",
    "refund_by_number",
    "refunds_of",
    "suspense",
    "transfer_by_number",
    "transfer_of",
]
_REGISTERED = _checks  # importing it registers the rules
