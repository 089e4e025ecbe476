"""Jobs of money in and money out: asking and sending until the answer is final."""

from app.payments.jobs import redirections as _redirections
from app.payments.jobs.orders import query_order
from app.payments.jobs.refunds import query_refund, send_refund
from app.payments.jobs.sweeping import take_up
from app.payments.jobs.transfers import query_transfer, send_transfer

__all__ = ["query_order", "query_refund", "query_transfer", "send_refund", "send_transfer", "take_up"]
_DECLARED = _redirections  # importing it declares its task
