"""Rules of drawing, servicing and repaying."""

from app.loans.usecases import giving_up  # noqa: F401  what it does is found by whoever lives a loan anew
from app.loans.usecases.booking import apply_payment
from app.loans.usecases.classes import confirm_class, reject_class
from app.loans.usecases.drawdowns import activate, fail_drawdown, open_drawdown, refuse_drawdown
from app.loans.usecases.repayments import (
    Way,
    cancel_repayment,
    close_repayment,
    inside_wechat,
    open_repayment,
    payable_repayment,
    payment_ready,
)
from app.loans.usecases.returned_goods import GivenBack, give_back

__all__ = [
    "GivenBack",
    "Way",
    "activate",
    "apply_payment",
    "cancel_repayment",
    "close_repayment",
    "confirm_class",
    "fail_drawdown",
    "give_back",
    "inside_wechat",
    "open_drawdown",
    "open_repayment",
    "payable_repayment",
    "payment_ready",
    "refuse_drawdown",
    "reject_class",
]
