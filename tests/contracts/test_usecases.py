"""Cost sheets and contracts against the database: reading time, one contract, one signature, its evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from app.contracts import queries, usecases
from app.contracts.domain import contracts as domain
from app.contracts.domain.cost_sheets import CostSheetReplaced, CostSheetUnknown, ReadFirst
from app.contracts.models import Contract, DocumentText
from app.contracts.queries import CostSheetView
from app.credit import usecases as credit_usecases
from app.credit.queries import ApplicationView
from app.customers.domain.sessions import StepUpNeeded
from app.kernel import clock, ids
from app.kernel.outbox import OutboxEvent
from app.kernel.states import NotAllowedNow
from tests.factories import credit, customers
from tests.factories.customers import SignedInCustomer

PDF = b"%PDF-1.7 test"
PDF_SHA256 = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def applicant(session: Session) -> SignedInCustomer:
    return credit.make_applicant(session)


@pytest.fixture
def application(session: Session, applicant: SignedInCustomer) -> ApplicationView:
    return credit.approved_application(session, applicant)


def show(session: Session, application: ApplicationView, term_months: int = 12) -> CostSheetView:
    whose = {"application_id": application.application_id, "customer_id": application.customer_id}
    agreement, disclosure = credit_usecases.agree(
        session, amount_fen=None, term_months=term_months, method="equal_instalment", **whose
    )
    return usecases.show_cost_sheet(
        session,
        cost_sheet_id=ids.new_id(),
        agreement=agreement,
        lender=credit.LENDER,
        disclosure=disclosure,
        **whose,
    )


def confirm(session: Session, sheet: CostSheetView, application: ApplicationView) -> CostSheetView:
    return usecases.confirm_cost_sheet(
        session,
        cost_sheet_id=sheet.cost_sheet_id,
        application_id=application.application_id,
        customer_id=application.customer_id,
    )


def draft(session: Session, application: ApplicationView) -> usecases.Draft:
    return usecases.draft_contract(
        session,
        contract_id=ids.new_id(),
        application_id=application.application_id,
        customer_id=application.customer_id,
        lender=credit.LENDER,
        parties=credit_usecases.parties(session, application=application),
    )


def sign(session: Session, applicant: SignedInCustomer, contract_id: UUID, sha256: str = PDF_SHA256) -> Any:
    return usecases.sign_contract(
        session,
        contract_id=contract_id,
        application_id=session.get_one(Contract, contract_id).application_id,
        document_sha256=sha256,
        signer=usecases.Signer(applicant.customer_id, applicant.session_id, "web", "192.0.2.1", "test"),
    )


def test_the_first_showing_counts_and_early_confirmation_is_refused(
    session: Session, application: ApplicationView, clock_at: Callable[..., None]
) -> None:
    start = clock.now()
    clock_at(start)
    sheet = show(session, application)
    clock_at(start + timedelta(seconds=6))
    again = show(session, application)
    assert (again.cost_sheet_id, again.shown_at) == (sheet.cost_sheet_id, start)
    with pytest.raises(ReadFirst) as refused:
        confirm(session, sheet, application)
    assert refused.value.context == {"remaining_s": 4}
    clock_at(start + timedelta(seconds=10))
    confirmed = confirm(session, sheet, application)
    assert confirmed.status == "confirmed" and confirmed == confirm(session, sheet, application)


def test_other_terms_are_another_sheet_with_a_time_of_its_own(session: Session, application: ApplicationView) -> None:
    first, second = show(session, application), show(session, application, 6)
    assert first.cost_sheet_id != second.cost_sheet_id
    with pytest.raises(CostSheetReplaced):
        confirm(session, first, application)
    with pytest.raises(ReadFirst):
        confirm(session, second, application)
    with pytest.raises(CostSheetUnknown):
        usecases.confirm_cost_sheet(
            session,
            cost_sheet_id=second.cost_sheet_id,
            application_id=application.application_id,
            customer_id=ids.new_id(),
        )


def test_there_is_no_contract_without_confirmed_costs(
    session: Session, application: ApplicationView, clock_at: Callable[..., None]
) -> None:
    with pytest.raises(domain.CostsNotConfirmed):
        draft(session, application)
    show(session, application)
    with pytest.raises(domain.CostsNotConfirmed):
        draft(session, application)
    start = clock.now()
    clock_at(start + timedelta(seconds=11))
    sheet = queries.current_cost_sheet(session, application_id=application.application_id)
    assert sheet is not None
    confirm(session, sheet, application)
    assert draft(session, application).content
    clock_at(start + timedelta(days=8))
    with pytest.raises(domain.CostsNotConfirmed):
        draft(session, application)


def test_a_contract_is_drafted_once_and_replaced_when_the_costs_change(
    session: Session, application: ApplicationView, clock_at: Callable[..., None]
) -> None:
    contract_id = credit.presented_contract(session, application)
    again = draft(session, application)
    assert (again.contract_id, again.content) == (contract_id, None)
    sheet = show(session, application, 6)
    clock_at(clock.now() + timedelta(seconds=11))
    confirm(session, sheet, application)
    other = draft(session, application)
    assert other.contract_id != contract_id
    assert session.get_one(Contract, contract_id).status == "void"
    current = queries.current_contract(session, application_id=application.application_id)
    assert current is not None and current.contract_id == other.contract_id
    with pytest.raises(domain.ContractUnknown):  # its document is still being made
        queries.document(
            session,
            contract_id=other.contract_id,
            application_id=application.application_id,
            customer_id=application.customer_id,
        )


def test_presenting_twice_keeps_the_first_document(session: Session, application: ApplicationView) -> None:
    contract_id = credit.presented_contract(session, application)
    usecases.present_contract(session, contract_id=contract_id, pdf=b"%PDF another")
    found = queries.document(
        session,
        contract_id=contract_id,
        application_id=application.application_id,
        customer_id=application.customer_id,
    )
    assert (found.pdf, found.sha256) == (PDF, PDF_SHA256)


def test_signing_takes_the_second_factor_the_hash_and_a_reading(
    session: Session, applicant: SignedInCustomer, application: ApplicationView
) -> None:
    contract_id = credit.presented_contract(session, application)
    with pytest.raises(StepUpNeeded), session.begin_nested():
        sign(session, applicant, contract_id)
    session.expire_all()
    customers.show_second_factor(session, applicant, purpose="sign_contract", subject_id=contract_id)
    with pytest.raises(domain.DocumentMismatch):
        sign(session, applicant, contract_id, "0" * 64)
    row = session.get_one(Contract, contract_id)
    row.read_at = None
    session.flush()
    with pytest.raises(domain.ContractNotRead):
        sign(session, applicant, contract_id)
    row.read_at = clock.now()
    session.flush()
    signed = sign(session, applicant, contract_id)
    assert signed.status == "customer_signed"
    assert sign(session, applicant, contract_id) == signed  # the factor is used up, and not asked for again


def test_a_second_factor_for_another_contract_does_not_sign_this_one(
    session: Session, applicant: SignedInCustomer, application: ApplicationView
) -> None:
    contract_id = credit.presented_contract(session, application)
    customers.show_second_factor(session, applicant, purpose="sign_contract", subject_id=ids.new_id())
    with pytest.raises(StepUpNeeded), session.begin_nested():
        sign(session, applicant, contract_id)


def test_a_void_contract_cannot_be_signed(
    session: Session, applicant: SignedInCustomer, application: ApplicationView
) -> None:
    contract_id = credit.presented_contract(session, application)
    usecases.void_contract(session, application_id=application.application_id, actor="test")
    with pytest.raises(NotAllowedNow):
        sign(session, applicant, contract_id)
    usecases.void_contract(session, application_id=application.application_id, actor="test")


def test_the_evidence_names_who_when_what_and_how(
    session: Session, applicant: SignedInCustomer, application: ApplicationView
) -> None:
    contract_id = credit.presented_contract(session, application)
    credit.sign(session, applicant, contract_id)
    row = session.get_one(Contract, contract_id)
    evidence = queries.evidence(session, contract_id=contract_id)
    assert evidence is not None and domain.evidence_sha256(evidence) == row.evidence_sha256
    assert evidence["contract"]["document_sha256"] == PDF_SHA256
    assert evidence["signer"] == {"customer_id": str(applicant.customer_id), "name": "测试林"}
    assert evidence["session"]["id"] == str(applicant.session_id)
    assert evidence["second_factor"]["method"] == "phone_code" and evidence["second_factor"]["step_up_id"]
    reading = evidence["reading"]
    times = [reading[name] for name in ("cost_sheet_shown_at", "cost_sheet_confirmed_at", "presented_at", "signed_at")]
    assert times == sorted(times) and reading["cost_sheet"]["min_reading_s"] == 10


def test_nothing_personal_lies_open_in_the_tables(
    session: Session, applicant: SignedInCustomer, application: ApplicationView
) -> None:
    contract_id = credit.presented_contract(session, application)
    credit.sign(session, applicant, contract_id)
    for table in ("contracts", "cost_sheets", "applications", "source_snapshots", "decisions", "outbox_events"):
        rows = session.execute(text(f"SELECT row_to_json(t)::text FROM {table} t")).scalars().all()
        for row in rows:
            assert "测试林" not in row and credit.PAYEE.account_no not in row and "%PDF" not in row, table


def test_texts_are_kept_as_they_were(session: Session) -> None:
    row = session.scalars(select(DocumentText).where(DocumentText.kind == "loan_contract")).one()
    row.source = "changed"
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.flush()


def test_signing_and_withdrawing_at_once_leaves_one_of_them(committed: sessionmaker[Session]) -> None:
    with committed() as session:
        applicant = credit.make_applicant(session)
        application = credit.approved_application(session, applicant)
        contract_id = credit.presented_contract(session, application)
        customers.show_second_factor(session, applicant, purpose="sign_contract", subject_id=contract_id)
    start, outcomes = Barrier(2), []
    whose = {"application_id": application.application_id, "customer_id": applicant.customer_id}

    def attempt(name: str, work: Callable[[Session], Any]) -> None:
        start.wait()
        try:
            with committed() as mine, mine.begin():
                work(mine)
            outcomes.append(name)
        except Exception as error:
            outcomes.append(type(error).__name__)

    def signing(mine: Session) -> None:
        credit_usecases.hold_for_signature(mine, **whose)
        sign(mine, applicant, contract_id)

    threads = [
        Thread(target=attempt, args=("signed", signing)),
        Thread(target=attempt, args=("withdrawn", lambda mine: credit_usecases.withdraw(mine, **whose))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) in (["ContractBinding", "signed"], ["NotYetOffered", "withdrawn"])
    with committed() as session:
        names = session.scalars(select(OutboxEvent.name)).all()
        assert ("contract.customer_signed" in names) != ("application.withdrawn" in names)
