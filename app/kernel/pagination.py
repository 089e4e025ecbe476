"""Pages by cursor: newest first, stable under inserts, signed and bound to the caller."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.kernel import crypto
from app.kernel.errors import Malformed

T = TypeVar("T")


class CursorMalformed(Malformed):
    """The cursor was not made by us for this caller and this list."""

    code = "page.cursor_malformed"


@dataclass(frozen=True)
class PageRequest:
    """What the caller asked: at most `limit` rows after `cursor`; `binding` names the list and its owner."""

    limit: int
    cursor: str | None
    binding: str


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows and the cursor of the next page, None at the end."""

    items: Sequence[T]
    next_cursor: str | None


def paginate(session: Session, query: Select[Any], key: InstrumentedAttribute[UUID], request: PageRequest) -> Page[Any]:
    """Run `query` of one entity, newest id first (ids are ordered by time)."""
    if request.cursor:
        query = query.where(key < _read(request.cursor, request.binding))
    rows = session.scalars(query.order_by(key.desc()).limit(request.limit + 1)).all()
    more = len(rows) > request.limit
    items = rows[: request.limit]
    last = getattr(items[-1], key.key) if more else None
    return Page(items, _write(last, request.binding) if last else None)


def _write(last: UUID, binding: str) -> str:
    return base64.urlsafe_b64encode(last.bytes + _mac(last.bytes, binding)).decode().rstrip("=")


def _read(cursor: str, binding: str) -> UUID:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError as error:
        raise CursorMalformed("The cursor is not one of ours.") from error
    if len(raw) != 32 or not hmac.compare_digest(raw[16:], _mac(raw[:16], binding)):
        raise CursorMalformed("The cursor is not one of ours.")
    return UUID(bytes=raw[:16])


def _mac(last: bytes, binding: str) -> bytes:
    key = crypto.keys().cursor_key
    return hmac.new(key, binding.encode() + b"\x00" + last, hashlib.sha256).digest()[:16]
