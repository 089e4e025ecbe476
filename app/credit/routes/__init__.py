"""Credit's routes: a customer's applications with cost sheets and contracts, and the public products."""

from app.credit.routes import contracts as _contracts
from app.credit.routes import cost_sheets as _cost_sheets
from app.credit.routes import estimates as _estimates
from app.credit.routes import reviews as _reviews
from app.credit.routes.applications import applications
from app.credit.routes.products import public_products

__all__ = ["applications", "public_products"]
# their routes belong to `applications`; importing them attaches these
_ATTACHED = (_contracts, _cost_sheets, _estimates, _reviews)
