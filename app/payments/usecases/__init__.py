"""Rules of money in and money out."""

from app.payments.usecases.bank_money import BankMoney, give_back_to_bank, receive_from_bank
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
from app.payments.usecases.refunds import (
    RefundRequest,
    go_on_refund,
    open_refund,
    record_refund,
    refund_order,
    refuse_refund,
    return_credit,
)
from app.payments.usecases.sweeping import take_up
from app.payments.usecases.transfers import (
    TransferRequest,
    give_up_transfer,
    go_on,
    hint_transfer,
    hold_transfer,
    open_transfer,
    record_transfer,
    refuse_transfer,
    release_transfer,
    transfer_order,
)
from app.payments.usecases.uses import match_suspense, record_outside_refund

__all__ = [
    "BankMoney",
    "OrderRequest",
    "RefundRequest",
    "TransferRequest",
    "ask_again",
    "attach_prepay",
    "close_order",
    "confirm",
    "give_back_to_bank",
    "give_up_transfer",
    "go_on",
    "go_on_refund",
    "hint_transfer",
    "hold_transfer",
    "match_suspense",
    "open_order",
    "open_refund",
    "open_transfer",
    "order_request",
    "receive_from_bank",
    "record_outside_refund",
    "record_refund",
    "record_refused",
    "record_transfer",
    "refund_order",
    "refuse_refund",
    "refuse_transfer",
    "release_transfer",
    "return_credit",
    "settle_notice",
    "settle_paid",
    "take_up",
    "transfer_order",
]
