"""From the sources' reports, as they were stored, to features; the same reports always give the same features."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isqrt
from typing import Any

from app.credit.domain.features import Feature, Value
from app.engine.rounding import half_up
from app.kernel.clock import local_day

Report = Mapping[str, Any]
_YEAR_DAYS, _WINDOW_DAYS, _WINDOWS = 360, 30, 12
_COPIED = (
    "court_listed", "sanctioned", "credit_file", "current_overdue_fen", "overdue_count_24m",
    "worst_overdue_days_24m", "queries_3m",
)  # fmt: skip
_OF_TAX_REPORT = {
    "tax": ("tax_grade", "tax_paid_yearly_fen", "tax_arrears_fen", "zero_return_months_12m"),
    "invoices": ("invoiced_12m_fen", "invoice_gap_months_12m", "red_share_bps", "top5_buyers_share_bps"),
    "flows": ("monthly_inflow_fen", "inflow_volatility_bps", "round_trip_share_bps"),
}


@dataclass(frozen=True)
class Known:
    """What the bank knows itself: the applicant as identified, and the business it does with the enterprise."""

    person_name: str
    person_id_no: str
    own_exposure_fen: int
    earlier_loans: int


def collect(reports: Mapping[str, Report | None], known: Known, on: date) -> dict[str, Feature]:
    """All features on a day. `reports`: registry (None when there is no such enterprise), bureau and tax."""
    made = [
        *_registry(reports["registry"], known, on),
        *_person(known, on),
        *_bureau(reports["bureau"], on),
        *_business(reports["tax"], on),
        Feature("own_exposure_fen", known.own_exposure_fen, "bank", on.isoformat()),
        Feature("earlier_loans", known.earlier_loans, "bank", on.isoformat()),
    ]
    features = {feature.name: feature for feature in made}
    share = _debt_service(features["monthly_debt_service_fen"], features["monthly_inflow_fen"])
    return {**features, share.name: share}


def _registry(record: Report | None, known: Known, on: date) -> list[Feature]:
    day = on.isoformat()
    if record is None:
        names = ("business_age_months", "industry_code", "region_code", "legal_rep_matches")
        unknown = [Feature(name, None, "registry", day, "not_on_register") for name in names]
        return [Feature("enterprise_status", "unknown", "registry", day), *unknown]
    matches = (
        record["legal_rep_name"] == known.person_name
        and record["legal_rep_id_no_sha256"] == hashlib.sha256(known.person_id_no.encode()).hexdigest()
    )
    values: dict[str, Value] = {
        "enterprise_status": record["status"],
        "business_age_months": whole_months(date.fromisoformat(record["established_on"]), on),
        "industry_code": record["industry_code"],
        "region_code": record["region_code"],
        "legal_rep_matches": matches,
    }
    return [Feature(name, value, "registry", day) for name, value in values.items()]


def _person(known: Known, on: date) -> list[Feature]:
    """The age from the birth date in the resident ID (GB 11643, positions 7–14)."""
    born_on = date.fromisoformat(known.person_id_no[6:14])
    return [Feature("legal_rep_age", whole_months(born_on, on) // 12, "person", on.isoformat())]


def _bureau(report: Report | None, on: date) -> list[Feature]:
    known = Feature("person_known", report is not None, "bureau", on.isoformat())
    if report is None:
        return [known, *_absent((*_COPIED, "other_debt_fen", "monthly_debt_service_fen", "card_use_bps"), "bureau", on)]
    day, loans = _reported_on(report), report["loans"]
    values: dict[str, Value] = {name: report[name] for name in _COPIED}
    values["other_debt_fen"] = sum(loan["balance_fen"] for loan in loans)
    values["monthly_debt_service_fen"] = sum(loan["monthly_payment_fen"] for loan in loans)
    limit = report["card_limit_fen"]
    card = (
        Feature("card_use_bps", half_up(report["card_used_fen"] * 10_000, limit), "bureau", day)
        if limit
        else Feature("card_use_bps", None, "bureau", day, "no_card")
    )
    return [known, *(Feature(name, value, "bureau", day) for name, value in values.items()), card]


def _business(report: Report | None, on: date) -> list[Feature]:
    if report is not None:
        return [*_tax(report), *_invoices(report), *_flows(report)]
    return [one for source, names in _OF_TAX_REPORT.items() for one in _absent(names, source, on)]


def _absent(names: Sequence[str], source: str, on: date) -> list[Feature]:
    return [Feature(name, None, source, on.isoformat(), "no_record") for name in names]


def _reported_on(report: Report) -> str:
    """The day in China on which the source answered."""
    return local_day(datetime.fromisoformat(report["reported_at"])).isoformat()


def _tax(report: Report) -> list[Feature]:
    day, summary = _reported_on(report), report["tax"]
    values = {
        "tax_grade": summary["grade"],
        "tax_paid_yearly_fen": half_up(summary["paid_24m_fen"], 2),
        "tax_arrears_fen": summary["arrears_fen"],
        "zero_return_months_12m": summary["zero_return_months_12m"],
    }
    return [Feature(name, value, "tax", day) for name, value in values.items()]


def _invoices(report: Report) -> list[Feature]:
    day = _reported_on(report)
    today = date.fromisoformat(day)
    ages = [((today - date.fromisoformat(one["issued_on"])).days, one) for one in report["invoices"]]
    recent = [(age, one) for age, one in ages if 0 <= age <= _YEAR_DAYS]
    blue = [one for _, one in recent if one["kind"] == "blue"]
    blue_fen = sum(one["amount_fen"] for one in blue)
    red_fen = sum(one["amount_fen"] for _, one in recent if one["kind"] == "red")
    months = {min(age // _WINDOW_DAYS, _WINDOWS - 1) for age, one in recent if one["kind"] == "blue"}

    def share(name: str, part: Callable[[], int]) -> Feature:
        if not blue_fen:
            return Feature(name, None, "invoices", day, "no_invoices")
        return Feature(name, half_up(part() * 10_000, blue_fen), "invoices", day)

    return [
        Feature("invoiced_12m_fen", max(0, blue_fen - red_fen), "invoices", day),
        Feature("invoice_gap_months_12m", _WINDOWS - len(months), "invoices", day),
        share("red_share_bps", lambda: red_fen),
        share("top5_buyers_share_bps", lambda: _largest(blue, 5)),
    ]


def _largest(invoices: Sequence[Report], count: int) -> int:
    by_buyer: Counter[str] = Counter()
    for one in invoices:
        by_buyer[one["buyer_ref"]] += one["amount_fen"]
    return sum(amount for _, amount in by_buyer.most_common(count))


def _flows(report: Report) -> list[Feature]:
    day, flows = _reported_on(report), report["flows"]
    monthly: Sequence[int] = flows["monthly_inflow_fen"]
    total = sum(monthly)
    volatility = (
        Feature("inflow_volatility_bps", variation_bps(monthly), "flows", day)
        if total > 0
        else Feature("inflow_volatility_bps", None, "flows", day, "no_receipts")
    )
    return [
        Feature("monthly_inflow_fen", half_up(total, len(monthly)) if monthly else 0, "flows", day),
        volatility,
        Feature("round_trip_share_bps", flows["round_trip_share_bps"], "flows", day),
    ]


def _debt_service(paid: Feature, received: Feature) -> Feature:
    if not received.number:
        return Feature("debt_service_bps", None, "flows", received.as_of, "no_receipts")
    value = min(half_up(paid.number * 10_000, received.number), 1_000_000)
    return Feature("debt_service_bps", value, "bureau", paid.as_of)


def variation_bps(amounts: Sequence[int]) -> int:
    """Standard deviation ÷ mean in basis points, rounded down, without leaving the integers."""
    total, squares = sum(amounts), sum(amount * amount for amount in amounts)
    return isqrt((len(amounts) * squares - total * total) * 10**8) // total


def whole_months(since: date, until: date) -> int:
    """Completed months between two days."""
    return (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)
