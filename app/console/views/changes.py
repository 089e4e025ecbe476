"""Changes of a live loan on pages: what is asked for in a form, what it would do, and what has been done."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.console.views.reconciliation import names
from app.customers import queries as customers
from app.kernel import clock, ids
from app.kernel.errors import Problem
from app.loans import queries as loans
from app.loans.domain import changed_terms as rules
from app.loans.queries.changes import changes_of
from app.loans.usecases.changing import Change, change_loan
from app.reconciliation import queries

# What a form of each kind asks for, by the names of its fields.
ASKED: Mapping[str, tuple[str, ...]] = {
    "rate_change": ("rate",),
    "due_day_change": ("anchor_day",),
    "extension": ("periods",),
    "restructuring": ("rate", "new_method", "first_due_on", "instalments", "keep_arrears"),
}
FIELDS = ("rate", "anchor_day", "periods", "new_method", "first_due_on", "instalments", "keep_arrears")
METHODS = tuple(method.value for method in rules.METHODS)


def terms_of(form: Mapping[str, str]) -> dict[str, Any]:
    """The terms that a form asks for; its rate is in per cent. Raises TermsWrong."""
    asked: dict[str, Any] = {name: form.get(name, "")[:32].strip() for name in FIELDS}
    if asked["rate"]:
        try:
            asked["annual_rate"] = Decimal(asked["rate"].removesuffix("%")) / 100
        except InvalidOperation as error:
            raise rules.TermsWrong("This is no rate.") from error
    return rules.read_terms(form.get("kind", "")[:24], asked | {"method": asked["new_method"]})


def page_of(session: Session, loan_id: UUID, asked: Mapping[str, str]) -> dict[str, Any]:
    """The loan, what is proposed and was changed, and what is asked for now. Raises LoanUnknown."""
    loan = loans.any_loan(session, loan_id)
    every = queries.proposals_about(session, "loan", [str(loan_id)]).get(str(loan_id), [])
    made = [one for one in every if one.kind in rules.PROPOSED]
    waiting = next((one for one in every if one.status == "proposed"), None)
    kind = asked.get("kind", "")
    return {
        "loan": loan,
        "status": loan.status,  # before anything is tried
        "enterprise": customers.enterprise(session, loan.enterprise_id).name,
        "made": made,
        "waiting": waiting if waiting in made else None,
        "blocked": waiting is not None,
        "staff_names": names(session, made),
        "changes": changes_of(session, loan_id),
        "kinds": rules.PROPOSED,
        "methods": METHODS,
        "kind": kind if kind in rules.PROPOSED else None,
        "asked": {name: asked[name][:32] for name in FIELDS if asked.get(name)},
    }


def tried(session: Session, shown: Mapping[str, Any]) -> dict[str, Any]:
    """What the change that waits, or the one asked for, would do, by doing it: the caller undoes the transaction. Or
    why it cannot be done."""
    nothing = {"preview": None, "impossible": None}
    waiting, kind = shown["waiting"], shown["kind"]
    if not waiting and (shown["blocked"] or not kind or not shown["asked"]):
        return nothing
    try:
        terms = waiting.details if waiting else terms_of({"kind": kind, **shown["asked"]})
        wanted = waiting.kind if waiting else kind
        trial = Change(ids.new_id(), shown["loan"].id, wanted, clock.today(), terms, "tried", "trial:a", "trial:b")
        done = change_loan(session, trial)
    except Problem as problem:
        return nothing | {"impossible": problem.code}
    return nothing | {"preview": compared(done.kind, done.before, done.after)}


def compared(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Two pictures of a loan beside one another: figures, and the instalments that are not the same in both."""
    same = [row for row in before["schedule"] if row in after["schedule"]]
    old, new = ([row for row in one["schedule"] if row not in same] for one in (before, after))
    return {"kind": kind, "before": before, "after": after, "rows": list(zip_longest(old, new))}
