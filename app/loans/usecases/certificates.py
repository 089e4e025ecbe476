"""The certificate that a loan is settled: worded, sealed outside a transaction, kept as issued; one a settlement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.adapters.esign import SealedPdf
from app.kernel import clock, crypto, ids
from app.loans import queries
from app.loans.domain.certificates import NotSettled
from app.loans.models import Loan, SettlementCertificate
from app.loans.papers import letters
from app.loans.papers.subjects import subjects
from app.loans.queries.reliefs import waived_fen
from config.settings import Bank

DOCUMENT = "settlement_certificates.document"


@dataclass(frozen=True)
class Issued:
    """A certificate as it goes out."""

    number: str
    pdf: bytes = field(repr=False)
    sha256: str


@dataclass(frozen=True)
class CertificateDraft:
    """What is to be set and sealed; `issued` when that was done before."""

    certificate_id: UUID
    loan_id: UUID
    number: str
    content: dict[str, Any] = field(repr=False)
    issued: Issued | None = None


def open_certificate(session: Session, *, customer_id: UUID, loan_id: UUID, bank: Bank) -> CertificateDraft:
    """The certificate of a settled loan, or what it will say. Raises LoanUnknown, NotSettled."""
    loan = queries.own_loan(session, customer_id=customer_id, loan_id=loan_id)
    if loan.status != "settled" or loan.settled_at is None:
        raise NotSettled("The loan is not settled.", status=loan.status)
    known = _standing(session, loan_id)
    if known:
        return CertificateDraft(known.id, loan_id, known.number, {}, _issued(known))
    certificate_id = ids.new_id()
    number = ids.document_number("JQ", certificate_id)
    content = letters.settlement_certificate(
        loan,
        subjects(session, [loan])[loan.id],
        settled_on=clock.local_day(loan.settled_at),
        made_on=clock.today(),
        number=number,
        bank=bank,
        waived_fen=waived_fen(session, loan.id),
    )
    return CertificateDraft(certificate_id, loan_id, number, content)


def settle_certificate(session: Session, *, draft: CertificateDraft, sealed: SealedPdf) -> Issued:
    """Keep the sealed certificate; of two made at once the first stands. Raises NotSettled: the loan is owed again."""
    loan = session.get_one(Loan, draft.loan_id, with_for_update=True, populate_existing=True)
    if loan.status != "settled" or loan.settled_at is None:
        raise NotSettled("The loan is not settled.", status=loan.status)
    row = SettlementCertificate(
        id=draft.certificate_id,
        number=draft.number,
        loan_id=loan.id,
        settled_at=loan.settled_at,
        document=crypto.seal(sealed.pdf, DOCUMENT),
        document_sha256=sealed.sha256,
        sealed_at=sealed.sealed_at,
        issued_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        row = _standing(session, loan.id) or row
    return _issued(row)


def void_certificate(session: Session, *, loan_id: UUID) -> None:
    """The settlement did not hold: the certificate is void; nothing happens without one."""
    row = _standing(session, loan_id)
    if row:
        row.void_at = clock.now()


def _standing(session: Session, loan_id: UUID) -> SettlementCertificate | None:
    query = select(SettlementCertificate).where(
        SettlementCertificate.loan_id == loan_id, SettlementCertificate.void_at.is_(None)
    )
    return session.scalar(query)


def _issued(row: SettlementCertificate) -> Issued:
    return Issued(row.number, crypto.unseal(row.document, DOCUMENT), row.document_sha256)
