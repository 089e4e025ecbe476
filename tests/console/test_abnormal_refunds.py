"""Abnormal refunds in the console: two people, a card that shows its tail only, what came of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from app.adapters.wechat_pay import Refund as Told
from app.kernel import ids
from app.payments import usecases as payments
from app.payments.models import Refund, RefundRedirection
from tests.console.test_reconciliation import (  # noqa: F401
    NUMBER,
    decide,
    proposal,
    propose,
    shen,
    suspended,
    zhou,
)

CARD = {"bank_type": "CMB_DEBIT", "account_no": "6214830000001234", "account_name": "沈测试"}


@pytest.fixture
def abnormal(session, suspended, run_jobs):  # noqa: F811
    """A refund of a payment in suspense that WeChat Pay tells to be abnormal."""
    request = payments.RefundRequest(ids.new_id(), NUMBER, 110_852, "付错账户")
    made = payments.open_refund(session, request=request)
    numbers = (made.out_refund_no, "5030", made.out_trade_no, NUMBER)
    payments.record_refund(session, refund_id=made.id, told=Told(*numbers, "ABNORMAL", 110_852, 110_852, None, None))
    session.commit()
    return made


def redirections(session):
    session.expire_all()
    return list(session.scalars(select(RefundRedirection).order_by(RefundRedirection.id)))


def test_a_card_needs_two_people_who_see_its_tail(zhou, shen, session, abnormal):  # noqa: F811
    asked = {"about": "refund", "key": str(abnormal.id), "kind": "refund_to_card", "amount": ""}
    assert "refused=refund.card_impossible" in propose(zhou, **asked).headers["Location"]
    assert propose(zhou, **asked, **CARD).headers["Location"].endswith("/console/suspense")
    assert "refused=proposal.already_open" in propose(shen, **asked, **CARD).headers["Location"]
    for lang, words in (("zh-CN", "招商银行 尾号 1234 · 沈＊＊"), ("en", "CMB ending 1234 · 沈＊＊")):
        page = shen.get(f"/console/suspense?lang={lang}").text
        assert words in " ".join(page.split()) and CARD["account_no"] not in page and "沈测试" not in page
    kept = "".join(str(row) for row in session.execute(text("SELECT p::text FROM money_proposals p")))
    assert "1234" not in kept and "沈测试" not in kept
    assert "refused=proposal.own" in decide(zhou, proposal(session)).headers["Location"]
    assert redirections(session)[0].status == "drafted"
    decide(shen, proposal(session))
    assert redirections(session)[0].status == "requested"
    assert "待微信受理" in shen.get("/console/suspense?lang=zh-CN").text


def test_no_means_no_card_is_kept_and_another_way_is_free(zhou, shen, session, abnormal):  # noqa: F811
    asked = {"about": "refund", "key": str(abnormal.id), "amount": ""}
    propose(zhou, kind="refund_to_card", **asked, **CARD)
    decide(shen, proposal(session), "reject")
    (dropped,) = redirections(session)
    assert (dropped.status, dropped.account_no, dropped.account_name) == ("dropped", None, None)
    propose(zhou, kind="refund_to_us", **asked)
    decide(shen, proposal(session))
    assert [one.status for one in redirections(session)] == ["dropped", "requested"]


@pytest.mark.parametrize("key", ["x", "01a20d58-9af5-7122-bc3b-d8129c297b3a"])
def test_what_is_no_abnormal_refund(zhou, session, abnormal, key):  # noqa: F811
    assert "refused=" in propose(zhou, about="refund", key=key, kind="refund_to_us", amount="").headers["Location"]
    assert redirections(session) == [] and session.get_one(Refund, abnormal.id).status == "abnormal"
    wrong = propose(zhou, about="refund", key=str(abnormal.id), kind="refund", amount="")
    assert "refused=proposal.impossible" in wrong.headers["Location"]
