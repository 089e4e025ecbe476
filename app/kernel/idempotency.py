"""Idempotency keys: stored in progress with the first transaction, done with the last; a repeat gets the same answer.

The row also hands out the id of the object to be made, so that a request that died half-way is taken up again at the
object's own state instead of making a second one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, String, Text, UniqueConstraint, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import clock, crypto, ids
from app.kernel.db import Base, Id, Instant, Ref
from app.kernel.errors import Conflict, Malformed, Unprocessable

LEASE = timedelta(seconds=30)  # longer than any request: afterwards a half-done one may be taken up


class KeyMissing(Malformed):
    code = "idempotency.key_missing"


class KeyMalformed(Malformed):
    code = "idempotency.key_malformed"


class KeyInUse(Conflict):
    """The first request with this key is still being worked on."""

    code = "idempotency.in_progress"


class KeyReused(Unprocessable):
    """The same key came with another request."""

    code = "idempotency.key_reused"


class IdempotencyKey(Base):
    """One key of one caller."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("scope", "key"),)

    id: Mapped[Id]
    scope: Mapped[str] = mapped_column(String(128))
    key: Mapped[str] = mapped_column(String(255))
    fingerprint: Mapped[str] = mapped_column(String(64))
    object_id: Mapped[Ref]
    status: Mapped[int | None] = mapped_column(Integer)
    sealed_body: Mapped[str | None] = mapped_column(Text)
    leased_until: Mapped[Instant]
    created_at: Mapped[Instant] = mapped_column(index=True)


@dataclass(frozen=True)
class Replay:
    """The stored answer, byte for byte."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Claim:
    """The right to do the work, with the id the new object must take."""

    row_id: UUID
    object_id: UUID


def fingerprint(route: str, body: Any) -> str:
    """What makes two requests the same: the route with its arguments, and the body's values.

    A keyed hash: of a plain one, short values such as an account number could be found by trying.
    """
    canonical = json.dumps([route, body], sort_keys=True, ensure_ascii=False, default=str)
    return crypto.token_hash(f"idempotency\x00{canonical}")


def claim(session: Session, *, scope: str, key: str | None, request_fingerprint: str) -> Claim | Replay:
    """Claim the key or get the stored answer. Raises KeyMissing, KeyMalformed, KeyInUse, KeyReused."""
    _check(key)
    now = clock.now()
    values = {
        "id": ids.new_id(),
        "scope": scope,
        "key": key,
        "fingerprint": request_fingerprint,
        "object_id": ids.new_id(),
        "leased_until": now + LEASE,
        "created_at": now,
    }
    made = session.execute(
        insert(IdempotencyKey)
        .values(values)
        .on_conflict_do_nothing(index_elements=["scope", "key"])
        .returning(IdempotencyKey.id, IdempotencyKey.object_id)
    ).first()
    return Claim(made.id, made.object_id) if made else _repeat(session, scope, str(key), request_fingerprint)


def _check(key: str | None) -> None:
    if not key:
        raise KeyMissing("Send an Idempotency-Key header: 1 to 255 characters, new for each new intention.")
    if len(key) > 255 or not key.isascii() or not key.isprintable():
        raise KeyMalformed("An Idempotency-Key has at most 255 printable ASCII characters.")


def _repeat(session: Session, scope: str, key: str, request_fingerprint: str) -> Claim | Replay:
    row = session.execute(
        select(IdempotencyKey).where(IdempotencyKey.scope == scope, IdempotencyKey.key == key).with_for_update()
    ).scalar_one()
    if row.fingerprint != request_fingerprint:
        raise KeyReused("This Idempotency-Key was used for another request.")
    if row.status is not None and row.sealed_body is not None:
        return Replay(row.status, crypto.unseal(row.sealed_body, f"idempotency.{row.id}"))
    if row.leased_until > clock.now():
        raise KeyInUse("The first request with this Idempotency-Key is still in progress.", retry_after_s=2)
    row.leased_until = clock.now() + LEASE
    return Claim(row.id, row.object_id)


def finish(session: Session, row_id: UUID, status: int, body: bytes) -> None:
    """Store the answer with the last transaction of the work."""
    row = session.get_one(IdempotencyKey, row_id)
    row.status = status
    row.sealed_body = crypto.seal(body, f"idempotency.{row_id}")


def release(session: Session, row_id: UUID) -> None:
    """Forget a claim whose work was refused before any effect, so that the corrected request may use the key."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.id == row_id, IdempotencyKey.status.is_(None)))

