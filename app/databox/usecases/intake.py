"""How a file comes into the box: kept sealed, read outside any transaction, then settled."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.customers import queries as customers
from app.customers.queries import EnterpriseView
from app.databox import queries
from app.databox.domain.cells import label
from app.databox.domain.documents import STATES, BoxFull, DocumentEmpty, TooManyUploads
from app.databox.models import Document
from app.databox.queries import DocumentView
from app.databox.usecases.keeping import note
from app.kernel import clock, crypto
from app.kernel.states import transition
from config.settings import BoxLimits

LIVE = ("received", "to_confirm", "confirmed")


@dataclass(frozen=True)
class Received:
    """A file that is in the box; `to_read` unless the same bytes were read before."""

    document_id: UUID
    to_read: bool
    raw: bytes = field(repr=False)


def receive(
    session: Session, *, new_id: UUID, enterprise_id: UUID, customer_id: UUID, raw: bytes, limits: BoxLimits
) -> Received:
    """Keep a file. The same bytes of the same business are the same document; the name it had is not even asked for.

    Raises NotAMember, DocumentEmpty, BoxFull, TooManyUploads.
    """
    queries.require_member(session, enterprise_id=enterprise_id, customer_id=customer_id)
    if not raw:
        raise DocumentEmpty("The file is empty.")
    session.execute(text("SELECT 1 FROM enterprises WHERE id = :id FOR NO KEY UPDATE"), {"id": enterprise_id})
    digest = hashlib.sha256(raw).hexdigest()
    index = crypto.blind_index(f"{enterprise_id}:{digest}", queries.CONTENT)
    same = select(Document).where(
        Document.enterprise_id == enterprise_id, Document.content_index == index, Document.status.in_(LIVE)
    )
    row = session.scalars(same).one_or_none()
    if row is None:
        _check_room(session, enterprise_id, limits)
        row = Document(
            id=new_id,
            enterprise_id=enterprise_id,
            uploaded_by=customer_id,
            content_index=index,
            size_bytes=len(raw),
            status="received",
            sealed_content=crypto.seal_for(str(enterprise_id), raw, f"{queries.CONTENT}:{new_id}"),
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        note(session, row, customer_id, "uploaded")
    return Received(row.id, row.status == "received", raw)


def settle(session: Session, *, document_id: UUID, answer: dict[str, Any] | None) -> DocumentView:
    """Keep what the box read, or refuse the file and erase it. Nothing happens to what was settled before."""
    row = session.get_one(Document, document_id, with_for_update=True)
    if answer is None or row.status != "received":
        return queries.document_view(row)
    about = customers.enterprise(session, row.enterprise_id)
    if "refused" not in answer and not _concerns(about, answer):
        answer = {"refused": "other_business", "place": None}
    if "refused" in answer:
        row.refusal, row.refusal_place = answer["refused"], (answer.get("place") or "")[:32] or None
        row.sealed_content = None
        transition(session, row, STATES, "refused", facts={"refusal": row.refusal})
    else:
        row.kind, row.media_type = answer["kind"], answer["media_type"]
        said = json.dumps(answer["fields"], ensure_ascii=False).encode()
        row.sealed_reading = crypto.seal_for(str(row.enterprise_id), said, f"{queries.READING}:{row.id}")
        transition(session, row, STATES, "read")
    session.flush()
    return queries.document_view(row)


def _concerns(enterprise: EnterpriseView, answer: dict[str, Any]) -> bool:
    """An invoice names the business as seller or buyer; a statement's holder, where stated, is the business."""
    fields = answer["fields"]
    if answer["kind"] == "invoice":
        return enterprise.uscc in (fields["seller_uscc"], fields["buyer_uscc"])
    return not fields["holder"] or label(fields["holder"]) == label(enterprise.name)


def _check_room(session: Session, enterprise_id: UUID, limits: BoxLimits) -> None:
    own = select(func.count()).select_from(Document).where(Document.enterprise_id == enterprise_id)
    if (session.scalar(own.where(Document.status.in_(LIVE))) or 0) >= limits.documents:
        raise BoxFull("The box holds as many documents as it can; take some back first.")
    day = timedelta(days=1)
    if (session.scalar(own.where(Document.created_at > clock.now() - day)) or 0) >= limits.uploads_a_day:
        raise TooManyUploads("Enough for one day.", retry_after_s=int(day.total_seconds()))
