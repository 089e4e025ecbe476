"""Names and numbers of people and enterprises: how they are written, when they are refused."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import timedelta

from app.engine import codes
from app.engine.errors import CodeError
from app.kernel import clock
from app.kernel.errors import Conflict, Forbidden, NotFound, TooMany, Unprocessable

CHECKS_A_DAY = 5  # identity checks of one customer: a bureau must not become an oracle for names and numbers
REGISTRY_QUESTIONS_A_DAY = 10  # of one customer: the registry says who stands behind a code
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


class TooManyQuestions(TooMany):
    """The registry was asked too often for this person today."""

    code = "enterprise.too_many_questions"


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


def check_id_no(raw: str) -> str:
    """The resident ID in its normal form; nobody is born in the future. Raises IdNoMalformed."""
    try:
        return codes.resident_id(raw, clock.today()).number
    except CodeError as error:
        raise IdNoMalformed("Check the 18 characters of the ID number.", reason=error.code) from None


def check_uscc(raw: str) -> str:
    """The unified social credit code in its normal form. Raises UsccMalformed."""
    try:
        return codes.uscc(raw)
    except CodeError as error:
        raise UsccMalformed("Check the 18 characters of the code on the licence.", reason=error.code) from None


def id_no_sha256(id_no: str) -> str:
    """How the registry proves that it knows the same resident ID without showing it: hex SHA-256 of its text."""
    return hashlib.sha256(id_no.encode()).hexdigest()
