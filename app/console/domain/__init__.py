"""Rules about staff: roles and what they may see, how sign-in is limited, how long a session lasts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp

from app.kernel.errors import Conflict, Forbidden, TooMany, Unauthenticated, Unprocessable
from app.reconciliation.domain.kinds import DECIDERS, PROPOSERS

ROLES = ("reviewer", "finance", "operations", "admin")
EVERYBODY = frozenset(ROLES)
# What a role is for decides what it may see; nobody sees more than the work needs.
PERMISSIONS: dict[str, frozenset[str]] = {
    "my_day": EVERYBODY,
    "customers": frozenset({"reviewer", "operations", "admin"}),
    "reveal": frozenset({"reviewer", "operations"}),
    "appointments": frozenset({"reviewer", "operations"}),
    "applications": frozenset({"reviewer", "admin"}),
    "insights": frozenset({"reviewer", "admin"}),
    "reviews": frozenset({"reviewer", "admin"}),
    "settle_reviews": frozenset({"reviewer"}),
    "loans": frozenset({"reviewer", "finance", "operations", "admin"}),
    "loan_classes": frozenset({"reviewer", "finance", "admin"}),
    "decide_classes": frozenset({"reviewer", "admin"}),
    "catalogue": frozenset({"reviewer", "finance", "admin"}),
    "change_catalogue": frozenset({"reviewer", "admin"}),  # one proposes, another decides
    "ledger": frozenset({"finance", "admin"}),
    "notices": frozenset({"finance", "operations", "admin"}),
    "transfers": frozenset({"finance", "operations", "admin"}),
    "debits": frozenset({"finance", "operations", "admin"}),
    "reconciliation": frozenset({"finance", "operations", "admin"}),
    "suspense": frozenset({"finance", "operations", "admin"}),
    "held_transfers": frozenset({"finance", "operations", "admin"}),
    "rates": frozenset({"finance", "operations", "admin"}),
    "propose_money": PROPOSERS,
    "decide_money": DECIDERS,
    "partners": frozenset({"reviewer", "finance", "operations", "admin"}),
    "change_partners": frozenset({"operations", "admin"}),  # what opens more takes two of them
    "webhooks": frozenset({"operations", "admin"}),
}

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=8)
TRIES = 5
ADDRESS_TRIES = 30
TRIES_WINDOW = timedelta(minutes=15)
REVEALS_AN_HOUR = 20
REVEAL_WINDOW = timedelta(hours=1)
REVEAL_FIELDS = ("name", "phone", "id_no")
MIN_PASSWORD = 12
TOTP_STEP_S = 30

_EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,190}\.[a-z]{2,24}")


class SignInRefused(Unauthenticated):
    """Address, password or code are wrong; the same answer for all of them, and for people who have left."""

    code = "staff.sign_in_refused"


class SignInLocked(TooMany):
    """Five wrong tries for one address of mail, or too many from one network."""

    code = "staff.sign_in_locked"


class StaffSessionOver(Unauthenticated):
    code = "staff.session_over"


class NotYourRole(Forbidden):
    """This page is for other roles."""

    code = "staff.not_your_role"


class TooManyReveals(TooMany):
    """Personal data was shown too often within an hour."""

    code = "staff.too_many_reveals"


class ReasonNeeded(Unprocessable):
    """Why the data is needed must be said in words."""

    code = "staff.reason_needed"


class FormForged(Forbidden):
    """A form without the session's own mark: it was not made by our page."""

    code = "staff.form_forged"


class StaffExists(Conflict):
    code = "staff.exists"


class StaffMalformed(Unprocessable):
    """The address of mail, a role or the password do not do."""

    code = "staff.malformed"


@dataclass(frozen=True)
class Shown:
    """One look at a customer's data."""

    field: str
    value: str


def check_staff(email: str, password: str, roles: Iterable[str]) -> str:
    """The address of mail in its normal form. Raises StaffMalformed."""
    email = email.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise StaffMalformed("The address of mail is not one.")
    if len(password) < MIN_PASSWORD:
        raise StaffMalformed(f"A password has at least {MIN_PASSWORD} characters.")
    if not set(roles) or not set(roles) <= EVERYBODY:
        raise StaffMalformed(f"Roles are {', '.join(ROLES)}.")
    return email


def plain(text: str) -> str:
    """What a person can type: control characters, which a form may carry as well, become spaces."""
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)


def may(roles: Iterable[str], permission: str) -> bool:
    """Whether any of the roles has the permission."""
    return bool(PERMISSIONS[permission] & set(roles))


def totp_step(secret: str, code: str, now: datetime) -> int | None:
    """Which 30-second step a code belongs to: this one, the one before or the one after (RFC 6238 §5.2); else None."""
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    totp, step = pyotp.TOTP(secret), int(now.timestamp()) // TOTP_STEP_S
    matching = [near for near in (step - 1, step, step + 1) if pyotp.utils.strings_equal(totp.generate_otp(near), code)]
    return max(matching, default=None)


def enrolment_uri(email: str, secret: str, issuer: str) -> str:
    """What an authenticator app scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)
