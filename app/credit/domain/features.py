"""What a decision looks at: each feature with its definition, source, day and, where it has no value, the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Value = int | str | bool | None
_BETWEEN_CHINESE = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


@dataclass(frozen=True)
class Text:
    """The same sentence in both languages."""

    zh: str
    en: str

    @classmethod
    def parse(cls, raw: Mapping[str, str]) -> Text:
        """Raises KeyError when a language is missing."""
        return cls(raw["zh"], raw["en"])

    def filled(self, zh: Mapping[str, str], en: Mapping[str, str]) -> Text:
        """With `{name}` replaced by what each language calls it; Chinese has no space between two of its characters."""
        return Text(_BETWEEN_CHINESE.sub("", self.zh.format(**zh)), self.en.format(**en))

    def as_json(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}


@dataclass(frozen=True)
class Feature:
    """One value; `missing` says why there is none. `source`: registry, bureau, tax, invoices, flows, person, bank."""

    name: str
    value: Value
    source: str
    as_of: str
    missing: str | None = None

    @property
    def number(self) -> int:
        """The value as a number, 0 where there is none."""
        return self.value if isinstance(self.value, int) else 0

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": self.value,
            "source": self.source,
            "as_of": self.as_of,
            "missing": self.missing,
        }


Features = Mapping[str, Feature]


def read_features(raw: list[dict[str, Any]]) -> dict[str, Feature]:
    """What `Feature.as_json` wrote."""
    return {one["name"]: Feature(**one) for one in raw}


@dataclass(frozen=True)
class Definition:
    """What a feature is called, how it is measured and how it is written."""

    label: Text
    unit: str  # months, years, count, fen, bps, flag, word
    words: Mapping[str, Text] | None = None


def _defined(zh: str, en: str, unit: str, words: Mapping[str, Text] | None = None) -> Definition:
    return Definition(Text(zh, en), unit, words)


_STATUS = {
    "active": Text("存续", "active"),
    "revoked": Text("吊销", "revoked"),
    "deregistered": Text("注销", "deregistered"),
    "unknown": Text("查无登记", "not on the register"),
}
_LISTED = {"True": Text("有", "yes"), "False": Text("没有", "none")}
_CHECKED = {"True": Text("命中", "on a list"), "False": Text("没有命中", "on no list")}
_FILE = {"full": Text("有信贷记录", "with credit history"), "thin": Text("几乎没有信贷记录", "hardly any history")}

DEFINITIONS: Mapping[str, Definition] = {
    "enterprise_status": _defined("企业登记状态", "Registration status", "word", _STATUS),
    "business_age_months": _defined("成立时间", "Age of the business", "months"),
    "industry_code": _defined("行业代码", "Industry code", "word"),
    "region_code": _defined("登记地区代码", "Region code", "word"),
    "legal_rep_matches": _defined("法定代表人与申请人一致", "Applicant is the legal representative", "flag"),
    "person_known": _defined("征信机构有此人", "Known to the bureau", "flag"),
    "legal_rep_age": _defined("法定代表人年龄", "Age of the legal representative", "years"),
    "court_listed": _defined("被执行或失信记录", "On a court enforcement list", "flag", _LISTED),
    "sanctioned": _defined("名单核对", "List check", "flag", _CHECKED),
    "credit_file": _defined("征信记录", "Credit file", "word", _FILE),
    "current_overdue_fen": _defined("当前逾期金额", "Amount overdue now", "fen"),
    "overdue_count_24m": _defined("近 24 个月逾期次数", "Overdue instalments in 24 months", "count"),
    "worst_overdue_days_24m": _defined("近 24 个月最长逾期天数", "Longest overdue in 24 months, days", "count"),
    "queries_3m": _defined("近 3 个月征信查询次数", "Credit queries in 3 months", "count"),
    "card_use_bps": _defined("信用卡使用率", "Credit card use", "bps"),
    "other_debt_fen": _defined("其他机构贷款余额", "Debt to other lenders", "fen"),
    "monthly_debt_service_fen": _defined("其他贷款每月还款", "Monthly payments to other lenders", "fen"),
    "debt_service_bps": _defined("每月还款占收款比例", "Loan payments as a share of receipts", "bps"),
    "tax_grade": _defined("纳税信用等级", "Tax credit grade", "word"),
    "tax_paid_yearly_fen": _defined("近两年平均每年纳税", "Tax paid a year, two-year average", "fen"),
    "tax_arrears_fen": _defined("欠税金额", "Tax arrears", "fen"),
    "zero_return_months_12m": _defined("近 12 个月零申报月数", "Months with zero tax returns in 12", "count"),
    "invoiced_12m_fen": _defined("近 12 个月开票净额", "Net invoices in 12 months", "fen"),
    "invoice_gap_months_12m": _defined("近 12 个月未开票月数", "Months without invoices in 12", "count"),
    "red_share_bps": _defined("红字发票占比", "Share of red-letter invoices", "bps"),
    "top5_buyers_share_bps": _defined("前五大客户占比", "Share of the five largest buyers", "bps"),
    "monthly_inflow_fen": _defined("近 12 个月月均收款", "Receipts a month, 12-month average", "fen"),
    "inflow_volatility_bps": _defined("收款波动", "Volatility of receipts", "bps"),
    "round_trip_share_bps": _defined("往返转账占比", "Share of money that only goes round", "bps"),
    "own_exposure_fen": _defined("在本行已占用的额度", "Already in use with this bank", "fen"),
    "earlier_loans": _defined("在本行用过的贷款笔数", "Earlier loans with this bank", "count"),
}
SOURCES: Mapping[str, Text] = {
    "registry": Text("企业登记信息", "company register"),
    "bureau": Text("征信报告", "credit report"),
    "tax": Text("税务数据", "tax records"),
    "invoices": Text("发票数据", "invoices"),
    "flows": Text("账户收款数据", "account receipts"),
    "person": Text("实名信息", "identity record"),
    "bank": Text("本行记录", "this bank's records"),
}
_MISSING: Mapping[str | None, Text] = {
    "no_card": Text("没有信用卡", "no credit card"),
    "no_record": Text("没有记录", "no record"),
    "no_invoices": Text("没有开票", "no invoices"),
    "no_receipts": Text("没有收款", "no receipts"),
}


def written(name: str, value: Value) -> Text:
    """A value as people read it."""
    definition = DEFINITIONS[name]
    if value is None:
        return Text("没有数据", "no value")
    if definition.words and str(value) in definition.words:
        return definition.words[str(value)]
    return _WRITERS.get(definition.unit, _plain)(value)


def in_words(feature: Feature) -> Text:
    """A figure as people read it; one without a value says why there is none."""
    if feature.value is None and feature.missing in _MISSING:
        return _MISSING[feature.missing]
    return written(feature.name, feature.value)


def _plain(value: Any) -> Text:
    return Text(str(value), str(value))


def _flag(value: Any) -> Text:
    return Text("是", "yes") if value else Text("否", "no")


def _fen(value: Any) -> Text:
    yuan = f"{value // 100:,}.{value % 100:02d}"
    return Text(f"{yuan} 元", f"CNY {yuan}")


def _bps(value: Any) -> Text:
    percent = f"{value // 100}.{value % 100:02d}%"
    return Text(percent, percent)


_WRITERS = {
    "months": lambda value: Text(f"{value} 个月", f"{value} months"),
    "years": lambda value: Text(f"{value} 岁", f"{value} years"),
    "count": _plain,
    "fen": _fen,
    "bps": _bps,
    "flag": _flag,
    "word": _plain,
}
