"""The credit bureau: identity checks and credit reports of persons. Amounts in fen."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from app.adapters.sources import SourceDown
from app.kernel.errors import NotFound

IdentityCheck = Literal["match", "mismatch", "not_found"]


class PersonUnknown(NotFound):
    """The bureau knows no person with this name and number."""

    code = "bureau.person_unknown"


@dataclass(frozen=True)
class ReportedLoan:
    """One loan elsewhere."""

    lender_kind: str
    balance_fen: int
    monthly_payment_fen: int


@dataclass(frozen=True)
class CreditReport:
    """A report as the bureau gave it."""

    query_no: str
    reported_at: datetime
    credit_file: Literal["full", "thin"]
    current_overdue_fen: int
    overdue_count_24m: int
    worst_overdue_days_24m: int
    queries_3m: int
    queries_6m: int
    card_limit_fen: int
    card_used_fen: int
    loans: tuple[ReportedLoan, ...]
    court_listed: bool
    sanctioned: bool

    def as_inputs(self) -> dict[str, Any]:
        """Plain JSON values, for the decision's record."""
        return {**asdict(self), "reported_at": self.reported_at.isoformat(), "loans": [asdict(x) for x in self.loans]}


class Bureau(Protocol):
    """The bureau. `query_no` (≤ 32) numbers the question: the same number again gives the first answer, once charged.

    Every call raises SourceDown(source="bureau") when the bureau does not answer.
    """

    def check_identity(self, *, query_no: str, name: str, id_no: str, phone: str) -> IdentityCheck:
        """Whether name, resident number and phone belong together."""

    def credit_report(self, *, query_no: str, name: str, id_no: str, purpose: str, consent_ref: str) -> CreditReport:
        """The person's report; needs a consent that is on record. Raises PersonUnknown."""


__all__ = ["Bureau", "CreditReport", "IdentityCheck", "PersonUnknown", "ReportedLoan", "SourceDown"]
