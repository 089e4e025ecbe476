"""What can be done with cost sheets and contracts."""

from app.contracts.usecases.cost_sheets import confirm_cost_sheet, show_cost_sheet
from app.contracts.usecases.drafting import Draft, draft_contract, present_contract, void_contract
from app.contracts.usecases.rendering import render_contract
from app.contracts.usecases.sealing import SealOrder, open_seal, settle_seal
from app.contracts.usecases.signing import Signer, note_reading, sign_contract

__all__ = [
    "Draft",
    "SealOrder",
    "Signer",
    "confirm_cost_sheet",
    "draft_contract",
    "note_reading",
    "open_seal",
    "present_contract",
    "render_contract",
    "settle_seal",
    "show_cost_sheet",
    "sign_contract",
    "void_contract",
]
