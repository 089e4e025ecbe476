"""Refusals that a person looks at again: a queue, a name on each, an answer that the customer reads."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.credit import queries, usecases
from app.kernel.audit import AuditEntry
from tests.factories import credit
from tests.factories.console import form_mark, signed_in

PAGE = "/console/reviews"
WORDS, ANSWER = "逾期是银行系统的差错，已经更正", "核对过了：更正后的记录没有逾期，请再申请。"


@pytest.fixture
def asked(session):
    applicant = credit.make_applicant(session)
    made = credit.decide(session, credit.open_application(session, applicant), current_overdue_fen=5_000)
    review = usecases.request_review(
        session, application_id=made.application_id, customer_id=applicant.customer_id, words=WORDS
    )
    session.commit()
    return made, review


def settle(client, review_id, verdict="reapply", answer=ANSWER, mark=None):
    form = {"form_mark": mark or form_mark(client.get(PAGE)), "answer": answer}
    return client.post(f"{PAGE}/{review_id}/{verdict}", data=form)


def now(session, made):
    session.expire_all()
    return queries.review_of(session, made.application_id)


def test_a_person_takes_it_on_and_answers(client, session, asked) -> None:
    made, review = asked
    signed_in(client, session, roles=["reviewer"])
    assert "等人复核" in client.get("/console/my-day").text
    page = client.get(PAGE).text
    assert WORDS in page and made.number in page and review.due_on.isoformat() in page
    mark = form_mark(client.get(PAGE))
    client.post(f"{PAGE}/{review.review_id}/claim", data={"form_mark": mark})
    assert now(session, made).status == "claimed" and "0001" in client.get(PAGE).text
    assert settle(client, review.review_id, mark=mark).status_code == 303
    assert (now(session, made).status, now(session, made).answer) == ("reapply", ANSWER)
    [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "decision.reviewed"))
    assert entry.subject_id == made.application_id
    english = client.get(f"{PAGE}?lang=en").text
    assert "Nothing waits" in english and ANSWER in english and "may apply again" in english
    assert ANSWER in client.get(f"/console/applications/{made.application_id}").text
    again = settle(client, review.review_id, "uphold", "不再改变的另一种答复。", mark)
    assert "has changed" in client.get(again.headers["Location"]).text and now(session, made).status == "reapply"


def test_the_machine_s_decision_stays(client, session, asked) -> None:
    made, review = asked
    before = queries.decision(session, made.application_id)
    signed_in(client, session, roles=["reviewer"])
    settle(client, review.review_id, "uphold")
    assert now(session, made).status == "upheld" and queries.decision(session, made.application_id) == before
    assert usecases.recompute(session, before.decision_id)


@pytest.mark.parametrize("answer", ["", "  太短了  ", "长" * 501])
def test_what_cannot_be_taken_is_not_lost(client, session, asked, answer) -> None:
    made, review = asked
    signed_in(client, session, roles=["reviewer"])
    shown = settle(client, review.review_id, answer=answer)
    assert shown.status_code == 422 and "10 到 500 个字" in shown.text and answer.strip() in shown.text
    assert now(session, made).status == "open"


def test_what_customers_write_is_text(client, session) -> None:
    applicant = credit.make_applicant(session)
    made = credit.decide(session, credit.open_application(session, applicant), current_overdue_fen=5_000)
    usecases.request_review(
        session, application_id=made.application_id, customer_id=applicant.customer_id, words="<script>x</script>"
    )
    session.commit()
    signed_in(client, session, roles=["reviewer"])
    assert "<script>x" not in client.get(PAGE).text and "&lt;script&gt;x" in client.get(PAGE).text


def test_others_look_or_do_not_but_never_answer(app, client, session, asked) -> None:
    made, review = asked
    signed_in(client, session, roles=["admin"], email="zhou@bank.example")
    assert WORDS in client.get(PAGE).text and "维持原决定" not in client.get(PAGE).text
    mark = form_mark(client.get(PAGE))
    assert settle(client, review.review_id, mark=mark).status_code == 403
    assert client.post(f"{PAGE}/{review.review_id}/claim", data={"form_mark": mark}).status_code == 403
    stranger = app.test_client()
    signed_in(stranger, session, roles=["finance"], email="qian@bank.example")
    assert stranger.get(PAGE).status_code == 403
    assert now(session, made).status == "open"
