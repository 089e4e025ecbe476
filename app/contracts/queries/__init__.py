"""What others may read of cost sheets and contracts."""

from app.contracts.queries.contracts import (
    ContractView,
    Document,
    contract,
    contract_numbers,
    current_contract,
    document,
    emphasised_clauses,
    evidence,
    sealed_contract,
)
from app.contracts.queries.cost_sheets import CostSheetView, cost_sheet, current_cost_sheet
from app.contracts.queries.issued import issued_contracts

__all__ = [
    "ContractView",
    "CostSheetView",
    "Document",
    "contract",
    "contract_numbers",
    "cost_sheet",
    "current_contract",
    "current_cost_sheet",
    "document",
    "emphasised_clauses",
    "evidence",
    "issued_contracts",
    "sealed_contract",
]
