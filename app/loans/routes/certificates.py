"""The certificate that a loan is settled, sealed by the bank."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from app.adapters import channels
from app.kernel.db import transaction
from app.kernel.typesetting import typeset
from app.kernel.web.files import PDF, stored_pdf_answer
from app.kernel.web.principal import customer
from app.loans.papers.blocks import LETTER
from app.loans.routes.papers import FILE
from app.loans.routes.servicing import loans
from app.loans.usecases.certificates import Issued, open_certificate, settle_certificate
from config.settings import current

FIELD = "BankSeal"


@loans.route("/loans/<uuid:loan_id>/settlement-certificate.pdf", methods=["GET"])
@loans.response(200, FILE, content_type=PDF)
def get_settlement_certificate(loan_id: UUID) -> Response:
    """The bank's certificate that the loan is settled, sealed and time-stamped (PAdES). It is issued when it is first
    asked for and stays the same; its ETag is its SHA-256. 409 `loan.not_settled`; 503 `esign.unavailable`: try again.
    """
    issued = _issue(loan_id)
    return stored_pdf_answer(issued.pdf, issued.sha256, f"{issued.number}.pdf")


def _issue(loan_id: UUID) -> Issued:
    with transaction() as session:
        draft = open_certificate(session, customer_id=customer().customer_id, loan_id=loan_id, bank=current().bank)
    if draft.issued:
        return draft.issued
    sealed = channels().esign.seal_pdf(
        typeset(LETTER, draft.content), reason=f"结清证明 {draft.number}", field_name=FIELD
    )
    with transaction() as session:
        return settle_certificate(session, draft=draft, sealed=sealed)
