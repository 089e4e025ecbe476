"""The content of the contract's document as plain words: text, facts, schedule, costs; the layout adds none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.contracts.domain.agreements import Agreement, Lender, Parties
from app.contracts.domain.contracts import METHODS, PURPOSES, chinese_day, fill, percent, words
from app.engine.plan_options import PlanOptions
from app.engine.terms import MONTHLY, DayCount, HolidayRule, Unit
from app.engine.uppercase import uppercase
from app.kernel.clock import CHINA
from app.kernel.money import format_yuan

_UNITS = {Unit.DAY: "天", Unit.WEEK: "周", Unit.MONTH: "个月", Unit.QUARTER: "个季度", Unit.YEAR: "年"}
_UNIT = {**_UNITS, Unit.MONTH: "月", Unit.QUARTER: "季度"}
_HOLIDAYS = {
    HolidayRule.SAME_DAY: "",
    HolidayRule.NEXT_WORKING_DAY: "还款日遇节假日的，顺延至下一个工作日，顺延期间不加收利息。",
    HolidayRule.NEXT_WORKING_DAY_WITH_INTEREST: "还款日遇节假日的，顺延至下一个工作日，利息计至实际还款日。",
}

def make_content(
    *,
    number: str,
    text: Mapping[str, Any],
    agreement: Agreement,
    lender: Lender,
    parties: Parties,
    sheet: Mapping[str, Any],
    sheet_sha256: str,
    confirmed_at: datetime,
) -> dict[str, Any]:
    """Everything the layout prints. Raises KeyError when the text names something unknown."""
    return {
        "number": number,
        "lender": lender.name,
        "letterhead": {"mark": lender.mark, "color": lender.color},
        "borrower": {"name": parties.enterprise_name, "legal_rep": parties.legal_rep_name},
        "text": fill(text, words(agreement, lender, parties, number)),
        "facts": _facts(agreement, parties),
        "schedule": _schedule(agreement),
        "costs": _costs(sheet, sheet_sha256, confirmed_at),
    }


def _facts(agreement: Agreement, parties: Parties) -> list[list[str]]:
    kind = "浮动" if agreement.repricing else "固定"
    return [
        ["借款人", parties.enterprise_name, "统一社会信用代码", parties.uscc],
        ["法定代表人", parties.legal_rep_name, "证件号码", parties.legal_rep_id_no],
        ["联系电话", parties.phone, "借款用途", PURPOSES[agreement.purpose]],
        [
            "借款金额",
            f"{format_yuan(agreement.principal_fen)} 元",
            "大写",
            uppercase(agreement.principal_fen),
        ],
        ["年利率", f"{percent(agreement.annual_rate)}（单利，{kind}）", "还款方式", METHODS[agreement.method]],
        ["期限", f"{agreement.term_months} 个月", "收款人", parties.payee_name or parties.enterprise_name],
    ]


def _schedule(agreement: Agreement) -> dict[str, Any]:
    rows = agreement.plan().instalments
    total_fen = sum(row.payment_fen for row in rows)
    return {
        "start_on": chinese_day(agreement.start_on.isoformat()),
        "note": _when_paid_later(agreement),
        "rows": [
            [
                str(row.number),
                row.due_on.isoformat(),
                *(format_yuan(fen) for fen in (row.principal_fen, row.interest_fen, row.payment_fen, row.balance_fen)),
            ]
            for row in rows
        ],
        "principal": format_yuan(agreement.principal_fen),
        "interest": format_yuan(sum(row.interest_fen for row in rows)),
        "total": format_yuan(total_fen),
        "total_uppercase": uppercase(total_fen),
    }


def _when_paid_later(agreement: Agreement) -> str:
    """What another day of payment than the plan's does to it."""
    plan = agreement.plan_choice
    said = f"{_how_often(plan)}{_HOLIDAYS[plan.holidays]}"
    if plan.due_day:
        said += f"还款日为每月 {plan.due_day} 日（当月无此日的为月末）。"
        return f"{said}实际放款日不同的，按实际放款日重新编制，首个整月之前的利息按实际天数计算。"
    if plan.day_count is not DayCount.THIRTY_360 or plan.holidays is not HolidayRule.SAME_DAY:
        return f"{said}实际放款日不同的，还款日顺延，各期利息按实际天数计算。"
    if said:
        return f"{said}实际放款日不同的，还款日顺延，各期金额不变。"
    return "实际放款日不同的，还款日顺延，各期金额不变。"


def _how_often(plan: PlanOptions) -> str:
    """Nothing of monthly instalments without grace, as before there was a choice."""
    every, said = plan.every, ""
    if every != MONTHLY:
        period = f" {every.count} {_UNITS[every.unit]}" if every.count > 1 else _UNIT[every.unit]
        said = f"每{period}还款一期。"
    if plan.principal_grace:
        said += f"前 {plan.principal_grace} 期不还本金。"
    if plan.interest_grace:
        said += f"前 {plan.interest_grace} 期的利息不加收费用，与其后第一期一并支付。"
    return said


def _costs(sheet: Mapping[str, Any], sheet_sha256: str, confirmed_at: datetime) -> dict[str, Any]:
    return {
        "number": sheet["number"],
        "method": sheet["method"],
        "all_in": percent(Decimal(sheet["all_in_annual_rate"])),
        "interest_rate": percent(Decimal(sheet["interest_annual_rate"])),
        "fees_rate": percent(Decimal(sheet["fees_annual_rate"])),
        "items": [
            [
                item["name"]["zh"],
                item["standard"]["zh"],
                item["charged_by"]["zh"] if item["charged_by"] else "—",
                format_yuan(item["amount_fen"]),
            ]
            for item in sheet["items"]
        ]
        + [["合计", "", "", format_yuan(sheet["total_cost_fen"])]],
        "no_other_charges": sheet["no_other_charges"]["zh"],
        "examples": _examples(sheet["examples"]),
        "confirmed_at": f"{confirmed_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
        "sha256": sheet_sha256,
    }


def _examples(examples: Mapping[str, Any]) -> list[list[str]]:
    late, early, misuse = examples["late"], examples["early"], examples["misuse"]
    return [
        [
            f"第 {late['instalment']} 期晚 {late['days']} 天还",
            f"罚息年利率 {percent(Decimal(late['annual_rate']))}，多付 {format_yuan(late['extra_fen'])} 元",
        ],
        [
            f"还完第 {early['after_instalment']} 期就结清",
            f"没有提前还款费用，少付 {format_yuan(early['saved_fen'])} 元",
        ],
        [
            "款项没有用在约定用途",
            f"罚息年利率 {percent(Decimal(misuse['annual_rate']))}，{misuse['note']['zh']}",
        ],
    ]
