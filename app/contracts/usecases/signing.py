"""The customer's signature and its evidence."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.contracts.domain import contracts as domain
from app.contracts.domain.cost_sheets import is_fresh
from app.contracts.events import ContractCustomerSigned
from app.contracts.models import Contract, CostSheet
from app.contracts.queries.contracts import ContractView, own_row, view
from app.customers.usecases import use_step_up
from app.kernel import clock
from app.kernel.outbox import emit
from app.kernel.states import transition


@dataclass(frozen=True)
class Signer:
    """Who signs, in which session, and what is known of the request: kept as evidence."""

    customer_id: UUID
    session_id: UUID
    channel: str
    address: str = field(repr=False)
    user_agent: str = field(repr=False)


def note_reading(session: Session, *, contract_id: UUID, application_id: UUID, customer_id: UUID) -> None:
    """Remember when the document was first handed to its owner. Raises ContractUnknown."""
    row = own_row(session, contract_id, application_id, customer_id)
    if row.read_at is None:
        session.flush()
        session.refresh(row, with_for_update=True)
        row.read_at = row.read_at or clock.now()


def sign_contract(
    session: Session, *, contract_id: UUID, application_id: UUID, document_sha256: str, signer: Signer
) -> ContractView:
    """The customer's signature: the hash of the document they saw, and the second factor shown for this contract.

    Signing twice is the same. The caller holds the application's row. Raises ContractUnknown, ContractNotRead,
    CostsReplaced, CostsExpired, DocumentMismatch, StepUpNeeded, NotAllowedNow.
    """
    row = own_row(session, contract_id, application_id, signer.customer_id)
    session.flush()  # refreshing would drop what is not written yet
    session.refresh(row, with_for_update=True)
    if row.status in ("customer_signed", "sealed") and row.document_sha256 == document_sha256:
        return view(row)
    if row.status == "presented" and row.read_at is None:
        raise domain.ContractNotRead("Show the document before it is signed.")
    if row.document_sha256 != document_sha256:
        raise domain.DocumentMismatch("This is not the document to be signed. Fetch it again and show it.")
    if row.status == "presented":
        _check_costs(session.get_one(CostSheet, row.cost_sheet_id, populate_existing=True))
    transition(
        session, row, domain.CONTRACT_STATES, "customer_signs", actor=f"customer:{signer.customer_id}"
    )  # before the second factor: a contract that cannot be signed uses none up
    row.signed_at = clock.now()
    evidence = _evidence(session, row, signer)
    row.evidence = json.dumps(evidence, ensure_ascii=False)
    row.evidence_sha256 = domain.evidence_sha256(evidence)
    emit(
        session,
        ContractCustomerSigned(subject_id=row.id, application_id=row.application_id, customer_id=row.customer_id),
    )
    session.flush()
    return view(row)


def _check_costs(sheet: CostSheet) -> None:
    """The sheet the contract was made from must still be the one that holds, and be confirmed not too long ago."""
    if sheet.status != "confirmed":
        raise domain.CostsReplaced("Another cost sheet was shown since. Confirm it and make the contract anew.")
    if not is_fresh(sheet.confirmed_at, clock.now()):
        raise domain.CostsExpired("The cost sheet was confirmed too long ago. Ask for a fresh one.")


def _evidence(session: Session, row: Contract, signer: Signer) -> dict[str, Any]:
    """Who, when, where, which text, by which second factor, and how long it was there to be read."""
    factor = use_step_up(session, session_id=signer.session_id, purpose=domain.SIGN_PURPOSE, subject_id=row.id)
    sheet = session.get_one(CostSheet, row.cost_sheet_id)
    assert row.signed_at and row.presented_at and row.read_at and sheet.confirmed_at
    return {
        "contract": {"id": str(row.id), "number": row.number, "document_sha256": row.document_sha256},
        "signer": {"customer_id": str(signer.customer_id), "name": json.loads(row.content)["borrower"]["legal_rep"]},
        "session": {
            "id": str(signer.session_id),
            "channel": signer.channel,
            "address": signer.address,
            "user_agent": signer.user_agent,
        },
        "second_factor": {
            "method": factor.method,
            "step_up_id": str(factor.step_up_id),
            "phone_code_id": str(factor.phone_code_id),
            "granted_at": factor.granted_at.isoformat(),
            "used_at": factor.used_at.isoformat(),
        },
        "reading": {
            "cost_sheet": {"number": sheet.number, "sha256": sheet.sha256, "min_reading_s": sheet.min_reading_s},
            "cost_sheet_shown_at": sheet.shown_at.isoformat(),
            "cost_sheet_confirmed_at": sheet.confirmed_at.isoformat(),
            "presented_at": row.presented_at.isoformat(),
            "first_read_at": row.read_at.isoformat(),
            "signed_at": row.signed_at.isoformat(),
        },
    }
