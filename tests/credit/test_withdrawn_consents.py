"""What a withdrawn consent stops: applications that are not signed, at once; what is signed stands."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.credit import queries
from app.credit.domain.applications import CONSENT_KINDS
from app.customers.domain.consents import ConsentMissing
from app.customers.queries import granted
from tests.factories import credit, customers
from tests.factories.customers import SignedInCustomer
from tests.job_runner import JobRunner


def withdraw(client: FlaskClient, session: Session, who: SignedInCustomer, kind: str) -> None:
    found = granted(session, customer_id=who.customer_id, enterprise_id=who.enterprise_id, kinds=[kind])[kind]
    session.commit()
    ended = client.delete(f"/customer/v1/consents/{found.consent_id}", headers=who.writing())
    assert ended.status_code == 200 and ended.get_json()["withdrawn_at"]


def status(session: Session, application_id: object) -> str:
    session.expire_all()
    return queries.application(session, application_id).status  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", CONSENT_KINDS)
def test_an_approved_application_stops_and_none_begins(
    client: FlaskClient, session: Session, run_jobs: JobRunner, kind: str
) -> None:
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant)
    withdraw(client, session, applicant, kind)
    run_jobs(only="credit.stop_with_consent")
    assert status(session, made.application_id) == "withdrawn"
    with pytest.raises(ConsentMissing) as refused:
        credit.open_application(session, applicant)
    assert refused.value.context["missing"] == [kind]
    run_jobs.again("credit.stop_with_consent")
    assert status(session, made.application_id) == "withdrawn"


def test_what_a_partner_is_told_is_another_matter(client: FlaskClient, session: Session, run_jobs: JobRunner) -> None:
    applicant, other = credit.make_applicant(session), credit.make_applicant(session)
    mine, others = (credit.approved_application(session, one) for one in (applicant, other))
    withdraw(client, session, other, "tax_data")
    run_jobs(only="credit.stop_with_consent")
    assert [status(session, one.application_id) for one in (mine, others)] == ["approved", "withdrawn"]


def test_given_anew_meanwhile_it_carries_on(client: FlaskClient, session: Session, run_jobs: JobRunner) -> None:
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant)
    withdraw(client, session, applicant, "tax_data")
    customers.give_consents(
        session, customer_id=applicant.customer_id, enterprise_id=applicant.enterprise_id, kinds=["tax_data"]
    )
    session.commit()
    run_jobs(only="credit.stop_with_consent")
    assert status(session, made.application_id) == "approved"


def test_a_signed_contract_stands(client: FlaskClient, session: Session, run_jobs: JobRunner) -> None:
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant)
    credit.sign(session, applicant, credit.presented_contract(session, made))
    withdraw(client, session, applicant, "bureau_query")
    run_jobs(only="credit.stop_with_consent")
    assert status(session, made.application_id) == "signing"
