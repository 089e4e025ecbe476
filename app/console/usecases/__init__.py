"""What staff can do in the console."""

from app.console.usecases.partner_changes import change_terms, propose_admission, propose_resumption, shut_off
from app.console.usecases.partner_changes import decide as decide_partner_change
from app.console.usecases.reveals import reveal
from app.console.usecases.sign_in import (
    Candidate,
    OpenedStaffSession,
    authenticate,
    begin_sign_in,
    finish_sign_in,
    prove,
    sign_out,
)
from app.console.usecases.staff import create_staff, dismiss

__all__ = [
    "Candidate",
    "OpenedStaffSession",
    "authenticate",
    "begin_sign_in",
    "change_terms",
    "create_staff",
    "decide_partner_change",
    "dismiss",
    "finish_sign_in",
    "propose_admission",
    "propose_resumption",
    "prove",
    "reveal",
    "shut_off",
    "sign_out",
]
