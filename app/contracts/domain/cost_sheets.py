"""The cost sheet (综合融资成本明示表): the yearly all-in rate first, every item with who charges it, zeros shown.

Contents after 金规〔2026〕2号 (all-in cost disclosure of personal loans) and the enterprise pilot; the regulator's own
formula could not be verified, so the method carries a version: see `METHOD`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from app.contracts.domain.agreements import Agreement, Disclosure, Lender
from app.contracts.domain.floating import standard
from app.engine.costs import CostBasis, all_in_cost
from app.engine.due_dates import stub_is_row, stub_period
from app.engine.prepayment import payoff_quote
from app.engine.schedules import Schedule, schedule, simple_interest
from app.engine.terms import Instalment
from app.kernel.errors import Conflict, NotFound

METHOD = "cost-2026.1"  # IRR of all payments × periods a year, on principal outstanding (PBoC 2021 No. 3)
LATE_DAYS = 10
VALID = timedelta(days=7)
SHEET_STATES = {
    ("shown", "confirm"): "confirmed",
    ("shown", "supersede"): "superseded",
    ("confirmed", "supersede"): "superseded",
}


class CostSheetUnknown(NotFound):
    code = "cost_sheet.not_found"


class ReadFirst(Conflict):
    """Confirmed before the minimum reading time was over; `remaining_s` says how much is left."""

    code = "cost_sheet.read_first"


class CostSheetReplaced(Conflict):
    """Another sheet was shown since: confirm that one."""

    code = "cost_sheet.replaced"


def text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def make_sheet(agreement: Agreement, lender: Lender, disclosure: Disclosure, number: str) -> dict[str, Any]:
    """The sheet as data: what is shown is exactly this, and its hash is taken over exactly this."""
    plan = agreement.plan()
    cost = all_in_cost(plan).on(CostBasis.NOMINAL)
    return {
        "number": number,
        "method": METHOD,
        "all_in_annual_rate": str(cost),
        "rate_basis": text("年化，单利，按每期剩余本金", "Yearly, simple, on the principal outstanding"),
        "interest_annual_rate": str(agreement.annual_rate),
        "fees_annual_rate": str(cost - _without_fees(plan)),
        "all_in_cap": str(disclosure.all_in_cap),
        "all_in_cap_source": disclosure.all_in_cap_source,
        "lender": lender.name,
        "agreement": agreement.as_json(),
        "principal_fen": agreement.principal_fen,
        "received_fen": agreement.principal_fen - plan.terms.start_fee_fen,
        "term_months": agreement.term_months,
        "repayment_method": agreement.method,
        "items": _items(agreement, lender, plan),
        "total_cost_fen": plan.total_interest_fen + plan.total_fee_fen,
        "no_other_charges": text(
            "正常还款时，除以上项目，不再收任何费用。", "If you pay on time, nothing else is charged."
        ),
        "instalments": [_row(row) for row in plan.instalments],
        "examples": {
            "normal": _normal(plan),
            "early": early_example(plan),
            "late": late_example(agreement, plan),
            "misuse": _misuse(agreement),
        },
        "min_reading_s": disclosure.min_reading_s,
        "min_reading_source": disclosure.min_reading_source,
    }


def _without_fees(plan: Schedule) -> Decimal:
    return all_in_cost(schedule(replace(plan.terms, fees=()))).on(CostBasis.NOMINAL)


def _row(row: Any) -> dict[str, Any]:
    return {**row._asdict(), "due_on": row.due_on.isoformat()}


def _items(agreement: Agreement, lender: Lender, plan: Schedule) -> list[dict[str, Any]]:
    percent = f"{agreement.annual_rate * 100:.2f}%"
    by_bank, nobody = text(lender.name, lender.english_name or lender.name), None
    none = text("无", "none")
    zh, en = standard(agreement.repricing)
    free = text("随时可还，按实际天数计息", "Any time; interest for the days used")
    return [
        _item(
            "interest",
            text("利息", "Interest"),
            text(f"年利率 {percent}，按剩余本金计{zh}", f"{percent} a year on the principal left{en}"),
            by_bank,
            plan.total_interest_fen,
        ),
        _item("guarantee_fee", text("担保费", "Guarantee fee"), none, nobody, 0),
        _item("service_fee", text("服务费、手续费", "Service and handling fees"), none, nobody, 0),
        _item("partner_fee", text("合作平台收费", "Charges of the partner's platform"), none, nobody, 0),
        _item("prepayment_fee", text("提前还款费用", "Early repayment fee"), free, nobody, 0),
    ]


def _item(
    code: str, name: dict[str, str], standard: dict[str, str], charged_by: dict[str, str] | None, amount_fen: int
) -> dict[str, Any]:
    return {"code": code, "name": name, "standard": standard, "charged_by": charged_by, "amount_fen": amount_fen}


def _normal(plan: Schedule) -> dict[str, Any]:
    rows = plan.instalments
    return {
        "first_payment_fen": _first_whole(plan).payment_fen,
        "last_payment_fen": rows[-1].payment_fen,
        "total_payment_fen": sum(row.payment_fen for row in rows),
        "cost_fen": plan.total_interest_fen + plan.total_fee_fen,
    }


def _first_whole(plan: Schedule) -> Instalment:
    """The first of the agreed number of instalments: interest of the days before them may be a row of its own."""
    return plan.instalments[1 if stub_period(plan.terms) and stub_is_row(plan.terms) else 0]


def early_example(plan: Schedule) -> dict[str, Any]:
    """What is saved by paying everything off with the instalment in the middle of the term."""
    middle = (len(plan.instalments) + 1) // 2
    paid = plan.instalments[:middle]
    quote = payoff_quote(plan, paid[-1].due_on, sum(row.payment_fen for row in paid))
    return {
        "after_instalment": middle,
        "payoff_fen": quote.total_fen,
        "fee_fen": quote.fee_fen,
        "saved_fen": quote.interest_saved_fen,
        "cost_fen": plan.total_interest_fen + plan.total_fee_fen - quote.interest_saved_fen,
    }


def late_example(agreement: Agreement, plan: Schedule) -> dict[str, Any]:
    """What the first whole instalment costs more if it is paid ten days late: penalty on principal, compound on
    interest."""
    first = _first_whole(plan)
    days = LATE_DAYS if agreement.grace_days < LATE_DAYS else 0  # past the grace days, overdue counts from the due day
    until = first.due_on + timedelta(days=days)
    penalty = simple_interest(first.principal_fen, agreement.overdue_rate, first.due_on, until)
    compound = simple_interest(first.interest_fen, agreement.overdue_rate, first.due_on, until)
    return {
        "instalment": first.number,
        "days": LATE_DAYS,
        "annual_rate": str(agreement.overdue_rate),
        "penalty_fen": penalty,
        "compound_fen": compound,
        "extra_fen": penalty + compound,
    }


def _misuse(agreement: Agreement) -> dict[str, Any]:
    return {
        "annual_rate": str(agreement.misuse_rate),
        "note": text("按天计，并可提前收回贷款", "Charged by the day; the loan may be called in"),
    }


def canonical(body: Mapping[str, Any]) -> str:
    """One text for one sheet: sorted keys, no spaces; the text that is hashed."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(body: Mapping[str, Any]) -> str:
    """Hex SHA-256 of the canonical text."""
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def is_fresh(confirmed_at: datetime | None, now: datetime) -> bool:
    """Whether a confirmation still carries a contract and its signature."""
    return confirmed_at is not None and confirmed_at > now - VALID


def remaining_s(shown_at: datetime, min_reading_s: int, now: datetime) -> int:
    """Whole seconds until the sheet may be confirmed, rounded up; 0 when it may."""
    left = shown_at + timedelta(seconds=min_reading_s) - now
    return max(0, -(-left // timedelta(seconds=1)))
