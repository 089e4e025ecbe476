"""Tables of staff, their sessions, their tries to sign in, what they looked at, and changes of partners."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, DateTime, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.crypto import SealedText
from app.kernel.db import Base, Id, Instant, Ref

HASH = String(64)


class Staff(Base):
    """One member of the bank's staff. `totp_used_step`: a code is good once."""

    __tablename__ = "staff"

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(8), unique=True)
    email: Mapped[str] = mapped_column(SealedText("staff.email"))
    email_index: Mapped[str] = mapped_column(HASH, unique=True)
    name: Mapped[str] = mapped_column(SealedText("staff.name"))
    password_hash: Mapped[str] = mapped_column(String(255))
    totp_secret: Mapped[str] = mapped_column(SealedText("staff.totp_secret"))
    totp_used_step: Mapped[int] = mapped_column(BigInteger)
    roles: Mapped[list[Any]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(16))  # active, left
    created_at: Mapped[Instant]


class StaffSession(Base):
    """One signed-in browser: ends 15 minutes after its last use and 8 hours after sign-in."""

    __tablename__ = "staff_sessions"

    id: Mapped[Id]
    staff_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("staff.id"), index=True)
    token_hash: Mapped[str] = mapped_column(HASH, unique=True)
    created_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class StaffSignInTry(Base):
    """One try to sign in, counted before it is looked at; also for addresses that nobody has."""

    __tablename__ = "staff_sign_in_tries"
    __table_args__ = (Index(None, "email_index", "tried_at"), Index(None, "address_index", "tried_at"))

    id: Mapped[Id]
    email_index: Mapped[str] = mapped_column(HASH)
    address_index: Mapped[str] = mapped_column(HASH)
    tried_at: Mapped[Instant]
    succeeded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Reveal(Base):
    """One look of a member of staff at a customer's data in the clear; append-only."""

    __tablename__ = "reveals"
    __table_args__ = (Index(None, "staff_id", "revealed_at"),)

    id: Mapped[Id]
    staff_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("staff.id"))
    customer_id: Mapped[Ref] = mapped_column(index=True)
    field: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(200))
    revealed_at: Mapped[Instant]


class PartnerChange(Base):
    """A change of a partner by staff: `before` and `after` whole. What opens more waits for a second person."""

    __tablename__ = "partner_changes"
    __table_args__ = (
        CheckConstraint("NOT widens OR decided_by IS NULL OR decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint("(status = 'proposed') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("status IN ('proposed', 'approved', 'rejected')", name="status"),
        CheckConstraint("kind IN ('admit', 'terms', 'resume')", name="kind"),
        CheckConstraint("kind = 'admit' OR partner_id IS NOT NULL", name="partner"),
        Index(None, "partner_id", "id"),
        Index("uq_partner_changes_open", "partner_id", unique=True, postgresql_where=text("status = 'proposed'")),
    )

    id: Mapped[Id]
    partner_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("partners.id"))
    kind: Mapped[str] = mapped_column(String(16))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    widens: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(16))
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[Instant]
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[str | None] = mapped_column(String(200))
