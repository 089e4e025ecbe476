"""Rules about partners' developers: roles and what they may do, accounts, how long a session lasts."""

from __future__ import annotations

import re
from datetime import timedelta

from app.kernel.errors import Conflict, Forbidden, NotFound, TooMany, Unauthenticated, Unprocessable

OWNER, DEVELOPER, VIEWER = ROLES = ("owner", "developer", "viewer")
PERMISSIONS = {"look": frozenset(ROLES), "build": frozenset({OWNER, DEVELOPER}), "team": frozenset({OWNER})}

IDLE = timedelta(hours=1)
ABSOLUTE = timedelta(hours=12)
TRIES = 5
TRIES_WINDOW = timedelta(minutes=15)
MIN_PASSWORD, MAX_PASSWORD = 12, 200
MOST_MEMBERS, MOST_ORIGINS, MOST_KEYS = 20, 50, 50
ROTATION_OVERLAP = timedelta(days=7)
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


class TestModeOnly(Forbidden):
    """Accounts are made by oneself in test deployments only; live partners are admitted by the bank."""

    code = "portal.test_mode_only"


class SignInRefused(Unauthenticated):
    """Name or password are wrong; the same answer for both."""

    code = "portal.sign_in_refused"


class SignInLocked(TooMany):
    """Five wrong tries for one name within a quarter of an hour."""

    code = "portal.sign_in_locked"


class PortalSessionOver(Unauthenticated):
    code = "portal.session_over"


class NotYourRole(Forbidden):
    """This is for other roles of your team."""

    code = "portal.not_your_role"


class FormForged(Forbidden):
    """A form without the session's own mark: it was not made by our page."""

    code = "portal.form_forged"


class LoginTaken(Conflict):
    code = "portal.login_taken"


class AccountMalformed(Unprocessable):
    """The name, the password or the role will not do; the detail says which."""

    code = "portal.account_malformed"


class MemberUnknown(NotFound):
    code = "portal.member_unknown"


class LastOwner(Conflict):
    """A team keeps at least one owner."""

    code = "portal.last_owner"


class TooManyThings(Conflict):
    """A partner has so many members, origins or working keys at most."""

    code = "portal.too_many"


def check_account(login: str, password: str, role: str = OWNER) -> str:
    """The name in its normal form. Raises AccountMalformed."""
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise AccountMalformed("A name has 3 to 40 small letters, digits, dots, dashes or underscores.", field="login")
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD or password.lower() == login:
        raise AccountMalformed(f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters.", field="password")
    if role not in ROLES:
        raise AccountMalformed(f"Roles are {', '.join(ROLES)}.", field="role")
    return login


def check_company(name: str) -> str:
    """The partner's name as it is shown. Raises AccountMalformed."""
    name = " ".join(name.split())
    if not 2 <= len(name) <= 100 or not name.isprintable():
        raise AccountMalformed("A company's name has 2 to 100 characters.", field="company")
    return name


def may(role: str, permission: str) -> bool:
    """Whether the role has the permission."""
    return role in PERMISSIONS[permission]
