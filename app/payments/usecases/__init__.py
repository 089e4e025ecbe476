"""Rules of money in and money out."""

from app.payments.usecases.notices import record_refused, settle_notice
from app.payments.usecases.orders import (
    OrderRequest,
    ask_again,
    attach_prepay,
    close_order,
    confirm,
    open_order,
    order_request,
    settle_paid,
)
from app.payments.usecases.sweeping import take_up
from app.payments.usecases.transfers import (
    TransferRequest,
    go_on,
    hint_transfer,
    hold_transfer,
    open_transfer,
    record_transfer,
    refuse_transfer,
    transfer_order,
)

__all__ = [
    "OrderRequest",
    "TransferRequest",
    "ask_again",
    "attach_prepay",
    "close_order",
    "confirm",
    "go_on",
    "hint_transfer",
    "hold_transfer",
    "open_order",
    "open_transfer",
    "order_request",
    "record_refused",
    "record_transfer",
    "refuse_transfer",
    "settle_notice",
    "settle_paid",
    "take_up",
    "transfer_order",
]
