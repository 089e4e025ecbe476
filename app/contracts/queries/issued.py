"""Contracts by the digest of their document, for whoever holds the document."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.contracts.domain.issued import FOR_SIGNATURE, LOAN_CONTRACT, IssuedPaper
from app.contracts.models import Contract


def issued_contracts(session: Session, digests: Sequence[str]) -> list[IssuedPaper]:
    """The contracts, sealed or as shown for signature, whose bytes have one of these SHA-256 digests."""
    columns = (
        Contract.number,
        Contract.document_sha256,
        Contract.sealed_sha256,
        Contract.evidence_sha256,
        Contract.presented_at,
        Contract.signed_at,
        Contract.sealed_at,
    )
    rows = session.execute(
        select(*columns).where(or_(Contract.sealed_sha256.in_(digests), Contract.document_sha256.in_(digests)))
    )
    found = []
    for row in rows:
        if row.sealed_sha256 in digests:
            signed, evidence = row.signed_at, row.evidence_sha256
            found.append(IssuedPaper(LOAN_CONTRACT, row.number, row.sealed_sha256, row.sealed_at, signed, evidence))
        if row.document_sha256 in digests and row.presented_at:
            found.append(IssuedPaper(FOR_SIGNATURE, row.number, row.document_sha256, row.presented_at))
    return found
