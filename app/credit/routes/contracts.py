"""The contract of an application: made, read, signed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session

from app.contracts import queries as contract_queries
from app.contracts import usecases as contracts
from app.credit import queries, schemas, usecases
from app.credit.routes.answers import contract_row, lender
from app.credit.routes.applications import applications
from app.kernel.db import transaction
from app.kernel.web.idempotent import once, open_call_settle
from app.kernel.web.principal import customer


@applications.post("/applications/<uuid:application_id>/contracts")
@applications.response(201, schemas.ContractOut)
def prepare_contract(application_id: UUID) -> Response:
    """Make the contract of the confirmed cost sheet; asking again gives the same one.

    409 `application.not_offered`, `contract.costs_not_confirmed`.
    """
    who = customer().customer_id

    def draft(session: Session, contract_id: UUID) -> contracts.Draft:
        usecases.hold_offer(session, application_id=application_id, customer_id=who)
        application = queries.application(session, application_id)
        return contracts.draft_contract(
            session,
            contract_id=contract_id,
            application_id=application_id,
            customer_id=who,
            lender=lender(),
            parties=usecases.parties(session, application=application),
        )

    def present(session: Session, drafted: contracts.Draft, pdf: bytes | None) -> dict[str, Any]:
        usecases.hold_offer(session, application_id=application_id, customer_id=who)
        contract = contracts.present_contract(session, contract_id=drafted.contract_id, pdf=pdf)
        usecases.begin_signing(session, application_id=application_id)
        return contract_row(session, contract)

    return open_call_settle(
        open_=draft,
        call=lambda drafted: contracts.render_contract(drafted.content) if drafted.content else None,
        settle=present,
        schema=schemas.ContractOut,
        status=201,
    )


@applications.get("/applications/<uuid:application_id>/contracts/<uuid:contract_id>")
@applications.response(200, schemas.ContractOut)
def get_contract(application_id: UUID, contract_id: UUID) -> dict[str, Any]:
    """One contract."""
    with transaction() as session:
        contract = contract_queries.contract(
            session, contract_id=contract_id, application_id=application_id, customer_id=customer().customer_id
        )
        return contract_row(session, contract)


@applications.get("/applications/<uuid:application_id>/contracts/<uuid:contract_id>/document")
@applications.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def get_document(application_id: UUID, contract_id: UUID) -> Response:
    """The PDF: first the document to sign, once the bank has sealed it the sealed one. The ETag is its SHA-256."""
    which = {"contract_id": contract_id, "application_id": application_id, "customer_id": customer().customer_id}
    with transaction() as session:
        document = contract_queries.document(session, **which)
        contracts.note_reading(session, **which)
    answer = Response(document.pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{document.number}.pdf"'
    answer.set_etag(document.sha256)
    answer.make_conditional(request)
    return answer


@applications.post("/applications/<uuid:application_id>/contracts/<uuid:contract_id>/signature")
@applications.arguments(schemas.SignatureIn)
@applications.response(200, schemas.ContractOut)
def sign_contract(body: dict[str, str], application_id: UUID, contract_id: UUID) -> Response:
    """Sign the document with this hash; needs a second factor shown for `sign_contract` of this contract.

    403 `auth.step_up_needed`; 409 `contract.not_read`, `contract.document_mismatch`, `application.not_offered`,
    `credit_line.not_usable`, and, each answered by a fresh cost sheet, `contract.costs_replaced`,
    `contract.costs_expired`, `offer.above_all_in_cap`, `offer.penalty_out_of_range`.
    """
    who = customer()
    signer = contracts.Signer(
        customer_id=who.customer_id,
        session_id=who.session_id,
        channel=who.channel,
        address=request.remote_addr or "",
        user_agent=request.headers.get("User-Agent", "")[:200],
    )

    def sign(session: Session, _: UUID) -> dict[str, Any]:
        usecases.hold_for_signature(session, application_id=application_id, customer_id=who.customer_id)
        contract = contracts.sign_contract(
            session,
            contract_id=contract_id,
            application_id=application_id,
            document_sha256=body["document_sha256"],
            signer=signer,
        )
        return contract_row(session, contract)

    return once(sign, schema=schemas.ContractOut, status=200, body=body)
