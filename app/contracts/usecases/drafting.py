"""Contracts from a confirmed cost sheet to a document that can be read; or put aside."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.contracts.domain import contracts as domain
from app.contracts.domain.agreements import Agreement, Lender, Parties
from app.contracts.domain.cost_sheets import VALID
from app.contracts.domain.papers import make_content
from app.contracts.models import Contract, CostSheet, DocumentText
from app.contracts.queries.contracts import DOCUMENT, ContractView, view
from app.kernel import clock, crypto, ids
from app.kernel.states import transition


@dataclass(frozen=True)
class Draft:
    """A contract whose document is to be made; `content` is None when it is there already."""

    contract_id: UUID
    content: dict[str, Any] | None = field(repr=False)


def draft_contract(
    session: Session, *, contract_id: UUID, application_id: UUID, customer_id: UUID, lender: Lender, parties: Parties
) -> Draft:
    """The contract of the confirmed cost sheet; the standing one when it says the same, else the standing one is void.

    The caller holds the application's row. Raises CostsNotConfirmed, ContractBinding.
    """
    sheet = _confirmed_sheet(session, application_id, customer_id)
    standing = _standing(session, application_id)
    if standing and (standing.cost_sheet_id == sheet.id or standing.status not in ("draft", "presented")):
        missing = standing.document_sha256 is None
        return Draft(standing.id, json.loads(standing.content) if missing else None)
    if standing:
        transition(session, standing, domain.CONTRACT_STATES, "void", actor=f"customer:{customer_id}")
        session.flush()
    return _new_draft(session, contract_id, sheet, lender, parties)


def _new_draft(session: Session, contract_id: UUID, sheet: CostSheet, lender: Lender, parties: Parties) -> Draft:
    agreement = Agreement.read(sheet.body["agreement"])
    text = _text_in_force(session, domain.text_kind(agreement))
    number = ids.document_number("HT", contract_id)
    assert sheet.confirmed_at is not None
    content = make_content(
        number=number,
        text=text.body,
        agreement=agreement,
        lender=lender,
        parties=parties,
        sheet=sheet.body,
        sheet_sha256=sheet.sha256,
        confirmed_at=sheet.confirmed_at,
    )
    session.add(
        Contract(
            id=contract_id,
            number=number,
            application_id=sheet.application_id,
            customer_id=sheet.customer_id,
            cost_sheet_id=sheet.id,
            document_text_id=text.id,
            status="draft",
            terms={"agreement": agreement.as_json(), "all_in_annual_rate": sheet.body["all_in_annual_rate"]},
            content=json.dumps(content, ensure_ascii=False),
            created_at=clock.now(),
        )
    )
    session.flush()
    return Draft(contract_id, content)


def present_contract(session: Session, *, contract_id: UUID, pdf: bytes | None) -> ContractView:
    """Attach the document to its draft; presenting twice keeps the first document."""
    row = session.get_one(Contract, contract_id, with_for_update=True)
    if row.status == "draft" and pdf is not None:
        row.document = crypto.seal(pdf, DOCUMENT)
        row.document_sha256 = hashlib.sha256(pdf).hexdigest()
        row.presented_at = clock.now()
        transition(session, row, domain.CONTRACT_STATES, "present")
        session.flush()
    return view(row)


def void_contract(session: Session, *, application_id: UUID, actor: str) -> None:
    """Put an unsigned contract aside; nothing to do without one. Raises ContractBinding once it is signed."""
    row = _standing(session, application_id)
    if row is None:
        return
    if row.status not in ("draft", "presented"):
        raise domain.ContractBinding("The contract is signed.")
    transition(session, row, domain.CONTRACT_STATES, "void", actor=actor)


def _confirmed_sheet(session: Session, application_id: UUID, customer_id: UUID) -> CostSheet:
    row = session.scalars(
        select(CostSheet).where(
            CostSheet.application_id == application_id,
            CostSheet.customer_id == customer_id,
            CostSheet.status == "confirmed",
            CostSheet.confirmed_at > clock.now() - VALID,
        )
    ).one_or_none()
    if row is None:
        raise domain.CostsNotConfirmed("Read and confirm the cost sheet first.")
    return row


def _standing(session: Session, application_id: UUID) -> Contract | None:
    return session.scalars(
        select(Contract).where(Contract.application_id == application_id, Contract.status != "void").with_for_update()
    ).one_or_none()


def _text_in_force(session: Session, kind: str) -> DocumentText:
    today = clock.today()
    return session.scalars(
        select(DocumentText)
        .where(
            DocumentText.kind == kind,
            DocumentText.effective_from <= today,
            or_(DocumentText.effective_to.is_(None), DocumentText.effective_to > today),
        )
        .order_by(DocumentText.effective_from.desc(), DocumentText.version.desc())
        .limit(1)
    ).one()
