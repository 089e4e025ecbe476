"""The review and the loan: inputs, reasons, schedule and journals of real decisions and a real drawdown."""

from __future__ import annotations

import pytest

from app.adapters.core_bank import TransferState
from app.kernel import clock
from app.loans import queries as loans
from app.payments import queries as payments
from app.payments.usecases import record_transfer
from tests.factories import credit as make
from tests.factories.console import signed_in


def text_of(client, path: str, lang: str = "zh-CN") -> str:
    answer = client.get(f"{path}?lang={lang}")
    assert answer.status_code == 200, answer.text[:2000]
    return answer.text


def arrive(session) -> None:
    """The core bank tells that the newest transfer has arrived."""
    sent = payments.latest_transfers(session, 1)[0]
    state = TransferState(sent.transfer_no, "BK0001", sent.amount_fen, "succeeded", None, None, clock.now())
    record_transfer(session, transfer_id=sent.id, state=state)
    session.commit()


@pytest.fixture
def decided(client, session):
    """One approved and one declined application, and somebody who looks at them."""
    approved = make.approved_application(session, make.make_applicant(session))
    declined = make.decide(
        session, make.open_application(session, make.make_applicant(session)), current_overdue_fen=1_260_000
    )
    session.commit()
    signed_in(client, session)
    return approved, declined


def test_an_approval_with_its_figures(client, decided) -> None:
    approved, _ = decided
    page = text_of(client, f"/console/applications/{approved.application_id}")
    for words in ("已批准", "年化利率（单利）", "决定用到的数据", "近 12 个月开票净额", "评分从哪里来", "LPR 一年期"):
        assert words in page, words
    assert approved.payee is not None and approved.payee.account_no not in page
    assert f"尾号 {approved.payee.account_no[-4:]}" in page


def test_a_refusal_with_reason_requirement_and_remedy_in_both_languages(client, decided) -> None:
    _, declined = decided
    path = f"/console/applications/{declined.application_id}"
    zh, en = text_of(client, path), text_of(client, path, "en")
    assert "这次没有批" in zh and "怎么改" in zh and "12,600.00" in zh and "K06" in zh
    assert "How to mend it" in en and "Where the score comes from" in en


def test_lists_and_filters(client, decided) -> None:
    approved, declined = decided
    everything = text_of(client, "/console/applications")
    assert approved.number in everything and declined.number in everything
    only = client.get("/console/applications?status=declined").text
    assert declined.number in only and approved.number not in only
    assert client.get("/console/applications?status=';--").status_code == 200
    assert "申请没有批，看一眼理由" in text_of(client, "/console/my-day")


def test_before_the_decision(client, session) -> None:
    waiting = make.open_application(session, make.make_applicant(session))
    signed_in(client, session)
    page = text_of(client, f"/console/applications/{waiting.application_id}")
    assert "还没有决定" in page and "不会因此拒绝" in page


def test_a_loan_with_schedule_and_journals(client, session, sandbox, run_jobs) -> None:
    effective = make.effective_application(session, make.make_applicant(session))
    session.commit()
    run_jobs()
    arrive(session)
    run_jobs(only="loans.activate")
    found = loans.loan_of_application(session, effective.application_id)
    assert found is not None
    signed_in(client, session)
    page = text_of(client, f"/console/loans/{found.id}")
    for words in ("还款计划", found.loan_no, "放款划出", "贷款发放", "贷款本金", "在途划款", "还没有还款"):
        assert words in page, words
    assert page.count("未到期") == found.term_months
    assert found.loan_no in text_of(client, "/console/loans")
    assert "借贷相等" in text_of(client, "/console/ledger")
    transfers = text_of(client, "/console/transfers")
    assert "已到账" in transfers and effective.payee is not None and effective.payee.account_no not in transfers
