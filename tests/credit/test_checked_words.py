"""What customers write to staff is checked by WeChat: suspicious words wait for a person, none are ever lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from app.adapters import channels
from app.adapters.wechat_login import WechatUnavailable
from app.credit.jobs import check_words
from app.credit.models import DecisionReview
from app.customers.models import Customer
from app.kernel import crypto
from tests.credit.test_reviews import WORDS, ask, declined
from tests.factories import credit, customers
from tests.factories.console import signed_in

pytestmark = pytest.mark.usefixtures("channels")


@pytest.fixture
def asked(client, session, sandbox):
    """A customer of the sandbox's WeChat whose refusal somebody looks at; answers how to ask."""
    applicant = credit.make_applicant(session)
    persona = sandbox.persona("good")
    appid, openid = channels().wechat_messages.appid, persona["wechat"]["mini_openid"]
    identity = customers.make_identity(session, customer=session.get_one(Customer, applicant.customer_id))
    identity.appid, identity.openid = appid, openid
    identity.openid_index = crypto.blind_index(openid, "wechat_identities.openid")
    made = declined(session, applicant)

    def write(words: str = WORDS) -> Any:
        assert ask(client, applicant, made.application_id, words).status_code == 201
        return session.scalars(select(DecisionReview)).one()

    yield write
    sandbox.reset()


def visit(sandbox):
    """The user opens the mini-program, as WeChat wants within two hours."""
    code = sandbox.post("/sandbox/api/wechat/login-codes", {"persona": "good", "app": "mini"})["code"]
    channels().wechat_login.mini_identity(code)


def checked(session, review):
    session.expire_all()
    return review.words_check, review.words_label


@pytest.mark.parametrize(
    ("words", "found"),
    [(WORDS, ("clean", 100)), (f"{WORDS}测试违规", ("suspicious", 20006)), ("测试疑似", ("suspicious", 20001))],
)
def test_a_verdict_is_kept_once_and_the_words_stay(session, sandbox, run_jobs, asked, words, found):
    visit(sandbox)
    review = asked(words)
    assert checked(session, review) == ("waiting", None)
    run_jobs(only="credit.check_words")
    run_jobs.again("credit.check_words")
    assert checked(session, review) == found and review.words == words


def test_who_was_not_there_lately_or_is_not_of_wechat_is_not_judged(session, run_jobs, asked):
    review = asked()
    run_jobs(only="credit.check_words")
    assert checked(session, review) == ("unchecked", None) and review.words == WORDS


def test_while_wechat_is_away_the_words_wait_and_staff_reads_them(client, session, sandbox, asked):
    visit(sandbox)
    review = asked(f"{WORDS}测试繁忙")
    with pytest.raises(WechatUnavailable):
        check_words(review_id=str(review.id))
    assert checked(session, review) == ("waiting", None)
    signed_in(client, session, roles=["reviewer"])
    page = client.get("/console/reviews?lang=zh-CN").text
    assert WORDS in page and "内容还没有经过微信检查" in page


def test_suspicious_words_are_opened_by_a_person(client, session, sandbox, run_jobs, asked):
    visit(sandbox)
    asked("测试违规")
    run_jobs(only="credit.check_words")
    signed_in(client, session, roles=["reviewer"])
    page = client.get("/console/reviews?lang=zh-CN").text
    assert "内容可疑 · 20006" in page and re.search(r"<details>(?:(?!</details>).)*测试违规.*?</details>", page, re.S)
