"""Estimates: with consent, without the bureau, as a range that the record gives again; and how many were kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit import queries, usecases
from app.credit.domain.estimates import A_DAY, Stated, TooManyEstimates
from app.credit.models import Estimate, EstimateSource
from app.customers import usecases as customer_usecases
from app.customers.domain.consents import ConsentMissing
from app.customers.queries import granted
from app.kernel import clock, ids
from app.kernel.outbox import OutboxEvent
from tests.factories import credit, customers
from tests.factories.customers import SignedInCustomer
from tests.job_runner import JobRunner
from tests.sandbox_process import SandboxProcess

PATH = "/customer/v1/estimates"
NOTHING = Stated(0, 0)


@pytest.fixture
def changed(sandbox: SandboxProcess) -> Iterator[Callable[..., Any]]:
    yield lambda code, **change: sandbox.post(f"/sandbox/api/personas/{code}", change)
    sandbox.reset()


def open_one(session: Session, who: SignedInCustomer, stated: Stated = NOTHING) -> UUID:
    assert who.enterprise_id is not None
    made = usecases.open_estimate(
        session,
        estimate_id=ids.new_id(),
        customer_id=who.customer_id,
        enterprise_id=who.enterprise_id,
        product_code=credit.PRODUCT,
        stated=stated,
    )
    session.commit()
    return made.estimate_id


def estimated(
    session: Session, who: SignedInCustomer, stated: Stated = NOTHING, inflow_fen: int = 30_000_000
) -> queries.EstimateView:
    """Worked out on invented reports, without asking anybody."""
    estimate_id = open_one(session, who, stated)
    application = queries.ApplicationView(**{  # the reports are about the applicant, not about an application
        **dict.fromkeys(queries.ApplicationView.__dataclass_fields__), "customer_id": who.customer_id
    })
    reports = credit.invented_reports(session, application)
    reports["tax"]["flows"]["monthly_inflow_fen"] = [inflow_fen] * 12
    for question in usecases.open_estimate_questions(session, estimate_id=estimate_id, attempt=0) or ():
        usecases.keep_estimate_answer(session, source_id=question.snapshot_id, report=reports[question.source])
    usecases.settle_estimate(session, estimate_id=estimate_id, attempt=0)
    session.commit()
    return queries.own_estimate(session, estimate_id=estimate_id, customer_id=who.customer_id)


def test_an_estimate_is_a_range_that_the_record_gives_again(session: Session) -> None:
    found = estimated(session, credit.make_applicant(session))
    assert found.status == "quoted" and 0 < found.low_fen <= found.high_fen
    assert found.valid_until == clock.today() + timedelta(days=30)
    assert found.outcome is not None and found.outcome["low_rate"] < found.outcome["high_rate"]
    assert {one["evidence"]["source"]["zh"] for one in found.outcome["drivers"]}.isdisjoint({"征信报告"})
    assert [one["code"] for one in found.outcome["raises"]] in (["Q01"], ["Q02"])
    assert found.outcome["raises"][0]["remedy"]["zh"]
    assert usecases.recompute_estimate(session, found.estimate_id)
    assert queries.quoted_estimate_ids(session) == [found.estimate_id]
    row = session.get_one(Estimate, found.estimate_id)
    row.high_fen += 100_000
    session.flush()
    assert not usecases.recompute_estimate(session, found.estimate_id)


def test_nobody_asks_the_bureau(session: Session) -> None:
    found = estimated(session, credit.make_applicant(session))
    asked = session.scalars(select(EstimateSource.source).where(EstimateSource.estimate_id == found.estimate_id))
    assert sorted(asked) == ["registry", "tax"]


def test_stated_debt_and_less_income_lower_it(session: Session) -> None:
    plain = estimated(session, credit.make_applicant(session))
    owing = estimated(session, credit.make_applicant(session), Stated(20_000_000, 1_500_000))
    poorer = estimated(session, credit.make_applicant(session), inflow_fen=10_000_000)
    assert owing.high_fen < plain.high_fen and poorer.high_fen < plain.high_fen
    nothing = estimated(session, credit.make_applicant(session), inflow_fen=50_000)
    assert nothing.status == "not_quoted" and nothing.outcome is not None
    assert nothing.outcome["best"]["reasons"][0]["code"] in ("Q01", "Q02")


def test_what_is_estimated_is_what_is_approved(session: Session) -> None:
    """The decision on the same figures with a sound credit report lies within the range."""
    applicant = credit.make_applicant(session)
    found = estimated(session, applicant)
    made = credit.approved_application(session, applicant, amount_fen=found.high_fen, order_id=None)
    assert made.approved_fen is not None and found.low_fen <= made.approved_fen <= found.high_fen
    kept = queries.honoured(session, since=clock.now() - timedelta(days=1))
    assert (kept.followed, kept.kept, kept.share_bps) == (1, 1, 10_000)


def test_a_broken_promise_counts_as_one(session: Session) -> None:
    applicant, other = credit.make_applicant(session), credit.make_applicant(session)
    for who in (applicant, other):
        estimated(session, who)
    opened = credit.open_application(session, applicant, amount_fen=15_000_000)
    assert credit.decide(session, opened, current_overdue_fen=100).status == "declined"
    credit.approved_application(session, other)
    kept = queries.honoured(session, since=clock.now() - timedelta(days=1))
    assert (kept.followed, kept.kept, kept.share_bps) == (2, 1, 5_000)
    assert queries.honoured(session, since=clock.now() + timedelta(days=1)).share_bps is None


def test_without_consent_there_is_none_and_a_day_holds_ten(session: Session) -> None:
    customer = customers.make_customer(session)
    enterprise = customers.make_enterprise(session, legal_rep=customer)
    who = SignedInCustomer(customer.id, ids.new_id(), "", enterprise.id)
    customers.give_consents(session, customer_id=customer.id, enterprise_id=enterprise.id, kinds=["privacy_terms"])
    with pytest.raises(ConsentMissing) as refused:
        open_one(session, who)
    assert refused.value.context["missing"] == ["tax_data", "invoice_data"]
    kinds = ["tax_data", "invoice_data"]  # and no bureau_query
    customers.give_consents(session, customer_id=customer.id, enterprise_id=enterprise.id, kinds=kinds)
    for _ in range(A_DAY):
        open_one(session, who)
    with pytest.raises(TooManyEstimates):
        open_one(session, who)


def test_over_http_from_the_question_to_the_range(
    client: FlaskClient, session: Session, sandbox: SandboxProcess, run_jobs: JobRunner
) -> None:
    applicant = credit.make_applicant(session, sandbox.persona("good"))
    body = {"enterprise_id": str(applicant.enterprise_id), "product_code": credit.PRODUCT}
    headers = applicant.writing()
    answer = client.post(PATH, json=body, headers=headers)
    assert (answer.status_code, answer.json["status"]) == (201, "collecting")
    assert client.post(PATH, json=body, headers=headers).json == answer.json
    run_jobs(only="credit.estimate")
    run_jobs.again("credit.estimate")
    shown = client.get(f"{PATH}/{answer.json['id']}", headers=applicant.headers)
    assert shown.json["status"] == "quoted" and shown.json["bureau_queried"] is False
    assert 0 <= shown.json["low_fen"] < shown.json["high_fen"] and shown.json["commitment"] is False
    assert shown.json["low_annual_rate"] < shown.json["high_annual_rate"] and shown.json["record_sha256"]
    again = client.get(
        f"{PATH}/{answer.json['id']}", headers=applicant.headers | {"If-None-Match": shown.headers["ETag"]}
    )
    assert again.status_code == 304
    stranger = credit.make_applicant(session)
    assert client.get(f"{PATH}/{answer.json['id']}", headers=stranger.headers).status_code == 404
    taken = client.post(PATH, json=body, headers=stranger.writing())
    assert (taken.status_code, taken.json["code"]) == (404, "enterprise.not_found")


def test_a_source_that_is_down_is_waited_for_and_then_given_up(
    session: Session,
    sandbox: SandboxProcess,
    run_jobs: JobRunner,
    changed: Callable[..., Any],
    clock_at: Callable[[datetime], None],
) -> None:
    applicant = credit.make_applicant(session, sandbox.persona("tax_down"))
    estimate_id = open_one(session, applicant)
    lost = open_one(session, applicant)
    start = clock.now()

    def status(which: UUID) -> str:
        session.expire_all()
        return queries.own_estimate(session, estimate_id=which, customer_id=applicant.customer_id).status

    run_jobs()
    assert status(estimate_id) == "waiting_data"
    consent = granted(
        session, customer_id=applicant.customer_id, enterprise_id=applicant.enterprise_id, kinds=["tax_data"]
    )["tax_data"]
    changed("tax_down", sources_down=[])
    clock_at(start + timedelta(seconds=30))
    usecases.open_estimate_questions(session, estimate_id=estimate_id, attempt=1)
    run_jobs()
    run_jobs.again("credit.estimate_again")
    assert status(estimate_id) == status(lost) == "quoted"
    changed("tax_down", sources_down=["tax"])
    third = open_one(session, applicant)
    clock_at(start + timedelta(seconds=60))
    run_jobs()
    customer_usecases.withdraw(session, customer_id=applicant.customer_id, consent_id=consent.consent_id)
    session.commit()
    clock_at(start + timedelta(hours=1))
    run_jobs()
    assert status(third) == "failed"
    events = session.scalars(select(OutboxEvent.name).where(OutboxEvent.subject_id == third)).all()
    assert list(events) == ["estimate.requested"]
