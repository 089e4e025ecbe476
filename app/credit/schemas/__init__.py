"""What customers send and get of credit; amounts in fen, rates as text."""

from app.credit.schemas.applications import ApplicationDetailOut, ApplicationOut, ApplicationPageOut
from app.credit.schemas.contracts import ContractOut, SignatureIn
from app.credit.schemas.cost_sheets import CostSheetIn, CostSheetOut
from app.credit.schemas.products import ProductPageOut

__all__ = [
    "ApplicationDetailOut",
    "ApplicationOut",
    "ApplicationPageOut",
    "ContractOut",
    "CostSheetIn",
    "CostSheetOut",
    "ProductPageOut",
    "SignatureIn",
]
