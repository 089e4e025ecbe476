"""Reading money in and money out."""

from app.payments.queries import checks as _checks
from app.payments.queries.money import (
    DaySums,
    OtherWay,
    PaymentView,
    abnormal_refunds,
    held_transfers,
    latest_refunds,
    moved_on,
    notice,
    notices_about,
    order_by_number,
    other_ways,
    paid_by,
    payment_view,
    refund_by_number,
    refunds_of,
    suspense,
    transfer_by_number,
    used_for,
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
    "DaySums",
    "OrderView",
    "OtherWay",
    "PaymentView",
    "abnormal_refunds",
    "held_transfers",
    "latest_notices",
    "latest_refunds",
    "latest_transfers",
    "moved_on",
    "notice",
    "notices_about",
    "order_by_number",
    "order_of",
    "order_view",
    "other_ways",
    "paid_by",
    "payment_view",
    "refund_by_number",
    "refunds_of",
    "suspense",
    "transfer_by_number",
    "transfer_of",
    "used_for",
]
_REGISTERED = _checks  # importing it registers the rules
