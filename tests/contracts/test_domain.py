"""Cost sheets and the contract's words as pure functions, with the figures of published examples."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contracts.domain.agreements import Agreement, Disclosure, Lender, Parties
from app.contracts.domain.contracts import emphasised, evidence_sha256
from app.contracts.domain.cost_sheets import canonical, make_sheet, remaining_s, sha256
from app.contracts.domain.papers import make_content
from app.credit.schemas.cost_sheets import CostSheetBodyOut

TEXT = tomllib.loads((Path(__file__).parents[2] / "migrations/texts/loan_contract_1.toml").read_text(encoding="utf-8"))
BODY = {"title": TEXT["title"], "intro": TEXT["intro"], "clauses": TEXT["clause"]}
LENDER = Lender("测试银行", "400-000-0000", "400-000-0001")
DISCLOSURE = Disclosure(10, "a source", Decimal("0.24"), "another source")
AGREEMENT = Agreement(
    product_code="order_instalments",
    product_version="2026.1",
    product_name={"zh": "企业经营贷·订单分期", "en": "Business loan: order instalments"},
    principal_fen=10_000_000,
    annual_rate=Decimal("0.0600"),
    lpr_1y=Decimal("0.0300"),
    term_months=12,
    method="equal_instalment",
    start_on=date(2026, 11, 23),
    overdue_rate=Decimal("0.090000"),
    misuse_rate=Decimal("0.120000"),
    grace_days=0,
    purpose="goods",
    forbidden_uses={"zh": "不能用于买房", "en": "Not for homes"},
)
PARTIES = Parties(
    enterprise_name="测试林记百货商行",
    uscc="91330106MA2X017T3K",
    legal_rep_name="测试林",
    legal_rep_id_no="110101197102150010",
    phone="19900010000",
    payee_name="测试粮油批发",
    payee_account_name="测试粮油批发有限公司",
    payee_account_no="6222020000001234",
)


def sheet(agreement: Agreement = AGREEMENT) -> dict[str, Any]:
    return make_sheet(agreement, LENDER, DISCLOSURE, "CS-20261123-TEST0000")


def test_the_figures_of_the_published_example() -> None:
    """100,000 yuan, 6 %, 12 equal instalments: interest 3,279.73; ten days late 21.52; paid off after six 891.79."""
    body = sheet()
    assert body["total_cost_fen"] == 327_973
    assert (body["examples"]["normal"]["first_payment_fen"], body["examples"]["normal"]["last_payment_fen"]) == (
        860_664,
        860_669,
    )
    late = body["examples"]["late"]
    assert (late["extra_fen"], late["penalty_fen"], late["compound_fen"]) == (2_152, 2_027, 125)
    early = body["examples"]["early"]
    assert (early["after_instalment"], early["saved_fen"], early["fee_fen"]) == (6, 89_179, 0)
    assert Decimal(body["all_in_annual_rate"]).quantize(Decimal("0.0001")) == Decimal("0.0600")
    assert body["examples"]["misuse"]["annual_rate"] == "0.120000"


def test_every_item_is_there_zeros_too_with_who_charges_it() -> None:
    items = {item["code"]: item for item in sheet()["items"]}
    assert items["interest"]["charged_by"]["zh"] == "测试银行"
    for code in ("guarantee_fee", "service_fee", "partner_fee", "prepayment_fee"):
        assert (items[code]["amount_fen"], items[code]["charged_by"]) == (0, None)
    assert sum(item["amount_fen"] for item in items.values()) == sheet()["total_cost_fen"]


def test_the_rate_comes_before_everything_but_the_number_and_the_method() -> None:
    assert list(sheet())[:3] == ["number", "method", "all_in_annual_rate"]


def test_what_goes_out_is_what_was_hashed() -> None:
    shown = CostSheetBodyOut().dump(sheet())
    assert canonical(shown) == canonical(sheet())
    assert sha256(json.loads(json.dumps(shown))) == sha256(sheet())
    assert sha256(sheet(replace(AGREEMENT, principal_fen=10_000_001))) != sha256(sheet())


def test_an_agreement_survives_its_record() -> None:
    assert Agreement.read(json.loads(json.dumps(AGREEMENT.as_json()))) == AGREEMENT


def test_days_of_grace_beyond_the_example_cost_nothing() -> None:
    assert sheet(replace(AGREEMENT, grace_days=10))["examples"]["late"]["extra_fen"] == 0


@given(
    principal_fen=st.integers(100_000, 30_000_000),
    rate_bps=st.integers(0, 2300),
    term=st.sampled_from([3, 6, 12]),
    method=st.sampled_from(["equal_instalment", "equal_principal"]),
)
def test_a_sheet_adds_up_for_any_terms(principal_fen: int, rate_bps: int, term: int, method: str) -> None:
    rate = Decimal(rate_bps) / 10_000
    made = sheet(replace(AGREEMENT, principal_fen=principal_fen, annual_rate=rate, term_months=term, method=method))
    rows = made["instalments"]
    assert sum(row["principal_fen"] for row in rows) == principal_fen and rows[-1]["balance_fen"] == 0
    assert made["examples"]["normal"]["total_payment_fen"] == principal_fen + made["total_cost_fen"]
    assert abs(Decimal(made["all_in_annual_rate"]) - rate) < Decimal("0.0005")
    assert made["fees_annual_rate"] in ("0.000000", "0E-6")
    assert 0 <= made["examples"]["early"]["saved_fen"] <= made["total_cost_fen"]


@pytest.mark.parametrize(("passed_ms", "left"), [(0, 10), (1, 10), (9_000, 1), (9_999, 1), (10_000, 0), (99_000, 0)])
def test_the_reading_time_is_rounded_up(passed_ms: int, left: int) -> None:
    shown_at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert remaining_s(shown_at, 10, shown_at + timedelta(milliseconds=passed_ms)) == left


def content() -> dict[str, Any]:
    return make_content(
        number="HT-20261123-TEST0000",
        text=BODY,
        agreement=AGREEMENT,
        lender=LENDER,
        parties=PARTIES,
        sheet=sheet(),
        sheet_sha256=sha256(sheet()),
        confirmed_at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
    )


def test_the_contract_says_what_was_agreed() -> None:
    made = content()
    words = json.dumps(made, ensure_ascii=False)
    for said in (
        "人民币 100,000.00 元（大写：人民币壹拾万元整）",
        "年利率为 6.00%",
        "一年期贷款市场报价利率 3.00% 加 300 个基点",
        "年利率 9.00% 计收罚息",
        "年利率 12.00% 计收罚息",
        "等额本息，共 12 期",
        "2026 年 12 月 23 日",
        "测试粮油批发有限公司，账号 6222020000001234（受托支付）",
        "测试银行",
    ):
        assert said in words, said
    assert "{" not in "".join(part for clause in made["text"]["clauses"] for part in clause["paragraphs"])
    assert len(made["schedule"]["rows"]) == 12
    assert made["costs"]["items"][-1] == ["合计", "", "", "3,279.73"]
    assert made["costs"]["confirmed_at"] == "2026-11-23 10:00:00"


def test_the_clauses_to_point_out_are_penalty_use_and_credit_reporting() -> None:
    headings = [clause["heading"] for clause in emphasised(content()["text"])]
    assert headings == ["第三条 禁止用途", "第十条 逾期", "第十一条 征信"]


def test_parties_do_not_show_in_a_repr() -> None:
    assert "1101" not in repr(PARTIES) and "测试" not in repr(PARTIES)


def test_evidence_has_one_digest() -> None:
    assert evidence_sha256({"b": 1, "a": 2}) == evidence_sha256({"a": 2, "b": 1})
    assert evidence_sha256({"a": 2}) != evidence_sha256({"a": 3})
