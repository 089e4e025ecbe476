"""The bank's seal as a job, with a real seal and a real time-stamp authority (the sandbox's)."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.adapters import channels
from app.contracts import queries
from app.contracts.models import Contract
from app.contracts.usecases import render_contract
from app.kernel.outbox import OutboxEvent
from tests.contracts.test_domain import content
from tests.factories import credit
from tests.job_runner import JobRunner

pytestmark = pytest.mark.usefixtures("channels")


def test_the_seal_is_put_on_once_and_the_document_shows_it(session: Session, run_jobs: JobRunner) -> None:
    applicant = credit.make_applicant(session)
    application = credit.approved_application(session, applicant)
    pdf = render_contract(content())
    contract_id = credit.presented_contract(session, application, pdf)
    credit.sign(session, applicant, contract_id)
    whose = {"application_id": application.application_id, "customer_id": applicant.customer_id}
    assert queries.document(session, contract_id=contract_id, **whose).pdf == pdf

    run_jobs(only="contracts.seal")
    session.expire_all()
    sealed = queries.document(session, contract_id=contract_id, **whose)
    verdict = channels().esign.verify_pdf(sealed.pdf)
    assert verdict.intact and verdict.trusted and verdict.timestamped_at
    assert (
        sealed.pdf.startswith(pdf[:1000])
        and sealed.sha256 != queries.contract(session, contract_id=contract_id, **whose).document_sha256
    )
    assert queries.sealed_contract(session, application_id=application.application_id) is not None

    run_jobs.again("contracts.seal")
    session.expire_all()
    assert queries.document(session, contract_id=contract_id, **whose).sha256 == sealed.sha256
    signed = select(func.count()).where(OutboxEvent.name == "contract.signed", OutboxEvent.subject_id == contract_id)
    assert session.scalar(signed) == 1


def test_a_changed_byte_breaks_the_seal(session: Session, run_jobs: JobRunner) -> None:
    applicant = credit.make_applicant(session)
    application = credit.approved_application(session, applicant)
    contract_id = credit.presented_contract(session, application, render_contract(content()))
    credit.sign(session, applicant, contract_id)
    run_jobs(only="contracts.seal")
    session.expire_all()
    assert session.get_one(Contract, contract_id).status == "sealed"
    found = queries.document(
        session, contract_id=contract_id, application_id=application.application_id, customer_id=applicant.customer_id
    )
    changed = bytearray(found.pdf)
    changed[len(changed) // 3] ^= 1
    assert not channels().esign.verify_pdf(bytes(changed)).intact
