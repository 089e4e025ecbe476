"""A change of a loan's terms as its customer reads it; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

_DAYS = ("next_payment_on", "last_due_on")
_TERMS = ("annual_rate", "method", "term_months", "due_day", "next_payment_fen", "total_interest_fen", *_DAYS)


class Made(Protocol):
    """What is read of `models.LoanChange`."""

    id: Any
    effective_on: Any
    kind: Any
    before: Any
    after: Any


def told(made: Made) -> dict[str, Any]:
    """What it was, what it is, and from when: no class, no reason, no names of staff."""
    return {
        "id": made.id,
        "effective_on": made.effective_on,
        "kind": made.kind,
        "before": _terms(made.before),
        "after": _terms(made.after),
    }


def _terms(picture: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: picture[name] for name in _TERMS}
    found["annual_rate"] = Decimal(found["annual_rate"])
    return found | {name: date.fromisoformat(found[name]) for name in _DAYS if found[name]}
