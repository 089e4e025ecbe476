"""Rules of mandates, debits, their files and results."""

from app.debits.usecases.batches import (
    go_on,
    hold_batch,
    keep_file,
    lines_of,
    make_batch,
    settle_sent,
    take_up,
)
from app.debits.usecases.debiting import DebitRequest, open_debit, withdraw_debit
from app.debits.usecases.mandates import (
    AccountQuestion,
    confirm_mandate,
    end_with_consent,
    open_mandate,
    revoke_mandate,
    settle_check,
    suspend_mandate,
)
from app.debits.usecases.results import note_unbooked_return, record_results

__all__ = [
    "AccountQuestion",
    "DebitRequest",
    "confirm_mandate",
    "end_with_consent",
    "go_on",
    "hold_batch",
    "keep_file",
    "lines_of",
    "make_batch",
    "note_unbooked_return",
    "open_debit",
    "open_mandate",
    "record_results",
    "revoke_mandate",
    "settle_check",
    "settle_sent",
    "suspend_mandate",
    "take_up",
    "withdraw_debit",
]
