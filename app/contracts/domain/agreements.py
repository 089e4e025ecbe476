"""What lender and borrower agree on: the input of cost sheet and contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from app.engine.plan_options import PlanOptions
from app.engine.schedules import Schedule, schedule


@dataclass(frozen=True)
class Lender:
    """The bank as its papers name it."""

    name: str
    service_phone: str
    complaint_phone: str
    english_name: str = ""
    mark: str = ""  # its picture as SVG
    color: str = "#000000"


@dataclass(frozen=True)
class Disclosure:
    """Regulated figures of the day, each with the source of its row."""

    min_reading_s: int
    min_reading_source: str
    all_in_cap: Decimal
    all_in_cap_source: str


@dataclass(frozen=True)
class Agreement:
    """The terms of one loan. Rates a year; `start_on` is the day of the offer: the loan starts when the money is paid.

    `lpr_1y` is the loan prime rate on which the price stands. `overdue_rate` and `misuse_rate` are the full penalty
    rates. Early repayment is free and there are no fees.
    """

    product_code: str
    product_version: str
    product_name: Mapping[str, str]
    principal_fen: int
    annual_rate: Decimal
    lpr_1y: Decimal
    term_months: int
    method: str
    start_on: date
    overdue_rate: Decimal
    misuse_rate: Decimal
    grace_days: int
    purpose: str
    forbidden_uses: Mapping[str, str]
    plan_options: Mapping[str, Any] = field(default_factory=dict)  # engine.plan_options
    repricing: Mapping[str, Any] = field(default_factory=dict)  # benchmark, benchmark_rate, spread_bps, on; {}: fixed

    @property
    def added_bps(self) -> int:
        """Basis points above the loan prime rate."""
        return int((self.annual_rate - self.lpr_1y) * 10_000)

    def plan(self) -> Schedule:
        """The schedule as if the money were paid on `start_on`. Another day moves the due days and, where months are
        whole (30/360) and no day of the month was agreed, leaves the amounts."""
        return schedule(
            self.plan_choice.terms(
                principal_fen=self.principal_fen,
                annual_rate=self.annual_rate,
                method=self.method,
                term_months=self.term_months,
                start_on=self.start_on,
            )
        )

    @property
    def plan_choice(self) -> PlanOptions:
        """What the product says about the plan."""
        return PlanOptions.read(self.plan_options)

    def as_json(self) -> dict[str, Any]:
        plain = {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(self).items()}
        for name in ("plan_options", "repricing"):  # of a plain plan and a fixed rate nothing is said, as ever
            if not plain[name]:
                del plain[name]
        return {**plain, "start_on": self.start_on.isoformat()}

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Agreement:
        """What `as_json` wrote."""
        rates = {name: Decimal(raw[name]) for name in ("annual_rate", "lpr_1y", "overdue_rate", "misuse_rate")}
        return cls(**{**raw, **rates, "start_on": date.fromisoformat(raw["start_on"])})


@dataclass(frozen=True)
class Parties:
    """Who signs and who is paid; personal data, sealed at rest and never in a repr."""

    enterprise_name: str = field(repr=False)
    uscc: str = field(repr=False)
    legal_rep_name: str = field(repr=False)
    legal_rep_id_no: str = field(repr=False)
    phone: str = field(repr=False)
    payee_name: str | None = field(repr=False)
    payee_account_name: str | None = field(repr=False)
    payee_account_no: str | None = field(repr=False)
