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
)
from app.payments.usecases.transfers import (
    TransferRequest,
    hint_transfer,
    hold_transfer,
    open_transfer,
    record_transfer,
    transfer_order,
)

__all__ = [
    "OrderRequest",
    "TransferRequest",
    "ask_again",
    "attach_prepay",
    "close_order",
    "confirm",
    "hint_transfer",
    "hold_transfer",
    "open_order",
    "open_transfer",
    "order_request",
    "record_refused",
    "record_transfer",
    "settle_notice",
    "transfer_order",
]
