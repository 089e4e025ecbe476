"""Loans' routes: the customer's loans with their quotes, papers and who may know of them, and the public calculator."""

from app.loans.routes import certificates as _certificates
from app.loans.routes import debits as _debits
from app.loans.routes import papers as _papers
from app.loans.routes import quotes as _quotes
from app.loans.routes import sharing as _sharing
from app.loans.routes.calculator import calculator
from app.loans.routes.servicing import loans

__all__ = ["calculator", "loans"]
# their routes belong to `loans`; importing them attaches them
_ATTACHED = (_certificates, _debits, _papers, _quotes, _sharing)
