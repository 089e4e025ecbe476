"""What partners' developers can do with their accounts: sign up, in and out, and keep their team."""

from app.portal.usecases.sign_in import Candidate, OpenedSession, authenticate, begin, finish, prove, sign_out
from app.portal.usecases.team import Account, add_member, check_room, remove_member, sign_up

__all__ = [
    "Account",
    "Candidate",
    "OpenedSession",
    "add_member",
    "authenticate",
    "begin",
    "check_room",
    "finish",
    "prove",
    "remove_member",
    "sign_out",
    "sign_up",
]
