"""What the bank gives up of a loan on its page: what could be waived, what is proposed, and what was done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.console.views.reconciliation import names
from app.customers import queries as customers
from app.kernel import clock
from app.kernel.errors import Problem
from app.loans import queries as loans
from app.loans.domain import reliefs as rules
from app.loans.queries.reliefs import reliefs_of, waivable
from app.loans.usecases import reliefs
from app.reconciliation import queries
from app.reconciliation.domain.kinds import RELIEF_KINDS

PARTS = tuple(rules.Waived().parts())
YUAN = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,2}))?")


def details_of(form: Mapping[str, str]) -> dict[str, Any]:
    """What a form asks for: the reason's code, and of a waiver its parts in fen. Raises WaiverAmountsWrong."""
    asked: dict[str, Any] = {"reason_code": form.get("reason_code", "")[:24]}
    if form.get("kind") == "waiver":
        asked["amounts"] = {name: fen for name in PARTS if (fen := _fen(form.get(name, "")))}
    return asked


def page_of(session: Session, loan_id: UUID) -> dict[str, Any]:
    """The loan, what could be given up of it today, what waits for a second person and what was given up."""
    loan = loans.any_loan(session, loan_id)
    every = queries.proposals_about(session, "loan", [str(loan_id)]).get(str(loan_id), [])
    made = [one for one in every if one.kind in RELIEF_KINDS]
    waiting = next((one for one in every if one.status == "proposed"), None)
    return {
        "loan": loan,
        "enterprise": customers.enterprise(session, loan.enterprise_id).name,
        "made": made,
        "waiting": waiting if waiting in made else None,
        "blocked": waiting is not None,
        "staff_names": names(session, made),
        "owed": waivable(session, loan, clock.today()).parts(),
        "done": reliefs_of(session, loan_id),
        "parts_of_waiver": PARTS,
        "waiver_reasons": rules.WAIVER_REASONS,
        "write_off_reasons": rules.WRITE_OFF_REASONS,
        "no_write_off": _no_write_off(session, loan),
    }


def _no_write_off(session: Session, loan: Any) -> str | None:
    """Why it cannot be written off today; None when it can."""
    try:
        reliefs.check(session, loan, "write_off", rules.WRITE_OFF_REASONS[0], {})
    except Problem as problem:
        return problem.code
    return None


def _fen(text: str) -> int:
    """`1,234.5` → 123450, nothing → 0. Raises WaiverAmountsWrong for what is no sum of yuan."""
    plain = text.replace(",", "").strip()
    found = YUAN.fullmatch(plain)
    if plain and not found:
        raise rules.WaiverAmountsWrong("This is no sum of yuan.")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else 0
