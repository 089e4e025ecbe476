"""Refusals are looked at by a person: on request, or because they were close; and applying again has its limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.credit import queries, usecases
from app.credit.domain.reviews import ReapplyLater
from app.credit.models import RuleSetVersion
from app.kernel import clock
from app.kernel.states import NotAllowedNow
from tests.factories import credit
from tests.factories.customers import SignedInCustomer

BASE = "/customer/v1/applications"
WORDS = "逾期是银行系统的差错，已经更正"


def declined(session: Session, applicant: SignedInCustomer) -> queries.ApplicationView:
    return credit.decide(session, credit.open_application(session, applicant), current_overdue_fen=5_000)


def ask(client: FlaskClient, who: SignedInCustomer, application_id: Any, words: str = WORDS) -> Any:
    return client.post(f"{BASE}/{application_id}/review", json={"words": words}, headers=who.writing())


def test_a_refusal_is_looked_at_on_request_and_answered_in_words(client: FlaskClient, session: Session) -> None:
    applicant = credit.make_applicant(session)
    made = declined(session, applicant)
    answer = ask(client, applicant, made.application_id)
    assert (answer.status_code, answer.json["status"]) == (201, "open")
    assert answer.json["due_on"] == (clock.today() + timedelta(days=15)).isoformat()
    assert ask(client, applicant, made.application_id, "noch einmal").json["asked_at"] == answer.json["asked_at"]
    (waiting,) = queries.review_queue(session)
    assert (waiting.words, waiting.kind) == (WORDS, "requested") and WORDS not in repr(waiting)
    assert WORDS not in (session.scalar(text("SELECT string_agg(t::text, ' ') FROM decision_reviews t")) or "")
    usecases.claim_review(session, review_id=waiting.review_id, actor="staff:shen")
    usecases.claim_review(session, review_id=waiting.review_id, actor="staff:lin")
    usecases.settle_review(
        session, review_id=waiting.review_id, actor="staff:lin", upheld=True, answer="The entry is still there."
    )
    session.commit()
    shown = client.get(f"{BASE}/{made.application_id}", headers=applicant.headers).json
    assert (shown["review"]["status"], shown["review"]["answer"]) == ("upheld", "The entry is still there.")
    assert shown["decision"]["outcome"] == "declined" and queries.review_queue(session) == []
    with pytest.raises(NotAllowedNow):
        usecases.settle_review(session, review_id=waiting.review_id, actor="staff:lin", upheld=False, answer="")


def test_only_one_s_own_refusal_is_looked_at(client: FlaskClient, session: Session) -> None:
    applicant, other = credit.make_applicant(session), credit.make_applicant(session)
    approved = credit.approved_application(session, applicant)
    refused = ask(client, applicant, approved.application_id)
    assert (refused.status_code, refused.json["code"]) == (409, "review.not_refused")
    made = declined(session, applicant)
    assert ask(client, other, made.application_id).status_code == 404
    assert ask(client, applicant, made.application_id, "").status_code == 422


def test_a_refusal_far_from_the_cut_off_waits_for_nobody(session: Session) -> None:
    body = dict(session.scalars(select(RuleSetVersion)).one().body)
    far = {**body["scorecard"], "cut_off": 900}
    credit.publish(session, kind="rules", version="R-far", body={**body, "scorecard": far})
    assert credit.approved_application(session, credit.make_applicant(session)).status == "declined"
    assert queries.review_queue(session) == []


def test_a_refusal_by_a_few_points_waits_for_a_second_look(session: Session) -> None:
    body = dict(session.scalars(select(RuleSetVersion)).one().body)
    made = credit.approved_application(session, credit.make_applicant(session))
    decision = queries.decision(session, made.application_id)
    assert decision is not None
    nearly = {**body["scorecard"], "cut_off": decision.outcome["score"] + 5}
    credit.publish(session, kind="rules", version="R-close", body={**body, "scorecard": nearly})
    one = credit.approved_application(session, credit.make_applicant(session))
    assert one.status == "declined"
    (waiting,) = queries.review_queue(session)
    assert (waiting.application_id, waiting.kind, waiting.words) == (one.application_id, "second_look", None)
    assert waiting.due_on == clock.today() + timedelta(days=1)
    asked = usecases.request_review(
        session, application_id=one.application_id, customer_id=one.customer_id, words=WORDS
    )
    assert (asked.kind, asked.words, asked.review_id) == ("requested", WORDS, waiting.review_id)


def test_three_refusals_then_a_person_or_patience(
    session: Session, clock_at: Callable[[datetime], None]
) -> None:
    applicant = credit.make_applicant(session)
    began = clock.now()
    made = [declined(session, applicant) for _ in range(3)]
    with pytest.raises(ReapplyLater) as refused:
        credit.open_application(session, applicant)
    assert refused.value.context == {"reapply_from": clock.local_day(began + timedelta(days=30)).isoformat()}
    review = usecases.request_review(
        session, application_id=made[1].application_id, customer_id=applicant.customer_id, words=WORDS
    )
    usecases.settle_review(
        session, review_id=review.review_id, actor="staff:lin", upheld=False, answer="The entry was wrong."
    )
    assert credit.approved_application(session, applicant).status == "approved"
    other = credit.make_applicant(session)
    for _ in range(3):
        declined(session, other)
    clock_at(began + timedelta(days=30, minutes=5))
    assert credit.approved_application(session, other).status == "approved"
