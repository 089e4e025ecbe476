"""Contracts: their state for everybody who may know, their documents for their owner."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contracts.domain.agreements import Agreement
from app.contracts.domain.contracts import ContractUnknown, emphasised
from app.contracts.models import Contract
from app.kernel import crypto

DOCUMENT = "contracts.document"
SEALED_DOCUMENT = "contracts.sealed_document"


@dataclass(frozen=True)
class ContractView:
    """One contract without its documents and without personal data."""

    contract_id: UUID
    number: str
    application_id: UUID
    customer_id: UUID
    cost_sheet_id: UUID
    status: str
    agreement: Agreement
    all_in_annual_rate: Decimal
    document_sha256: str | None
    sealed_sha256: str | None
    evidence_sha256: str | None
    presented_at: datetime | None
    read_at: datetime | None
    signed_at: datetime | None
    sealed_at: datetime | None


@dataclass(frozen=True)
class Document:
    """A document as it goes out: the sealed one once it exists, before that the one to be read and signed."""

    number: str
    pdf: bytes = field(repr=False)
    sha256: str


def contract(session: Session, *, contract_id: UUID, application_id: UUID, customer_id: UUID) -> ContractView:
    """One contract of this customer's application. Raises ContractUnknown, also for somebody else's."""
    return view(own_row(session, contract_id, application_id, customer_id))


def current_contract(session: Session, *, application_id: UUID) -> ContractView | None:
    """The contract of an application that is not void."""
    row = session.scalars(
        select(Contract).where(Contract.application_id == application_id, Contract.status != "void")
    ).one_or_none()
    return view(row) if row else None


def contract_numbers(session: Session, contract_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """What some contracts are called."""
    rows = session.execute(select(Contract.id, Contract.number).where(Contract.id.in_(list(contract_ids))))
    return {row.id: row.number for row in rows}


def sealed_contract(session: Session, *, application_id: UUID) -> ContractView | None:
    """The contract both have signed; None while there is none."""
    found = current_contract(session, application_id=application_id)
    return found if found and found.status == "sealed" else None


def document(session: Session, *, contract_id: UUID, application_id: UUID, customer_id: UUID) -> Document:
    """The PDF for its owner. Raises ContractUnknown, also while it is being made."""
    row = own_row(session, contract_id, application_id, customer_id)
    if row.sealed_document and row.sealed_sha256:
        return Document(row.number, crypto.unseal(row.sealed_document, SEALED_DOCUMENT), row.sealed_sha256)
    if row.document and row.document_sha256:
        return Document(row.number, crypto.unseal(row.document, DOCUMENT), row.document_sha256)
    raise ContractUnknown("The document is not ready.")


def emphasised_clauses(session: Session, *, contract_id: UUID) -> Sequence[Mapping[str, Any]]:
    """The clauses that must be pointed out before signing."""
    return emphasised(json.loads(session.get_one(Contract, contract_id).content)["text"])


def evidence(session: Session, *, contract_id: UUID) -> Mapping[str, Any] | None:
    """The evidence package of the customer's signature, for staff; None before it. Holds personal data."""
    row = session.get_one(Contract, contract_id)
    return json.loads(row.evidence) if row.evidence else None


def own_row(session: Session, contract_id: UUID, application_id: UUID, customer_id: UUID) -> Contract:
    """The row, for its owner only. Raises ContractUnknown."""
    row = session.get(Contract, contract_id)
    if row is None or (row.application_id, row.customer_id) != (application_id, customer_id):
        raise ContractUnknown("There is no such contract.")
    return row


def view(row: Contract) -> ContractView:
    """A row as others see it."""
    return ContractView(
        contract_id=row.id,
        number=row.number,
        application_id=row.application_id,
        customer_id=row.customer_id,
        cost_sheet_id=row.cost_sheet_id,
        status=row.status,
        agreement=Agreement.read(row.terms["agreement"]),
        all_in_annual_rate=Decimal(row.terms["all_in_annual_rate"]),
        document_sha256=row.document_sha256,
        sealed_sha256=row.sealed_sha256,
        evidence_sha256=row.evidence_sha256,
        presented_at=row.presented_at,
        read_at=row.read_at,
        signed_at=row.signed_at,
        sealed_at=row.sealed_at,
    )
