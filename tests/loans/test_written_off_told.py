"""What a customer reads of a loan that the bank has written off, and how what is paid on it is worded."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock, ids
from app.kernel.money import format_yuan
from app.loans import queries
from app.loans.models import Loan
from app.loans.papers import reading, statement_papers
from app.loans.papers.months import Month
from app.loans.usecases.certificates import open_certificate
from app.loans.usecases.unmatched import apply_unmatched
from config.settings import current
from tests.factories import loans
from tests.factories.customers import SignedInCustomer
from tests.loans.test_papers import all_words
from tests.loans.test_reliefs import At, at, give_up, lost_early, sound  # noqa: F401

NOT_FORGIVEN = "核销不是免除：债务照旧"


@pytest.fixture
def borrower(client: FlaskClient, session: Session, clock_at: Any) -> SignedInCustomer:
    clock_at(datetime(2026, 8, 15, 4, tzinfo=UTC))
    return loans.make_borrower(session)


@pytest.fixture
def loan(session: Session, borrower: SignedInCustomer) -> Loan:
    return loans.active_loan(session, borrower, amount_fen=10_000_000)


@pytest.fixture
def lost(session: Session, loan: Loan, at: At) -> Loan:  # noqa: F811
    """Written off on 20 October 2026, 35 days late."""
    lost_early(session, loan, at)
    return loan


def get(client: FlaskClient, session: Session, who: SignedInCustomer, path: str) -> Any:
    answer = client.get(f"/customer/v1{path}", headers=loans.sign_in_again(session, who).headers)
    assert answer.status_code == 200, answer.text
    return answer.get_json() if answer.mimetype == "application/json" else answer


def paper(session: Session, loan: Loan, month: Month) -> str:
    found, span = reading.loan_statement(session, customer_id=loan.customer_id, loan_id=loan.id, month=month)
    return all_words(statement_papers.paper([found], span, current().bank))


def test_on_the_loan_and_in_the_list(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, lost: Loan
) -> None:
    """Late as it was, with the day of the write-off; what settles it is what is owed."""
    one = get(client, session, borrower, f"/loans/{lost.id}")
    [listed] = get(client, session, borrower, "/loans")["items"]
    for found in (one, listed):
        assert (found["status"], found["written_off_on"], found["overdue_days"]) == ("overdue", "2026-10-20", 35)
        assert found["due_now_fen"] == 810_664 + 50_000 + 814_717 + 45_947 + 8_606
    assert [row["status"] for row in one["instalments"]] == ["due"] * 12
    assert get(client, session, borrower, f"/loans/{lost.id}/payoff-quote")["total_fen"] == 10_111_532
    loans.repay(session, lost, "due")
    again = get(client, session, borrower, f"/loans/{lost.id}")
    assert (again["status"], again["written_off_on"], again["overdue_days"]) == ("active", "2026-10-20", 0)


def test_papers_say_that_it_is_owed(session: Session, borrower: SignedInCustomer, lost: Loan) -> None:
    own = {"customer_id": borrower.customer_id, "loan_id": lost.id, "bank": current().bank}
    letter, (schedule, _) = all_words(reading.pay_off_letter(session, **own)), reading.schedule(session, **own)
    assert NOT_FORGIVEN in letter and "101,115.32" in letter and "即告结清，可以开具结清证明" in letter
    assert NOT_FORGIVEN in all_words(schedule) and "已核销，债务仍在" in all_words(schedule)
    said = paper(session, lost, Month(2026, 10))
    assert NOT_FORGIVEN in said and "已核销，债务仍在" in said
    before = paper(session, lost, Month(2026, 9))
    assert "核销" not in before and "已逾期" in before


def test_a_receipt_of_each_way(client: FlaskClient, session: Session, borrower: SignedInCustomer, lost: Loan) -> None:
    """By WeChat Pay in part, at a counter the rest: both count in full and are regained. (By account: tests/debits.)"""
    paid = loans.repay(session, lost, "due", amount_fen=300_000)
    own = {"customer_id": borrower.customer_id, "bank": current().bank}
    said = all_words(reading.receipt(session, repayment_id=paid.id, **own))
    assert paid.recovered and "微信支付" in said and NOT_FORGIVEN in said
    told = get(client, session, borrower, f"/repayments/{paid.id}/receipt")
    assert (told["recovered"], told["amount_fen"]) == (True, 300_000)
    counter = apply_unmatched(
        session, repayment_id=ids.new_id(), loan_id=lost.id, amount_fen=10_111_532 - 300_000, paid_at=clock.now()
    )
    session.commit()
    said = all_words(reading.receipt(session, repayment_id=counter.id, **own))
    assert counter.recovered and "柜面或转账" in said and format_yuan(9_811_532) in said and lost.status == "settled"
    assert sound(session)


def test_the_certificate_of_what_was_written_off(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, lost: Loan
) -> None:
    """It ends the claim, and says what was not paid but waived."""
    give_up(session, lost, penalty_fen=8_111, compound_fen=495)
    loans.repay(session, lost, "payoff")
    draft = open_certificate(session, customer_id=borrower.customer_id, loan_id=lost.id, bank=current().bank)
    said = all_words(draft.content)
    assert "2026 年 10 月 20 日核销，现已结清，本行对其不再有任何债权" in said
    assert "其中经本行减免 86.06 元" in said and "a part of it waived" in said and "全部还清" not in said
    found = get(client, session, borrower, f"/loans/{lost.id}")
    assert (found["status"], found["due_now_fen"], found["next_due_on"]) == ("settled", 0, None)
    assert "已结清" in paper(session, lost, Month(2026, 10)) and sound(session)


def test_a_month_that_is_over_is_not_changed_by_it(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, lost: Loan, at: At  # noqa: F811
) -> None:
    path = f"/loans/{lost.id}/statements/"
    told = [get(client, session, borrower, path + month) for month in ("2026-09", "2026-10")]
    assert [one["written_off_on"] for one in told] == [None, "2026-10-20"]
    assert told[0]["due"][0]["principal_fen"] == 810_664
    at(date(2026, 11, 2))
    months = [paper(session, lost, Month(2026, number)) for number in (9, 10)]
    give_up(session, lost, principal_fen=100_000, interest_fen=95_947, penalty_fen=7_093)
    november = get(client, session, borrower, path + "2026-11")
    assert (november["waived_principal_fen"], november["repaid_principal_fen"]) == (100_000, 0)
    assert november["received_fen"] == 0
    assert november["opening_principal_fen"] - november["closing_principal_fen"] == 100_000
    assert [one["kind"] for one in november["movements"]] == ["waiver"]
    assert "减免：2026 年 11 月 2 日本行减免本金 1,000.00 元、利息 959.47 元、罚息 70.93 元。" in paper(
        session, lost, Month(2026, 11)
    )
    assert [paper(session, lost, Month(2026, number)) for number in (9, 10)] == months
    assert queries.instalments(session, lost.id)[0].principal_fen == 710_664
