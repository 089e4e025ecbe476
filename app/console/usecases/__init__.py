"""What staff can do in the console."""

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
    "create_staff",
    "dismiss",
    "finish_sign_in",
    "prove",
    "reveal",
    "sign_out",
]
