"""Partners as the pages show them: terms, what is out against the limits, changes side by side, the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.console import queries
from app.console.domain.partner_terms import LIMITS, Terms
from app.credit import queries as credit
from app.kernel import clock
from app.kernel.money import format_yuan
from app.kernel.pagination import PageRequest
from app.partners import queries as partners
from app.partners.domain.agreements import SCOPES

SHOWN_FIRST = ("code", "name", "agreement_no", "signed_on", "effective_from", "effective_to", "scopes", "origins")
KINDS = {"partner": "outstanding_fen", "merchant": "merchant_fen", "partner_day": "day_fen"}


def overview(session: Session, request: PageRequest) -> dict[str, Any]:
    """Partners, newest first, and the changes that wait."""
    rows = partners.agreements(session, request)
    waiting = queries.partner_changes(session)
    about = {one.partner_id for one in waiting if one.partner_id}
    names: dict[UUID | None, str] = {one: partners.partner(session, one).name for one in about}
    return {
        "rows": rows,
        "standing": {one.id: standing(one) for one in rows.items},
        "out": {one.id: credit.held_fen(session, kind="partner", key=str(one.id)) for one in rows.items},
        "waiting": [(one, names.get(one.partner_id) or one.after["name"], differences(one)) for one in waiting],
    }


def standing(one: partners.Agreement) -> str:
    """One word for status and dates together."""
    if one.status != "active":
        return one.status
    return "in_force" if one.in_force else "not_in_force"


def terms_of(session: Session, partner_id: UUID) -> tuple[partners.Agreement, Terms]:
    """A partner and its terms today. Raises PartnerUnknown."""
    return partners.agreement(session, partner_id), queries.terms(session, partner_id)


def detail(session: Session, partner_id: UUID) -> dict[str, Any]:
    """Everything about one partner. Raises PartnerUnknown."""
    found, terms = terms_of(session, partner_id)
    changes = queries.partner_changes(session, partner_id=partner_id)
    keys = partners.own_keys(session, partner_id=partner_id, request=PageRequest(50, None, "console.partner_keys"))
    key, today = str(partner_id), clock.today()
    return {
        "partner": found,
        "standing": standing(found),
        "terms": terms,
        "out_fen": credit.held_fen(session, kind="partner", key=key),
        "to_come": [(day, KINDS[kind], fen) for day, kind, fen in credit.limits_to_come(session, key=key, after=today)],
        "keys": keys.items,
        "changes": [(one, differences(one)) for one in changes],
        "audit": queries.audit_of(session, partner_id),
    }


def partner_of(session: Session, change_id: UUID) -> UUID | None:
    """Whose page a change belongs to; None for a new partner and for no change."""
    return queries.partner_of_change(session, change_id)


def differences(one: queries.ChangeView) -> list[tuple[str, str, str]]:
    """What a change changes: entry, before, after; in the order of the form."""
    names = [name for name in (*SHOWN_FIRST, *LIMITS, "limits_from") if name in one.after]
    rows = [(name, _written(name, one.before), _written(name, one.after)) for name in names]
    return [row for row in rows if row[1] != row[2]]


def _written(name: str, body: Mapping[str, Any]) -> str:
    value = body.get(name)
    if value is None or value == []:
        return "—"
    if isinstance(value, list):
        return ", ".join(value)
    return format_yuan(value) if name in LIMITS else str(value)


def blank() -> dict[str, Any]:
    """The form of a new partner."""
    today = clock.today().isoformat()
    empty = dict.fromkeys(("code", "name", "agreement_no", "effective_to", "origins", "reason", *LIMITS), "")
    return {**empty, "signed_on": today, "effective_from": today, "limits_from": today, "scopes": sorted(SCOPES)}
