"""Certificates of settlement: for settled loans only, sealed by the bank, issued once."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.adapters import channels
from app.kernel import db
from app.loans.models import Loan, SettlementCertificate
from app.loans.usecases.certificates import open_certificate, settle_certificate
from app.loans.usecases.reversing import reverse_payment
from config.settings import current
from tests.factories import loans
from tests.factories.customers import SignedInCustomer


@pytest.fixture
def borrower(client: FlaskClient, session: Session) -> SignedInCustomer:
    return loans.make_borrower(session)


@pytest.fixture
def loan(session: Session, borrower: SignedInCustomer) -> Loan:
    return loans.active_loan(session, borrower)


def ask(client: FlaskClient, who: SignedInCustomer, loan: Loan, **headers: str) -> Any:
    path = f"/customer/v1/loans/{loan.id}/settlement-certificate.pdf"
    return client.get(path, headers={**who.headers, **headers})


def test_it_is_sealed_by_the_bank_and_issued_once(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, loan: Loan
) -> None:
    loans.repay(session, loan, "payoff")
    first = ask(client, borrower, loan)
    assert (first.status_code, first.mimetype) == (200, "application/pdf"), first.text
    verdict = channels().esign.verify_pdf(first.data)
    assert verdict.intact and verdict.trusted and verdict.timestamped_at
    assert b"pdfaid" in PdfFileReader(BytesIO(first.data)).root["/Metadata"].data
    again = ask(client, borrower, loan)
    assert again.data == first.data
    assert session.scalar(select(func.count()).select_from(SettlementCertificate)) == 1
    assert first.headers["Content-Disposition"].startswith('inline; filename="JQ-')
    known = ask(client, borrower, loan, **{"If-None-Match": first.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")


def test_not_before_the_loan_is_settled_and_not_for_others(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, loan: Loan
) -> None:
    answer = ask(client, borrower, loan)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "loan.not_settled")
    loans.repay(session, loan, "payoff")
    answer = ask(client, loans.make_borrower(session), loan)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "loan.unknown")


def test_of_two_made_at_once_the_first_stands(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, loan: Loan
) -> None:
    from app.kernel.typesetting import typeset
    from app.loans.papers.blocks import LETTER

    loans.repay(session, loan, "payoff")
    which = {"customer_id": borrower.customer_id, "loan_id": loan.id, "bank": current().bank}
    drafts = [open_certificate(session, **which) for _ in range(2)]
    made = [
        settle_certificate(
            session,
            draft=draft,
            sealed=channels().esign.seal_pdf(typeset(LETTER, draft.content), reason="test", field_name="Seal"),
        )
        for draft in drafts
    ]
    assert made[0] == made[1] and made[0].number == drafts[0].number != drafts[1].number


def test_a_payment_that_is_taken_back_voids_it_and_the_next_settlement_has_its_own(
    client: FlaskClient, session: Session, borrower: SignedInCustomer, loan: Loan
) -> None:
    def known(paper: bytes) -> Any:
        asked = {"sha256": [hashlib.sha256(paper).hexdigest()]}
        return client.post("/public/v1/paper-checks", json=asked).get_json()["paper"]["void_at"]

    paid = loans.repay(session, loan, "payoff")
    first = ask(client, borrower, loan)
    assert first.status_code == 200 and known(first.data) is None
    reverse_payment(session, repayment_id=paid.id, reason="the bank of the payer took it back")
    session.commit()
    refused = ask(client, borrower, loan, **{"If-None-Match": first.headers["ETag"]})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "loan.not_settled")
    assert known(first.data), "whoever was given it is told that it is void"
    loans.repay(session, loan, "payoff")
    second = ask(client, borrower, loan)
    assert second.status_code == 200 and second.data != first.data
    assert known(second.data) is None and known(first.data)


@pytest.mark.parametrize(
    "change", ["UPDATE settlement_certificates SET document = ''", "DELETE FROM settlement_certificates"]
)
def test_what_was_issued_cannot_be_changed(session: Session, change: str) -> None:
    with pytest.raises(DBAPIError) as caught:
        session.execute(text(change))
    assert db.sqlstate(caught.value) == "42501"
