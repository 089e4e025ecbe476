"""Tables of staff, their sessions, their tries to sign in, and what personal data they looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Index, String, Uuid
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
