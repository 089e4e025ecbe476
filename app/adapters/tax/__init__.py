"""The tax and company registry source: enterprises, taxes, invoices and account flows. Amounts in fen."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from app.adapters.sources import SourceDown
from app.kernel.errors import NotFound


class EnterpriseUnknown(NotFound):
    """The source has no enterprise with this code."""

    code = "tax.enterprise_unknown"


@dataclass(frozen=True)
class EnterpriseRecord:
    """The registry's entry of one enterprise."""

    uscc: str
    name: str = field(repr=False)  # often the owner's own
    status: Literal["active", "revoked", "deregistered"]
    established_on: date
    industry_code: str
    region_code: str
    legal_rep_name: str = field(repr=False)
    legal_rep_id_no_sha256: str = field(repr=False)


@dataclass(frozen=True)
class TaxSummary:
    """What the tax office tells."""

    grade: Literal["A", "B", "M", "C", "D"]
    paid_24m_fen: int
    vat_sales_12m_fen: int
    zero_return_months_12m: int
    arrears_fen: int


@dataclass(frozen=True)
class Invoice:
    """One VAT invoice; a red one takes back (part of) a blue one."""

    number: str
    issued_on: date
    amount_fen: int
    buyer_ref: str
    kind: Literal["blue", "red"]


@dataclass(frozen=True)
class Flows:
    """Money into the business accounts, twelve months, oldest first; how much of it only went round."""

    monthly_inflow_fen: tuple[int, ...]
    round_trip_share_bps: int


@dataclass(frozen=True)
class TaxReport:
    """A report as the source gave it."""

    query_no: str
    reported_at: datetime
    tax: TaxSummary
    invoices: tuple[Invoice, ...]
    flows: Flows

    def as_inputs(self) -> dict[str, Any]:
        """Plain JSON values, for the decision's record."""
        return {
            "query_no": self.query_no,
            "reported_at": self.reported_at.isoformat(),
            "tax": asdict(self.tax),
            "invoices": [{**asdict(one), "issued_on": one.issued_on.isoformat()} for one in self.invoices],
            "flows": {**asdict(self.flows), "monthly_inflow_fen": list(self.flows.monthly_inflow_fen)},
        }


class Tax(Protocol):
    """The source. `query_no` (≤ 32) numbers the question: the same number again gives the first answer.

    Every call raises SourceDown(source="tax") when the source does not answer.
    """

    def enterprise(self, *, query_no: str, uscc: str) -> EnterpriseRecord | None:
        """The registry's entry; None when there is no such enterprise."""

    def tax_report(self, *, query_no: str, uscc: str, consent_ref: str) -> TaxReport:
        """Taxes, invoices and flows; needs a consent that is on record. Raises EnterpriseUnknown."""


__all__ = ["EnterpriseRecord", "EnterpriseUnknown", "Flows", "Invoice", "SourceDown", "Tax", "TaxReport", "TaxSummary"]
