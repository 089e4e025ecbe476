"""What customers send and get of credit; amounts in fen, rates as text."""

from app.credit.schemas.applications import ApplicationDetailOut, ApplicationOut, ApplicationPageOut
from app.credit.schemas.contracts import ContractOut, SignatureIn
from app.credit.schemas.cost_sheets import CostSheetIn, CostSheetOut
from app.credit.schemas.estimates import EstimateIn, EstimateOut
from app.credit.schemas.products import ProductPageOut
from app.credit.schemas.reviews import ReviewIn, ReviewOut

__all__ = [
    "ApplicationDetailOut",
    "ApplicationOut",
    "ApplicationPageOut",
    "ContractOut",
    "CostSheetIn",
    "CostSheetOut",
    "EstimateIn",
    "EstimateOut",
    "ProductPageOut",
    "ReviewIn",
    "ReviewOut",
    "SignatureIn",
]
