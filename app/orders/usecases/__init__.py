"""What happens to orders and merchants."""

from app.orders.usecases.after_sales import cancel, refund, ship
from app.orders.usecases.claims import book_claims, collect_claim
from app.orders.usecases.orders import apply, fail, finance, offer, register_merchant, reopen

__all__ = [
    "apply",
    "book_claims",
    "cancel",
    "collect_claim",
    "fail",
    "finance",
    "offer",
    "refund",
    "register_merchant",
    "reopen",
    "ship",
]
