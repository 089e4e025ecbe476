"""Applicants and applications for tests: as personas of the sandbox, or decided on invented reports without it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.adapters.esign import SealedPdf
from app.contracts import usecases as contracts
from app.contracts.domain.agreements import Lender
from app.contracts.models import Contract
from app.credit import queries, usecases
from app.credit.domain.applications import Payee
from app.credit.queries import ApplicationView
from app.customers.models import Customer, Enterprise
from app.kernel import clock, crypto, ids
from tests.factories import customers
from tests.factories.customers import SignedInCustomer

PRODUCT = "order_instalments"
AMOUNT_FEN = 1_299_900  # the demo shop's cart
PAYEE = Payee("6222020000001234", "测试粮油批发有限公司", "TESTBANK01", "测试粮油批发")
LENDER = Lender("测试银行", "400-000-0000", "400-000-0001")


def make_applicant(session: Session, persona: dict[str, Any] | None = None) -> SignedInCustomer:
    """A signed-in legal representative with all consents; the persona's person and enterprise when one is given."""
    customer = customers.make_customer(session)
    enterprise = customers.make_enterprise(session, legal_rep=customer)
    if persona:
        _become(customer, enterprise, persona)
        session.flush()
    customers.give_consents(session, customer_id=customer.id, enterprise_id=enterprise.id)
    signed_in = customers.sign_in(session, customer)
    session.commit()
    return SignedInCustomer(customer.id, signed_in.session_id, signed_in.token, enterprise.id)


def _become(customer: Customer, enterprise: Enterprise, persona: dict[str, Any]) -> None:
    person = persona["person"]
    for name, purpose in (("phone", "customers.phone"), ("id_no", "customers.id_no")):
        setattr(customer, name, person[name])
        setattr(customer, f"{name}_index", crypto.blind_index(person[name], purpose))
    customer.name = enterprise.legal_rep_name = person["name"]
    enterprise.uscc, enterprise.name = persona["enterprise"]["uscc"], persona["enterprise"]["name"]


def open_application(session: Session, applicant: SignedInCustomer, **changes: Any) -> ApplicationView:
    """An application for an order of the demo shop's size; committed."""
    assert applicant.enterprise_id is not None
    asked: dict[str, Any] = {
        "application_id": ids.new_id(),
        "customer_id": applicant.customer_id,
        "enterprise_id": applicant.enterprise_id,
        "product_code": PRODUCT,
        "amount_fen": AMOUNT_FEN,
        "term_months": 12,
        "method": "equal_instalment",
        "partner_id": None,
        "order_id": ids.new_id(),
        "payee": PAYEE,
        "purpose": "goods",
    }
    made = usecases.open_application(session, **{**asked, **changes})
    session.commit()
    return made


def invented_reports(session: Session, application: ApplicationView, **bureau: Any) -> dict[str, dict[str, Any]]:
    """What the sources would answer about a sound business of this applicant; `bureau` replaces single fields."""
    person = session.get_one(Customer, application.customer_id)
    today, now = clock.today(), clock.now().isoformat()
    invoices = [
        {
            "number": f"26{place:018d}",
            "issued_on": (today - timedelta(days=1 + place * 6)).isoformat(),
            "amount_fen": 6_000_000,
            "buyer_ref": f"buyer-{place % 8}",
            "kind": "blue",
        }
        for place in range(60)
    ]
    report = {
        "reported_at": now, "credit_file": "full", "current_overdue_fen": 0, "overdue_count_24m": 0,
        "worst_overdue_days_24m": 0, "queries_3m": 1, "queries_6m": 2, "card_limit_fen": 8_000_000,
        "card_used_fen": 1_900_000, "loans": [], "court_listed": False, "sanctioned": False,
    }  # fmt: skip
    summary = {
        "grade": "B", "paid_24m_fen": 21_600_000, "vat_sales_12m_fen": 360_000_000, "zero_return_months_12m": 0,
        "arrears_fen": 0,
    }  # fmt: skip
    return {
        "registry": {
            "status": "active",
            "established_on": "2019-05-06",
            "industry_code": "5137",
            "region_code": "330106",
            "legal_rep_name": person.name,
            "legal_rep_id_no_sha256": hashlib.sha256((person.id_no or "").encode()).hexdigest(),
        },
        "bureau": {**report, **bureau},
        "tax": {
            "reported_at": now,
            "tax": summary,
            "invoices": invoices,
            "flows": {"monthly_inflow_fen": [30_000_000] * 12, "round_trip_share_bps": 300},
        },
    }


