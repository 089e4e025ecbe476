"""A rate that follows the LPR: on the cost sheet, in the contract, on the loan, and where its customer reads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.contracts.domain.floating import standard, words_of
from app.contracts.models import Contract, CostSheet, DocumentText
from app.credit.domain.products import ProductMalformed, ProductTerms
from app.credit.usecases import publish_parameter
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan
from tests.factories import credit, loans

BODY = json.loads(
    (Path(__file__).parents[2] / "migrations/seeds/product_order_instalments_2026_1.json").read_text(encoding="utf-8")
)
START = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)


def papers(session: Session, loan: Loan) -> tuple[CostSheet, Contract, str]:
    """Cost sheet and contract, and which text the contract was made from."""
    contract = session.get_one(Contract, loan.contract_id)
    kind = session.get_one(DocumentText, contract.document_text_id).kind
    return session.get_one(CostSheet, contract.cost_sheet_id), contract, kind


@pytest.mark.parametrize(
    ("on", "day", "reprices_on"),
    [
        ("january", "每年 1 月 1 日", date(2027, 1, 1)),
        ("anniversary", "每年与放款日对应的日期", date(2027, 11, 5)),
    ],
)
def test_from_the_product_to_the_loan(
    client: FlaskClient, session: Session, clock_at: Callable[[datetime], None], on: str, day: str, reprices_on: date
) -> None:
    clock_at(START)
    credit.publish(session, kind="product", version="2026.9", body={**BODY, "repricing": {"on": on}})
    borrower = loans.make_borrower(session)
    loan = loans.active_loan(session, borrower)
    sheet, contract, kind = papers(session, loan)
    spread_bps = int((loan.annual_rate - Decimal("0.03")) * 10_000)
    said = {"benchmark": "lpr_1y", "benchmark_rate": "0.030000", "spread_bps": spread_bps, "on": on}
    assert sheet.body["agreement"]["repricing"] == said
    assert f"加 {spread_bps} 个基点，{day}重新定价" in sheet.body["items"][0]["standard"]["zh"]
    assert "floating: 1-year LPR 3.00%" in sheet.body["items"][0]["standard"]["en"]
    content = json.loads(contract.content)
    clause = next(one for one in content["text"]["clauses"] if one["heading"] == "第五条 利率与利息")
    assert clause["emphasised"] and f"重定价日为{day}" in clause["paragraphs"][1]
    assert f"一年期贷款市场报价利率（LPR） 3.00% 加 {spread_bps} 个基点" in clause["paragraphs"][0]
    assert kind == "loan_contract_floating" and any("浮动" in cell for row in content["facts"] for cell in row)
    assert loan.repricing == {"benchmark": "lpr_1y", "spread_bps": spread_bps, "on": on}
    assert loan.reprices_on == reprices_on
    shown = client.get(f"/customer/v1/loans/{loan.id}", headers=borrower.headers).json
    assert shown and shown["repricing"] == {
        "benchmark": "lpr_1y", "spread_bps": spread_bps, "on": on, "next_on": reprices_on.isoformat()
    }  # fmt: skip


def test_a_loan_of_a_fixed_product_is_as_it_always_was(
    client: FlaskClient, session: Session, clock_at: Callable[[datetime], None]
) -> None:
    clock_at(START)
    loan = loans.active_loan(session, loans.make_borrower(session))
    sheet, contract, kind = papers(session, loan)
    assert "repricing" not in sheet.body["agreement"] and "repricing" not in contract.terms["agreement"]
    assert kind == "loan_contract" and (loan.repricing, loan.reprices_on) == (None, None)
    assert sheet.body["items"][0]["standard"]["zh"].endswith("按剩余本金计")
    assert words_of({}) == {} and standard({}) == ("", "")


def test_the_customer_reads_what_a_repricing_changed(
    client: FlaskClient, session: Session, clock_at: Callable[[datetime], None]
) -> None:
    """Over HTTP: the new rate and the change, only to its owner."""
    clock_at(START)
    credit.publish(session, kind="product", version="2026.9", body={**BODY, "repricing": {"on": "january"}})
    borrower, other = (loans.make_borrower(session) for _ in range(2))
    loan = loans.active_loan(session, borrower)
    publish_parameter(
        session, name="lpr_1y", value=Decimal("0.0280"), effective_from=date(2026, 12, 21), source="a test"
    )
    session.commit()
    before = loan.annual_rate
    clock_at(datetime(2027, 1, 1, 4, tzinfo=UTC))
    close_through(None, Run())
    mine, theirs = (loans.sign_in_again(session, one) for one in (borrower, other))
    shown = client.get(f"/customer/v1/loans/{loan.id}", headers=mine.headers).json
    assert shown and [one["kind"] for one in shown["changes"]] == ["repricing"]
    change = shown["changes"][0]
    assert Decimal(change["before"]["annual_rate"]) - Decimal(change["after"]["annual_rate"]) == Decimal("0.002")
    assert Decimal(shown["annual_rate"]) == before - Decimal("0.002")
    assert shown["repricing"]["next_on"] == "2028-01-01"
    assert client.get(f"/customer/v1/loans/{loan.id}", headers=theirs.headers).status_code == 404


@pytest.mark.parametrize("wrong", [{}, {"on": "monthly"}, "january", {"on": 1}], ids=str)
def test_what_is_no_repricing_is_refused_with_the_product(wrong: object) -> None:
    with pytest.raises(ProductMalformed):
        ProductTerms.parse("order_instalments", "2026.2", {**BODY, "repricing": wrong})


def test_a_discount_is_said_as_one() -> None:
    said = {"benchmark": "lpr_5y", "benchmark_rate": "0.035", "spread_bps": -20, "on": "january"}
    assert words_of(said)["spread"] == "减 20 个基点"
    assert "5-year LPR 3.50% − 20 basis points" in standard(said)[1]
