"""Deciding and what follows as jobs, against the sandbox's sources; each job run twice has the effect of once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.contracts import queries as contracts
from app.credit import jobs, queries, usecases
from app.credit.models import CreditLineMove, Decision, SourceSnapshot
from app.customers import usecases as customers
from app.customers.queries import granted
from app.kernel import clock
from app.kernel.outbox import OutboxEvent
from tests.factories import credit
from tests.job_runner import JobRunner
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.usefixtures("channels")
RUN_TWICE = {"credit.expire"}  # called twice below: the worker calls it by the clock


@pytest.fixture
def changed(sandbox: SandboxProcess) -> Iterator[Callable[..., Any]]:
    """Change a persona for one test."""
    yield lambda code, **change: sandbox.post(f"/sandbox/api/personas/{code}", change)
    sandbox.reset()


def apply_as(session: Session, sandbox: SandboxProcess, code: str) -> queries.ApplicationView:
    return credit.open_application(session, credit.make_applicant(session, sandbox.persona(code)))


def now(session: Session, application_id: UUID) -> queries.ApplicationView:
    session.expire_all()
    return queries.application(session, application_id)


def count(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize(
    ("code", "status", "first_reason"),
    [
        ("good", "approved", None),
        ("thin_file", "approved", None),
        ("overdue_elsewhere", "declined", "K06"),
        ("court_listed", "declined", "K04"),
        ("young_business", "declined", "K02"),
        ("tax_grade_d", "declined", "K11"),
        ("many_queries", "declined", "K12"),
        ("low_invoices", "declined", "Q01"),
        ("revoked_licence", "declined", "K01"),
        ("name_mismatch", "declined", "K09"),
        ("high_debt", "declined", "Q02"),
    ],
)
def test_the_job_decides_on_what_the_sources_say(
    session: Session, sandbox: SandboxProcess, run_jobs: JobRunner, code: str, status: str, first_reason: str | None
) -> None:
    made = apply_as(session, sandbox, code)
    run_jobs(only="credit.decide")
    assert now(session, made.application_id).status == status
    decision = queries.decision(session, made.application_id)
    assert decision is not None and usecases.recompute(session, decision.decision_id)
    codes = [reason["code"] for reason in decision.outcome["reasons"]]
    assert codes[:1] == ([first_reason] if first_reason else [])
    kept = queries.sources(session, made.application_id)
    assert [(one.source, one.state) for one in kept] == [
        ("bureau", "answered"),
        ("registry", "answered"),
        ("tax", "answered"),
    ]


def test_deciding_twice_is_deciding_once(session: Session, sandbox: SandboxProcess, run_jobs: JobRunner) -> None:
    made = apply_as(session, sandbox, "good")
    run_jobs(only="credit.decide")
    before = [count(session, model) for model in (Decision, CreditLineMove, SourceSnapshot, OutboxEvent)]
    run_jobs.again("credit.decide")
    assert [count(session, model) for model in (Decision, CreditLineMove, SourceSnapshot, OutboxEvent)] == before
    assert now(session, made.application_id).status == "approved"


@pytest.mark.parametrize(("code", "source"), [("bureau_down", "bureau"), ("tax_down", "tax")])
def test_a_source_that_is_down_is_waited_for_and_never_declines(
    session: Session,
    sandbox: SandboxProcess,
    run_jobs: JobRunner,
    changed: Callable[..., Any],
    clock_at: Callable[..., None],
    code: str,
    source: str,
) -> None:
    made = apply_as(session, sandbox, code)
    run_jobs()
    assert now(session, made.application_id).status == "waiting_data"
    asked = {one.source: one for one in queries.sources(session, made.application_id)}
    assert asked[source].state == "asked" and asked["registry"].state in ("asked", "answered")
    assert queries.decision(session, made.application_id) is None
    run_jobs.again("credit.decide")  # the first try again: nothing new
    assert [name for name, _ in run_jobs.waiting()].count("credit.decide_again") == 1

    start = clock.now()
    clock_at(start + timedelta(seconds=25))
    run_jobs()  # still down: it waits longer, and tells nobody again
    names = session.scalars(select(OutboxEvent.name).where(OutboxEvent.subject_id == made.application_id)).all()
    assert list(names).count("application.waiting_data") == 1

    changed(code, sources_down=[])
    clock_at(start + timedelta(minutes=3))
    run_jobs()
    assert now(session, made.application_id).status == "approved"
    again = {one.source: one for one in queries.sources(session, made.application_id)}
    assert again[source].query_no == asked[source].query_no  # one query, however often it was asked
    run_jobs.again("credit.decide_again")
    assert count(session, Decision) == 1


def test_one_changed_invoice_changes_the_limit_and_both_records_recompute(
    session: Session, sandbox: SandboxProcess, run_jobs: JobRunner, changed: Callable[..., Any]
) -> None:
    applicant = credit.make_applicant(session, sandbox.persona("good"))
    first = credit.open_application(session, applicant)
    run_jobs(only="credit.decide")
    invoice = next(one for one in sandbox.persona("good")["tax"]["invoices"][30:] if one["kind"] == "blue")
    changed("good", invoice={"number": invoice["number"], "amount_fen": invoice["amount_fen"] * 8})
    usecases.withdraw(session, application_id=first.application_id, customer_id=applicant.customer_id)
    session.commit()
    second = credit.open_application(session, applicant)
    run_jobs(only="credit.decide")
    session.expire_all()
    decisions = [queries.decision(session, one.application_id) for one in (first, second)]
    limits = [one.outcome["limit"]["total_fen"] for one in decisions if one]
    assert limits[1] > limits[0]
    assert all(usecases.recompute(session, one.decision_id) for one in decisions if one)


def test_a_consent_withdrawn_before_the_query_ends_the_application_without_a_query(
    session: Session, sandbox: SandboxProcess, run_jobs: JobRunner
) -> None:
    applicant = credit.make_applicant(session, sandbox.persona("good"))
    made = credit.open_application(session, applicant)
    consent = granted(
        session,
        customer_id=applicant.customer_id,
        enterprise_id=applicant.enterprise_id,
        kinds=["bureau_query"],
    )["bureau_query"]
    customers.withdraw(session, customer_id=applicant.customer_id, consent_id=consent.consent_id)
    session.commit()
    run_jobs(only="credit.decide")
    assert now(session, made.application_id).status == "withdrawn"
    assert queries.sources(session, made.application_id) == []


def test_a_withdrawn_application_is_not_decided(session: Session, sandbox: SandboxProcess, run_jobs: JobRunner) -> None:
    made = apply_as(session, sandbox, "good")
    usecases.withdraw(session, application_id=made.application_id, customer_id=made.customer_id)
    session.commit()
    run_jobs(only="credit.decide")
    assert queries.decision(session, made.application_id) is None


def test_a_try_that_died_after_one_answer_asks_only_the_others(session: Session, sandbox: SandboxProcess) -> None:
    made = apply_as(session, sandbox, "good")
    asked = usecases.open_collection(session, application_id=made.application_id, attempt=0) or ()
    first = next(one for one in asked if one.source == "bureau")
    report = credit.invented_reports(session, made)["bureau"]
    usecases.keep_answer(session, snapshot_id=first.snapshot_id, report=report)
    session.commit()
    left = usecases.open_collection(session, application_id=made.application_id, attempt=0) or ()
    assert {one.source for one in left} == {"registry", "tax"}
    assert {one.query_no for one in left} < {one.query_no for one in asked}
    assert "name" not in repr(left[0])


def test_hearing_twice_of_a_signed_contract_is_hearing_once(
    session: Session, sandbox: SandboxProcess, run_jobs: JobRunner
) -> None:
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant)
    contract_id = credit.presented_contract(session, made)
    credit.sign(session, applicant, contract_id)
    credit.seal(session, contract_id)
    run_jobs(only="credit.contract_signed")
    run_jobs.again("credit.contract_signed")
    assert now(session, made.application_id).status == "effective"
    names = session.scalars(select(OutboxEvent.name).where(OutboxEvent.subject_id == made.application_id)).all()
    assert list(names).count("application.effective") == 1


def test_offers_end_and_waiting_ends_and_a_signed_contract_is_left_alone(
    session: Session, clock_at: Callable[..., None]
) -> None:
    applicant = credit.make_applicant(session)
    approved = credit.approved_application(session, applicant)
    signing = credit.approved_application(session, applicant)
    contract_id = credit.presented_contract(session, signing)
    signed = credit.approved_application(session, applicant)
    credit.sign(session, applicant, credit.presented_contract(session, signed))
    waiting = credit.open_application(session, applicant)
    usecases.open_collection(session, application_id=waiting.application_id, attempt=0)
    usecases.settle_collection(session, application_id=waiting.application_id, attempt=0)
    stuck = credit.open_application(session, applicant)  # its job used up all its tries
    usecases.open_collection(session, application_id=stuck.application_id, attempt=0)
    session.commit()
    jobs.expire()
    assert now(session, approved.application_id).status == "approved"
    clock_at(clock.now() + timedelta(days=31))
    jobs.expire()
    jobs.expire()
    found = [now(session, one.application_id).status for one in (approved, signing, signed, waiting, stuck)]
    assert found == ["expired", "expired", "signing", "expired", "expired"]
    whose = {"application_id": signing.application_id, "customer_id": applicant.customer_id}
    assert contracts.contract(session, contract_id=contract_id, **whose).status == "void"
    names = session.scalars(select(OutboxEvent.name).where(OutboxEvent.subject_id == waiting.application_id)).all()
    assert list(names).count("application.expired") == 1