def decide(session: Session, application: ApplicationView, **bureau: Any) -> ApplicationView:
    """The decision on invented reports, without asking anybody; committed."""
    reports = invented_reports(session, application, **bureau)
    application_id = application.application_id
    for question in usecases.open_collection(session, application_id=application_id, attempt=0) or ():
        usecases.keep_answer(session, snapshot_id=question.snapshot_id, report=reports[question.source])
    usecases.settle_collection(session, application_id=application_id, attempt=0)
    session.commit()
    return queries.application(session, application_id)


def approved_application(session: Session, applicant: SignedInCustomer, **changes: Any) -> ApplicationView:
    """An approved application; committed."""
    return decide(session, open_application(session, applicant, **changes))


def presented_contract(session: Session, application: ApplicationView, pdf: bytes = b"%PDF-1.7 test") -> UUID:
    """Its cost sheet confirmed, its contract presented and read, with these bytes for a document; committed."""
    application_id, customer_id = application.application_id, application.customer_id
    agreement, disclosure = usecases.agree(
        session,
        application_id=application_id,
        customer_id=customer_id,
        amount_fen=None,
        term_months=application.term_months,
        method=application.method,
    )
    whose = {"application_id": application_id, "customer_id": customer_id}
    sheet = contracts.show_cost_sheet(
        session, cost_sheet_id=ids.new_id(), agreement=agreement, lender=LENDER, disclosure=disclosure, **whose
    )
    _let_time_pass(session, sheet.cost_sheet_id)
    contracts.confirm_cost_sheet(session, cost_sheet_id=sheet.cost_sheet_id, **whose)
    parties = usecases.parties(session, application=application)
    draft = contracts.draft_contract(session, contract_id=ids.new_id(), lender=LENDER, parties=parties, **whose)
    contracts.present_contract(session, contract_id=draft.contract_id, pdf=pdf)
    usecases.begin_signing(session, application_id=application_id)
    contracts.note_reading(session, contract_id=draft.contract_id, **whose)
    session.commit()
    return draft.contract_id


def _let_time_pass(session: Session, cost_sheet_id: UUID) -> None:
    from app.contracts.models import CostSheet

    row = session.get_one(CostSheet, cost_sheet_id)
    row.shown_at -= timedelta(seconds=row.min_reading_s)
    session.flush()


def sign(session: Session, applicant: SignedInCustomer, contract_id: UUID) -> None:
    """The customer's signature with a second factor; committed."""
    customers.show_second_factor(session, applicant, purpose="sign_contract", subject_id=contract_id)
    row = session.get_one(Contract, contract_id)
    contracts.sign_contract(
        session,
        contract_id=contract_id,
        application_id=row.application_id,
        document_sha256=row.document_sha256 or "",
        signer=contracts.Signer(applicant.customer_id, applicant.session_id, "web", "192.0.2.1", "test"),
    )
    session.commit()


def seal(session: Session, contract_id: UUID, pdf: bytes = b"%PDF-1.7 sealed") -> None:
    """The bank's seal without a time-stamp authority; committed."""
    sealed = SealedPdf(pdf, hashlib.sha256(pdf).hexdigest(), clock.now())
    contracts.settle_seal(session, contract_id=contract_id, sealed=sealed)
    session.commit()


def effective_application(session: Session, applicant: SignedInCustomer, **changes: Any) -> ApplicationView:
    """Approved, agreed, signed by both: ready to be drawn; committed. Its `application.effective` is emitted."""
    application = approved_application(session, applicant, **changes)
    contract_id = presented_contract(session, application)
    sign(session, applicant, contract_id)
    seal(session, contract_id)
    usecases.contract_signed(session, application_id=application.application_id)
    session.commit()
    return queries.application(session, application.application_id)


def publish(session: Session, *, kind: str, version: str, body: dict[str, Any], share_bps: int = 10_000) -> UUID:
    """A version that one person proposed and another approved, in force from today; committed."""
    proposal_id = usecases.propose(
        session,
        kind=kind,
        product_code=PRODUCT,
        version=version,
        body=body,
        effective_from=clock.today(),
        source="test",
        proposed_by="staff:shen",
        share_bps=share_bps,
    )
    usecases.try_on_the_past(session, proposal_id=proposal_id)
    usecases.approve(session, proposal_id=proposal_id, decided_by="staff:lin", note="test")
    session.commit()
    return proposal_id
