"""The bank's seal: what it is put on, and keeping the result."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from app.adapters.esign import SealedPdf
from app.contracts.domain import contracts as domain
from app.contracts.events import ContractSigned
from app.contracts.models import Contract
from app.contracts.queries.contracts import DOCUMENT, SEALED_DOCUMENT
from app.kernel import crypto
from app.kernel.outbox import emit
from app.kernel.states import transition


@dataclass(frozen=True)
class SealOrder:
    """What the bank's seal is put on."""

    contract_id: UUID
    number: str
    pdf: bytes = field(repr=False)
    evidence_sha256: str


def open_seal(session: Session, *, contract_id: UUID) -> SealOrder | None:
    """What is to be sealed; None when there is nothing to do (any more)."""
    row = session.get_one(Contract, contract_id)
    if row.status != "customer_signed":
        return None
    assert row.document and row.evidence_sha256
    return SealOrder(row.id, row.number, crypto.unseal(row.document, DOCUMENT), row.evidence_sha256)


def settle_seal(session: Session, *, contract_id: UUID, sealed: SealedPdf) -> None:
    """Keep the sealed document and tell upwards; the first seal stands."""
    row = session.get_one(Contract, contract_id, with_for_update=True)
    if row.status != "customer_signed":
        return
    row.sealed_document = crypto.seal(sealed.pdf, SEALED_DOCUMENT)
    row.sealed_sha256 = sealed.sha256
    row.sealed_at = sealed.sealed_at
    transition(session, row, domain.CONTRACT_STATES, "bank_seals")
    emit(
        session,
        ContractSigned(subject_id=row.id, application_id=row.application_id, customer_id=row.customer_id),
    )
