"""Settlement certificates by the digest of their document, for whoever holds the document."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contracts.domain.issued import SETTLEMENT_CERTIFICATE, IssuedPaper
from app.loans.models import SettlementCertificate


def issued_certificates(session: Session, digests: Sequence[str]) -> list[IssuedPaper]:
    """The certificates, void ones too, whose bytes have one of these SHA-256 digests."""
    one = SettlementCertificate
    rows = session.execute(
        select(one.number, one.document_sha256, one.sealed_at, one.void_at).where(one.document_sha256.in_(digests))
    )
    return [
        IssuedPaper(SETTLEMENT_CERTIFICATE, row.number, row.document_sha256, row.sealed_at, void_at=row.void_at)
        for row in rows
    ]
