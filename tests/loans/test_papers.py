"""Papers: what stands in them, for whom, and that they are set once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy.orm import Session

from app.engine.uppercase import uppercase
from app.kernel import clock
from app.kernel.money import format_yuan
from app.kernel.typesetting import TypesettingFailed, fingerprint, typeset
from app.loans import queries
from app.loans.models import Loan
from app.loans.papers import blocks, letters, reading
from app.loans.papers.blocks import LAYOUT, LETTER
from config.settings import load_bank
from tests.factories import loans
from tests.factories.customers import SignedInCustomer

START = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)
BANK = load_bank(Path(__file__).parents[2] / "config" / "bank.toml")


@pytest.fixture
def borrower(client: FlaskClient, session: Session, clock_at: Callable[[datetime], None]) -> SignedInCustomer:
    clock_at(START)
    return loans.make_borrower(session)


@pytest.fixture
def loan(session: Session, borrower: SignedInCustomer) -> Loan:
    return loans.active_loan(session, borrower)


def get(client: FlaskClient, who: SignedInCustomer, path: str, **headers: str) -> Any:
    return client.get(f"/customer/v1{path}", headers={**who.headers, **headers})


def all_words(thing: Any) -> str:
    """Every word of a content, one after another."""
    if isinstance(thing, dict):
        return "\n".join(all_words(one) for one in thing.values())
    return "\n".join(all_words(one) for one in thing) if isinstance(thing, list | tuple) else str(thing)


def test_every_paper_is_a_pdf_a_with_a_number(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, loan: Loan
) -> None:
    paid = loans.repay(session, loan)
    for path in (
        f"/loans/{loan.id}/statements/2026-11.pdf",
        "/statements/2026-11.pdf",
        f"/loans/{loan.id}/schedule.pdf",
        f"/loans/{loan.id}/payoff-letter.pdf",
        f"/repayments/{paid.id}/receipt.pdf",
    ):
        answer = get(client, borrower, path)
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
        reader = PdfFileReader(BytesIO(answer.data))
        assert b"pdfaid" in reader.root["/Metadata"].data and len(answer.data) < 300_000
        assert answer.headers["Content-Disposition"].startswith('inline; filename="')
        assert answer.headers["Cache-Control"] == "private, no-cache"
        again = get(client, borrower, path)
        assert again.data == answer.data and again.headers["ETag"] == answer.headers["ETag"]
        known = get(client, borrower, path, **{"If-None-Match": answer.headers["ETag"]})
        assert (known.status_code, known.data) == (304, b"")


def test_the_schedule_for_spreadsheets(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, loan: Loan
) -> None:
    loans.repay(session, loan)
    answer = get(client, borrower, f"/loans/{loan.id}/schedule.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf") and answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert [row["状态"] for row in rows] == ["已还"] + ["待还"] * 11
    assert rows[-1]["还后剩余本金（元）"] == "0.00"
    assert sum(round(float(row["本金（元）"]) * 100) for row in rows) == loan.principal_fen


def test_a_receipt_says_how_the_money_was_used(session: Session, borrower: SignedInCustomer, loan: Loan) -> None:
    paid = loans.repay(session, loan)
    loans.repay(session, loan, "payoff")
    content = reading.receipt(session, customer_id=borrower.customer_id, repayment_id=paid.id, bank=BANK)
    words = all_words(content)
    for word in (paid.receipt_no, loan.loan_no, uppercase(paid.amount_fen), format_yuan(paid.principal_fen or 0)):
        assert word in words
    assert format_yuan(loan.principal_fen - (paid.principal_fen or 0)) in words  # what was left then, not today
    assert content["blocks"][2]["total"][-1] == format_yuan(paid.amount_fen)


def test_no_receipt_before_the_money_is_booked(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, loan: Loan
) -> None:
    waiting = loans.open_repayment(session, loan)
    answer = get(client, borrower, f"/repayments/{waiting.id}/receipt.pdf")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "repayment.no_receipt")
    stranger = loans.make_borrower(session)
    assert get(client, stranger, f"/repayments/{waiting.id}/receipt.pdf").status_code == 404


def test_the_payoff_letter_says_what_the_quote_says(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, loan: Loan, clock_at: Any
) -> None:
    clock_at(START + timedelta(days=40))
    content = reading.pay_off_letter(session, customer_id=borrower.customer_id, loan_id=loan.id, bank=BANK)
    quote = queries.pay_off_quote(session, loan, clock.today())
    words = all_words(content)
    assert (
        format_yuan(quote.total_fen) in words and uppercase(quote.total_fen) in words and "2026 年 12 月 15 日" in words
    )
    assert content["number"].startswith("JF-20261215-")
    clock_at(START + timedelta(days=41))
    later = reading.pay_off_letter(session, customer_id=borrower.customer_id, loan_id=loan.id, bank=BANK)
    assert later["number"] != content["number"]


def test_no_payoff_letter_for_what_is_settled(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, loan: Loan
) -> None:
    loans.repay(session, loan, "payoff")
    answer = get(client, borrower, f"/loans/{loan.id}/payoff-letter.pdf")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "loan.not_payable")


def test_one_number_never_stands_on_two_papers(session: Session, borrower: SignedInCustomer, loan: Loan) -> None:
    before, _ = reading.schedule(session, customer_id=borrower.customer_id, loan_id=loan.id, bank=BANK)
    loans.repay(session, loan)
    after, _ = reading.schedule(session, customer_id=borrower.customer_id, loan_id=loan.id, bank=BANK)
    assert before["number"] != after["number"]
    assert fingerprint(LAYOUT, before) != fingerprint(LAYOUT, after) != fingerprint(LETTER, after)


@pytest.mark.parametrize("layout", [LAYOUT, LETTER])
def test_words_in_a_paper_are_never_markup(layout: Path, loan: Loan) -> None:
    nasty = '#panic("x") $ * _ `raw` <label> @ref [] {} \\'
    content = blocks.paper(("标题", nasty), "JF-20261123-ABCDEFGH", loan.start_on, BANK, [blocks.notes(nasty)])
    letter = {"addressee": nasty, "paragraphs": [nasty], "rows": [], "closing": [nasty], "english": [nasty]}
    assert typeset(layout, content | letter | {"made_on": nasty, "seal": None}).startswith(b"%PDF")


def test_papers_are_set_by_many_threads_at_once(loan: Loan) -> None:
    def content(number: int) -> dict[str, Any]:
        note = blocks.notes(f"第 {number} 份")
        return blocks.paper(("标题", "Title"), f"JF-{number}", loan.start_on, BANK, [note])

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda number: typeset(LAYOUT, content(number)), range(24)))
    assert made == [typeset(LAYOUT, content(number)) for number in range(24)]


def test_a_content_that_lacks_something_is_no_paper() -> None:
    with pytest.raises(TypesettingFailed):
        typeset(LAYOUT, {"title": {"zh": "标题", "en": "title"}})


def test_a_certificate_names_what_was_repaid(session: Session, borrower: SignedInCustomer, loan: Loan) -> None:
    from app.loans.papers.subjects import subjects

    found = subjects(session, [loan])[loan.id]
    content = letters.settlement_certificate(
        loan, found, settled_on=loan.start_on, made_on=loan.start_on, number="JQ-20261105-ABCDEFGH", bank=BANK
    )
    words = all_words(content)
    for word in (found.borrower, found.uscc, found.contract_no, loan.loan_no, uppercase(loan.principal_fen)):
        assert word in words
