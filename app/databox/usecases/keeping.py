"""Looking at, confirming and taking back; every look is a line of the log that the business sees."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from app.databox import queries
from app.databox.domain.documents import STATES
from app.databox.models import Document, DocumentAccess
from app.kernel import clock
from app.kernel.states import transition


def note(session: Session, row: Document, customer_id: UUID, action: str) -> None:
    """Add a line to the log."""
    session.add(
        DocumentAccess(document_id=row.id, customer_id=customer_id, action=action, occurred_at=clock.now())
    )


def view(session: Session, *, document_id: UUID, customer_id: UUID) -> Document:
    """Open a document with what it says. Raises DocumentUnknown."""
    row = queries.own_document(session, document_id=document_id, customer_id=customer_id)
    note(session, row, customer_id, "viewed")
    return row


def download(session: Session, *, document_id: UUID, customer_id: UUID) -> tuple[bytes, str]:
    """(the bytes as they came, their media type). Raises DocumentUnknown, DocumentGone."""
    row = queries.own_document(session, document_id=document_id, customer_id=customer_id)
    raw = queries.content(row)
    note(session, row, customer_id, "downloaded")
    return raw, row.media_type or "application/octet-stream"


def confirm(session: Session, *, document_id: UUID, customer_id: UUID) -> Document:
    """The business says that what was read is right. Raises DocumentUnknown, NotAllowedNow."""
    row = queries.own_document(session, document_id=document_id, customer_id=customer_id, lock=True)
    transition(session, row, STATES, "confirmed", actor="customer")
    row.confirmed_by, row.confirmed_at = customer_id, clock.now()
    note(session, row, customer_id, "confirmed")
    return row


def withdraw(session: Session, *, document_id: UUID, customer_id: UUID) -> Document:
    """Take a document back: content and reading are erased at once. Raises DocumentUnknown, NotAllowedNow."""
    row = queries.own_document(session, document_id=document_id, customer_id=customer_id, lock=True)
    row.sealed_content = row.sealed_reading = None
    transition(session, row, STATES, "withdrawn", actor="customer")
    note(session, row, customer_id, "withdrawn")
    return row
