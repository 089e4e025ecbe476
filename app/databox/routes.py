"""The data box of a business, for those who act for it."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Response

from app.databox import queries, schemas, usecases
from app.databox.models import Document
from app.kernel.db import transaction
from app.kernel.web.bodies import raw_body
from app.kernel.web.idempotent import once, open_call_settle
from app.kernel.web.paging import PageIn, page_request
from app.kernel.web.principal import customer
from app.kernel.web.routing import Routes
from config.settings import current

documents = Routes("documents", __name__, description="The data box: documents of a business")
FILE = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


@documents.post("/enterprises/<uuid:enterprise_id>/documents")
@documents.doc(requestBody=FILE)
@documents.response(201, schemas.DocumentOut)
def upload_document(enterprise_id: UUID) -> Response:
    """Put a file into the box: the body is the file, a bank statement (CSV, XLSX) or an invoice (XML).

    It has at most 1 MiB, or less if the bank says so.
    What cannot be read with a proof comes back as `rejected` with its reason, and is erased. The same file again is
    the same document. 404 `enterprise.not_found`, 409 `document.box_full`, 413, 422 `document.empty`,
    429 `document.too_many_uploads`.
    """
    who = customer().customer_id
    with transaction() as session:  # before a byte of the body is taken
        queries.require_member(session, enterprise_id=enterprise_id, customer_id=who)
    limits = current().box_limits
    raw = raw_body(limits.file_bytes)
    return open_call_settle(
        open_=lambda session, new_id: usecases.receive(
            session, new_id=new_id, enterprise_id=enterprise_id, customer_id=who, raw=raw, limits=limits
        ),
        call=lambda received: usecases.read_in_box(received.raw) if received.to_read else None,
        settle=lambda session, received, answer: usecases.settle(
            session, document_id=received.document_id, answer=answer
        ),
        schema=schemas.DocumentOut,
        status=201,
        body={"sha256": hashlib.sha256(raw).hexdigest()},
    )


@documents.get("/enterprises/<uuid:enterprise_id>/documents")
@documents.arguments(PageIn, location="query")
@documents.response(200, schemas.DocumentPageOut)
def list_documents(query: dict[str, Any], enterprise_id: UUID) -> dict[str, Any]:
    """The documents of a business, newest first. 404 `enterprise.not_found`."""
    with transaction() as session:
        page = queries.own_documents(
            session,
            enterprise_id=enterprise_id,
            customer_id=customer().customer_id,
            request=page_request(query, f"documents:{enterprise_id}"),
        )
    return {"items": page.items, "next_cursor": page.next_cursor}


@documents.get("/documents/<uuid:document_id>")
@documents.response(200, schemas.DocumentDetailOut)
def get_document(document_id: UUID) -> dict[str, Any]:
    """One document with what was read from it, to be compared and confirmed. 404 `document.not_found`."""
    with transaction() as session:
        return _detail(usecases.view(session, document_id=document_id, customer_id=customer().customer_id))


@documents.get("/documents/<uuid:document_id>/original")
@documents.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def download_document(document_id: UUID) -> Response:
    """The file as it came, always as a download. 404 `document.not_found`, 409 `document.content_erased`."""
    with transaction() as session:
        raw, _ = usecases.download(session, document_id=document_id, customer_id=customer().customer_id)
    answer = Response(raw, mimetype="application/octet-stream")  # never shown by a browser, whatever it is
    answer.headers["Content-Disposition"] = f'attachment; filename="{document_id}"'
    return answer


@documents.get("/documents/<uuid:document_id>/accesses")
@documents.arguments(PageIn, location="query")
@documents.response(200, schemas.DocumentAccessPageOut)
def list_accesses(query: dict[str, Any], document_id: UUID) -> dict[str, Any]:
    """Who did what with a document, newest first. 404 `document.not_found`."""
    with transaction() as session:
        page = queries.accesses(
            session,
            document_id=document_id,
            customer_id=customer().customer_id,
            request=page_request(query, f"accesses:{document_id}"),
        )
    return {"items": page.items, "next_cursor": page.next_cursor}


@documents.post("/documents/<uuid:document_id>/confirmation")
@documents.response(200, schemas.DocumentOut)
def confirm_document(document_id: UUID) -> Response:
    """What was read is right. 404 `document.not_found`, 409 `state.not_allowed_now`."""
    who = customer().customer_id
    return once(
        lambda session, _: queries.document_view(
            usecases.confirm(session, document_id=document_id, customer_id=who)
        ),
        schema=schemas.DocumentOut,
        status=200,
    )


@documents.post("/documents/<uuid:document_id>/withdrawal")
@documents.response(200, schemas.DocumentOut)
def withdraw_document(document_id: UUID) -> Response:
    """Take a document back; its content is erased at once. 404 `document.not_found`, 409 `state.not_allowed_now`."""
    who = customer().customer_id
    return once(
        lambda session, _: queries.document_view(
            usecases.withdraw(session, document_id=document_id, customer_id=who)
        ),
        schema=schemas.DocumentOut,
        status=200,
    )


def _detail(row: Document) -> dict[str, Any]:
    return asdict(queries.document_view(row)) | queries.reading(row)
