"""Reading the box: lists, one document with what it says, its bytes, and its log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers import queries as customers
from app.customers.domain.people import NotAMember
from app.databox.domain.documents import DocumentGone, DocumentUnknown
from app.databox.models import Document, DocumentAccess
from app.kernel import crypto
from app.kernel.pagination import Page, PageRequest, paginate

CONTENT, READING = "documents.content", "documents.reading"
SHOWN_FLOWS = 200  # the first ones; sums are over all of them


@dataclass(frozen=True)
class DocumentView:
    """A document without what it says."""

    document_id: UUID
    enterprise_id: UUID
    kind: str | None
    media_type: str | None
    status: str
    refusal: str | None
    refusal_place: str | None
    size_bytes: int
    created_at: datetime
    confirmed_at: datetime | None


@dataclass(frozen=True)
class AccessView:
    """One line of the log; `by_you` tells the reader's own doings from a colleague's."""

    action: str
    by_you: bool
    occurred_at: datetime


def require_member(session: Session, *, enterprise_id: UUID, customer_id: UUID) -> None:
    """Whoever acts for the business, in whatever role, may use its box. Raises NotAMember (404)."""
    if customers.membership(session, customer_id=customer_id, enterprise_id=enterprise_id) is None:
        raise NotAMember("There is no such enterprise.")


def own_documents(
    session: Session, *, enterprise_id: UUID, customer_id: UUID, request: PageRequest
) -> Page[DocumentView]:
    """The documents of a business, newest first. Raises NotAMember."""
    require_member(session, enterprise_id=enterprise_id, customer_id=customer_id)
    page = paginate(session, select(Document).where(Document.enterprise_id == enterprise_id), Document.id, request)
    return Page([document_view(row) for row in page.items], page.next_cursor)


def own_document(session: Session, *, document_id: UUID, customer_id: UUID, lock: bool = False) -> Document:
    """The row, if its business is one the customer acts for. Raises DocumentUnknown."""
    row = session.get(Document, document_id, with_for_update=lock or None)
    if row is None or not customers.membership(session, customer_id=customer_id, enterprise_id=row.enterprise_id):
        raise DocumentUnknown("There is no such document.")
    return row


def accesses(session: Session, *, document_id: UUID, customer_id: UUID, request: PageRequest) -> Page[AccessView]:
    """Everything that was done with a document, newest first. Raises DocumentUnknown."""
    own_document(session, document_id=document_id, customer_id=customer_id)
    query = select(DocumentAccess).where(DocumentAccess.document_id == document_id)
    page = paginate(session, query, DocumentAccess.id, request)
    lines = [AccessView(row.action, row.customer_id == customer_id, row.occurred_at) for row in page.items]
    return Page(lines, page.next_cursor)


def document_view(row: Document) -> DocumentView:
    """A row for its owners."""
    return DocumentView(
        document_id=row.id,
        enterprise_id=row.enterprise_id,
        kind=row.kind,
        media_type=row.media_type,
        status=row.status,
        refusal=row.refusal,
        refusal_place=row.refusal_place,
        size_bytes=row.size_bytes,
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
    )


def content(row: Document) -> bytes:
    """The bytes as they came. Raises DocumentGone."""
    if row.sealed_content is None:
        raise DocumentGone("The content was erased.")
    return crypto.unseal_for(str(row.enterprise_id), row.sealed_content, f"{CONTENT}:{row.id}")


def reading(row: Document) -> dict[str, Any]:
    """What the document says: `{"statement": …}` or `{"invoice": …}`, both None when there is nothing (any more)."""
    found: dict[str, Any] = {"statement": None, "invoice": None}
    if row.sealed_reading is None:
        return found
    fields = json.loads(crypto.unseal_for(str(row.enterprise_id), row.sealed_reading, f"{READING}:{row.id}"))
    if row.kind == "invoice":
        return found | {"invoice": fields}
    return found | {"statement": _summary(fields)}


def _summary(fields: dict[str, Any]) -> dict[str, Any]:
    flows = fields["flows"]
    amounts = [flow["amount_fen"] for flow in flows]
    return fields | {
        "from_on": flows[0]["on"],
        "until_on": flows[-1]["on"],
        "flow_count": len(flows),
        "in_fen": sum(amount for amount in amounts if amount > 0),
        "out_fen": -sum(amount for amount in amounts if amount < 0),
        "flows": flows[:SHOWN_FLOWS],
    }
