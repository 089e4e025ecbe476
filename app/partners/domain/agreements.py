"""What a partner's agreement allows: scopes, and the statuses a partner goes through."""

from __future__ import annotations

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


class PartnerUnknown(NotFound):
    code = "partner.unknown"


class PartnerKeyUnknown(NotFound):
    code = "partner.key_unknown"


class KeyIdTaken(Conflict):
    code = "partner.key_id_taken"


def check_scopes(scopes: frozenset[str]) -> None:
    """Raises ScopeUnknown for a right that does not exist."""
    if unknown := sorted(scopes - SCOPES):
        raise ScopeUnknown("There is no such scope.", unknown=unknown)
