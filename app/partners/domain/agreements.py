"""What a partner's agreement allows: scopes, and the statuses a partner goes through."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from app.kernel import states
from app.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable

SCOPES = frozenset(
    {"embed_sessions:write", "orders:read", "orders:write", "loans:read", "events:read", "webhooks:write", "keys:write"}
)

PARTNER_STATES: states.Table = {
    ("active", "suspend"): "suspended",
    ("suspended", "resume"): "active",
    ("active", "end"): "ended",
    ("suspended", "end"): "ended",
}


class ScopeUnknown(Unprocessable):
    code = "partner.scope_unknown"


class ScopeMissing(Forbidden):
    """The key that signed was not given this right."""

    code = "partner.scope_missing"


class PartnerSuspended(Forbidden):
    """The partner is known, but its agreement is suspended, ended or not in force today."""

    code = "partner.suspended"


class CodeTaken(Conflict):
    """Another partner has this code."""

    code = "partner.code_taken"


class AgreementDays(Unprocessable):
    """An agreement ends after it begins."""

    code = "partner.agreement_days"


class PartnerUnknown(NotFound):
    code = "partner.unknown"


class PartnerKeyUnknown(NotFound):
    code = "partner.key_unknown"


class KeyIdTaken(Conflict):
    code = "partner.key_id_taken"


def check_agreement(effective_from: date, effective_to: date | None, scopes: Collection[str]) -> None:
    """Raises AgreementDays, ScopeUnknown."""
    if effective_to is not None and effective_to < effective_from:
        raise AgreementDays("The agreement ends before it begins.")
    check_scopes(frozenset(scopes))


def check_scopes(scopes: frozenset[str]) -> None:
    """Raises ScopeUnknown for a right that does not exist."""
    if unknown := sorted(scopes - SCOPES):
        raise ScopeUnknown("There is no such scope.", unknown=unknown)
