"""Orders' routes: merchants, orders and the loans that pay them, for partners."""

from app.orders.routes.loans import partner_loans
from app.orders.routes.orders import partner_orders

__all__ = ["partner_loans", "partner_orders"]
