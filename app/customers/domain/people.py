"""Names and numbers of people and enterprises: how they are written, when they are refused."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import timedelta

from stdnum.cn import ric, uscc

from app.kernel.errors import Conflict, Forbidden, NotFound, TooMany, Unprocessable

CHECKS_A_DAY = 5  # identity checks of one customer: a bureau must not become an oracle for names and numbers
CHECKS_WINDOW = timedelta(days=1)

MEMBERSHIP_STATES = {
    ("active", "legal_rep_changed"): "ended",
    ("ended", "confirmed"): "active",
}

_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]{1,25}(?:·[\u3400-\u9fff\U00020000-\U000323af]{1,25})*")
_DOTS = str.maketrans({"•": "·", "‧": "·", "・": "·", "．": "·", ".": "·"})


class NameMalformed(Unprocessable):
    code = "identity.name_malformed"


class IdNoMalformed(Unprocessable):
    """Not 18 characters, no real date or region, or a wrong check digit (GB 11643)."""

    code = "identity.id_no_malformed"


class IdentityMismatch(Unprocessable):
    """The register knows the number under another name."""

    code = "identity.mismatch"


class IdentityNotFound(Unprocessable):
    code = "identity.not_found"


class IdentityFixed(Conflict):
    """This customer is identified already, as somebody else."""

    code = "identity.already_confirmed"


class IdentityTaken(Conflict):
    """Another customer is this person."""

    code = "identity.belongs_to_another_customer"


class IdentityNeeded(Forbidden):
    """Confirm who you are first."""

    code = "identity.needed"


class TooManyChecks(TooMany):
    code = "identity.too_many_checks"


class UsccMalformed(Unprocessable):
    """Not 18 characters of the alphabet, or a wrong check character (GB 32100-2015)."""

    code = "enterprise.uscc_malformed"


class EnterpriseUnknown(Unprocessable):
    """The register has no such code."""

    code = "enterprise.unknown"


class EnterpriseNotActive(Unprocessable):
    """The register's status is not active: revoked, cancelled or moved out."""

    code = "enterprise.not_active"


class LegalRepMismatch(Unprocessable):
    """The register names another legal representative."""

    code = "enterprise.legal_rep_mismatch"


class NotAMember(NotFound):
    """This customer does not act for such an enterprise."""

    code = "enterprise.not_found"


def normalise_name(raw: str) -> str:
    """NFKC without spaces, one kind of middle dot. Raises NameMalformed for anything but Han characters and dots."""
    name = unicodedata.normalize("NFKC", raw).replace(" ", "").translate(_DOTS)
    if len(name) < 2 or len(name) > 50 or not _NAME.fullmatch(name):
        raise NameMalformed("Write the name as on the ID card.")
    return name


def normalise_code(raw: str) -> str:
    """Full-width digits and lower-case letters as people type them → the form codes are defined in."""
    return unicodedata.normalize("NFKC", raw).strip().upper()


def check_id_no(raw: str) -> str:
    """The resident ID in its normal form. Raises IdNoMalformed."""
    id_no = normalise_code(raw)
    if len(id_no) != 18 or not id_no.isascii() or not ric.is_valid(id_no):
        raise IdNoMalformed("Check the 18 characters of the ID number.")
    return id_no


def check_uscc(raw: str) -> str:
    """The unified social credit code in its normal form. Raises UsccMalformed."""
    code = normalise_code(raw)
    if len(code) != 18 or not code.isascii() or not uscc.is_valid(code):
        raise UsccMalformed("Check the 18 characters of the unified social credit code.")
    return code


def id_no_sha256(id_no: str) -> str:
    """How the registry proves that it knows the same resident ID without showing it: hex SHA-256 of its text."""
    return hashlib.sha256(id_no.encode()).hexdigest()
