"""Loans' routes: the customer's loans with their quotes and papers, and the public calculator."""

from app.loans.routes import papers as _papers
from app.loans.routes import quotes as _quotes
from app.loans.routes.calculator import calculator
from app.loans.routes.servicing import loans

__all__ = ["calculator", "loans"]
_ATTACHED = (_papers, _quotes)  # their routes belong to `loans`; importing them attaches them
