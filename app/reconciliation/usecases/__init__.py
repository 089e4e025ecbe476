"""Rules of reconciliation: bringing bills in, comparing, proposing, deciding."""

from app.reconciliation.usecases.comparing import compare_day, note_unreadable
from app.reconciliation.usecases.effects import return_credit
from app.reconciliation.usecases.imports import NOTHING, add_rows, close_import, open_import
from app.reconciliation.usecases.incoming import take_awaited
from app.reconciliation.usecases.proposals import ProposalRequest, approve, propose, reject

__all__ = [
    "NOTHING",
    "ProposalRequest",
    "add_rows",
    "approve",
    "close_import",
    "compare_day",
    "note_unreadable",
    "open_import",
    "propose",
    "reject",
    "return_credit",
    "take_awaited",
]
